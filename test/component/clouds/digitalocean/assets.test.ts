// Does not prove that the CDN serves what the app uploads, nor that DigitalOcean accepts these arguments: that needs an account.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import {
    SpacesAssets,
    type CreatedSpaces,
    type SpacesAssetsArgs,
} from "../../../../components/assets/digitalocean/spaces.ts";
import { newKeySettles, untilNewKeyHolds } from "../../../../components/password/new-key.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { recordDigitalOcean } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedSpaces = { variant: "create", cdn: { timeToLive: 86400 }, keepVersions: 30 };

const record = remembered((args: Partial<SpacesAssetsArgs> = {}, preview: boolean = false) =>
    recordDigitalOcean((opts) => {
        const assets = new SpacesAssets("assets", { ...placement, region: "fra1", buckets: created, ...args }, opts);
        const { accessKey, staticAccessKey, ...buckets } = assets.buckets;
        const keys = [accessKey!, staticAccessKey!];
        const secrets = pulumi.all(keys.flatMap(({ id, secret }) => [pulumi.isSecret(id), pulumi.isSecret(secret)]));
        const areOne = pulumi.all(keys.map(({ id }) => id)).apply(([one, other]) => one === other);
        return { url: assets.url, collects: assets.collects, buckets, secrets, areOne: pulumi.unsecret(areOne) };
    }, preview),
);

test("two buckets, two keys for them, and a CDN in front of the static one", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Cdn assets-cdn",
        "Spaces assets",
        "SpacesBucket assets-media",
        "SpacesBucket assets-static",
        "SpacesBucketCorsConfiguration assets-cors",
        "SpacesKey assets-key",
        "SpacesKey assets-static-key",
    ]);
    expectOneFamily(plan, ["Spaces", "assets"]);
});

test("a key is waited for when it is made: a job of an image's own and the pods of a rotation use it at once", async () => {
    const { options } = await record({ rotation: 1 });
    for (const name of ["assets-key", "assets-key-1", "assets-static-key", "assets-static-key-1"]) {
        expect(options.get(name)?.hooks).toEqual({ afterCreate: [untilNewKeyHolds] });
    }
    vi.useFakeTimers();
    try {
        let over = false;
        const wait = untilNewKeyHolds().then(() => (over = true));
        await vi.advanceTimersByTimeAsync(newKeySettles - 1);
        expect(over).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        await wait;
    } finally {
        vi.useRealTimers();
    }
});

test("a number has keys of its own, and those of the number before stay", async () => {
    const keys = async (rotation?: number) => {
        const plan = await record({ ...(rotation !== undefined && { rotation }) });
        return plan.created.filter((name) => name.startsWith("SpacesKey")).map((name) => name.split(" ")[1]);
    };
    expect(await keys(0)).toEqual(await keys());
    expect(await keys(1)).toEqual(["assets-key", "assets-key-1", "assets-static-key", "assets-static-key-1"]);
    expect(await keys(3)).toEqual(["assets-key-2", "assets-key-3", "assets-static-key-2", "assets-static-key-3"]);
    const { resources } = await record({ rotation: 3 });
    const [now, before] = ["assets-key-3", "assets-key-2"].map((name) =>
        resources.find((resource) => resource.name === name)!,
    );
    expect(now!.props["grants"]).toEqual(before!.props["grants"]);
});

test("tells the app where to write, as S3, and that static files are public one by one (R64)", async () => {
    const { outputs } = await record();
    expect(outputs).toMatchObject({
        collects: true,
        buckets: {
            protocol: "s3",
            region: "fra1",
            endpoint: "https://fra1.digitaloceanspaces.com",
            staticAcl: "public-read",
        },
        secrets: [true, true, true, true],
    });
    expect(outputs["url"]).toMatch(/^https:\/\/[a-z0-9-]+\.fra1\.cdn\.digitaloceanspaces\.com\/$/);
});

describe("buckets", () => {
    test.each([
        { data: "protected", protect: true, forceDestroy: false, versioned: true },
        { data: "kept", protect: false, forceDestroy: false, versioned: true },
        { data: "disposable", protect: false, forceDestroy: true, versioned: false },
    ] as const)("$data (R67-R69)", async ({ data, protect, forceDestroy, versioned }) => {
        const plan = await record({ data });
        for (const name of ["assets-static", "assets-media"]) {
            const bucket = plan.get("SpacesBucket", name);
            expect(bucket.protect, name).toBe(protect);
            expect(bucket.props, name).toEqual({
                region: "fra1",
                acl: "private",
                // Static files are collected again: what is kept for its own sake is media.
                forceDestroy: name === "assets-static" ? !protect : forceDestroy,
                ...(versioned && { versioning: { enabled: true } }),
                lifecycleRules: [
                    {
                        id: "leftovers",
                        enabled: true,
                        abortIncompleteMultipartUploadDays: 7,
                        ...(versioned && {
                            noncurrentVersionExpiration: { days: 30 },
                            expiration: { expiredObjectDeleteMarker: true },
                        }),
                    },
                ],
            });
        }
    });

    test("keep their current files for ever (R66)", async () => {
        const [rule] = (await record()).get("SpacesBucket", "assets-static").props["lifecycleRules"] as Record<
            string,
            unknown
        >[];
        expect(rule?.["expiration"]).toEqual({ expiredObjectDeleteMarker: true });
    });

    test("have no policy: with one, there could be no key for them alone", async () => {
        expect((await record()).created.filter((name) => name.startsWith("SpacesBucketPolicy"))).toEqual([]);
    });

    test("take DigitalOcean's own arguments", async () => {
        const native = { staticBucket: { versioning: { enabled: false } }, cdn: { ttl: 60 } };
        const plan = await record({ buckets: { ...created, native } });
        expect(plan.get("SpacesBucket", "assets-static").props["versioning"]).toEqual({ enabled: false });
        expect(plan.get("SpacesBucket", "assets-media").props["versioning"]).toEqual({ enabled: true });
        expect(plan.get("Cdn", "assets-cdn").props["ttl"]).toBe(60);
    });
});

test("the keys are for these buckets and no others: the app's reads static files, which the other writes (R84)", async () => {
    const plan = await record();
    const grantsOf = (name: string) => plan.get("SpacesKey", name).props["grants"];
    const { staticBucket, mediaBucket } = plan.outputs["buckets"] as { staticBucket: string; mediaBucket: string };
    expect(grantsOf("assets-key")).toEqual([
        { bucket: staticBucket, permission: "read" },
        { bucket: mediaBucket, permission: "readwrite" },
    ]);
    expect(grantsOf("assets-static-key")).toEqual([
        { bucket: staticBucket, permission: "readwrite" },
        { bucket: mediaBucket, permission: "readwrite" },
    ]);
    expect(plan.outputs["areOne"]).toBe(false);
});

test("fonts may be asked for across origins (R65), of the static bucket alone", async () => {
    const plan = await record();
    const { staticBucket } = plan.outputs["buckets"] as { staticBucket: string };
    expect(plan.get("SpacesBucketCorsConfiguration", "assets-cors").props).toEqual({
        bucket: staticBucket,
        region: "fra1",
        corsRules: [
            { allowedMethods: ["GET", "HEAD"], allowedOrigins: ["*"], allowedHeaders: ["*"], maxAgeSeconds: 86400 },
        ],
    });
});

describe("the CDN", () => {
    test("has its own name", async () => {
        const { props } = (await record()).get("Cdn", "assets-cdn");
        expect(props["ttl"]).toBe(86400);
        expect(props).not.toHaveProperty("customDomain");
    });

    test("or ours, with a certificate of Let's Encrypt", async () => {
        const cdn = { domain: "static.shop.example.org", timeToLive: 604800 } as const;
        const plan = await record({ buckets: { ...created, cdn } });
        const certificate = plan.get("Certificate", "assets-certificate").props;
        expect(certificate).toMatchObject({ type: "lets_encrypt", domains: ["static.shop.example.org"] });
        expect(plan.get("Cdn", "assets-cdn").props).toMatchObject({
            customDomain: "static.shop.example.org",
            certificateName: expect.stringContaining("assets-certificate") as string,
            ttl: 604800,
        });
        expect(plan.outputs["url"]).toBe("https://static.shop.example.org/");
    });
});

test("buckets that are there get a key, and nothing else is changed about them", async () => {
    const buckets = {
        variant: "existing",
        staticBucket: "ours",
        mediaBucket: "uploads",
        url: "https://static.example.org/",
    } as const;
    const plan = await record({ buckets });
    expect(plan.created).toEqual(["Spaces assets", "SpacesKey assets-key", "SpacesKey assets-static-key"]);
    expect(plan.outputs).toMatchObject({
        url: "https://static.example.org/",
        buckets: { staticBucket: "ours", mediaBucket: "uploads" },
    });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
