// Stores of AWS: what their own settings and the kind of environment reach, beside any cluster and in the platform's network.
// Does not prove that AWS accepts it: an account does.
import { describe, expect, it } from "vitest";
import { awsPasswords, awsStores, blog, clouds, elasticache, onAws, rds, s3 } from "../support/clouds.ts";
import { egress, environmentOf, inCluster, secret, secretsOf, stackOf, type Change } from "../support/stack.ts";

describe("stores with settings of their own", () => {
    const network = {
        vpcId: "vpc-0a1b2c3d4e5f60718",
        subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
        cidrs: ["10.200.0.0/24"],
        clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
        clientCidrs: ["10.210.0.0/16"],
    };
    const ca = "-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----";
    const own: readonly Change[] = [
        [
            "database",
            {
                variant: "rds",
                ca,
                server: {
                    ...rds.server,
                    owner: "owner",
                    storageLimit: "50Gi",
                    multiAz: true,
                    backupDays: 9,
                    applyImmediately: false,
                    network,
                    native: { monitoringInterval: 7 },
                },
            },
        ],
        [
            "cache",
            {
                variant: "elasticache",
                server: {
                    ...elasticache.server,
                    applyImmediately: false,
                    network,
                    native: { snapshotWindow: "01:00-02:00" },
                },
            },
        ],
        [
            "assets",
            {
                ...s3,
                certificate: {
                    variant: "existing",
                    arn: "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
                },
                zoneId: "Z9999999999",
                priceClass: "PriceClass_All",
                media: { variant: "existing", bucket: "uploads" },
                podIdentityCluster: "other",
                native: { staticBucket: { objectLockEnabled: false }, distribution: { comment: "own" } },
            },
        ],
    ];

    it("have these, beside any cluster", async () => {
        const stack = await stackOf(inCluster(["clouds", clouds], ...own));
        expect(stack.get("Instance", "database-server").props).toMatchObject({
            dbName: "owner",
            username: "owner",
            maxAllocatedStorage: 50,
            multiAz: true,
            backupRetentionPeriod: 9,
            applyImmediately: false,
            monitoringInterval: 7,
        });
        expect(stack.get("ConfigMap", "shop-certificates").props["data"]).toEqual({ "database.pem": ca });
        expect(stack.get("ReplicationGroup", "cache-nodes").props).toMatchObject({
            applyImmediately: false,
            snapshotWindow: "01:00-02:00",
        });
        for (const store of ["database", "cache"]) {
            expect(stack.get("SubnetGroup", `${store}-subnets`).props["subnetIds"]).toEqual(network.subnetIds);
            expect(stack.get("SecurityGroup", `${store}-firewall`).props["vpcId"]).toBe(network.vpcId);
            const rules = stack.all("SecurityGroupIngressRule").filter(({ name }) => name.startsWith(store));
            expect(
                rules
                    .map(({ props }) => (props["referencedSecurityGroupId"] ?? props["cidrIpv4"]) as unknown)
                    .toSorted(),
            ).toEqual(["10.210.0.0/16", "sg-0a1b2c3d4e5f60718"]);
        }
        expect(egress(stack, "database-to-store")).toEqual([["10.200.0.0/24", 5432]]);
        expect(stack.get("Distribution", "assets-distribution").props).toMatchObject({
            comment: "own",
            priceClass: "PriceClass_All",
            viewerCertificate: { acmCertificateArn: expect.stringContaining("11111111") as string },
        });
        expect(stack.get("Bucket", "assets-static").props).toMatchObject({ objectLockEnabled: false });
        expect(environmentOf(stack, "shop")["DJANGO_APP_MEDIA_BUCKET"]).toBe("uploads");
        expect(stack.get("PodIdentityAssociation", "assets-for-shop").props).toMatchObject({ clusterName: "other" });
        expect(stack.all("Record").filter(({ props }) => props["zoneId"] === "Z9999999999")).not.toEqual([]);
    });

    it("in buckets have a key beside a cluster that is not AWS's, and rules named after whom they let in", async () => {
        const stack = await stackOf(inCluster(["clouds", clouds], ...own, ["assets.podIdentityCluster", undefined]));
        expect(stack.all("PodIdentityAssociation")).toEqual([]);
        expect(Object.keys(secretsOf(stack, "shop"))).toContain("AWS_SECRET_ACCESS_KEY");
        const rules = stack.all("SecurityGroupIngressRule").map(({ name }) => name);
        expect(rules.toSorted()).toEqual([
            "cache-from-10.210.0.0-16",
            "cache-from-sg-0a1b2c3d4e5f60718",
            "database-from-10.210.0.0-16",
            "database-from-sg-0a1b2c3d4e5f60718",
        ]);
    });

    it("that are there are reached with the passwords that are given", async () => {
        const there: readonly Change[] = [
            [
                "database.server",
                {
                    variant: "existing",
                    address: "shop.c9.eu-central-1.rds.amazonaws.com",
                    database: "db",
                    user: "someone",
                    maxConnections: 500,
                    cidrs: ["10.201.0.0/24"],
                },
            ],
            [
                "cache.server",
                { variant: "existing", primary: "master.x.cache.amazonaws.com", cidrs: ["10.202.0.0/24"] },
            ],
        ];
        const stack = await stackOf(
            inCluster(
                ["clouds", clouds],
                ["database.variant", "rds"],
                ["cache.variant", "elasticache"],
                ["database", { variant: "rds" }],
                ["cache", { variant: "elasticache" }],
                ...there,
            ),
            {
                secrets: awsPasswords,
            },
        );
        expect(environmentOf(stack, "shop")).toMatchObject({ DJANGO_APP_DB_NAME: "db", DJANGO_APP_DB_USER: "someone" });
        expect(secretsOf(stack, "shop")).toMatchObject({
            DJANGO_APP_DB_PASSWORD: "given-rds-password",
            REDIS_URL: expect.stringContaining("given-elasticache-token") as string,
        });
        expect(egress(stack, "database-to-store")).toEqual([["10.201.0.0/24", 5432]]);
        expect(egress(stack, "cache-to-store")).toEqual([["10.202.0.0/24", 6379]]);
    });

    it("that are there in the platform's network are reached in its store subnets", async () => {
        const stack = await stackOf(
            onAws(
                [
                    "database",
                    {
                        variant: "rds",
                        server: {
                            variant: "existing",
                            address: "shop.c9.eu-central-1.rds.amazonaws.com",
                            database: "db",
                            user: "someone",
                            maxConnections: 500,
                        },
                    },
                ],
                [
                    "cache",
                    {
                        variant: "elasticache",
                        server: { variant: "existing", primary: "master.x.cache.amazonaws.com" },
                    },
                ],
            ),
            { secrets: awsPasswords },
        );
        expect(egress(stack, "database-to-store")).toEqual([["10.40.224.0/24", "10.40.225.0/24", 5432]]);
        expect(egress(stack, "cache-to-store")).toEqual([["10.40.224.0/24", "10.40.225.0/24", 6379]]);
    });

    it("have the hours of the other clouds, unless the settings have others", async () => {
        const windows = async (...changes: readonly Change[]) => {
            const stack = await stackOf(onAws(["database", rds], ["cache", elasticache], ...changes));
            const { backupWindow, maintenanceWindow } = stack.get("Instance", "database-server").props;
            return [
                backupWindow,
                maintenanceWindow,
                stack.get("ReplicationGroup", "cache-nodes").props["maintenanceWindow"],
            ];
        };
        expect(await windows()).toEqual(["02:00-03:00", "sun:03:00-sun:04:00", "sun:04:00-sun:05:00"]);
        expect(await windows(["database.server.backupWindow", "03:00-04:00"])).toEqual([
            "03:00-04:00",
            "sun:05:00-sun:06:00",
            "sun:04:00-sun:05:00",
        ]);
        expect(await windows(["database.server.backupDays", 0])).toEqual([
            undefined,
            "sun:03:00-sun:04:00",
            "sun:04:00-sun:05:00",
        ]);
    });

    it("have a read replica that every app of the server is told of, under its own database's name", async () => {
        const stack = await stackOf(
            onAws(
                ["database", { ...rds, server: { ...rds.server, readReplica: true, logDays: 90 } }],
                ["database.server.backupCopy", { region: "eu-west-1" }],
            ),
        );
        expect(stack.get("Instance", "database-replica").props["replicateSourceDb"]).toBe(
            stack.get("Instance", "database-server").props["identifier"],
        );
        for (const app of ["shop", "blog"]) {
            expect(environmentOf(stack, app)).toMatchObject({
                DJANGO_APP_DB_REPLICA_HOST: "database-replica",
                DJANGO_APP_DB_REPLICA_PORT: "5432",
                DJANGO_APP_DB_REPLICA_NAME: app,
                DJANGO_APP_DB_REPLICA_SSLMODE: "verify-ca",
            });
            expect(stack.get("Deployment", `${app}-web`).props["spec"].template.metadata.labels).toMatchObject({
                "django-on-kubernetes/reaches-database-replica": "true",
            });
        }
        expect(egress(stack, "database-replica-to-store")).toEqual([["10.40.224.0/24", "10.40.225.0/24", 5432]]);
        for (const log of ["server-log-postgresql", "replica-log-upgrade"]) {
            expect(stack.get("LogGroup", `database-${log}`).props["retentionInDays"]).toBe(90);
        }
        expect(stack.get("InstanceAutomatedBackupsReplication", "database-copy").props).toMatchObject({
            region: "eu-west-1",
            retentionPeriod: 7,
        });
    });

    it("of one app are its own, with its own password", async () => {
        const stack = await stackOf(
            onAws(["apps[1].stores", { database: rds, assets: { ...s3, host: "static.blog.shop.example.org" } }]),
            {
                secrets: { apps: { blog: { databasePassword: "blogs-rds-password" } } },
            },
        );
        expect(stack.get("Instance", "blog-database-server").props).toMatchObject({ dbName: "blog", username: "blog" });
        expect(secret(stack.get("Instance", "blog-database-server").props["password"])).toBe("blogs-rds-password");
        expect(
            stack
                .all("PodIdentityAssociation")
                .filter(({ name }) => name.includes("assets"))
                .map(({ name }) => name),
        ).toEqual(["blog-assets-for-blog", "blog-assets-static-for-blog-collectstatic"]);
        expect(stack.get("BucketCorsConfiguration", "blog-assets-static-cors").props).toMatchObject({
            corsRules: [{ allowedOrigins: ["https://blog.shop.example.org"] }],
        });
    });
});

describe("by the kind of environment", () => {
    const production = onAws(
        ...awsStores,
        ["environment.kind", "production"],
        ["apps[0].image", `${blog.image}@sha256:${"0".repeat(64)}`],
        ["apps[1].image", `${blog.image}@sha256:${"0".repeat(64)}`],
        ["platform.network", { variant: "create", range: "10.40.0.0/16", zones: ["a", "b"] }],
    );

    it.each([
        ["production", production, { multiAz: true, backupRetentionPeriod: 7, applyImmediately: false }, 2],
        [
            "staging",
            onAws(...awsStores, ["platform.network.nat", undefined]),
            { multiAz: false, backupRetentionPeriod: 7, applyImmediately: true },
            1,
        ],
        [
            "ephemeral",
            onAws(...awsStores, ["environment.kind", "ephemeral"], ["platform.network.nat", undefined]),
            { multiAz: false, backupRetentionPeriod: 0, applyImmediately: true },
            1,
        ],
    ])("%s has its own defaults", async (_, sections, database, gateways) => {
        const stack = await stackOf(sections);
        expect(stack.get("Instance", "database-server").props).toMatchObject(database);
        expect(stack.get("ReplicationGroup", "cache-nodes").props).toMatchObject({
            applyImmediately: database.applyImmediately,
        });
        expect(stack.all("NatGateway")).toHaveLength(gateways);
    });

    it("a disk that is not to grow does not", async () => {
        const stack = await stackOf(onAws(...awsStores, ["database.server.storageLimit", "20Gi"]));
        expect(stack.get("Instance", "database-server").props["maxAllocatedStorage"]).toBe(0);
    });
});
