// Does not prove that files are collected, served or kept: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { S3CompatibleAssets } from "../../components/assets/s3-compatible.ts";
import { WhitenoiseAssets, type WhitenoiseAssetsArgs } from "../../components/assets/whitenoise.ts";
import type { DataPolicy } from "../../components/contract.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const record = remembered((changes: Partial<WhitenoiseAssetsArgs>, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const args = { ...placement, url: "/static/", files: { from: "image" } as const, ...changes };
            const { url, volume, media, oneNode } = new WhitenoiseAssets("assets", args, opts);
            return { url, volume, media, oneNode };
        },
        { preview },
    ),
);

const nowhere = { volume: undefined, media: undefined, oneNode: undefined };

describe("files in the image", () => {
    test("need nothing in the cluster", async () => {
        const plan = await record({});
        expect(plan.created).toEqual(["Whitenoise assets"]);
        expect(plan.outputs).toEqual({ ...nowhere, url: "/static/" });
    });
});

describe("files on a volume", () => {
    const files = { from: "volume", storage: "256Mi", accessMode: "ReadWriteMany" } as const;

    test("have a claim, and a place in the pods", async () => {
        const plan = await record({ url: "/assets/", files });
        expect(plan.created).toEqual(["PersistentVolumeClaim assets-files", "Whitenoise assets"]);
        expectOneFamily(plan, ["Whitenoise", "assets"]);
        expect(plan.outputs).toEqual({
            ...nowhere,
            url: "/assets/",
            volume: { claim: "assets", path: "/srv/static" },
        });
    });

    test.each(["ReadWriteOnce", "ReadWriteMany"] as const)(
        "are claimed %s, in the size and class that were set",
        async (accessMode) => {
            const plan = await record({ files: { ...files, accessMode, storageClass: "nfs" } });
            expect(plan.get("PersistentVolumeClaim", "assets-files").props["spec"]).toEqual({
                accessModes: [accessMode],
                storageClassName: "nfs",
                resources: { requests: { storage: "256Mi" } },
            });
            expect(plan.outputs["oneNode"]).toBe(accessMode === "ReadWriteOnce" ? "assets" : undefined);
        },
    );

    test("are not awaited: a volume that waits for its first pod is bound by the job that fills it", async () => {
        const { metadata, spec } = (await record({ files })).get("PersistentVolumeClaim", "assets-files").props;
        expect(metadata).toMatchObject({
            name: "assets",
            namespace: "shop-staging",
            annotations: { "pulumi.com/skipAwait": "true" },
        });
        expect(spec).not.toHaveProperty("storageClassName");
    });

    test("are not protected in production either: the next release makes them again (R67)", async () => {
        const plan = await record({ files, data: "protected" });
        expect(plan.get("PersistentVolumeClaim", "assets-files").protect).toBe(false);
    });

    test("a preview plans the same", async () => {
        const plan = await record({ files }, true);
        expect(plan.created).toEqual(["PersistentVolumeClaim assets-files", "Whitenoise assets"]);
        expect(plan.outputs["volume"]).toEqual({ claim: "assets", path: "/srv/static" });
    });
});

describe("uploaded files on a volume", () => {
    const media = { from: "volume", storage: "5Gi", accessMode: "ReadWriteMany", storageClass: "nfs" } as const;

    test("have a claim of their own, and an address below which the app hands them out", async () => {
        const plan = await record({ media });
        expect(plan.created).toEqual(["PersistentVolumeClaim assets-media", "Whitenoise assets"]);
        expectOneFamily(plan, ["Whitenoise", "assets"]);
        expect(plan.outputs).toEqual({
            ...nowhere,
            url: "/static/",
            media: { claim: "assets-media", path: "/srv/media", url: "/media/" },
        });
        expect(plan.get("PersistentVolumeClaim", "assets-media").props).toEqual({
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: {
                name: "assets-media",
                namespace: "shop-staging",
                labels: {
                    "app.kubernetes.io/instance": "shop-staging",
                    "app.kubernetes.io/component": "media",
                    "app.kubernetes.io/managed-by": "pulumi",
                },
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                accessModes: ["ReadWriteMany"],
                storageClassName: "nfs",
                resources: { requests: { storage: "5Gi" } },
            },
        });
    });

    test.each<[DataPolicy, boolean]>([
        ["protected", true],
        ["kept", false],
        ["disposable", false],
    ])("of data that is %s are protected: %s (R67, R68)", async (data, protect) => {
        const plan = await record({ media, data });
        expect(plan.get("PersistentVolumeClaim", "assets-media").protect).toBe(protect);
    });

    test("and static ones are two volumes; one of them alone binds pods to a node", async () => {
        const files = { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" } as const;
        const plan = await record({ files, media: { ...media, accessMode: "ReadWriteOnce" } });
        expect(plan.created).toEqual([
            "PersistentVolumeClaim assets-files",
            "PersistentVolumeClaim assets-media",
            "Whitenoise assets",
        ]);
        expect(plan.outputs["oneNode"]).toBe("assets");
    });

    test("a preview plans the same", async () => {
        const plan = await record({ media }, true);
        expect(plan.outputs["media"]).toEqual({ claim: "assets-media", path: "/srv/media", url: "/media/" });
    });
});

/** Only of values that can be written down; an Output has to be made after the recording has begun. */
const server = () => ({
    endpoint: "https://s3.example.org:9000",
    port: 9000,
    region: "eu-1",
    addressing: "path" as const,
    accessKey: { id: pulumi.secret("ID"), secret: pulumi.secret("KEY") },
});

const told = {
    protocol: "s3",
    mediaBucket: "shop-media",
    region: "eu-1",
    endpoint: "https://s3.example.org:9000",
    addressing: "path",
    reach: { port: 9000 },
};

describe("uploaded files in a bucket that is there", () => {
    test("make nothing, beside static files that pods serve", async () => {
        const plan = await recordComponent((opts) => {
            const args: WhitenoiseAssetsArgs = {
                ...placement,
                url: "/static/",
                files: { from: "image" },
                media: { from: "bucket", bucket: "shop-media", ...server() },
            };
            const { url, buckets, oneNode, collects } = new WhitenoiseAssets("assets", args, opts);
            const { accessKey: _, ...others } = buckets!;
            return { url, oneNode, collects, buckets: others };
        });
        expect(plan.created).toEqual(["Whitenoise assets"]);
        expect(plan.outputs).toEqual({ url: "/static/", oneNode: undefined, collects: false, buckets: told });
    });
});

describe("all files in buckets that are there", () => {
    const recordBuckets = (more: { readonly cidrs?: readonly string[]; readonly ca?: string }, preview = false) =>
        recordComponent(
            (opts) => {
                const { url, buckets, collects } = new S3CompatibleAssets(
                    "assets",
                    {
                        ...server(),
                        ...more,
                        url: "https://static.shop.example.org/",
                        staticBucket: "shop-static",
                        mediaBucket: "shop-media",
                    },
                    opts,
                );
                const { accessKey: _, ...others } = buckets;
                return { url, collects, buckets: others };
            },
            { preview },
        );

    test.each([false, true])("make nothing; a preview: %s", async (preview) => {
        const plan = await recordBuckets({}, preview);
        expect(plan.created).toEqual(["S3Compatible assets"]);
        expect(plan.outputs).toEqual({
            url: "https://static.shop.example.org/",
            collects: true,
            buckets: { ...told, staticBucket: "shop-static" },
        });
    });

    test("are told where a private server is, and what it is known by", async () => {
        const plan = await recordBuckets({ cidrs: ["10.20.0.0/24"], ca: "PEM" });
        expect(plan.outputs["buckets"]).toEqual({
            ...told,
            staticBucket: "shop-static",
            reach: { port: 9000, cidrs: ["10.20.0.0/24"] },
            ca: "PEM",
        });
    });
});
