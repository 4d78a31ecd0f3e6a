// Where static and uploaded files are, and an app's own folders, from the settings to what is made of them.
// Does not prove files in a cloud: test/stacks/clouds does.
import { describe, expect, it } from "vitest";
import type { Stack } from "./support/stack.ts";
import { egress, environmentOf, inCluster, podOf, secretsOf, shop, stackOf, type Change } from "./support/stack.ts";

const volume = (storage: string, more: Record<string, unknown> = {}) => ({
    storage,
    accessMode: "ReadWriteMany",
    ...more,
});

const claims = (stack: Stack) =>
    Object.fromEntries(
        stack.all("PersistentVolumeClaim").map(({ name, props }) => {
            const { accessModes, storageClassName, resources } = props["spec"] as {
                accessModes: [string];
                storageClassName?: string;
                resources: { requests: { storage: string } };
            };
            return [name, [accessModes[0], storageClassName, resources.requests.storage]];
        }),
    );

const mountsOf = (stack: Stack, kind: string, name: string) =>
    Object.fromEntries(
        (
            podOf(stack.get(kind, name)).containers[0] as unknown as {
                volumeMounts: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
            }
        ).volumeMounts.map(({ name: volume, ...mount }) => [volume, mount]),
    );

describe("volumes", () => {
    const given: Change[] = [
        ["platform.storageClass", "fast"],
        ["assets.files", { from: "volume", ...volume("1Gi") }],
        ["assets.media", { from: "volume", ...volume("2Gi", { storageClass: "nfs" }) }],
        [
            "apps[0].volumes",
            {
                data: { path: "/data", ...volume("3Gi", { accessMode: "ReadWriteOnce" }) },
                cache: { path: "/app/cache", ...volume("4Gi", { storageClass: "slow" }) },
            },
        ],
    ];

    it("are of the class that each names, else of the platform's", async () => {
        expect(claims(await stackOf(inCluster(...given)))).toEqual({
            "assets-files": ["ReadWriteMany", "fast", "1Gi"],
            "assets-media": ["ReadWriteMany", "nfs", "2Gi"],
            "shop-volume-data": ["ReadWriteOnce", "fast", "3Gi"],
            "shop-volume-cache": ["ReadWriteMany", "slow", "4Gi"],
        });
    });

    it("are mounted where they were asked for, and the app is told where uploaded files go", async () => {
        const stack = await stackOf(inCluster(...given));
        expect(mountsOf(stack, "Deployment", "shop-web")).toMatchObject({
            assets: { mountPath: "/srv/static", readOnly: true },
            media: { mountPath: "/srv/media" },
            "volume-data": { mountPath: "/data" },
            "volume-cache": { mountPath: "/app/cache" },
        });
        expect(environmentOf(stack, "shop")).toMatchObject({
            DJANGO_APP_MEDIA_ROOT: "/srv/media",
            DJANGO_APP_MEDIA_URL: "/media/",
        });
    });

    it("are told to no app that has none", async () => {
        const stack = await stackOf(inCluster());
        expect(claims(stack)).toEqual({});
        expect(Object.keys(environmentOf(stack, "shop")).filter((name) => name.includes("MEDIA"))).toEqual([]);
    });

    it("of one app are none of another's; of uploaded files that they share, each has a folder", async () => {
        const blog = { ...shop, name: "blog", hosts: ["blog.example.org"] };
        const stack = await stackOf(inCluster(["environment.mainApp", "shop"], ["apps[1]", blog], ...given));
        expect(mountsOf(stack, "Deployment", "shop-web")["media"]).toEqual({ mountPath: "/srv/media" });
        expect(mountsOf(stack, "Deployment", "blog-web")).toMatchObject({
            media: { mountPath: "/srv/media", subPath: "blog" },
        });
        expect(Object.keys(mountsOf(stack, "Deployment", "blog-web"))).not.toContain("volume-data");
    });
});

const server = {
    endpoint: "https://s3.example.org:9000",
    region: "eu-1",
    addressing: "virtual",
    cidrs: ["10.20.0.0/24"],
    ca: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
};
const secrets = { assetsAccessKeyId: "AKID", assetsSecretAccessKey: "s3cret" };
const told = {
    DJANGO_APP_MEDIA_BUCKET: "uploads",
    DJANGO_APP_STORAGE_PROTOCOL: "s3",
    DJANGO_APP_STORAGE_ENDPOINT: "https://s3.example.org:9000",
    DJANGO_APP_STORAGE_REGION: "eu-1",
    DJANGO_APP_STORAGE_ADDRESSING: "virtual",
    AWS_CA_BUNDLE: "/etc/django-on-kubernetes/certificates/assets.pem",
};

describe("buckets that are there", () => {
    const both: Change = [
        "assets",
        {
            variant: "s3-compatible",
            ...server,
            static: { bucket: "statics", url: "https://static.example.org/" },
            media: { bucket: "uploads" },
        },
    ];

    it("hold static and uploaded files: the release collects, and pods get the key and the way", async () => {
        const stack = await stackOf(inCluster(both), { secrets });
        stack.get("Job", "shop-collectstatic");
        expect(environmentOf(stack, "shop")).toMatchObject({
            ...told,
            DJANGO_APP_STATIC_BUCKET: "statics",
            DJANGO_APP_STATIC_URL: "https://static.example.org/",
        });
        expect(secretsOf(stack, "shop")).toMatchObject({ AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "s3cret" });
        expect(stack.get("ConfigMap", "shop-certificates").props["data"]).toEqual({ "assets.pem": server.ca });
        expect(egress(stack, "shop-to-outside")).toEqual([["10.20.0.0/24", 9000]]);
    });

    it("have a key of the job that writes static files, where one is given: no other pod has it", async () => {
        const own = { assetsStaticAccessKeyId: "AKSTATIC", assetsStaticSecretAccessKey: "s3cret-static" };
        const stack = await stackOf(inCluster(both), { secrets: { ...secrets, ...own } });
        expect(secretsOf(stack, "shop")).toMatchObject({ AWS_ACCESS_KEY_ID: "AKID" });
        expect(stack.get("Secret", "shop-collectstatic-key").props["metadata"]).toMatchObject({
            namespace: "shop-test",
        });
        const pods = [...stack.all("Job"), ...stack.all("Deployment")].filter(({ props }) =>
            JSON.stringify(props["spec"]).includes("shop-collectstatic-key"),
        );
        expect(pods.map(({ name }) => name)).toEqual(["shop-collectstatic"]);
    });

    it("hold uploaded files alone, beside static ones that the pods serve", async () => {
        const media = { from: "bucket", bucket: "uploads", ...server };
        const stack = await stackOf(inCluster(["assets.media", media]), { secrets });
        expect(stack.all("Job").map(({ name }) => name)).toEqual(["shop-migrate"]);
        const variables = environmentOf(stack, "shop");
        expect(variables).toMatchObject({ ...told, DJANGO_APP_STATIC_URL: "/static/" });
        expect(variables).not.toHaveProperty("DJANGO_APP_STATIC_BUCKET");
        expect(egress(stack, "shop-to-outside")).toEqual([["10.20.0.0/24", 9000]]);
    });

    it("are reached at public addresses where no others are named, by the scheme's port", async () => {
        const stack = await stackOf(
            inCluster(both, ["assets.endpoint", "https://s3.example.org"], ["assets.cidrs", undefined]),
            {
                secrets,
            },
        );
        expect(egress(stack, "shop-to-outside")).toEqual([["0.0.0.0/0", 443]]);
    });

    it("of one app are opened to that app alone, with its own key", async () => {
        const blog = { ...shop, name: "blog", hosts: ["blog.example.org"], stores: { assets: both[1] } };
        const stack = await stackOf(inCluster(["environment.mainApp", "shop"], ["apps[1]", blog]), {
            secrets: { apps: { blog: secrets } },
        });
        expect(egress(stack, "blog-to-outside")).toEqual([["10.20.0.0/24", 9000]]);
        expect(stack.all("NetworkPolicy").map(({ name }) => name)).not.toContain("shop-to-outside");
        expect(secretsOf(stack, "blog")).toMatchObject({ AWS_ACCESS_KEY_ID: "AKID" });
        expect(Object.keys(secretsOf(stack, "shop"))).not.toContain("AWS_ACCESS_KEY_ID");
        // It has them to itself, so it has the plain names in them.
        expect(environmentOf(stack, "blog")).not.toHaveProperty("DJANGO_APP_STORAGE_PREFIX");
    });
});
