// Does not prove that files are collected or served: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { WhitenoiseAssets, type WhitenoiseAssetsArgs } from "../../components/assets/whitenoise.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const record = remembered((changes: Partial<WhitenoiseAssetsArgs>, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const args = { ...placement, url: "/static/", files: { from: "image" } as const, ...changes };
            const { url, volume } = new WhitenoiseAssets("assets", args, opts);
            return { url, volume };
        },
        { preview },
    ),
);

describe("files in the image", () => {
    test("need nothing in the cluster", async () => {
        const plan = await record({});
        expect(plan.created).toEqual(["Whitenoise assets"]);
        expect(plan.outputs).toEqual({ url: "/static/", volume: undefined });
    });
});

describe("files on a volume", () => {
    const files = { from: "volume", storage: "256Mi", accessMode: "ReadWriteMany" } as const;

    test("have a claim, and a place in the pods", async () => {
        const plan = await record({ url: "/assets/", files });
        expect(plan.created).toEqual(["PersistentVolumeClaim assets-files", "Whitenoise assets"]);
        expectOneFamily(plan, ["Whitenoise", "assets"]);
        expect(plan.outputs).toEqual({ url: "/assets/", volume: { claim: "assets", path: "/srv/static" } });
    });

    test.each(["ReadWriteOnce", "ReadWriteMany"] as const)(
        "are claimed %s, in the size and class that were set",
        async (accessMode) => {
            const plan = await record({ files: { ...files, accessMode }, storageClass: "nfs" });
            expect(plan.get("PersistentVolumeClaim", "assets-files").props["spec"]).toEqual({
                accessModes: [accessMode],
                storageClassName: "nfs",
                resources: { requests: { storage: "256Mi" } },
            });
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

    test("a preview plans the same", async () => {
        const plan = await record({ files }, true);
        expect(plan.created).toEqual(["PersistentVolumeClaim assets-files", "Whitenoise assets"]);
        expect(plan.outputs["volume"]).toEqual({ claim: "assets", path: "/srv/static" });
    });
});
