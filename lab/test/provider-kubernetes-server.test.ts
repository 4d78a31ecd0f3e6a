// Proves: the provider's whole conversation with an API server over HTTP: what it asks and what it does not, waits that
// survive a broken watch, failures, cancellation, deletion. The server is a fake; the cluster tests use a real one.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
    InitializationFailed,
    secret,
    unknownValue,
    type PropertyMap,
    type ResourceProvider,
} from "../provider-host/index.ts";
import { createProvider } from "../provider-kubernetes/provider.ts";
import { FakeApiServer } from "./provider-kubernetes-fake-server.ts";

const namespacePath = "/api/v1/namespaces/shop";
const jobPath = "/apis/batch/v1/namespaces/shop/jobs/migrate";
let server: FakeApiServer;
let provider: ResourceProvider;
let kubeconfig: string;
let logged: string[];
let cancel: AbortController;

beforeEach(async () => {
    server = new FakeApiServer();
    provider = createProvider();
    kubeconfig = await server.start();
    await provider.configure?.({ urn: undefined, config: { kubeconfig } });
    logged = [];
    cancel = new AbortController();
});
afterEach(async () => await server.stop());

function about(
    type: string,
    name = "web",
): {
    urn: string;
    type: string;
    name: string;
    signal: AbortSignal;
    log: (severity: string, message: string, options?: { status?: boolean }) => void;
} {
    return {
        urn: `urn:pulumi:local::p::${type}::${name}`,
        type,
        name,
        signal: cancel.signal,
        log: (severity, message, options) =>
            void logged.push(`${options?.status === true ? "status" : severity}: ${message}`),
    };
}
const configMap: PropertyMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "web", namespace: "shop" },
    data: { a: "1" },
};
const job: PropertyMap = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate", namespace: "shop" },
    spec: {},
};
const configMapType = "kubernetes:core/v1:ConfigMap";
const create = (
    inputs: PropertyMap,
    type: string,
    preview = false,
    timeoutSeconds?: number,
): ReturnType<ResourceProvider["create"]> => provider.create({ ...about(type), inputs, preview, timeoutSeconds });

async function until(holds: () => boolean): Promise<void> {
    for (let i = 0; !holds(); i++) {
        if (i > 300) {
            throw new Error(`waited too long; asked: ${server.requests.join(", ")}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

describe("requests", () => {
    test("check and diff of an unchanged object ask nothing", async () => {
        const { inputs } = await provider.check({
            ...about(configMapType),
            oldInputs: configMap,
            newInputs: configMap,
            randomSeed: undefined,
        });
        const { changes } = await provider.diff({
            ...about(configMapType),
            id: "shop/web",
            oldInputs: configMap,
            oldOutputs: configMap,
            newInputs: inputs,
            ignoreChanges: [],
        });
        expect(changes).toEqual([]);
        expect(server.requests).toEqual([]);
    });

    test("a preview is one dry run; what it makes up is left out", async () => {
        const { outputs, id } = await create(configMap, configMapType, true);
        expect(server.requests).toEqual([`POST ${namespacePath}/configmaps dry`]);
        expect(id).toBe("");
        expect(outputs).toMatchObject({ data: { a: "1" }, __inputs: configMap });
        expect(outputs["metadata"]).not.toHaveProperty("uid");
        expect(server.objects.size).toBe(0);
    });

    test("a preview with unknown values, a namespace that is not there yet, or no right to try: the inputs", async () => {
        const unknown: PropertyMap = { ...configMap, data: { a: unknownValue } };
        expect((await create(unknown, configMapType, true)).outputs).toEqual(unknown);
        expect(server.requests).toEqual([]);
        for (const answer of [
            {
                code: 404,
                body: { message: 'namespaces "shop" not found', details: { name: "shop", kind: "namespaces" } },
            },
            { code: 403, body: { message: 'User "a" cannot patch resource "configmaps"' } },
        ]) {
            server.intercept = () => answer;
            expect((await create(configMap, configMapType, true)).outputs).toEqual(configMap);
        }
    });

    test("a preview fails on what the server refuses, with the property", async () => {
        server.intercept = () => ({
            code: 422,
            body: {
                message: 'ConfigMap "web" is invalid: data: too long',
                details: { causes: [{ field: "data", message: "Too long" }] },
            },
        });
        await expect(create(configMap, configMapType, true)).rejects.toThrow(
            'Cannot plan ConfigMap web in namespace shop: ConfigMap "web" is invalid:\n  data: Too long',
        );
    });

    test("a preview of a create whose name is taken, perhaps by what it replaces: the inputs", async () => {
        server.add(`${namespacePath}/configmaps/web`, { kind: "ConfigMap" });
        expect((await create(configMap, configMapType, true)).outputs).toEqual(configMap);
    });

    test("a create fails where the name is taken, also by an object of its own, unless it is told to take it over", async () => {
        await create(configMap, configMapType);
        await expect(create(configMap, configMapType)).rejects.toThrow(
            /configmaps "web" already exists[^]*make repair/,
        );
        const [config, before] = [{ kubeconfig: kubeconfig, upsertExistingObjects: "true" }, server.requests.length];
        await provider.configure?.({ urn: undefined, config });
        await create(configMap, configMapType);
        expect(server.requests.slice(before)).toEqual([`PATCH ${namespacePath}/configmaps/web`]);
    });

    test("the namespace of the context is the default", async () => {
        const { inputs } = await provider.check({
            ...about(configMapType),
            oldInputs: undefined,
            newInputs: { kind: "ConfigMap" },
            randomSeed: new Uint8Array(32),
        });
        expect(inputs["metadata"]).toMatchObject({ namespace: "ctx" });
    });

    const update = (outputs: PropertyMap, preview = false): ReturnType<ResourceProvider["update"]> =>
        provider.update({
            ...about(configMapType),
            id: "shop/web",
            oldInputs: configMap,
            oldOutputs: outputs,
            newInputs: { ...configMap, data: { b: "2" } },
            ignoreChanges: [],
            preview,
            timeoutSeconds: undefined,
        });

    test("the first update takes over what the create set, in a preview by force; the state keeps the field manager", async () => {
        const path = `${namespacePath}/configmaps/web`;
        const { id, outputs: created } = await create(configMap, configMapType);
        expect(id).toBe("shop/web");
        const manager = created["__fieldManager"];
        await update(created, true);
        const { outputs } = await update(created);
        expect(outputs).toMatchObject({ data: { b: "2" }, __fieldManager: manager });
        expect(server.objects.get(path)?.metadata.managedFields).toEqual([
            { manager, operation: "Apply", fieldsV1: { "f:data": {} } },
        ]);
        await update(outputs);
        expect(server.requests.slice(1)).toEqual([
            `GET ${path}`,
            `PATCH ${path} dry force`,
            `GET ${path}`,
            `PATCH ${path}`,
            `PATCH ${path}`,
            `GET ${path}`,
            `PATCH ${path}`,
        ]);
    });

    test("an update of what is not there fails, in a preview too, with the way out", async () => {
        for (const preview of [true, false]) {
            await expect(update(configMap, preview)).rejects.toThrow(/not found[^]*pulumi refresh/);
        }
    });

    test("a read that finds nothing says so; one that finds drift puts it into the inputs", async () => {
        const read = (): ReturnType<ResourceProvider["read"]> =>
            provider.read({
                ...about(configMapType),
                id: "shop/web",
                inputs: configMap,
                outputs: configMap,
                timeoutSeconds: undefined,
            });
        expect(await read()).toBeUndefined();
        await create(configMap, configMapType);
        expect((await read())?.inputs).toEqual(configMap);
        server.change(`${namespacePath}/configmaps/web`, { data: { a: "9", theirs: "x" } });
        expect((await read())?.inputs).toEqual({ ...configMap, data: { a: "9" } });
    });

    test("a read of what is not ready says so, for the next update to wait for it; one of what is ready asks no more", async () => {
        const set = {
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            metadata: { name: "web", namespace: "shop" },
            spec: {},
        };
        const read = (): ReturnType<ResourceProvider["read"]> =>
            provider.read({
                ...about("kubernetes:apps/v1:StatefulSet"),
                id: "shop/web",
                inputs: set,
                outputs: {},
                timeoutSeconds: undefined,
            });
        const path = "/apis/apps/v1/namespaces/shop/statefulsets/web";
        server.add(path, { ...set, metadata: { ...set.metadata, generation: 1 } });
        const failure = await read().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(InitializationFailed);
        expect(failure).toMatchObject({ id: "shop/web", inputs: set });
        expect((failure as InitializationFailed).reasons.join()).toContain("StatefulSet web in namespace shop:");
        server.change(path, { status: { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 } });
        const asked = server.requests.length;
        expect((await read())?.inputs).toEqual(set);
        expect(server.requests.slice(asked)).toEqual([`GET ${path}`]);
    });

    test("an import by namespace and name", async () => {
        await create(configMap, configMapType);
        const result = await provider.read({
            ...about(configMapType),
            id: "shop/web",
            inputs: undefined,
            outputs: {},
            timeoutSeconds: undefined,
        });
        expect(result?.inputs).toEqual(configMap);
        expect(result?.id).toBe("shop/web");
    });

    test("a Secret by namespace and name, marked as one", async () => {
        const type = "kubernetes:core/v1:Secret";
        const data = { key: "dmFsdWU=" };
        await create({ apiVersion: "v1", kind: "Secret", metadata: configMap["metadata"]!, data }, type);
        const byId = (id: string): ReturnType<ResourceProvider["read"]> =>
            provider.read({ ...about(type), id, inputs: undefined, outputs: {}, timeoutSeconds: undefined });
        const result = await byId("shop/web");
        expect(result?.inputs["data"]).toEqual(secret(data));
        expect(result?.outputs["data"]).toEqual(secret(data));
        expect(await byId("shop/other")).toBeUndefined();
    });
});

describe("kinds of the cluster's own", () => {
    const thing: PropertyMap = {
        apiVersion: "example.com/v1",
        kind: "Thing",
        metadata: { name: "web", namespace: "ctx" },
    };
    test("are looked up, once", async () => {
        server.intercept = (_method, path) =>
            path === "/apis/example.com/v1"
                ? {
                      code: 200,
                      body: {
                          resources: [
                              { name: "thingies", kind: "Thing", namespaced: false },
                              { name: "thingies/status", kind: "Thing", namespaced: false },
                          ],
                      },
                  }
                : undefined;
        await create(thing, "kubernetes:example.com/v1:Thing");
        server.remove("/apis/example.com/v1/thingies/web");
        await create(thing, "kubernetes:example.com/v1:Thing");
        expect(server.requests).toEqual([
            "GET /apis/example.com/v1",
            "POST /apis/example.com/v1/thingies",
            "POST /apis/example.com/v1/thingies",
        ]);
        expect(server.objects.get("/apis/example.com/v1/thingies/web")?.metadata.namespace).toBeUndefined();
    });
    test("whose definition comes later are found when it is there", async () => {
        let asked = 0;
        server.intercept = (_method, path) =>
            path === "/apis/example.com/v1"
                ? ++asked < 2
                    ? { code: 404, body: "404 page not found" }
                    : { code: 200, body: { resources: [{ name: "things", kind: "Thing", namespaced: true }] } }
                : undefined;
        expect((await create(thing, "kubernetes:example.com/v1:Thing")).id).toBe("ctx/web");
        expect(logged[0]).toContain("The cluster does not serve example.com/v1 Thing");
    });
    test("that are missing are named with what to install; a delete of one is done", async () => {
        server.intercept = () => ({ code: 404, body: "404 page not found" });
        const gateway: PropertyMap = {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "Gateway",
            metadata: { name: "edge", namespace: "shop" },
        };
        const type = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
        expect((await create(gateway, type, true)).outputs).toEqual(gateway);
        await expect(
            provider.update({
                ...about(type),
                id: "shop/edge",
                oldInputs: gateway,
                oldOutputs: gateway,
                newInputs: gateway,
                ignoreChanges: ["spec.x"],
                preview: false,
                timeoutSeconds: undefined,
            }),
        ).rejects.toThrow(/gateways\.gateway\.networking\.k8s\.io.*install the Gateway API/);
        await provider.delete({
            ...about(type),
            id: "shop/edge",
            inputs: gateway,
            outputs: gateway,
            timeoutSeconds: undefined,
        });
        expect(
            await provider.read({
                ...about(type),
                id: "shop/edge",
                inputs: gateway,
                outputs: gateway,
                timeoutSeconds: undefined,
            }),
        ).toBeUndefined();
    });
});

describe("waiting", () => {
    const type = "kubernetes:batch/v1:Job";

    test("goes on after broken watches, and shows what is missing", async () => {
        const created = create(job, type);
        await until(() => server.watching === 3);
        server.change(jobPath, { status: { active: 1 } });
        await until(() => logged.includes("status: 0/1 completed, 1 running"));
        server.dropWatches();
        server.change(jobPath, { status: { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] } });
        await until(() => server.requests.filter((request) => request.endsWith("watch")).length > 3);
        server.change(jobPath, { status: { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] } });
        expect((await created).outputs).toMatchObject({ status: { succeeded: 1 } });
        await until(() => server.watching === 0);
    });

    test("a failed Job: at once, with its pod's words and log, without the password in it; the object is in the state", async () => {
        await provider.check({
            ...about("kubernetes:core/v1:Secret"),
            oldInputs: undefined,
            newInputs: {
                kind: "Secret",
                metadata: { name: "s", namespace: "shop" },
                stringData: { p: secret("canary-4711") },
            },
            randomSeed: undefined,
        });
        server.intercept = (_method, path, query) => {
            if (path.endsWith("/log")) {
                return query.get("previous") === null
                    ? { code: 200, body: "starting\nno such table: users (password canary-4711)\n" }
                    : { code: 400, body: {} };
            }
            return undefined;
        };
        const created = create(job, type);
        const failure = created.catch((error: unknown) => error);
        await until(() => server.watching === 3);
        server.add(`${namespacePath}/pods/migrate-x`, {
            metadata: { namespace: "shop", name: "migrate-x" },
            status: {
                phase: "Failed",
                containerStatuses: [{ name: "migrate", state: { terminated: { exitCode: 3, reason: "Error" } } }],
            },
        });
        server.change(jobPath, {
            status: {
                failed: 1,
                conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "limit" }],
            },
        });
        const error = (await failure) as InitializationFailed;
        expect(error).toBeInstanceOf(InitializationFailed);
        expect(error.id).toBe("shop/migrate");
        expect(error.outputs).toMatchObject({ kind: "Job", metadata: { name: "migrate" } });
        const text = error.reasons.join("\n");
        expect(text).toContain("Job migrate in namespace shop: the Job failed (BackoffLimitExceeded): limit");
        expect(text).toContain("Pod migrate-x: container migrate: ended with code 3");
        expect(text).toContain("no such table: users (password [secret])");
        expect(JSON.stringify([text, error.message, logged])).not.toContain("canary-4711");
    });

    test("a Job whose own time is over, which takes its pod away first: with what was wrong with the pod", async () => {
        const failure = create(job, type).catch((error: unknown) => error);
        await until(() => server.watching === 3);
        const pod = `${namespacePath}/pods/migrate-x`;
        const message = 'Back-off pulling image "shop:1": 401 Unauthorized';
        const status = {
            phase: "Pending",
            containerStatuses: [{ name: "migrate", state: { waiting: { reason: "ImagePullBackOff", message } } }],
        };
        server.add(pod, { metadata: { namespace: "shop", name: "migrate-x" }, status });
        await until(() => logged.some((line) => line.includes("ImagePullBackOff")));
        server.change(pod, {
            metadata: { namespace: "shop", name: "migrate-x", deletionTimestamp: "2026-01-01T00:00:00Z" },
        });
        server.remove(pod);
        const condition = { type: "Failed", status: "True", reason: "DeadlineExceeded", message: "too long" };
        server.change(jobPath, { status: { failed: 1, conditions: [condition] } });
        const { reasons } = (await failure) as InitializationFailed;
        expect(reasons.join("\n")).toContain(`Pod migrate-x: container migrate: ImagePullBackOff: ${message}`);
    });

    test("the time is over: says what was missing and what to do", async () => {
        const error = (await create(job, type, false, 0.3).catch((thrown: unknown) => thrown)) as InitializationFailed;
        expect(error.reasons[0]).toBe(
            "Job migrate in namespace shop: not ready within 0.3 s: 0/1 completed, 0 running",
        );
        expect(error.reasons.at(-1)).toContain("Fix: ");
    });

    test("a cancel ends it at once and leaves the object alone", async () => {
        const created = create(job, type).catch((error: unknown) => error);
        await until(() => server.watching === 3);
        const before = Date.now();
        cancel.abort();
        const error = (await created) as InitializationFailed;
        expect(Date.now() - before).toBeLessThan(500);
        expect(error.reasons[0]).toContain("Cancelled while waiting for Job migrate");
        expect(server.objects.has(jobPath)).toBe(true);
        await until(() => server.watching === 0);
    });

    test("skipAwait does not wait", async () => {
        const skipping: PropertyMap = {
            ...job,
            metadata: { name: "migrate", namespace: "shop", annotations: { "pulumi.com/skipAwait": "true" } },
        };
        await create(skipping, type);
        expect(server.requests).toEqual([`POST ${jobPath.replace("/migrate", "")}`]);
    });
});

describe("deleting", () => {
    const remove = (timeoutSeconds?: number): Promise<void> =>
        provider.delete({
            ...about(configMapType),
            id: "shop/web",
            inputs: configMap,
            outputs: configMap,
            timeoutSeconds,
        });
    const path = `${namespacePath}/configmaps/web`;

    test("what is gone already is fine; what vanishes at once needs no watch", async () => {
        await remove();
        server.add(path, { kind: "ConfigMap" });
        await remove();
        expect(server.requests.filter((request) => request.endsWith("watch"))).toEqual([]);
    });
    test("waits until the finalizers are gone", async () => {
        server.add(path, {
            kind: "ConfigMap",
            metadata: { name: "web", namespace: "shop", finalizers: ["example.com/hold"] },
        });
        let done = false;
        const removed = remove().then(() => (done = true));
        await until(() => server.watching === 1);
        expect(done).toBe(false);
        expect(logged).toContain("status: being deleted: finalizer example.com/hold");
        server.remove(path);
        await removed;
    });
    test("a new object of the same name is not waited for", async () => {
        server.add(path, {
            kind: "ConfigMap",
            metadata: { name: "web", namespace: "shop", uid: "one", finalizers: ["f"] },
        });
        const removed = remove();
        await until(() => server.watching === 1);
        server.change(path, { metadata: { name: "web", namespace: "shop", uid: "two", generation: 1 } });
        await removed;
    });
    test("the time is over: names the finalizer and the fix", async () => {
        server.add(path, {
            kind: "ConfigMap",
            metadata: { name: "web", namespace: "shop", finalizers: ["example.com/hold"] },
        });
        await expect(remove(0.3)).rejects.toThrow(
            /was not gone within 0\.3 s:\n {2}finalizer example\.com\/hold\nFix: example\.com\/hold is removed by the controller/,
        );
    });
    test("the replacement of the same name that was made already is left alone; somebody else's object is not", async () => {
        const { outputs } = await create(configMap, configMapType);
        const manager = outputs["__fieldManager"];
        const removeOld = (): Promise<void> =>
            provider.delete({
                ...about(configMapType),
                id: "shop/web",
                inputs: configMap,
                outputs,
                timeoutSeconds: undefined,
            });
        server.add(path, { kind: "ConfigMap", metadata: { uid: "new", managedFields: [{ manager }] } });
        await removeOld();
        expect(server.objects.has(path)).toBe(true);
        server.add(path, { kind: "ConfigMap", metadata: { uid: "new", managedFields: [{ manager: "kubectl" }] } });
        await removeOld();
        expect(server.objects.has(path)).toBe(false);
    });
    test("a cancel ends the wait", async () => {
        server.add(path, { kind: "ConfigMap", metadata: { name: "web", namespace: "shop", finalizers: ["f"] } });
        const removed = remove();
        await until(() => server.watching === 1);
        cancel.abort();
        await expect(removed).rejects.toThrow("Cancelled while waiting until ConfigMap web in namespace shop is gone");
    });
});

describe("a cluster that does not answer", () => {
    const unreachable = async (config: PropertyMap = {}): Promise<void> => {
        const kubeconfig = await server.start().catch(() => "");
        await server.stop();
        await provider.configure?.({
            urn: undefined,
            config: { kubeconfig: kubeconfig.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1"), ...config },
        });
        server = new FakeApiServer();
        await server.start();
    };
    test("a preview warns once and goes on; an up and a refresh name the server", async () => {
        server = new FakeApiServer();
        await unreachable();
        expect((await create(configMap, configMapType, true)).outputs).toEqual(configMap);
        await create(configMap, configMapType, true);
        expect(logged.filter((line) => line.startsWith("warning"))).toHaveLength(1);
        expect(logged[0]).toContain("http://127.0.0.1:1 does not answer");
        await expect(create(configMap, configMapType)).rejects.toThrow("http://127.0.0.1:1 does not answer");
        const read = {
            ...about(configMapType),
            id: "shop/web",
            inputs: configMap,
            outputs: configMap,
            timeoutSeconds: undefined,
        };
        await expect(provider.read(read)).rejects.toThrow("PULUMI_K8S_DELETE_UNREACHABLE");
        await expect(provider.delete(read)).rejects.toThrow("PULUMI_K8S_DELETE_UNREACHABLE");
    });
    test("deleteUnreachable takes its objects as gone", async () => {
        server = new FakeApiServer();
        await unreachable({ deleteUnreachable: "true" });
        const read = {
            ...about(configMapType),
            id: "shop/web",
            inputs: configMap,
            outputs: configMap,
            timeoutSeconds: undefined,
        };
        expect(await provider.read(read)).toBeUndefined();
        await provider.delete(read);
    });
    test("no kubeconfig that can be read", async () => {
        await provider.configure?.({ urn: undefined, config: { kubeconfig: "/nowhere/kubeconfig" } });
        await expect(create(configMap, configMapType)).rejects.toThrow(
            "No Kubernetes cluster is configured: the kubeconfig /nowhere/kubeconfig does not exist",
        );
    });
});
