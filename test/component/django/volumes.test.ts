// What pods mount that outlives them, and on which nodes they may then be.
// Does not prove that a scheduler or a kubelet does so: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { DataPolicy } from "../../../components/contract.ts";
import type { DjangoArgs } from "../../../components/django/contract.ts";
import { expectOneFamily, type RecordedComponent } from "../../support/component.ts";
import { recordDjango, type RecordOptions } from "../../support/django.ts";

const own = (accessMode: "ReadWriteOnce" | "ReadWriteMany") => ({
    data: { path: "/data", storage: "5Gi", accessMode, storageClass: "fast" } as const,
});

/** Without the volume of static files that the others have. */
const image = { url: "/static/", collects: false };

const record = (change: (args: DjangoArgs) => Partial<DjangoArgs>, options?: RecordOptions) =>
    recordDjango((args) => ({ stores: { ...args.stores, assets: image }, ...change(args) }), options);

/** Every object that makes pods, with their template. */
function podTemplates(plan: RecordedComponent) {
    return plan.resources
        .filter(({ type }) => /:(Deployment|StatefulSet|Job)$/.test(type))
        .map(({ name, props }) => ({ name, template: props["spec"].template }));
}

describe("a volume of the app's own", () => {
    test("has a claim, which is the app's", async () => {
        const plan = await record(() => ({ volumes: own("ReadWriteMany") }));
        expectOneFamily(plan, ["App", "shop"]);
        expect(plan.get("PersistentVolumeClaim", "shop-volume-data").props).toEqual({
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: {
                name: "shop-volume-data",
                namespace: "shop-staging",
                labels: {
                    "app.kubernetes.io/instance": "shop-staging",
                    "app.kubernetes.io/component": "volume",
                    "app.kubernetes.io/managed-by": "pulumi",
                },
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                accessModes: ["ReadWriteMany"],
                storageClassName: "fast",
                resources: { requests: { storage: "5Gi" } },
            },
        });
    });

    test("is mounted by every process and every job, and may be written", async () => {
        const templates = podTemplates(await record(() => ({ volumes: own("ReadWriteMany") })));
        expect(templates.map(({ name }) => name).toSorted()).toEqual([
            "shop-beat",
            "shop-collectstatic",
            "shop-createsuperuser",
            "shop-migrate",
            "shop-shell",
            "shop-web",
            "shop-worker-mail",
        ]);
        for (const { name, template } of templates) {
            const { volumes, containers, securityContext } = template.spec;
            expect(volumes, name).toContainEqual({
                name: "volume-data",
                persistentVolumeClaim: { claimName: "shop-volume-data" },
            });
            expect(containers[0].volumeMounts, name).toContainEqual({ name: "volume-data", mountPath: "/data" });
            expect(securityContext, name).toMatchObject({ fsGroup: 10001, fsGroupChangePolicy: "OnRootMismatch" });
            expect(containers[0].securityContext.readOnlyRootFilesystem, name).toBe(true);
        }
    });

    test.each<[DataPolicy, boolean]>([
        ["protected", true],
        ["kept", false],
        ["disposable", false],
    ])("of data that is %s is protected: %s (R67, R68)", async (data, protect) => {
        const plan = await record(() => ({ data, volumes: own("ReadWriteMany") }));
        expect(plan.get("PersistentVolumeClaim", "shop-volume-data").protect).toBe(protect);
    });

    test("is not the folder of another app, whose files share a volume with this one's", async () => {
        const plan = await record(() => ({ volumes: own("ReadWriteMany"), prefixes: { files: "shop/" } }));
        for (const { template } of podTemplates(plan)) {
            expect(template.spec.containers[0].volumeMounts).toContainEqual({
                name: "volume-data",
                mountPath: "/data",
            });
        }
    });

    test("a preview plans the same", async () => {
        const plan = await record(() => ({ volumes: own("ReadWriteOnce") }), { preview: true });
        expect(plan.created).toContain("PersistentVolumeClaim shop-volume-data");
    });
});

describe("a volume of uploaded files", () => {
    const media = () => ({ claim: pulumi.output("assets-media"), path: "/srv/media", url: "/media/" });

    test("is mounted by every process and every job, and may be written", async () => {
        const plan = await record(({ stores }) => ({ stores: { ...stores, assets: { ...image, media: media() } } }));
        for (const { name, template } of podTemplates(plan)) {
            expect(template.spec.volumes, name).toContainEqual({
                name: "media",
                persistentVolumeClaim: { claimName: "assets-media" },
            });
            expect(template.spec.containers[0].volumeMounts, name).toContainEqual({
                name: "media",
                mountPath: "/srv/media",
            });
        }
        expect(plan.get("ConfigMap", "shop-environment").props["data"]).toMatchObject({
            DJANGO_APP_MEDIA_ROOT: "/srv/media",
            DJANGO_APP_MEDIA_URL: "/media/",
        });
    });

    test("of several apps has a folder for each but the main one", async () => {
        const plan = await record(({ stores }) => ({
            stores: { ...stores, assets: { ...image, media: media() } },
            prefixes: { files: "blog/" },
        }));
        for (const { template } of podTemplates(plan)) {
            expect(template.spec.containers[0].volumeMounts).toContainEqual({
                name: "media",
                mountPath: "/srv/media",
                subPath: "blog",
            });
        }
        // The folder's address is no other one: it is the whole of what this app sees.
        expect(plan.get("ConfigMap", "shop-environment").props["data"]).toMatchObject({
            DJANGO_APP_MEDIA_URL: "/media/",
            DJANGO_APP_STATIC_URL: "/static/",
        });
    });
});

describe("where pods are", () => {
    const groups = (plan: RecordedComponent) =>
        podTemplates(plan).map(({ template }) => ({
            label: template.metadata.labels["django-on-kubernetes/one-node"] as unknown,
            affinity: template.spec.affinity as unknown,
        }));
    const budgets = (plan: RecordedComponent) =>
        ["shop-web-budget", "shop-worker-mail-budget"].map(
            (name) => plan.get("PodDisruptionBudget", name).props["spec"].maxUnavailable as unknown,
        );
    const together = (group: string) => ({
        label: group,
        affinity: {
            podAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                    {
                        topologyKey: "kubernetes.io/hostname",
                        labelSelector: {
                            matchLabels: {
                                "app.kubernetes.io/instance": "shop-staging",
                                "django-on-kubernetes/one-node": group,
                            },
                        },
                    },
                ],
            },
        },
    });

    test("with a volume of one node of the app's own: together, and they leave together", async () => {
        const plan = await record(() => ({ volumes: own("ReadWriteOnce") }));
        for (const group of groups(plan)) {
            expect(group).toEqual(together("shop"));
        }
        expect(budgets(plan)).toEqual(["100%", "100%"]);
    });

    test("with a volume that apps share: with the pods of all of them", async () => {
        const plan = await record(({ stores }) => ({
            stores: { ...stores, assets: { ...image, oneNode: "assets" } },
            volumes: own("ReadWriteOnce"),
        }));
        for (const group of groups(plan)) {
            expect(group).toEqual(together("assets"));
        }
    });

    test("with volumes of any number of nodes, or none: wherever there is room", async () => {
        for (const volumes of [own("ReadWriteMany"), {}]) {
            const plan = await record(() => ({ volumes }));
            for (const group of groups(plan)) {
                expect(group).toEqual({ label: undefined, affinity: undefined });
            }
            expect(budgets(plan)).toEqual([1, 1]);
        }
    });
});
