// More connections than a database server's memory has room for, and servers that are lent without saying to how many.
// Does not prove: how many a server really holds; lib/postgres-memory.ts and lib/cloud-sql-tiers.ts say where the numbers are from.
import { describe, expect, it } from "vitest";
import { largerRdsClasses, rdsMemory } from "../../../../lib/rds-classes.ts";
import { adviceOn } from "../../../../settings/settings.ts";
import { checked, problemsAfter, type Change } from "../../../support/settings.ts";

const inCluster = (size: string, maxConnections: number): Change[] => [
    ["database.size", size],
    ["database.maxConnections", maxConnections],
];
const vpc = { vpcId: "vpc-0a1b2c3d4e5f60718", subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"] };
const rds = (instanceClass: string, maxConnections?: number): Change => [
    "database",
    {
        variant: "rds",
        server: {
            variant: "create",
            version: "17",
            storage: "20Gi",
            instanceClass,
            ...(maxConnections !== undefined && { maxConnections }),
            network: { ...vpc, cidrs: ["10.0.0.0/24", "10.0.1.0/24"], clientCidrs: ["10.1.0.0/16"] },
        },
    },
];
const sql = (tier: string, maxConnections?: number): Change => [
    "database",
    {
        variant: "cloud-sql",
        server: {
            variant: "create",
            version: "17",
            storage: "20Gi",
            tier,
            ...(maxConnections !== undefined && { maxConnections }),
            network: "projects/example-shop/global/networks/main",
        },
    },
];

describe("maxConnections", () => {
    it("of 5000 in the size small is refused, with what fits", () => {
        expect(problemsAfter(...inCluster("small", 5000))).toEqual([
            {
                path: "database.maxConnections",
                found: "5000",
                allowed:
                    "at most 101: the size small has 256Mi, a quarter of it is the server's cache, and a connection takes 1.9 MiB before its first query",
                fix: "pulumi config set --path 'database.maxConnections' 101",
            },
        ]);
    });

    it("of 5000 on a db.t4g.micro is refused, with what fits", () => {
        expect(problemsAfter(rds("db.t4g.micro", 5000))).toEqual([
            {
                path: "database.server.maxConnections",
                found: "5000",
                allowed: "at most 112: the class db.t4g.micro has 1 GiB, and AWS counts 9531392 bytes for a connection",
                fix: "pulumi config set --path 'database.server.maxConnections' 112",
            },
        ]);
    });

    it("of more than a tier's memory on Cloud SQL is refused, with what fits", () => {
        expect(problemsAfter(sql("db-custom-2-7680", 800))).toEqual([
            {
                path: "database.server.maxConnections",
                found: "800",
                allowed: "at most 768: the tier db-custom-2-7680 has 7680 MB, and a connection takes up to 10",
                fix: "pulumi config set --path 'database.server.maxConnections' 768",
            },
        ]);
    });

    it("is looked at in an app's own store, and with the operator's own sizes", () => {
        const own = { variant: "in-cluster", version: "17", storage: "1Gi", size: "tiny", maxConnections: 60 };
        const changes: Change[] = [
            ["apps[0].stores.database", own],
            ["operator.sizes.tiny", { cpu: "50m", memory: "128Mi" }],
        ];
        expect(problemsAfter(...changes)).toEqual([
            {
                path: "apps[0].stores.database.maxConnections",
                found: "60",
                allowed:
                    "at most 50: the size tiny has 128Mi, a quarter of it is the server's cache, and a connection takes 1.9 MiB before its first query",
                fix: "pulumi config set --path 'apps[0].stores.database.maxConnections' 50",
            },
        ]);
    });

    it.each<[what: string, changes: readonly Change[]]>([
        ["as many as fit in the size small", inCluster("small", 101)],
        ["the default in each size", inCluster("small", 100)],
        ["some hundreds in the size large", inCluster("large", 800)],
        ["as many as AWS gives a micro", [rds("db.t4g.micro", 112)]],
        ["the default on a micro", [rds("db.t4g.micro")]],
        ["5000 on a large machine", [rds("db.r7g.2xlarge", 5000)]],
        ["as many as fit on the smallest of Cloud SQL", [sql("db-f1-micro", 61)]],
        ["none, and so the tier's own", [sql("db-f1-micro")]],
    ])("may be %s", (_, changes) => {
        expect(problemsAfter(...changes)).toEqual([]);
    });

    it("is one problem beside a size that does not exist, not two", () => {
        expect(problemsAfter(...inCluster("constructor", 5000)).map(({ path }) => path)).toEqual(["database.size"]);
    });
});

describe("an instance class", () => {
    it.each([
        ["db.t4g.micro", 1],
        ["db.t3.2xlarge", 32],
        ["db.m7g.large", 8],
        ["db.r6i.4xlarge", 128],
        ["db.c6gd.xlarge", 8],
        ["db.x2iedn.xlarge", 128],
    ])("%s has %i GiB", (name, gibibytes) => {
        expect(rdsMemory(name)).toBe(gibibytes * 2 ** 30);
    });

    it.each(["db.m1.tiny", "db.serverless", "cache.m7g.large", "db.x1.32xlarge", ""])("%s says nothing", (name) => {
        expect(rdsMemory(name)).toBeUndefined();
        expect(largerRdsClasses(name)).toEqual([]);
    });

    it("has larger ones of its family", () => {
        expect(largerRdsClasses("db.t4g.large")).toEqual(["db.t4g.xlarge", "db.t4g.2xlarge"]);
        expect(largerRdsClasses("db.m7g.12xlarge")).toEqual(["db.m7g.16xlarge", "db.m7g.24xlarge"]);
    });
});

describe("lends", () => {
    const limits = { environments: 5, connections: 30 };

    it("without a server is refused with a number of borrowers", () => {
        expect(problemsAfter(["lends.borrowers", limits])).toEqual([
            {
                path: "lends.borrowers",
                found: '{"environments":5,"connections":30}',
                allowed: "nothing, unless lends.database is true: no server is lent",
                fix: "pulumi config rm --path 'lends.borrowers', or pulumi config set --path 'lends.database' true",
            },
        ]);
    });

    it("of a server without a number of borrowers is told what is better", () => {
        expect(adviceOn(checked(["lends.database", true]))).toContainEqual({
            path: "lends.borrowers",
            found: "nothing, while lends.database is true",
            allowed:
                "how many environments borrow at a time, and how many connections each gets: until then they may take all of them from its own apps, and no budget counts them (R29)",
            fix: "pulumi config set --path 'lends.borrowers.environments' 5 && pulumi config set --path 'lends.borrowers.connections' 30",
        });
    });

    it.each<[what: string, changes: readonly Change[]]>([
        [
            "a number of borrowers",
            [
                ["lends.database", true],
                ["lends.borrowers", limits],
            ],
        ],
        ["no server", [["lends.domain", "preview.example.org"]]],
    ])("of %s is told nothing", (_, changes) => {
        expect(problemsAfter(...changes)).toEqual([]);
        expect(adviceOn(checked(...changes)).filter(({ path }) => path.startsWith("lends"))).toEqual([]);
    });
});
