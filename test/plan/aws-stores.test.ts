// AWS's managed stores beside a cluster that is not AWS's: every mandatory rule holds, in an update and in a first preview, and
// what the settings cannot know by themselves is said before anything is planned.
// Does not prove: that AWS accepts the arguments (the recording provider and an account do), or stores beside EKS (matrix.test.ts).
import { describe, expect, test } from "vitest";
import { budgetsOf } from "../../policy/connections/budget.ts";
import { viewOf } from "../../policy/plan-view.ts";
import { planTable } from "../../commands/plan/table.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { broken, changed, planOf, type Committed, type Secrets, type Sections } from "./support/plans.ts";

const network = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    cidrs: ["10.20.64.0/22", "10.20.68.0/22"],
    clientCidrs: ["10.8.0.0/16"],
};

const rds = {
    variant: "rds",
    server: { variant: "create", version: "17.6", instanceClass: "db.t4g.small", storage: "20Gi", network },
};
/** Of connections, for the web of production; the class has memory for 225. */
const enough = 220;
const elasticache = {
    variant: "elasticache",
    server: { variant: "create", nodeType: "cache.t4g.small", replicas: 1, network },
};
const s3 = { variant: "s3", host: "static.shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ" };

const withStores = (stack: Committed, change: (sections: Sections) => void = () => undefined): Promise<Sections> =>
    changed(stack, (sections) => {
        sections["clouds"] = { aws: { account: "123456789012", region: "eu-central-1" } };
        sections["database"] = structuredClone(rds);
        sections["cache"] = structuredClone(elasticache);
        sections["assets"] = structuredClone(s3);
        change(sections);
    });

const variants: Record<string, (sections: Sections) => void> = {
    "all three": () => undefined,
    "an instance that is there": (sections) => {
        const address = "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com";
        const cidrs = ["10.20.64.0/22"];
        sections["database"].server = {
            variant: "existing",
            address,
            database: "shop",
            user: "shop",
            maxConnections: 500,
            cidrs,
        };
    },
    "a cache that is there": (sections) => {
        sections["cache"].server = {
            variant: "existing",
            primary: "master.x.cache.amazonaws.com",
            cidrs: ["10.20.64.0/22"],
        };
    },
    "a certificate and a media bucket that are there": (sections) => {
        const arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
        sections["assets"] = {
            ...s3,
            certificate: { variant: "existing", arn },
            media: { variant: "existing", bucket: "uploads" },
        };
    },
    "a read replica, and backups elsewhere": (sections) => {
        sections["database"].server.readReplica = true;
        sections["database"].server.backupCopy = { region: "eu-west-1" };
    },
    "a read replica beside a pooler": (sections) => {
        sections["database"].server.readReplica = true;
        sections["database"].pooler = { size: 40 };
    },
    "keys of its own": (sections) => {
        sections["database"].server.encryption = { variant: "create" };
        sections["assets"].media = { variant: "create", keyArn: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd" };
    },
};

/** A server that is there has a password that is there. */
const passwords: Secrets = { databasePassword: "a-password-that-is-there", cachePassword: "a-token-that-is-there" };

describe.each(["staging", "production"] as const)("beside the cluster of %s", (stack) => {
    test.each(Object.keys(variants))("%s", async (name) => {
        const sections = await withStores(stack, (changed) => {
            // So many pods do not fit into the default's connections.
            changed["database"].server.maxConnections = enough;
            variants[name]!(changed);
        });
        for (const preview of [false, true]) {
            expect(broken(await planOf(sections, { stack, preview, secrets: passwords }))).toEqual([]);
        }
    });
});

test("an ephemeral environment's stores are thrown away as a whole (R68, R69)", async () => {
    const sections = await withStores("staging", (changed) => {
        changed["environment"] = { kind: "ephemeral" };
        changed["database"].server.maxConnections = enough;
    });
    const plan = await planOf(sections, { stack: "pr-1" });
    expect(broken(plan)).toEqual([]);
    expect(plan.resources.filter(({ protect, type }) => protect && type.startsWith("aws:"))).toEqual([]);
    const { props } = plan.resources.find(({ type }) => type === "aws:rds/instance:Instance")!;
    expect(props).toMatchObject({
        skipFinalSnapshot: true,
        backupRetentionPeriod: 0,
        multiAz: false,
        deletionProtection: false,
    });
});

test("production's database has a standby, a week of backups, and waits for its maintenance window", async () => {
    const plan = await planOf(
        await withStores("production", (sections) => {
            sections["database"].server.maxConnections = enough;
        }),
        { stack: "production" },
    );
    const { props, protect } = plan.resources.find(({ type }) => type === "aws:rds/instance:Instance")!;
    expect(protect).toBe(true);
    expect(props).toMatchObject({
        multiAz: true,
        backupRetentionPeriod: 7,
        applyImmediately: false,
        maxAllocatedStorage: 40,
    });
});

describe("a read replica", () => {
    const planned = async (preview: boolean) =>
        planOf(
            await withStores("production", (sections) => {
                sections["database"].server.maxConnections = enough;
                sections["database"].server.readReplica = true;
            }),
            { stack: "production", preview },
        );

    test.each([false, true])(
        "takes as many connections as its source, from the same pods (preview: %s)",
        async (preview) => {
            const budgets = budgetsOf(viewOf(await planned(preview)));
            expect(budgets.map(({ name, kind, limit }) => [name, kind, limit])).toEqual([
                ["database", "rds", enough],
                ["database-replica", "rds", enough],
            ]);
            const [database, replica] = budgets;
            expect(replica!.sum).toBe(database!.sum);
            expect(replica!.users.map(({ name }) => name)).toContain("shop-web");
        },
    );

    test("is in the table and the picture, and is paid for", async () => {
        const topology = topologyOf(await planned(false));
        expect(topology.stores.map(({ name }) => name)).toEqual(["database", "database-replica", "cache"]);
        expect(planTable(topology)).toContain("read replica, db.t4g.small");
        expect(topology.cost?.items.map(({ name }) => name)).toContain("read replica db.t4g.small");
        expect(topology.cost?.unpriced).toEqual([]);
    });

    test("can be given up: nothing of it is protected, and what it is a copy of is", async () => {
        const plan = await planned(false);
        const [source, copy] = ["database-server", "database-replica"].map((name) =>
            plan.resources.find((resource) => resource.name === name && resource.type.startsWith("aws:rds/instance"))!,
        );
        expect(source!.protect).toBe(true);
        expect(copy!.protect).toBe(false);
    });
});

describe("what is said before anything is planned", () => {
    const refusal = async (
        stack: Committed,
        change: (sections: Sections) => void,
        secrets?: Secrets,
    ): Promise<string> =>
        planOf(await withStores(stack, change), { stack, ...(secrets && { secrets }) }).then(
            () => "nothing",
            (error: unknown) => (error as Error).message,
        );

    test.each<[what: string, change: (sections: Sections) => void, lines: string[]]>([
        [
            "no network",
            (sections) => delete sections["database"].server.network,
            ["database.server.network", "found:   nothing", "the platform has no network of AWS"],
        ],
        [
            "no zone for the certificate",
            (sections) => delete sections["assets"].zoneId,
            ["assets.zoneId", "the Route 53 zone that static.shop.example.org is in", "certificate.variant existing"],
        ],
        [
            "a region whose authorities are not known",
            (sections) => (sections["clouds"].aws.region = "il-central-1"),
            [
                "database.ca",
                "those of il-central-1",
                "https://truststore.pki.rds.amazonaws.com/il-central-1/il-central-1-bundle.pem",
            ],
        ],
        [
            "no password of a server that is there",
            (sections) =>
                (sections["cache"] = {
                    variant: "elasticache",
                    server: { variant: "existing", primary: "master.x.cache.amazonaws.com", cidrs: ["10.0.0.0/24"] },
                }),
            [
                "secrets.cachePassword",
                "the password of the server that cache.server names",
                "pulumi config set --secret",
            ],
        ],
        [
            "a name that RDS keeps for itself",
            (sections) => (sections["apps"][0].name = "order"),
            ["database.server.owner", '"order"'],
        ],
    ])("%s", async (_, change, lines) => {
        const message = await refusal("staging", change);
        expect(message).toContain("Pulumi.staging.yaml: 1 setting needs mending");
        for (const line of lines) {
            expect(message).toContain(line);
        }
    });

    test.each<[what: string, change: (sections: Sections) => void, line: string]>([
        [
            "no standby in production",
            (sections) => (sections["database"].server.multiAz = false),
            "database.server.multiAz",
        ],
        [
            "few backups in production",
            (sections) => (sections["database"].server.backupDays = 3),
            "database.server.backupDays",
        ],
    ])("%s", async (_, change, line) => {
        expect(await refusal("production", change)).toContain(line);
    });

    test("a password that AWS would refuse, without showing it", async () => {
        const refused: Secrets[] = [{ databasePassword: "with space/@" }, { cachePassword: "short" }];
        for (const secrets of refused) {
            const message = await refusal("staging", () => undefined, secrets);
            expect(message).toContain(`secrets.${Object.keys(secrets)[0]!}`);
            expect(message).not.toContain(Object.values(secrets)[0]);
        }
    });
});
