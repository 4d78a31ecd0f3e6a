// Does not prove that AWS accepts these arguments, that CloudFront reads the bucket, or that a pod gets its credentials: only an
// account does.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { untilItHolds } from "../../../../components/pod-identity/aws/pod-identity.ts";
import { S3Assets, type S3AssetsArgs } from "../../../../components/assets/aws/s3.ts";
import type { PlannedResource } from "../../../../commands/plan/plan.ts";
import { expectOneFamily, placement, type RecordedComponent } from "../../../support/component.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const host = { name: "static.shop.example.org", certificate: "create", zoneId: "Z0ZONE" } as const;
const users = [
    { namespace: "shop-staging", serviceAccount: "shop" },
    { namespace: "shop-staging", serviceAccount: "blog" },
];

const defaults: S3AssetsArgs = {
    ...placement,
    region: "eu-central-1",
    host,
    priceClass: "PriceClass_100",
    origins: ["https://shop.example.org"],
    media: { variant: "create", versionDays: 30 },
    access: { by: "key" },
};

const record = remembered((changes: Partial<S3AssetsArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const { url, collects, buckets, egress, staticWriter, distributionDomain } = new S3Assets(
                "assets",
                { ...defaults, ...changes },
                opts,
            );
            const { accessKey, staticAccessKey, ...rest } = buckets;
            const keys = [accessKey, staticAccessKey].flatMap((key) => (key === undefined ? [] : [key.id, key.secret]));
            const secrets = keys.length > 0 && keys.map((key) => pulumi.isSecret(key));
            return {
                url,
                collects,
                buckets: rest,
                ...(secrets && { secrets }),
                ...(egress && { egress }),
                ...(staticWriter && { staticWriter }),
                distributionDomain,
            };
        },
        { preview },
    ),
);

const staticWriters = [{ namespace: "shop-staging", serviceAccount: "shop-collectstatic" }];
const inPods = { by: "pods", cluster: "shop-cluster", users, staticWriters } as const;

interface Policy {
    readonly Statement: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

const policyOf = (plan: RecordedComponent, kind: string, name: string, input = "policy"): Policy =>
    JSON.parse(plan.get(kind, name).props[input] as string) as Policy;

const arnOf = (plan: RecordedComponent, name: string): string =>
    `arn:aws:s3:::${(plan.outputs["buckets"] as Record<string, string>)[name === "assets-static" ? "staticBucket" : "mediaBucket"]!}`;

const bucketParts = (name: string) => [
    `Bucket ${name}`,
    `BucketLifecycleConfiguration ${name}-lifecycle`,
    `BucketOwnershipControls ${name}-ownership`,
    `BucketPolicy ${name}-policy`,
    `BucketPublicAccessBlock ${name}-closed`,
    `BucketServerSideEncryptionConfiguration ${name}-encryption`,
];

test("two closed buckets, a CDN before one of them, a certificate and records, and keys for the app and its static files", async () => {
    const plan = await record();
    expect(plan.created).toEqual(
        [
            ...bucketParts("assets-static"),
            "BucketCorsConfiguration assets-static-cors",
            ...bucketParts("assets-media"),
            "BucketVersioning assets-media-versions",
            "Distribution assets-distribution",
            "OriginAccessControl assets-access",
            "ResponseHeadersPolicy assets-headers",
            "Certificate assets-certificate",
            "CertificateValidation assets-certificate-valid",
            "Record assets-certificate-proof",
            "Record assets-a",
            "Record assets-aaaa",
            "User assets-user",
            "UserPolicy assets-user-policy",
            "AccessKey assets-key",
            "User assets-static-user",
            "UserPolicy assets-static-user-policy",
            "AccessKey assets-static-key",
            "S3 assets",
        ].sort(),
    );
    expectOneFamily(plan, ["S3", "assets"]);
    expect(plan.get("S3", "assets").type).toBe("django-on-kubernetes:assets:S3");
});

test("a number of the keys has users of its own, and those of the number before stay", async () => {
    const created = async (rotation: number) =>
        (await record({ rotation })).created.filter((name) => /^(AccessKey|User) /.test(name));
    const ofNumber = (number: string) =>
        ["assets", "assets-static"].flatMap((name) => [`AccessKey ${name}${number}-key`, `User ${name}${number}-user`]);
    expect(await created(0)).toEqual(ofNumber("").sort());
    expect(await created(2)).toEqual([...ofNumber("-1"), ...ofNumber("-2")].sort());
});

test("keeps the contract of assets: collected by the release, at the CDN's address", async () => {
    const { outputs } = await record();
    expect(outputs).toEqual({
        url: "https://static.shop.example.org/",
        collects: true,
        buckets: {
            protocol: "s3",
            staticBucket: expect.stringMatching(/^assets-static/) as string,
            mediaBucket: expect.stringMatching(/^assets-media/) as string,
            region: "eu-central-1",
        },
        secrets: [true, true, true, true],
        distributionDomain: expect.stringMatching(/\.cloudfront\.net$/) as string,
    });
});

describe.each(["assets-static", "assets-media"])("the bucket %s", (name) => {
    test("is closed to the public, has no access lists, and is encrypted (R64)", async () => {
        const plan = await record();
        expect(plan.get("BucketPublicAccessBlock", `${name}-closed`).props).toMatchObject({
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        });
        expect(plan.get("BucketOwnershipControls", `${name}-ownership`).props["rule"]).toEqual({
            objectOwnership: "BucketOwnerEnforced",
        });
        expect(plan.get("BucketServerSideEncryptionConfiguration", `${name}-encryption`).props["rules"]).toEqual([
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, blockedEncryptionTypes: ["SSE-C"] },
        ]);
    });

    test("refuses what is not TLS, and gets its policy once it is closed", async () => {
        const plan = await record();
        const arn = arnOf(plan, name);
        expect(policyOf(plan, "BucketPolicy", `${name}-policy`).Statement).toContainEqual({
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        });
        const closed = plan.get("BucketPublicAccessBlock", `${name}-closed`).urn;
        expect(plan.get("BucketPolicy", `${name}-policy`).dependencies).toContain(closed);
    });

    test.each([
        { data: "protected", protect: true, forceDestroy: false },
        { data: "kept", protect: false, forceDestroy: false },
        { data: "disposable", protect: false, forceDestroy: true },
    ] as const)("is treated as $data data (R67, R69)", async ({ data, protect, forceDestroy }) => {
        const bucket = (await record({ data })).get("Bucket", name);
        expect(bucket.protect).toBe(protect);
        // Static files are collected again: what is kept for its own sake is media.
        expect(bucket.props["forceDestroy"]).toBe(name === "assets-static" ? !protect : forceDestroy);
        expect(bucket.props).not.toHaveProperty("bucket");
    });

    test("never lets a current object expire (R66)", async () => {
        const rules = (await record()).get("BucketLifecycleConfiguration", `${name}-lifecycle`).props[
            "rules"
        ] as unknown[];
        expect(rules).toContainEqual({
            id: "unfinished-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        });
        expect(JSON.stringify(rules)).not.toMatch(/"expiration":\{"(days|date)"/);
    });
});

describe("uploaded files", () => {
    test("can be brought back for a while", async () => {
        const plan = await record({ media: { variant: "create", versionDays: 90 } });
        const versions = plan.get("BucketVersioning", "assets-media-versions");
        expect(versions.props["versioningConfiguration"]).toEqual({ status: "Enabled" });
        const lifecycle = plan.get("BucketLifecycleConfiguration", "assets-media-lifecycle");
        expect(lifecycle.props["rules"]).toContainEqual({
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: 90 },
            // Else a listing grows slower with every file that was ever deleted.
            expiration: { expiredObjectDeleteMarker: true },
        });
        expect(lifecycle.dependencies).toContain(versions.urn);
    });

    const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

    test("are encrypted by a key that is there, which the app may use", async () => {
        const plan = await record({ media: { variant: "create", versionDays: 30, keyArn } });
        expect(plan.get("BucketServerSideEncryptionConfiguration", "assets-media-encryption").props["rules"]).toEqual([
            {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
                bucketKeyEnabled: true,
                blockedEncryptionTypes: ["SSE-C"],
            },
        ]);
        expect(policyOf(plan, "UserPolicy", "assets-user-policy").Statement).toContainEqual({
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: [keyArn],
        });
    });

    test("may be in a bucket that is there: used, and not changed", async () => {
        const plan = await record({ media: { variant: "existing", bucket: "uploads" } });
        expect(plan.created.filter((created) => created.includes("assets-media"))).toEqual([]);
        expect(plan.outputs["buckets"]).toMatchObject({ mediaBucket: "uploads" });
        expect(policyOf(plan, "UserPolicy", "assets-user-policy").Statement[0]!["Resource"]).toContain(
            "arn:aws:s3:::uploads",
        );
    });

    test("are nobody's but the app's: CloudFront is not let in", async () => {
        const statements = policyOf(await record(), "BucketPolicy", "assets-media-policy").Statement;
        expect(statements.map(({ Effect }) => Effect)).toEqual(["Deny"]);
    });
});

describe("the CDN", () => {
    const distributionOf = async (changes: Partial<S3AssetsArgs> = {}): Promise<PlannedResource> =>
        (await record(changes)).get("Distribution", "assets-distribution");

    test("alone reads the static files, and cannot list them (R64)", async () => {
        const plan = await record();
        const [origin] = plan.get("Distribution", "assets-distribution").props["origins"] as Array<
            Record<string, unknown>
        >;
        expect(origin).toMatchObject({
            originId: "static",
            originAccessControlId: expect.stringMatching(/.+/) as string,
        });
        expect(origin).not.toHaveProperty("s3OriginConfig");
        expect(plan.get("OriginAccessControl", "assets-access").props).toMatchObject({
            originAccessControlOriginType: "s3",
            signingBehavior: "always",
            signingProtocol: "sigv4",
        });
        const allowed = policyOf(plan, "BucketPolicy", "assets-static-policy").Statement.filter(
            ({ Effect }) => Effect === "Allow",
        );
        expect(allowed).toEqual([
            {
                Sid: "CloudFrontReads",
                Effect: "Allow",
                Principal: { Service: "cloudfront.amazonaws.com" },
                Action: "s3:GetObject",
                Resource: `${arnOf(plan, "assets-static")}/*`,
                Condition: {
                    StringEquals: {
                        "AWS:SourceArn": expect.stringMatching(/^arn:aws:cloudfront::\d+:distribution\//) as string,
                    },
                },
            },
        ]);
    });

    test("speaks HTTPS with TLS 1.2 under a name of our own (R65)", async () => {
        const { props } = await distributionOf();
        expect(props).toMatchObject({
            enabled: true,
            aliases: ["static.shop.example.org"],
            httpVersion: "http2and3",
            isIpv6Enabled: true,
            priceClass: "PriceClass_100",
            viewerCertificate: {
                acmCertificateArn: expect.stringMatching(/^arn:aws:acm:us-east-1:/) as string,
                sslSupportMethod: "sni-only",
                minimumProtocolVersion: "TLSv1.2_2021",
            },
        });
        expect(props["defaultCacheBehavior"]).toMatchObject({
            viewerProtocolPolicy: "redirect-to-https",
            compress: true,
            targetOriginId: "static",
        });
    });

    test("forgets in seconds that a file is not there: the next release may bring it", async () => {
        expect((await distributionOf()).props["customErrorResponses"]).toEqual([
            { errorCode: 403, errorCachingMinTtl: 10 },
            { errorCode: 404, errorCachingMinTtl: 10 },
        ]);
    });

    test("lets pages of the app use fonts, and nobody else's (R65)", async () => {
        const plan = await record();
        expect(plan.get("ResponseHeadersPolicy", "assets-headers").props).toMatchObject({
            corsConfig: {
                accessControlAllowCredentials: false,
                accessControlAllowMethods: { items: ["GET", "HEAD"] },
                accessControlAllowOrigins: { items: ["https://shop.example.org"] },
                originOverride: true,
            },
            securityHeadersConfig: {
                contentTypeOptions: { override: true },
                strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true },
            },
        });
        expect(plan.get("BucketCorsConfiguration", "assets-static-cors").props["corsRules"]).toMatchObject([
            { allowedOrigins: ["https://shop.example.org"], allowedMethods: ["GET", "HEAD"] },
        ]);
    });

    test("lets any page use fonts where the app has no address", async () => {
        const plan = await record({ origins: [] });
        expect(plan.get("ResponseHeadersPolicy", "assets-headers").props["corsConfig"]).toMatchObject({
            accessControlAllowOrigins: { items: ["*"] },
        });
        expect(plan.get("BucketCorsConfiguration", "assets-static-cors").props["corsRules"]).toMatchObject([
            { allowedOrigins: ["*"] },
        ]);
    });

    test("says nothing of how long an answer may be kept: an error would be kept as long as the file (R85)", async () => {
        const plan = await record();
        const policies = plan.resources.filter(({ type }) => type.endsWith(":ResponseHeadersPolicy"));
        expect(policies.map(({ name }) => name)).toEqual(["assets-headers"]);
        expect(policies[0]!.props).not.toHaveProperty("customHeadersConfig");
        expect(plan.get("Distribution", "assets-distribution").props).not.toHaveProperty("orderedCacheBehaviors");
    });

    test("native arguments win", async () => {
        const { props } = await distributionOf({
            native: { distribution: { viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2025" } } },
        });
        expect(props["viewerCertificate"]).toMatchObject({
            minimumProtocolVersion: "TLSv1.2_2025",
            sslSupportMethod: "sni-only",
        });
    });
});

describe("the host's name", () => {
    test("has a certificate where CloudFront looks for it, proved by a record", async () => {
        const plan = await record();
        expect(plan.get("Certificate", "assets-certificate").props).toMatchObject({
            domainName: "static.shop.example.org",
            validationMethod: "DNS",
            region: "us-east-1",
        });
        expect(plan.get("CertificateValidation", "assets-certificate-valid").props["region"]).toBe("us-east-1");
        expect(plan.get("Record", "assets-certificate-proof").props).toMatchObject({
            zoneId: "Z0ZONE",
            type: "CNAME",
            ttl: 300,
        });
        for (const type of ["A", "AAAA"]) {
            expect(plan.get("Record", `assets-${type.toLowerCase()}`).props).toMatchObject({
                zoneId: "Z0ZONE",
                name: "static.shop.example.org",
                type,
                aliases: [{ name: expect.stringMatching(/\.cloudfront\.net$/) as string, evaluateTargetHealth: false }],
            });
        }
    });

    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";

    test("may have a certificate that is there, and its records elsewhere", async () => {
        const plan = await record({ host: { name: host.name, certificate: { arn } } });
        expect(plan.created.filter((created) => /^(Certificate|CertificateValidation|Record) /.test(created))).toEqual(
            [],
        );
        expect(plan.get("Distribution", "assets-distribution").props["viewerCertificate"]).toMatchObject({
            acmCertificateArn: arn,
        });
        expect(plan.outputs["url"]).toBe("https://static.shop.example.org/");
    });

    test("may have a certificate that is there, and its records here", async () => {
        const plan = await record({ host: { name: host.name, certificate: { arn }, zoneId: "Z0ZONE" } });
        expect(plan.created.filter((created) => /^(Certificate|CertificateValidation|Record) /.test(created))).toEqual([
            "Record assets-a",
            "Record assets-aaaa",
        ]);
    });
});

describe("the app's permission", () => {
    const everything = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
    const lists = (plan: RecordedComponent) => ({
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [arnOf(plan, "assets-static"), arnOf(plan, "assets-media")],
    });
    /** Writes media, reads static files (R84). */
    const allowed = (plan: RecordedComponent) => [
        lists(plan),
        { Effect: "Allow", Action: everything, Resource: [`${arnOf(plan, "assets-media")}/*`] },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${arnOf(plan, "assets-static")}/*`] },
    ];
    /** Of the job that writes static files. */
    const allowedToWriter = (plan: RecordedComponent) => [
        lists(plan),
        {
            Effect: "Allow",
            Action: everything,
            Resource: [`${arnOf(plan, "assets-static")}/*`, `${arnOf(plan, "assets-media")}/*`],
        },
    ];

    test("to write static files is of another key", async () => {
        const plan = await record();
        expect(policyOf(plan, "UserPolicy", "assets-static-user-policy").Statement).toEqual(allowedToWriter(plan));
        expect(plan.get("AccessKey", "assets-static-key").props["user"]).toBe(
            plan.get("UserPolicy", "assets-static-user-policy").props["user"],
        );
        expect(plan.outputs["secrets"]).toEqual([true, true, true, true]);
    });

    test("is waited for until IAM knows its key everywhere", async () => {
        const { options } = await record();
        for (const name of ["assets-key", "assets-static-key"]) {
            expect(options.get(name)?.hooks).toEqual({ afterCreate: [untilItHolds] });
        }
    });

    test("to write static files is of another role, whose pods are one job's", async () => {
        const plan = await record({ access: inPods });
        expect(policyOf(plan, "RolePolicy", "assets-static-role-policy").Statement).toEqual(allowedToWriter(plan));
        expect(JSON.stringify(policyOf(plan, "Role", "assets-static-role", "assumeRolePolicy").Statement)).toContain(
            '"aws:RequestTag/kubernetes-service-account":["shop-collectstatic"]',
        );
        const association = plan.get("PodIdentityAssociation", "assets-static-for-shop-collectstatic");
        expect(association.props).toMatchObject({
            serviceAccount: "shop-collectstatic",
            roleArn: expect.stringContaining("assets-static-role") as string,
        });
        expect(plan.outputs["staticWriter"]).toEqual({});
    });

    test("is for these two buckets, by a key, on a cluster that AWS knows nothing of", async () => {
        const plan = await record();
        expect(policyOf(plan, "UserPolicy", "assets-user-policy").Statement).toEqual(allowed(plan));
        expect(plan.outputs).not.toHaveProperty("egress");
    });

    test.each([
        ["protected", false],
        ["kept", false],
        ["disposable", true],
    ] as const)("a user of %s data goes with keys that others made: %s", async (data, forceDestroy) => {
        expect((await record({ data })).get("User", "assets-user").props["forceDestroy"]).toBe(forceDestroy);
    });

    test("is for these two buckets, by who the pods are, on EKS", async () => {
        const plan = await record({ access: inPods });
        expect(plan.created.filter((created) => /^(User|UserPolicy|AccessKey) /.test(created))).toEqual([]);
        expect(policyOf(plan, "RolePolicy", "assets-role-policy").Statement).toEqual(allowed(plan));
        expect(policyOf(plan, "Role", "assets-role", "assumeRolePolicy").Statement).toEqual([
            {
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Condition: {
                    StringEquals: {
                        "aws:RequestTag/eks-cluster-name": ["shop-cluster"],
                        "aws:RequestTag/kubernetes-namespace": ["shop-staging"],
                        "aws:RequestTag/kubernetes-service-account": ["blog", "shop"],
                    },
                },
            },
        ]);
        const association = plan.get("PodIdentityAssociation", "assets-for-blog");
        expect(association.props).toMatchObject({
            clusterName: "shop-cluster",
            namespace: "shop-staging",
            serviceAccount: "blog",
            roleArn: expect.stringMatching(/^arn:aws:iam::\d+:role/) as string,
        });
        expect(association.dependencies).toContain(plan.get("RolePolicy", "assets-role-policy").urn);
        expect(plan.outputs).toMatchObject({ egress: [{ cidr: "169.254.170.23/32", port: 80 }] });
        expect(plan.outputs).not.toHaveProperty("secrets");
    });

    test("adding, removing and reordering apps touches no other's", async () => {
        const urns = async (some: typeof users) =>
            (await record({ access: { ...inPods, users: some } })).resources.map(({ urn }) => urn).sort();
        const two = await urns(users);
        expect(await urns([...users].reverse())).toEqual(two);
        const trust = async (some: typeof users) =>
            (await record({ access: { ...inPods, users: some } })).get("Role", "assets-role").props[
                "assumeRolePolicy"
            ] as unknown;
        expect(await trust([...users].reverse())).toEqual(await trust(users));
        expect(two.filter((urn) => !urn.endsWith("assets-for-blog"))).toEqual(await urns(users.slice(0, 1)));
    });
});

test("without an app that uses it there is no role that nobody could be", async () => {
    const plan = await record({ access: { ...inPods, users: [], staticWriters: [] } });
    expect(plan.created.filter((created) => /^(Role|RolePolicy|PodIdentityAssociation) /.test(created))).toEqual([]);
});

test.each([{ access: inPods }, {}])("a preview plans the same: %o", async (changes) => {
    expect((await record(changes, true)).created).toEqual((await record(changes)).created);
});
