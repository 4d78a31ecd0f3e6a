// Regions, zones, versions of Kubernetes and generations of machines that AWS offers.
import { instanceFamilies, sizesOfFamily } from "./aws-instance-types.ts";
import { zonesOf, type Dated, type RegionList } from "./offers.ts";

/**
 * The regions of the partition `aws`: those of China, GovCloud and sovereign clouds have other ARNs, which nothing here makes. Accounts
 * of before November 2025 have zones of their own letters in the oldest regions (us-west-1 two of three, ap-northeast-1 without b).
 */
export const awsRegions: RegionList = {
    asOf: "2026-11-30",
    source: "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    form: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]{1,2}$/,
    zoneForm: /^([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})[a-z]$/,
    zones: zonesOf(`
        us-east-1 a b c d e f
        us-east-2 a b c
        us-west-1 a b c
        us-west-2 a b c d
        af-south-1 a b c
        ap-east-1 a b c
        ap-east-2 a b c
        ap-northeast-1 a c d
        ap-northeast-2 a b c d
        ap-northeast-3 a b c
        ap-south-1 a b c
        ap-south-2 a b c
        ap-southeast-1 a b c
        ap-southeast-2 a b c
        ap-southeast-3 a b c
        ap-southeast-4 a b c
        ap-southeast-5 a b c
        ap-southeast-6 a b c
        ap-southeast-7 a b c
        ca-central-1 a b d
        ca-west-1 a b c
        eu-central-1 a b c
        eu-central-2 a b c
        eu-north-1 a b c
        eu-south-1 a b c
        eu-south-2 a b c
        eu-west-1 a b c
        eu-west-2 a b c
        eu-west-3 a b c
        il-central-1 a b c
        me-central-1 a b c
        me-south-1 a b c
        mx-central-1 a b c
        sa-east-1 a b c
    `),
};

/** Of which this program's ARNs are not. */
export const otherPartition = /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)-/;

/**
 * When the standard support of Kubernetes' minor versions ends on EKS, a year before the extended one does; undefined where no date was
 * set yet. A cluster here takes standard support alone, so an older one cannot be made.
 */
export const eksVersions: Dated & { readonly standardUntil: Readonly<Record<string, string | undefined>> } = {
    asOf: "2026-11-30",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    standardUntil: {
        "1.30": "2025-07-23",
        "1.31": "2025-11-26",
        "1.32": "2026-03-23",
        "1.33": "2026-07-29",
        "1.34": "2026-12-02",
        "1.35": "2027-03-27",
        "1.36": undefined,
    },
};

/** Generations with classes for PostgreSQL on RDS and for Valkey on ElastiCache; their sizes are among those of EC2. */
export const storeFamilies = {
    asOf: "2026-11-30",
    source: {
        db: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html",
        cache: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    },
    db: (
        "t3 t4g m5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7gd m7i m8g m8gd m8i " +
        "r5 r5b r5d r6g r6gd r6i r6id r6idn r6in r7g r7gd r7i r8g r8gd r8i x2g x2idn x2iedn c6gd"
    ).split(" "),
    cache: "t3 t4g m5 m6g m7g m8g r5 r6g r6gd r7g r8g c7gn".split(" "),
};

/** Whether an instance type is of arm64; Graviton's letter comes behind the generation's number. */
export function isArm(instanceType: string): boolean {
    return /^(a1|[a-z]+[0-9]+g[a-z]*|im4gn|is4gen|p6e-gb[0-9]+)\./.test(instanceType);
}

/** @param type for example `m7i.large` */
export function isInstanceType(type: string): boolean {
    const [family = "", size = ""] = type.split(".");
    return sizesOfFamily(family)?.includes(size) ?? false;
}

/** @returns instance types that a wrong one may mean: other sizes of its family, or the same size of others */
export function instanceTypesLike(type: string): readonly string[] {
    const [family = "", size = ""] = type.split(".");
    const sizes = sizesOfFamily(family);
    return sizes === undefined
        ? instanceFamilies.flatMap((name) => (sizesOfFamily(name)!.includes(size) ? [`${name}.${size}`] : []))
        : sizes.map((one) => `${family}.${one}`);
}

/** @param name for example `db.t4g.small`, of a form that was checked */
export function isStoreClass(name: string): boolean {
    const [service, family = "", size = ""] = name.split(".");
    // RDS has classes of x2g, and EC2 no machines of that name.
    const sizes = sizesOfFamily(family) ?? sizesOfFamily(`${family}d`);
    return storeFamilies[service as "db" | "cache"].includes(family) && (sizes?.includes(size) ?? false);
}

/** @returns as `instanceTypesLike` */
export function storeClassesLike(name: string): readonly string[] {
    const [service = "", family = "", size = ""] = name.split(".");
    const families = storeFamilies[service as "db" | "cache"];
    return families.includes(family)
        ? (sizesOfFamily(family) ?? []).map((one) => `${service}.${family}.${one}`)
        : families.map((one) => `${service}.${one}.${size}`).filter(isStoreClass);
}
