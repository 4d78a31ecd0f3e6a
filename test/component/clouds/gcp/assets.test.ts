// Does not prove that Google's load balancer may read a bucket with this role, or that a certificate is issued.
import { Provider } from "@pulumi/gcp/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { CloudStorageAssets, type CloudStorageAssetsArgs } from "../../../../components/assets/gcp/cloud-storage.ts";
import {
    AppServiceAccount,
    gkeMetadataServers,
    type AppServiceAccountArgs,
} from "../../../../components/identity/gcp/service-account.ts";
import { untilNewKeyHolds } from "../../../../components/password/new-key.ts";
import { expectOneFamily, recordComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordGcp } from "./support.ts";

const email = "shop@acme.iam.gserviceaccount.com";
const writer = "shop-collectstatic@acme.iam.gserviceaccount.com";

const defaults: CloudStorageAssetsArgs = {
    instance: "shop-staging",
    data: "kept",
    location: "europe-west1",
    origins: ["https://shop.example.org"],
    static: { variant: "create", host: "static.shop.example.org", zone: "shop-zone" },
    media: { variant: "create" },
    versionDays: 30,
    serviceAccount: () => ({ email, annotations: { account: email }, egress: gkeMetadataServers }),
    staticWriter: () => ({ email: writer, annotations: { account: writer }, egress: gkeMetadataServers }),
};

const gcp = (providers: pulumi.ComponentResourceOptions["providers"]): pulumi.ProviderResource[] => [
    ...(providers as pulumi.ProviderResource[]),
    new Provider("gcp", { project: "acme", region: "europe-west1" }),
];

const record = remembered((changes: Partial<CloudStorageAssetsArgs> = {}, preview: boolean = false) =>
    recordComponent(
        ({ providers }) => {
            const assets = new CloudStorageAssets("assets", { ...defaults, ...changes }, { providers: gcp(providers) });
            const { url, collects, buckets, serviceAccountAnnotations, staticWriter, egress } = assets;
            return { url, collects, buckets, serviceAccountAnnotations, staticWriter, egress };
        },
        { preview },
    ),
);

/** What ends in this name and the characters that the provider adds to it. */
const named = (name: string): string => expect.stringMatching(new RegExp(`(^|/)${name}-[0-9a-f]{7}$`)) as string;

test("two buckets, a CDN under its own host name with certificate and redirect, and who may do what", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "BackendBucket assets-backend",
        "Bucket assets-media",
        "Bucket assets-static",
        "BucketIAMMember assets-app-media",
        "BucketIAMMember assets-app-static",
        "BucketIAMMember assets-cdn-reads",
        "BucketIAMMember assets-collectstatic-media",
        "BucketIAMMember assets-collectstatic-static",
        "Certificate assets-certificate",
        "CertificateMap assets-certificates",
        "CertificateMapEntry assets-certificate-entry",
        "CloudStorage assets",
        "DnsAuthorization assets-authorization",
        "GlobalAddress assets-address",
        "GlobalForwardingRule assets-http",
        "GlobalForwardingRule assets-https",
        "RecordSet assets-authorization-record",
        "RecordSet assets-record",
        "SSLPolicy assets-tls",
        "TargetHttpProxy assets-http-proxy",
        "TargetHttpsProxy assets-https-proxy",
        "URLMap assets-redirect",
        "URLMap assets-routes",
    ]);
    expectOneFamily(plan, ["CloudStorage", "assets"]);
});

test("keeps the contract of assets: collectstatic writes to a bucket, pages name the CDN (G5)", async () => {
    expect((await record()).outputs).toEqual({
        url: "https://static.shop.example.org/",
        collects: true,
        buckets: { protocol: "gcs", staticBucket: named("assets-static"), mediaBucket: named("assets-media") },
        serviceAccountAnnotations: { account: email },
        staticWriter: { annotations: { account: writer } },
        egress: gkeMetadataServers,
    });
});

describe("an adopted bucket", () => {
    const media = { variant: "existing", bucket: "acme-media" } as const;

    test("lets in the account that is made for the app", async () => {
        expect((await record({ media })).created).toContain("BucketIAMMember assets-app-media");
    });

    test("has let in an adopted account already: with this stack, others would lose the role", async () => {
        const plan = await record({ media, serviceAccount: () => ({ email, adopted: true }) });
        expect(plan.created).not.toContain("BucketIAMMember assets-app-media");
        expect(plan.created).toContain("BucketIAMMember assets-app-static");
    });
});

describe("the buckets", () => {
    test.each(["assets-static", "assets-media"])(
        "%s is closed to all without a role on it, and nothing current expires (R64, R66)",
        async (name) => {
            const { props, protect, type } = (await record()).get("Bucket", name);
            expect(type).toBe("gcp:storage/bucket:Bucket");
            expect(protect).toBe(false);
            expect(props).toMatchObject({
                location: "EUROPE-WEST1",
                uniformBucketLevelAccess: true,
                publicAccessPrevention: "enforced",
                versioning: { enabled: true },
                softDeletePolicy: { retentionDurationSeconds: 604800 },
                // Static files are collected again: what is kept for its own sake is media.
                forceDestroy: name === "assets-static",
                lifecycleRules: [
                    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
                    { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 30, withState: "ARCHIVED" } },
                ],
            });
            expect(props).not.toHaveProperty("name");
        },
    );

    test("are protected in production (R67)", async () => {
        const plan = await record({ data: "protected" });
        for (const name of ["assets-static", "assets-media"]) {
            expect(plan.get("Bucket", name)).toMatchObject({ protect: true, props: { forceDestroy: false } });
        }
        expect(plan.get("GlobalAddress", "assets-address").protect).toBe(true);
    });

    test("go with all that is in them where data is disposable (R68, R69)", async () => {
        const plan = await record({ data: "disposable" });
        for (const name of ["assets-static", "assets-media"]) {
            const { props, protect } = plan.get("Bucket", name);
            expect(protect).toBe(false);
            expect(props).toMatchObject({
                forceDestroy: true,
                versioning: { enabled: false },
                softDeletePolicy: { retentionDurationSeconds: 0 },
                lifecycleRules: [{ action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } }],
            });
        }
        expect(plan.get("GlobalAddress", "assets-address").protect).toBe(false);
    });

    test("static files may be used by the app's pages, fonts included (R65); media are signed for", async () => {
        const plan = await record();
        const cors = { methods: ["GET", "HEAD"], responseHeaders: ["Content-Type"], maxAgeSeconds: 3600 };
        expect(plan.get("Bucket", "assets-static").props["cors"]).toEqual([
            { ...cors, origins: ["https://shop.example.org"] },
        ]);
        expect(plan.get("Bucket", "assets-media").props).not.toHaveProperty("cors");
        const anywhere = await record({ origins: [] });
        expect(anywhere.get("Bucket", "assets-static").props["cors"]).toEqual([{ ...cors, origins: ["*"] }]);
    });

    test("the CDN has no list of files to give away", async () => {
        expect((await record()).get("Bucket", "assets-static").props["website"]).toEqual({
            mainPageSuffix: "index.html",
        });
    });

    test("take a key and native arguments", async () => {
        const encryptionKey = "projects/acme/locations/europe-west1/keyRings/main/cryptoKeys/files";
        const native = { staticBucket: { labels: { team: "web" } }, mediaBucket: { autoclass: { enabled: true } } };
        const plan = await record({ encryptionKey, native });
        expect(plan.get("Bucket", "assets-static").props).toMatchObject({
            encryption: { defaultKmsKeyName: encryptionKey },
            labels: { team: "web" },
        });
        expect(plan.get("Bucket", "assets-media").props).toMatchObject({ autoclass: { enabled: true } });
    });
});

describe("the CDN", () => {
    test("caches as each file says, so a hashed one for a year and the manifest not at all (R66)", async () => {
        expect((await record()).get("BackendBucket", "assets-backend").props).toMatchObject({
            enableCdn: true,
            compressionMode: "AUTOMATIC",
            cdnPolicy: { cacheMode: "USE_ORIGIN_HEADERS", negativeCaching: false },
            customResponseHeaders: ["Strict-Transport-Security: max-age=31536000", "X-Content-Type-Options: nosniff"],
        });
    });

    test("answers by HTTPS with TLS 1.2 or later, and sends everyone there (R65)", async () => {
        const plan = await record();
        expect(plan.get("SSLPolicy", "assets-tls").props).toMatchObject({
            minTlsVersion: "TLS_1_2",
            profile: "RESTRICTED",
        });
        expect(plan.get("TargetHttpsProxy", "assets-https-proxy").props).toMatchObject({
            urlMap: named("urlMaps/assets-routes"),
            certificateMap: expect.stringMatching(
                /^\/\/certificatemanager\.googleapis\.com\/projects\/acme\/locations\/global\/certificateMaps\/assets-certificates-/,
            ) as string,
            sslPolicy: named("sslPolicies/assets-tls"),
        });
        expect(plan.get("URLMap", "assets-redirect").props).toMatchObject({
            defaultUrlRedirect: {
                httpsRedirect: true,
                stripQuery: false,
                redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT",
            },
        });
        const rule = { ipProtocol: "TCP", loadBalancingScheme: "EXTERNAL_MANAGED" };
        expect(plan.get("GlobalForwardingRule", "assets-https").props).toMatchObject({
            ...rule,
            portRange: "443",
            target: named("targetHttpsProxies/assets-https-proxy"),
        });
        expect(plan.get("GlobalForwardingRule", "assets-http").props).toMatchObject({
            ...rule,
            portRange: "80",
            target: named("targetHttpProxies/assets-http-proxy"),
        });
    });

    test("alone reads the static files, and is let in once the load balancer is there", async () => {
        const plan = await record();
        const { props, dependencies } = plan.get("BucketIAMMember", "assets-cdn-reads");
        expect(props["role"]).toBe("roles/storage.objectViewer");
        expect(props["member"]).toMatch(/^serviceAccount:service-[0-9]+@https-lb\.iam\.gserviceaccount\.com$/);
        expect(dependencies).toContain(plan.get("GlobalForwardingRule", "assets-https").urn);
        const members = plan.resources
            .filter(({ type }) => type.endsWith(":BucketIAMMember"))
            .map(({ props: { member } }) => String(member));
        expect(members.filter((member) => member.startsWith("all"))).toEqual([]);
    });

    test("is certified by its zone before anyone is sent there", async () => {
        const plan = await record();
        expect(plan.get("DnsAuthorization", "assets-authorization").props).toEqual({
            domain: "static.shop.example.org",
            type: "FIXED_RECORD",
        });
        expect(plan.get("Certificate", "assets-certificate").props["managed"]).toEqual({
            domains: ["static.shop.example.org"],
            dnsAuthorizations: [named("dnsAuthorizations/assets-authorization")],
        });
        expect(plan.get("CertificateMapEntry", "assets-certificate-entry").props).toMatchObject({
            hostname: "static.shop.example.org",
            certificates: [named("certificates/assets-certificate")],
        });
        expect(plan.get("RecordSet", "assets-record").props).toMatchObject({
            managedZone: "shop-zone",
            name: "static.shop.example.org.",
            type: "A",
            ttl: 300,
            rrdatas: [plan.get("GlobalForwardingRule", "assets-https").props["ipAddress"]],
        });
        expect(plan.get("RecordSet", "assets-authorization-record").props).toMatchObject({
            managedZone: "shop-zone",
            name: "_acme-challenge.static.shop.example.org.",
            type: "CNAME",
        });
    });

    test("without a zone is certified at its address, and makes no records", async () => {
        const plan = await record({ static: { variant: "create", host: "static.shop.example.org" } });
        expect(plan.created.filter((line) => /RecordSet|DnsAuthorization/.test(line))).toEqual([]);
        expect(plan.get("Certificate", "assets-certificate").props["managed"]).toEqual({
            domains: ["static.shop.example.org"],
        });
    });

    test("says whose it is in each part, for names are generated", async () => {
        const { resources } = await record();
        const parts = resources.filter(
            ({ type }) => /^gcp:(compute|certificatemanager)/.test(type) && !/DnsAuthorization|MapEntry/.test(type),
        );
        expect(new Set(parts.map(({ props }) => props["description"] as string))).toEqual(
            new Set(["Static files of shop-staging"]),
        );
        expect(parts.length).toBe(11);
    });

    test("takes native arguments", async () => {
        const plan = await record({ native: { backendBucket: { compressionMode: "DISABLED" } } });
        expect(plan.get("BackendBucket", "assets-backend").props).toMatchObject({
            compressionMode: "DISABLED",
            enableCdn: true,
        });
    });
});

test("buckets that are there are only written to", async () => {
    const plan = await record({
        static: { variant: "existing", bucket: "acme-static", url: "https://cdn.example.org/shop/" },
        media: { variant: "existing", bucket: "acme-media" },
    });
    expect(plan.created).toEqual([
        "BucketIAMMember assets-app-media",
        "BucketIAMMember assets-app-static",
        "BucketIAMMember assets-collectstatic-media",
        "BucketIAMMember assets-collectstatic-static",
        "CloudStorage assets",
    ]);
    expect(plan.get("BucketIAMMember", "assets-app-media").props).toEqual({
        bucket: "acme-media",
        role: "roles/storage.objectUser",
        member: `serviceAccount:${email}`,
    });
    expect(plan.get("BucketIAMMember", "assets-app-static").props["role"]).toBe("roles/storage.objectViewer");
    expect(plan.outputs).toMatchObject({
        url: "https://cdn.example.org/shop/",
        buckets: { staticBucket: "acme-static", mediaBucket: "acme-media" },
    });
});

test("only the account of one job writes static files (R84)", async () => {
    const plan = await record();
    const member = (name: string) => {
        const { role, member: who } = plan.get("BucketIAMMember", name).props;
        return { role, who };
    };
    const viewer = "roles/storage.objectViewer";
    const user = "roles/storage.objectUser";
    expect(member("assets-app-static")).toEqual({ role: viewer, who: `serviceAccount:${email}` });
    expect(member("assets-app-media")).toEqual({ role: user, who: `serviceAccount:${email}` });
    expect(member("assets-collectstatic-static")).toEqual({ role: user, who: `serviceAccount:${writer}` });
    expect(member("assets-collectstatic-media")).toEqual({ role: user, who: `serviceAccount:${writer}` });
});

test("with a key, the app speaks S3 to Cloud Storage", async () => {
    const accessKey = { id: pulumi.output("GOOG1E"), secret: pulumi.secret("hmac") };
    const { outputs } = await record({
        serviceAccount: () => ({ email, accessKey }),
        staticWriter: () => ({ email: writer, accessKey }),
    });
    expect(outputs["staticWriter"]).toBeUndefined();
    expect(outputs["buckets"]).toHaveProperty("staticAccessKey");
    expect(outputs["buckets"]).toMatchObject({
        protocol: "s3",
        region: "auto",
        endpoint: "https://storage.googleapis.com",
    });
    expect(outputs["serviceAccountAnnotations"]).toBeUndefined();
    expect(outputs["egress"]).toBeUndefined();
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

describe("the app's service account", () => {
    const recordAccount = remembered((access: AppServiceAccountArgs["access"], instance: string = "shop-staging") =>
        recordComponent(({ providers }) => {
            const account = new AppServiceAccount("assets-app", { instance, access }, { providers: gcp(providers) });
            return {
                annotations: Object.keys(account.annotations ?? {}),
                egress: account.egress,
                isSecret: account.accessKey && pulumi.isSecret(account.accessKey.secret),
            };
        }),
    );

    const users = [
        { namespace: "shop-staging", serviceAccount: "shop" },
        { namespace: "shop-staging", serviceAccount: "blog" },
    ];
    const workloadIdentity = { variant: "workload-identity", pool: "acme.svc.id.goog", after: [], users } as const;

    test("can be taken on by pods of the apps, and sign as itself; there is no key", async () => {
        const plan = await recordAccount(workloadIdentity);
        expect(plan.created).toEqual([
            "Account assets-app-account",
            "AppServiceAccount assets-app",
            "IAMMember assets-app-signer",
            "IAMMember assets-app-user-blog",
            "IAMMember assets-app-user-shop",
        ]);
        expectOneFamily(plan, ["AppServiceAccount", "assets-app"]);
        expect(plan.get("Account", "assets-app-account").props["accountId"]).toBe("shop-staging-assets-app");
        expect(plan.get("IAMMember", "assets-app-user-shop").props).toMatchObject({
            role: "roles/iam.workloadIdentityUser",
            member: "serviceAccount:acme.svc.id.goog[shop-staging/shop]",
        });
        expect(plan.get("IAMMember", "assets-app-signer").props["role"]).toBe("roles/iam.serviceAccountTokenCreator");
        expect(plan.outputs).toMatchObject({
            annotations: ["iam.gke.io/gcp-service-account"],
            egress: gkeMetadataServers,
        });
    });

    test("another app, or another order, touches nothing else", async () => {
        const before = await recordAccount({ ...workloadIdentity, users: users.toReversed() });
        const after = await recordAccount({
            ...workloadIdentity,
            users: [...users, { namespace: "shop-staging", serviceAccount: "wiki" }],
        });
        const of = (plan: typeof before) =>
            new Map(plan.resources.filter(({ custom }) => custom).map(({ urn, props }) => [urn, props]));
        for (const [urn, props] of of(before)) {
            expect(of(after).get(urn)).toEqual(props);
        }
        expect(of(after).size).toBe(of(before).size + 1);
    });

    test("has a secret key where pods are nothing to Google Cloud", async () => {
        const plan = await recordAccount({ variant: "hmac-key" });
        expect(plan.created).toEqual([
            "Account assets-app-account",
            "AppServiceAccount assets-app",
            "HmacKey assets-app-key",
        ]);
        expect(plan.outputs).toMatchObject({ annotations: [], isSecret: true });
    });

    test("is waited for where it has a key: a job of an image's own and the pods of a rotation use that at once", async () => {
        const access = { variant: "hmac-key", rotation: 1 } as const;
        const { options } = await recordGcp((opts) => {
            new AppServiceAccount("assets-app", { instance: "shop-staging", access }, opts);
            return {};
        });
        for (const name of ["assets-app-key", "assets-app-key-1"]) {
            expect(options.get(name)?.hooks).toEqual({ afterCreate: [untilNewKeyHolds] });
        }
    });

    test("has an id of 6 to 30 characters at the longest names (R71)", async () => {
        const plan = await recordAccount({ variant: "hmac-key" }, "abcdefghijklmnopqrst-abcdefghijklmnopqrs");
        const { accountId } = plan.get("Account", "assets-app-account").props;
        expect(accountId).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    });
});
