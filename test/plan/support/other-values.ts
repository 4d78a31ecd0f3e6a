// Other values of a setting than the one it has, as many as may be needed until one fits the rest of its stack.
import { z } from "zod";
import { aboutOf, variantsOf, type Setting } from "../../../commands/docs/setting-list.ts";
import { ownCertificate } from "./setting-bases.ts";

/** Text that is right where only some forms are, by the end of the setting's path. The first that fits is taken. */
const texts: ReadonlyArray<readonly [path: RegExp, values: readonly string[]]> = [
    [/\.mainApp$/, ["blog"]],
    [/^database\.backups\.at$/, ["03:33"]],
    [/^secrets\.databaseBackupsPassphrase$/, ["another horse, battery and staple"]],
    [/^database\.backups\.(client|dump)Image$/, ["registry.example.org/other:1f2e3d4"]],
    [/^database\.restore\.at$/, ["2026-12-01T10:20:30Z"]],
    [/^(database\.(backups\.to\.prefix|restore\.from)|lends\.seed\.from)$/, ["other/folder"]],
    [/\.image$/, ["registry.example.org/other:1f2e3d4"]],
    [/^platform.*\.version$/, ["1.35", "1.37"]],
    [/^database\.restore\.(at|previous)$/, ["2026-12-01T09:00:00Z"]],
    [/^database\.restore\.backup$/, ["1764638400000", "other-final"]],
    [/^database\.restore\.from$/, ["other-server-1a2b3c4d"]],
    [/^database\.server\.version$/, ["16", "17.6"]],
    [/^database\.server\.backupCopy\.region$/, ["eu-west-2"]],
    [/^database\.server\.maintenance\.denied\.(from|to)$/, ["11-25"]],
    [/\.(instanceClass)$/, ["db.m7g.large"]],
    [/\.nodeType$/, ["cache.m7g.large"]],
    [/\.instanceTypes$/, ["m7i.xlarge"]],
    [/\.(tier)$/, ["db-custom-4-15360"]],
    [/\.machineType$/, ["e2-standard-8"]],
    [/\.firstPool\.size$|\.pools\..*\.size$/, ["s-4vcpu-8gb"]],
    [/^database\.server\.size$/, ["db-s-6vcpu-16gb"]],
    [/^cache\.server\.size$/, ["db-s-2vcpu-4gb"]],
    // As `openssl pkcs12` writes them.
    [/^secrets\.certificate\.chain$/, [`Bag Attributes\n${ownCertificate.chain}`]],
    [/^secrets\.certificate\.key$/, [`Bag Attributes\n${ownCertificate.key}`]],
    [/\.encryptedData/, [`AgB${"y".repeat(400)}`]],
    [/\.refreshInterval$/, ["15m"]],
    [/\.size$/, ["large"]],
    [/\.timeToLive$/, ["5d"]],
    [/^environment\.sleep\.after$/, ["30m"]],
    [/\.lastPush$/, ["2026-12-02T10:20:30+01:00"]],
    [/^environment\.pullRequest\.url$/, ["https://gitlab.com/example/shop/-/merge_requests/7"]],
    [/\.environmentPrefix$/, ["OTHER_"]],
    [/\.(module|stack)$/, ["other"]],
    [/\.queues$/, ["other"]],
    [/\.quiet.*\.schedule$/, ["0 7 * * *"]],
    [/\.atATime$/, ["1"]],
    [/\.schedule$/, ["@hourly"]],
    [/\.timeZone$/, ["Europe/Berlin"]],
    [/\.heartbeat\.file$/, ["/tmp/other"]],
    [/\.probes\./, ["/other"]],
    [/\.(hosts|host|domain)$/, ["other.shop.example.org", "other.example.org", "pr-2.preview.example.org"]],
    [/\.certificateAuthorities$/, ["ca.example.org"]],
    // Another name of the one registry: a login for any other is refused.
    [/^apps.*\.registry\.server$/, ["index.docker.io"]],
    [/^platform\.ci\.server$/, ["https://gitlab.example.org"]],
    [/^platform\.ci\.(repository|project)$/, ["example-org/other"]],
    [/^platform\.ci\.review\.stacks$/, ["review-"]],
    [/^platform\.ci\.deploy\.roles$/, ["roles/viewer"]],
    [/^platform\.ci\.deploy\.policies$/, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]],
    [
        /^platform\.ci\.oidcProvider$/,
        ["token.actions.githubusercontent.com", "gitlab.com"].map(
            (host) => `arn:aws:iam::210987654321:oidc-provider/${host}`,
        ),
    ],
    [/\.server$/, ["other.example.org"]],
    [/\.emails?$/, ["other@example.org"]],
    [/^alarms\.aws\.topics$/, ["arn:aws:sns:eu-central-1:123456789012:other"]],
    [/^alarms\.gcp\.channels$/, ["projects/example-shop/notificationChannels/99"]],
    [/^alarms\.gcp\.billingAccount$/, ["FEDCBA-543210-012345"]],
    [/^clouds\.gcp\.(region)$|\.location$/, ["europe-west4"]],
    [/^clouds\.gcp\.project$/, ["other-project"]],
    [/^clouds\.aws\.account$/, ["210987654321"]],
    [/^clouds\.aws\.region$/, ["eu-west-1"]],
    [/^clouds\.digitalocean\.region$|^platform\.registry\.region$/, ["ams3"]],
    [/\.(zone|zones)$/, ["c"]],
    [/\.(zoneId|parentZone)$|^platform\.dns\.id$/, ["Z9876543210ABCDEFGHIJ", "other-zone", "org"]],
    [/^platform\.secretsKey\.id$/, ["alias/other"]],
    [/ubnets$|\.subnetIds$/, ["subnet-0fedcba9876543210"]],
    [/\.securityGroup$|SecurityGroupIds$/, ["sg-0fedcba9876543210"]],
    [/\.(id|vpcId)$/, ["vpc-0fedcba9876543210", "4de7ac8b-495b-4884-9a69-1050c6793cd6"]],
    [/\.(vpc|clusters)$/, ["4de7ac8b-495b-4884-9a69-1050c6793cd6"]],
    [/\.(host|address|primary|reader)$/, ["other.example.org", "10.20.0.99"]],
    [/\.readAddress$/, ["10.20.0.98"]],
    [/\.trustedSources$/, ["10.77.0.5"]],
    [
        /idrs?$|\.(range|serviceRange|podRange|nodes|pods|services|privateServices)$|Ranges$/,
        ["10.66.0.0/16", "10.64.0.0/14", "10.66.0.0/20", "192.168.0.0/16", "198.51.100.0/24"],
    ],
    [/\.network\.network$|\.server\.network$/, ["projects/example-shop/global/networks/other"]],
    [/\.subnetwork$/, ["projects/example-shop/regions/europe-west1/subnetworks/other"]],
    [/[kK]eyArn$/, ["arn:aws:kms:eu-central-1:123456789012:key/4321dcba"]],
    [
        /\.(encryptionKey|stackSecrets|keys\.database)$/,
        ["projects/example-shop/locations/europe-west1/keyRings/shop/cryptoKeys/other"],
    ],
    [/\.caCertificate$/, ["B".repeat(120)]],
    [/^platform.*\.ca$/, [`LS0tLS${"B".repeat(120)}`]],
    [/\.ca$/, [`-----BEGIN CERTIFICATE-----\n${"B".repeat(64)}\n-----END CERTIFICATE-----\n`]],
    [/\.endpoint$/, ["https://other.example.org", "192.0.2.99"]],
    [/\.prefix$/, ["europe-west4-docker.pkg.dev/other/images", "other.example.org/images"]],
    [/\.certificateArns$/, ["arn:aws:acm:eu-central-1:123456789012:certificate/99999999-2222-3333-4444-555555555555"]],
    [/\.arn$/, ["arn:aws:acm:us-east-1:123456789012:certificate/99999999-2222-3333-4444-555555555555"]],
    [/\.admins$/, ["arn:aws:iam::123456789012:role/other"]],
    [/\.url$/, ["https://other.example.org/", "/other/"]],
    [/\.volumes\.<name>\.path$/, ["/other"]],
    [/\.pool$/, ["other-project.svc.id.goog"]],
    [/\.(serviceAccount|staticServiceAccount)$/, ["other@example-shop.iam.gserviceaccount.com"]],
    [/\.(readers|writers)$/, ["serviceAccount:other@example-shop.iam.gserviceaccount.com"]],
    [/\.additional$/, ["pubsub.googleapis.com"]],
    [/\.maintenanceWindow$/, ["sat:05:00-sat:06:00"]],
    [/\.backupWindow$/, ["01:00-02:00"]],
    [/\.exclusions\..*\.(start|end)$/, ["2026-11-25T00:00:00Z"]],
    [/\.(startTime|start|hour)$/, ["05:00"]],
    [/\.addonVersions$/, ["v1.20.1-eksbuild.3"]],
];

const anyText = ["other", "other_name"];

/** Arguments that the resource has: others its SDK drops. */
const nativeArguments: ReadonlyArray<readonly [path: RegExp, value: unknown]> = [
    [/^alarms\.aws\.native\./, { threshold: 77 }],
    [/^alarms\.gcp\.native\./, { severity: "WARNING" }],
    [/^alarms\.digitalocean\.native\.(uptime|uptimeLatency|certificate)$/, { threshold: 77 }],
    [/^alarms\.digitalocean\.native\./, { value: 77 }],
    [/^platform\.network\.native\.nat$/, { minPortsPerVm: 128 }],
    [/\.pools\.<name>\.native$/, { maxPodsPerNode: 32 }],
    [/^platform\.native\.registry$/, { region: "ams3" }],
    [/^platform\.native\.dns$/, { ipAddress: "192.0.2.1" }],
    [/^database\.server\.native$/, { maintenanceVersion: "other" }],
    [/^assets\.buckets\.native\.\w+Bucket$/, { acl: "public-read" }],
    [/^assets\.buckets\.native\.cdn$/, { ttl: 60 }],
    [/^assets\.native\.distribution$/, { comment: "other" }],
    [/^assets\.native\.backendBucket$/, { description: "other" }],
    [
        /^assets\.native|\.server\.native$|\.native\.(network|cluster|nodePool)$|\.groups\./,
        { tags: { other: "other" } },
    ],
    [/^platform\.native\.(cluster|nodePool)$|\.server\.native$/, { tags: ["other"] }],
    [/^assets\.native|^cache\.server\.native$|^platform\.keys\.native$/, { labels: { other: "other" } }],
    [/^platform\./, { description: "other" }],
    [/^platform\.native\./, { tags: { other: "other" } }],
];

/** Whole stores of an app's own, and the secrets of another app. */
const sections: Readonly<Record<string, readonly unknown[]>> = {
    database: [{ variant: "in-cluster", version: "16", storage: "5Gi" }],
    cache: [{ variant: "in-cluster" }],
    broker: [{ variant: "redis", storage: "5Gi" }],
    assets: [{ variant: "whitenoise", url: "/other/" }],
    secrets: [{ blog: { environment: { OTHER: "other" } } }],
    rotations: [{ blog: { secretKey: 1 } }],
    existingSecrets: [{ blog: { environment: { OTHER: { name: "other", key: "other" } } } }],
};

/** By the name that a record's new entry gets. */
const names = ["other", "OTHER", "/etc/other", "vpc-cni"];

/** @param present the value that it has, of which it is to be another */
export function otherValues(setting: Setting, path: string, present: unknown): unknown[] {
    const { sameAs } = setting.about;
    const values =
        setting.kind === "choice"
            ? choices(setting)
            : sameAs === undefined
              ? othersOf(setting.schema, setting.about, path, present)
              : sections[sameAs]!;
    return values.filter((value) => JSON.stringify(value) !== JSON.stringify(present));
}

function choices({ schema, path }: Setting): unknown[] {
    const discriminator = path.at(-1)!;
    return variantsOf(schema).map(({ variant }) => ({ [discriminator]: variant }));
}

function othersOf(
    schema: z.core.$ZodType,
    about: Readonly<z.GlobalMeta>,
    path: string,
    present: unknown,
): readonly unknown[] {
    const {
        type,
        typeName,
        enum: listed,
    } = about as { readonly type?: unknown; readonly enum?: unknown; readonly typeName?: string };
    const below = (inner: z.core.$ZodType) => othersOf(inner, aboutOf(inner), path, undefined);
    if (typeName === "native") {
        return nativeArguments.filter(([form]) => form.test(path)).map(([, value]) => value);
    }
    if (Array.isArray(listed)) {
        return listed;
    }
    if (schema instanceof z.ZodEnum) {
        return schema.options;
    }
    if (schema instanceof z.ZodLiteral) {
        return [...schema.values];
    }
    if (schema instanceof z.ZodUnion) {
        return schema.options.flatMap(below);
    }
    if (schema instanceof z.ZodBoolean) {
        return [true, false];
    }
    if (schema instanceof z.ZodNumber) {
        const number = typeof present === "number" ? present : (schema.minValue ?? 0);
        return [number + 1, number - 1, number + 10, 0.5, 40].filter((value) => schema.safeParse(value).success);
    }
    if (schema instanceof z.ZodArray) {
        const entries = Array.isArray(present) ? (present as unknown[]) : [];
        const others = below(schema._zod.def.element);
        return [
            ...others.map((other) => [...entries, other]),
            ...others.map((other) => [other, ...entries.slice(1)]),
            entries.slice(1),
            entries.slice(0, -1),
        ].filter((value) => schema.safeParse(value).success);
    }
    if (schema instanceof z.ZodRecord) {
        const entries = { ...(present as object | undefined) };
        const others = below(schema._zod.def.valueType);
        const changed = [...names, ...Object.keys(entries)].flatMap((name) =>
            others.map((other) => ({ ...entries, [name]: other })),
        );
        return changed.filter((value) => schema.safeParse(value).success);
    }
    if (schema instanceof z.ZodUnknown) {
        return ["other"];
    }
    // A quantity or processors, whose checks are functions.
    const custom = type === undefined ? [] : ["40Gi", "30Gi", "3", "300m"];
    const known = texts.filter(([form]) => form.test(path)).flatMap(([, values]) => values);
    return [...custom, ...known, ...anyText].filter((value) => z.safeParse(schema, value).success);
}
