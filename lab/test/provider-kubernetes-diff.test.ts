// Proves: which changes of a program update an object, which replace it and in what order, and the names objects get.
// Does not prove that the API server agrees; the cluster tests do.
import { describe, expect, test } from "vitest";
import { formatPath } from "../../commands/plan/answers/values.ts";
import { secret, unknownValue, type PropertyMap, type PropertyValue } from "../provider-host/index.ts";
import { autoname, isAutonamed, named } from "../provider-kubernetes/autoname.ts";
import { checkInputs } from "../provider-kubernetes/check.ts";
import { configurationFailures } from "../provider-kubernetes/configuration.ts";
import { configurationChanges } from "../provider-kubernetes/configuration-diff.ts";
import { diffInputs, parsePath } from "../provider-kubernetes/diff.ts";
import type { ImmutableOptions } from "../../lib/unchangeable-fields.ts";
import type { KubeObject } from "../provider-kubernetes/object.ts";
import { parseQuantity } from "../provider-kubernetes/quantity.ts";
import { parseToken, refusal } from "../provider-kubernetes/token.ts";
import { replacesUnready } from "../provider-kubernetes/unready.ts";

const strictOptions: ImmutableOptions = { configMapMutable: false, secretMutable: false };
const mutableOptions: ImmutableOptions = { configMapMutable: true, secretMutable: true };

const object = (fields: PropertyMap, name = "x"): PropertyMap => ({ metadata: { name, namespace: "shop" }, ...fields });

function paths(
    type: string,
    before: PropertyMap,
    after: PropertyMap,
    options = strictOptions,
): { update: string[]; replace: string[] } {
    const { changes } = diffInputs(parseToken(type), before, after, options);
    const text = (wanted: boolean): string[] =>
        changes.filter(({ replace = false }) => replace === wanted).map(({ path }) => path.join("."));
    return { update: text(false), replace: text(true) };
}

describe("fields that only a new object can change", () => {
    // type, field, before, after
    const replacing: [string, string, PropertyValue, PropertyValue][] = [
        ["core/v1:ConfigMap", "data", { a: "1" }, { a: "2" }],
        ["core/v1:ConfigMap", "data", { a: "1" }, { a: "1", b: "2" }],
        ["core/v1:ConfigMap", "binaryData", { a: "MQ==" }, { a: "Mg==" }],
        ["core/v1:Secret", "data", { a: "MQ==" }, { a: "Mg==" }],
        ["core/v1:Secret", "stringData", { a: "1" }, { a: "2" }],
        ["core/v1:Secret", "type", "Opaque", "kubernetes.io/tls"],
        ["core/v1:Service", "spec", { clusterIP: "None" }, { clusterIP: "10.0.0.1" }],
        ["core/v1:Service", "spec", { type: "ClusterIP" }, { type: "ExternalName" }],
        ["core/v1:Service", "spec", { type: "ExternalName" }, { type: "ClusterIP" }],
        ["core/v1:PersistentVolumeClaim", "spec", { storageClassName: "a" }, { storageClassName: "b" }],
        [
            "core/v1:Pod",
            "spec",
            { containers: [{ name: "a", image: "x:1" }] },
            { containers: [{ name: "a", image: "x:2" }] },
        ],
        ["core/v1:PersistentVolume", "spec", { nfs: { path: "/a" } }, { nfs: { path: "/b" } }],
        ["core/v1:ResourceQuota", "spec", { scopes: ["BestEffort"] }, { scopes: ["NotBestEffort"] }],
        [
            "apps/v1:Deployment",
            "spec",
            { selector: { matchLabels: { app: "a" } } },
            { selector: { matchLabels: { app: "b" } } },
        ],
        [
            "apps/v1:DaemonSet",
            "spec",
            { selector: { matchLabels: { app: "a" } } },
            { selector: { matchLabels: { app: "b" } } },
        ],
        ["apps/v1:StatefulSet", "spec", { serviceName: "a" }, { serviceName: "b" }],
        ["apps/v1:StatefulSet", "spec", { podManagementPolicy: "Parallel" }, { podManagementPolicy: "OrderedReady" }],
        [
            "apps/v1:StatefulSet",
            "spec",
            { volumeClaimTemplates: [{ spec: { storageClassName: "a" } }] },
            { volumeClaimTemplates: [{ spec: { storageClassName: "b" } }] },
        ],
        [
            "batch/v1:Job",
            "spec",
            { template: { spec: { restartPolicy: "Never" } } },
            { template: { spec: { restartPolicy: "OnFailure" } } },
        ],
        ["batch/v1:Job", "spec", { completions: 1 }, { completions: 2 }],
        ["batch/v1:Job", "spec", { parallelism: 1 }, { parallelism: 2 }],
        ["rbac.authorization.k8s.io/v1:RoleBinding", "roleRef", { name: "a" }, { name: "b" }],
        ["rbac.authorization.k8s.io/v1:ClusterRoleBinding", "roleRef", { name: "a" }, { name: "b" }],
        ["storage.k8s.io/v1:StorageClass", "provisioner", "a", "b"],
        ["storage.k8s.io/v1:StorageClass", "parameters", { type: "a" }, { type: "b" }],
        ["storage.k8s.io/v1:StorageClass", "volumeBindingMode", "Immediate", "WaitForFirstConsumer"],
        ["scheduling.k8s.io/v1:PriorityClass", "value", 1, 2],
        ["gateway.networking.k8s.io/v1:GatewayClass", "spec", { controllerName: "a" }, { controllerName: "b" }],
        ["apps/v1:Deployment", "metadata", { name: "x", namespace: "shop" }, { name: "y", namespace: "shop" }],
        ["apps/v1:Deployment", "metadata", { name: "x", namespace: "shop" }, { name: "x", namespace: "store" }],
        ["apps/v1:Deployment", "kind", "Deployment", "StatefulSet"],
        ["apps/v1:Deployment", "apiVersion", "extensions/v1beta1", "apps/v1"],
    ];
    test.each(replacing)("%s %s", (type, field, before, after) => {
        const result = paths(`kubernetes:${type}`, object({ [field]: before }), object({ [field]: after }));
        expect(result.replace.length).toBeGreaterThan(0);
        expect(result.update).toEqual([]);
    });

    const updating: [string, string, PropertyValue, PropertyValue][] = [
        ["core/v1:ConfigMap", "metadata", { name: "x", labels: { a: "1" } }, { name: "x", labels: { a: "2" } }],
        ["core/v1:Service", "spec", { type: "ClusterIP" }, { type: "LoadBalancer" }],
        ["core/v1:Service", "spec", { ports: [{ port: 80 }] }, { ports: [{ port: 81 }] }],
        [
            "core/v1:PersistentVolumeClaim",
            "spec",
            { resources: { requests: { storage: "1Gi" } } },
            { resources: { requests: { storage: "2Gi" } } },
        ],
        // The API server refuses it: nothing may lose the data that is there.
        [
            "core/v1:PersistentVolumeClaim",
            "spec",
            { resources: { requests: { storage: "2Gi" } } },
            { resources: { requests: { storage: "1Gi" } } },
        ],
        ["core/v1:Pod", "spec", { tolerations: [] }, { tolerations: [{ key: "a" }] }],
        ["apps/v1:Deployment", "spec", { replicas: 1 }, { replicas: 2 }],
        [
            "apps/v1:Deployment",
            "spec",
            { template: { spec: { containers: [{ image: "x:1" }] } } },
            { template: { spec: { containers: [{ image: "x:2" }] } } },
        ],
        ["apps/v1:StatefulSet", "spec", { replicas: 1 }, { replicas: 2 }],
        [
            "apps/v1:StatefulSet",
            "spec",
            { template: { spec: { hostname: "a" } } },
            { template: { spec: { hostname: "b" } } },
        ],
        [
            "apps/v1:StatefulSet",
            "spec",
            { updateStrategy: { type: "OnDelete" } },
            { updateStrategy: { type: "RollingUpdate" } },
        ],
        ["apps/v1:StatefulSet", "spec", { minReadySeconds: 1 }, { minReadySeconds: 2 }],
        [
            "apps/v1:StatefulSet",
            "spec",
            { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain" } },
            { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } },
        ],
        ["apps/v1:StatefulSet", "spec", { ordinals: { start: 0 } }, { ordinals: { start: 1 } }],
        ["apps/v1:StatefulSet", "spec", { revisionHistoryLimit: 1 }, { revisionHistoryLimit: 2 }],
        ["batch/v1:Job", "spec", { backoffLimit: 0 }, { backoffLimit: 1 }],
        ["batch/v1:Job", "spec", { ttlSecondsAfterFinished: 0 }, { ttlSecondsAfterFinished: 1 }],
        ["rbac.authorization.k8s.io/v1:RoleBinding", "subjects", [{ name: "a" }], [{ name: "b" }]],
        ["autoscaling/v2:HorizontalPodAutoscaler", "spec", { maxReplicas: 2 }, { maxReplicas: 3 }],
        ["policy/v1:PodDisruptionBudget", "spec", { minAvailable: 1 }, { minAvailable: 2 }],
        ["gateway.networking.k8s.io/v1:HTTPRoute", "spec", { hostnames: ["a"] }, { hostnames: ["b"] }],
        ["batch/v1:CronJob", "apiVersion", "batch/v1beta1", "batch/v1"],
    ];
    test.each(updating)("not: %s %s", (type, field, before, after) => {
        const result = paths(`kubernetes:${type}`, object({ [field]: before }), object({ [field]: after }));
        expect(result.replace).toEqual([]);
        expect(result.update.length).toBeGreaterThan(0);
    });

    test("mutable mode updates the data of ConfigMaps and Secrets in place, unless they are immutable", () => {
        for (const type of ["kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Secret"]) {
            expect(paths(type, object({ data: { a: "1" } }), object({ data: { a: "2" } }), mutableOptions)).toEqual({
                update: ["data.a"],
                replace: [],
            });
            expect(
                paths(
                    type,
                    object({ data: { a: "1" }, immutable: true }),
                    object({ data: { a: "2" }, immutable: true }),
                    mutableOptions,
                ).replace,
            ).toEqual(["data.a"]);
            expect(
                paths(type, object({ immutable: true }), object({ immutable: false }), mutableOptions).replace,
            ).toEqual(["immutable"]);
            expect(paths(type, object({}), object({ immutable: true }), mutableOptions).update).toEqual(["immutable"]);
        }
        expect(
            paths("kubernetes:core/v1:Secret", object({ type: "a" }), object({ type: "b" }), mutableOptions).replace,
        ).toEqual(["type"]);
    });
});

describe("what is no change", () => {
    test("the same, quantities in another spelling, what only the server writes, a value that became secret", () => {
        const type = "kubernetes:apps/v1:Deployment";
        const before = object({
            spec: {
                template: { spec: { containers: [{ resources: { limits: { cpu: "500m", memory: "1Gi" } } }] } },
                token: "t",
            },
        });
        const after = {
            metadata: { name: "x", namespace: "shop", uid: "1", resourceVersion: "2" },
            spec: {
                template: { spec: { containers: [{ resources: { limits: { cpu: 0.5, memory: "1024Mi" } } }] } },
                token: secret("t"),
            },
            status: { replicas: 3 },
        };
        expect(paths(type, before, after)).toEqual({ update: [], replace: [] });
    });

    test("a field under ignoreChanges", () => {
        const { changes } = diffInputs(
            parseToken("kubernetes:apps/v1:Deployment"),
            object({ spec: { replicas: 1, paused: false } }),
            object({ spec: { replicas: 2, paused: true } }),
            strictOptions,
            ["spec.replicas"],
        );
        expect(changes.map(({ path }) => path.join("."))).toEqual(["spec.paused"]);
    });

    test("replacements are named by their whole paths", () => {
        const image = (tag: string): PropertyMap =>
            object({ spec: { template: { spec: { containers: [{ image: tag }] } } } });
        const job = diffInputs(parseToken("kubernetes:batch/v1:Job"), image("x:1"), image("x:2"), strictOptions);
        expect(job.replaces).toEqual(["spec.template.spec.containers[0].image"]);
        const moved = diffInputs(
            parseToken("kubernetes:apps/v1:Deployment"),
            object({}),
            { metadata: { name: "x", namespace: "store", labels: { "a/b": "c" } } },
            strictOptions,
        );
        expect(moved.replaces).toEqual(["metadata.namespace"]);
        expect(moved.changes.map(({ path }) => formatPath(path))).toContain("metadata.labels");
    });

    test("a Secret is compared as the cluster has it", () => {
        expect(
            paths(
                "kubernetes:core/v1:Secret",
                object({ stringData: { a: "1", b: "2" } }),
                object({ data: { a: "MQ==" }, stringData: { b: "3", c: unknownValue } }),
            ).replace,
        ).toEqual(["data.b", "data.c"]);
    });

    test("unknown is a change", () => {
        expect(
            paths("kubernetes:core/v1:ConfigMap", object({ data: { a: "1" } }), object({ data: { a: unknownValue } }))
                .replace,
        ).toEqual(["data.a"]);
    });
});

describe("delete before replace", () => {
    const diff = (before: PropertyMap, after: PropertyMap): boolean | undefined =>
        diffInputs(parseToken("kubernetes:core/v1:ConfigMap"), before, after, strictOptions).deleteBeforeReplace;

    test("only when the user fixed the name and it stays", () => {
        expect(diff(object({ data: { a: "1" } }), object({ data: { a: "2" } }))).toBe(true);
        expect(diff(object({ data: { a: "1" } }), object({ data: { a: "2" } }, "y"))).toBe(false);
        expect(
            diff(object({ data: { a: "1" } }), { metadata: { name: "x", namespace: "other" }, data: { a: "2" } }),
        ).toBe(false);
        const auto = { name: "x", namespace: "shop", annotations: { "pulumi.com/autonamed": "true" } };
        expect(diff({ metadata: auto, data: { a: "1" } }, { metadata: auto, data: { a: "2" } })).toBe(false);
        expect(diff(object({ immutable: false }), object({ immutable: true }))).toBe(false);
    });
});

describe("names", () => {
    const seed = new Uint8Array(32).fill(7);

    test("name-8 hex digits, lower case, the same for the same seed, at most 63 characters", () => {
        expect(autoname("Web", seed)).toMatch(/^web-[0-9a-f]{8}$/);
        expect(autoname("web", seed)).toBe(autoname("web", seed));
        expect(autoname("web", seed)).not.toBe(autoname("api", seed).replace("api", "web"));
        expect(autoname("web", undefined)).not.toBe(autoname("web", undefined));
        expect(autoname("x".repeat(80), seed)).toHaveLength(63);
    });

    test("given, kept, made anew", () => {
        const check = (inputs: PropertyMap, oldInputs?: PropertyMap): PropertyMap =>
            named({ inputs, oldInputs, resourceName: "web", randomSeed: seed });
        const first = check({ kind: "ConfigMap" });
        expect(isAutonamed(first)).toBe(true);
        expect(check({ kind: "ConfigMap" }, first)).toEqual(first);
        expect(check({ metadata: { name: "mine" } })).toEqual({ metadata: { name: "mine" } });
        expect(check({ metadata: { name: "mine" } }, first)).toEqual({ metadata: { name: "mine" } });
        expect(check({ metadata: { name: unknownValue } })).toEqual({ metadata: { name: unknownValue } });
        expect(check({ metadata: unknownValue })).toEqual({ metadata: unknownValue });
        expect(check({ metadata: { name: "" } })["metadata"]).toMatchObject({
            name: expect.stringMatching(/^web-/) as string,
        });
        expect(check({}, { metadata: { name: "mine" } })["metadata"]).toMatchObject({
            name: expect.stringMatching(/^web-/) as string,
        });
        expect(() => check({ metadata: { generateName: "a-" } })).toThrow("generateName");
    });

    test("the default namespace, for kinds that live in one", async () => {
        const context = { defaultNamespace: async () => "shop", isNamespaced: async () => undefined };
        const check = async (type: string, newInputs: PropertyMap, oldInputs?: PropertyMap): Promise<unknown> =>
            (
                await checkInputs(
                    parseToken(type),
                    { type, newInputs, oldInputs, randomSeed: seed, name: "web" },
                    context,
                )
            ).inputs["metadata"];
        expect(await check("kubernetes:core/v1:ConfigMap", { metadata: { name: "a" } })).toEqual({
            name: "a",
            namespace: "shop",
        });
        expect(await check("kubernetes:core/v1:ConfigMap", { metadata: { name: "a", namespace: "b" } })).toEqual({
            name: "a",
            namespace: "b",
        });
        expect(await check("kubernetes:core/v1:Namespace", { metadata: { name: "a" } })).toEqual({ name: "a" });
        expect(await check("kubernetes:example.com/v1:Thing", { metadata: { name: "a" } })).toEqual({
            name: "a",
            namespace: "shop",
        });
        expect(
            await check("kubernetes:example.com/v1:Thing", { metadata: { name: "a" } }, { metadata: { name: "a" } }),
        ).toEqual({ name: "a" });
    });
});

describe("the provider's configuration", () => {
    const changes = async (before: PropertyMap, after: PropertyMap): Promise<string[]> =>
        (await configurationChanges(before, after, async (config) => (config["kubeconfig"] as string).split("/")[0]))
            .filter(({ replace }) => replace === true)
            .map(({ path }) => path.join("."));

    test("a changed kubeconfig of the same identifier replaces nothing (R73)", async () => {
        expect(
            await changes({ kubeconfig: "a", clusterIdentifier: "c" }, { kubeconfig: "b", clusterIdentifier: "c" }),
        ).toEqual([]);
        expect(
            await changes(
                { kubeconfig: "a", clusterIdentifier: "c" },
                { kubeconfig: unknownValue, clusterIdentifier: "c" },
            ),
        ).toEqual([]);
    });
    test("another identifier replaces; adding or removing one does not", async () => {
        expect(
            await changes({ kubeconfig: "a", clusterIdentifier: "c" }, { kubeconfig: "a", clusterIdentifier: "d" }),
        ).toEqual(["clusterIdentifier"]);
        expect(await changes({ kubeconfig: "a" }, { kubeconfig: "a", clusterIdentifier: "d" })).toEqual([]);
        expect(await changes({ kubeconfig: "a", clusterIdentifier: "d" }, { kubeconfig: "a" })).toEqual([]);
    });
    test("without one, another active cluster replaces, other credentials do not", async () => {
        expect(await changes({ kubeconfig: "a/1" }, { kubeconfig: "a/2" })).toEqual([]);
        expect(await changes({ kubeconfig: "a/1" }, { kubeconfig: "b/1" })).toEqual(["kubeconfig"]);
        expect(await changes({ kubeconfig: "a/1" }, { kubeconfig: unknownValue })).toEqual(["kubeconfig"]);
        expect(await changes({ kubeconfig: "a", namespace: "x" }, { kubeconfig: "a", namespace: "y" })).toEqual([]);
    });
    test("options that would change what happens are refused, harmless ones accepted", () => {
        const refused = (config: PropertyMap): string[] =>
            configurationFailures(config).map(({ path }) => path.join("."));
        expect(
            refused({
                kubeconfig: "a",
                context: "b",
                clusterIdentifier: "c",
                kubeClientSettings: '{"qps":5}',
                enableServerSideApply: "true",
            }),
        ).toEqual([]);
        expect(refused({ enableServerSideApply: "false" })).toEqual(["enableServerSideApply"]);
        expect(refused({ renderYamlToDirectory: "out" })).toEqual(["renderYamlToDirectory"]);
        expect(refused({ colour: "blue" })).toEqual(["colour"]);
        expect(refused({ strictMode: "true", kubeconfig: unknownValue })).toEqual(["context"]);
    });
});

describe("type tokens", () => {
    test.each([
        ["kubernetes:apps/v1:Deployment", { group: "apps", version: "v1", kind: "Deployment" }],
        ["kubernetes:core/v1:Namespace", { group: "", version: "v1", kind: "Namespace" }],
        [
            "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
            { group: "gateway.networking.k8s.io", version: "v1", kind: "HTTPRoute" },
        ],
        ["kubernetes:core/v1:PersistentVolumeClaimPatch", { group: "", version: "v1", kind: "PersistentVolumeClaim" }],
        ["kubernetes:example.com/v1:CabbagePatch", { group: "example.com", version: "v1", kind: "CabbagePatch" }],
        ["kubernetes:example.com/v1:WishList", { group: "example.com", version: "v1", kind: "WishList" }],
    ])("%s", (type, kind) => expect(parseToken(type)).toEqual(kind));

    test.each([
        ["kubernetes:helm.sh/v4:Chart", "Helm"],
        ["kubernetes:kustomize/v2:Directory", "Kustomize"],
        ["kubernetes:yaml/v2:ConfigFile", "YAML"],
        ["kubernetes:yaml:ConfigGroup", "YAML"],
        ["kubernetes:core/v1:PodList", "list objects"],
        ["kubernetes:index:Nothing", "not a Kubernetes type"],
    ])("%s is refused", (type, text) => {
        expect(refusal(type)).toContain(text);
        expect(() => parseToken(type)).toThrow(text);
    });
});

test("quantities", () => {
    const same: [unknown, unknown][] = [
        ["0.5", "500m"],
        [1, "1"],
        ["1Gi", "1024Mi"],
        ["1e3", "1k"],
        ["1.5Gi", "1536Mi"],
        ["100M", "100e6"],
        [0.1, "100m"],
    ];
    for (const [a, b] of same) {
        expect(parseQuantity(a), `${String(a)} = ${String(b)}`).toBe(parseQuantity(b));
    }
    expect(parseQuantity("1G")).not.toBe(parseQuantity("1Gi"));
    for (const text of ["", "a", "1Q", ".", "1 Gi", true, null]) {
        expect(parseQuantity(text)).toBeUndefined();
    }
});

test("property paths", () => {
    expect(parsePath('spec.template["a.b"].c[0].d[*]')).toEqual(["spec", "template", "a.b", "c", 0, "d", "*"]);
});

describe("a job that has not completed", () => {
    const job = parseToken("kubernetes:batch/v1:Job");
    const annotated = object({ metadata: { annotations: { "pulumi.com/replaceUnready": "true" } } });
    const seen = (...types: string[]) => {
        const conditions = types.map((type) => ({ type, status: "True" }));
        return async (): Promise<KubeObject> => ({ status: { conditions } }) as KubeObject;
    };

    test("is made anew when it is asked for, failed or running", async () => {
        expect(await replacesUnready(job, annotated, seen("Failed"))).toBe(true);
        expect(await replacesUnready(job, annotated, seen())).toBe(true);
    });

    test("stays when it is not asked for, has completed, or cannot be looked at", async () => {
        expect(await replacesUnready(job, object({}), seen("Failed"))).toBe(false);
        expect(await replacesUnready(job, annotated, seen("Complete"))).toBe(false);
        expect(await replacesUnready(job, annotated, () => Promise.reject(new Error("gone")))).toBe(false);
        expect(await replacesUnready(parseToken("kubernetes:apps/v1:Deployment"), annotated, seen())).toBe(false);
    });
});
