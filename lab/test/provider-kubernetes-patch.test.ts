// Proves: resources that set some fields of somebody else's object, as the official plugin treats them. The server is a fake: what a real
// one refuses of a volume's size, test/cluster/growth.test.ts asks.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PropertyMap, ResourceProvider } from "../provider-host/index.ts";
import { createProvider } from "../provider-kubernetes/provider.ts";
import { FakeApiServer } from "./provider-kubernetes-fake-server.ts";

const type = "kubernetes:core/v1:PersistentVolumeClaimPatch";
const path = "/api/v1/namespaces/shop/persistentvolumeclaims/data-0";
const theirs = { kind: "PersistentVolumeClaim", status: { phase: "Bound" } };
let server: FakeApiServer;
let provider: ResourceProvider;

beforeEach(async () => {
    server = new FakeApiServer();
    provider = createProvider();
    await provider.configure?.({ urn: undefined, config: { kubeconfig: await server.start() } });
});
afterEach(async () => await server.stop());

const about = {
    urn: `urn:pulumi:local::p::${type}::disk`,
    type,
    name: "disk",
    signal: new AbortController().signal,
    log: () => undefined,
};
const asks = (storage: string): PropertyMap => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data-0", namespace: "shop", annotations: { "pulumi.com/patchForce": "true" } },
    spec: { resources: { requests: { storage } } },
});
const create = (preview = false): ReturnType<ResourceProvider["create"]> =>
    provider.create({ ...about, inputs: asks("1Gi"), preview, timeoutSeconds: undefined });
const takeBack = async (outputs: PropertyMap): Promise<void> =>
    await provider.delete({ ...about, id: "shop/data-0", inputs: asks("1Gi"), outputs, timeoutSeconds: undefined });

async function patched(): Promise<PropertyMap> {
    server.add(path, theirs);
    return (await create()).outputs;
}

test("a preview of a new one asks nothing, for the object may come with the same program", async () => {
    expect(await create(true)).toEqual({ id: "", outputs: asks("1Gi") });
    expect(server.requests).toEqual([]);
});

test("it is applied to what is there, by force where it says so", async () => {
    server.add(path, theirs);
    expect((await create()).id).toBe("shop/data-0");
    expect(server.requests[0]).toBe(`PATCH ${path} force`);
    expect(server.objects.get(path)).toMatchObject(asks("1Gi"));
});

test.each([{ namespace: "shop" }, { namespace: "shop", name: "" }])(
    "without a name it is nobody's: %o",
    async (metadata) => {
        const newInputs = { ...asks("1Gi"), metadata };
        await expect(
            provider.check({ ...about, oldInputs: undefined, newInputs, randomSeed: undefined }),
        ).rejects.toThrow("patch resources require the `.metadata.name` field to be set");
    },
);

test("any field changes in place, but for whose object it is", async () => {
    const diff = (newInputs: PropertyMap): ReturnType<ResourceProvider["diff"]> =>
        provider.diff({
            ...about,
            id: "shop/data-0",
            oldInputs: asks("1Gi"),
            oldOutputs: asks("1Gi"),
            newInputs,
            ignoreChanges: [],
        });
    expect((await diff({ ...asks("1Gi"), spec: { storageClassName: "fast" } })).replaces).toEqual([]);
    const other = { ...asks("1Gi"), metadata: { name: "data-1", namespace: "shop" } };
    expect(await diff(other)).toMatchObject({
        replaces: expect.arrayContaining(["metadata.name"]) as string[],
        deleteBeforeReplace: false,
    });
});

test("an update leaves to their owner the fields that another create has set", async () => {
    const oldOutputs = await patched();
    const managedFields = [{ manager: "pulumi-kubernetes", operation: "Update", fieldsV1: { "f:spec": {} } }];
    server.change(path, { metadata: { ...server.objects.get(path)!.metadata, managedFields } });
    const before = server.requests.length;
    for (const preview of [true, false]) {
        await provider.update({
            ...about,
            id: "shop/data-0",
            oldInputs: asks("1Gi"),
            oldOutputs,
            newInputs: asks("3Gi"),
            ignoreChanges: [],
            preview,
            timeoutSeconds: undefined,
        });
    }
    expect(server.requests.slice(before).filter((request) => request.startsWith("PATCH"))).toEqual([
        `PATCH ${path} dry force`,
        `PATCH ${path} force`,
    ]);
    expect(server.objects.get(path)).toMatchObject({ ...asks("3Gi"), metadata: { managedFields } });
});

test("it is taken back by an apply of nothing, and the object stays", async () => {
    const outputs = await patched();
    const before = server.requests.length;
    await takeBack(outputs);
    expect(server.requests.slice(before)).toEqual([`GET ${path}`, `PATCH ${path}`]);
    expect(server.objects.has(path)).toBe(true);
});

test("an object that has gone is not made by taking the patch back", async () => {
    const outputs = await patched();
    server.remove(path);
    await takeBack(outputs);
    expect(server.objects.has(path)).toBe(false);
});

test("a field that the object needs cannot be taken back, and the error says how to go on", async () => {
    const outputs = await patched();
    const causes = [{ field: "spec.resources[storage]", message: "Required value" }];
    const body = { message: "is invalid: spec.resources[storage]: Required value", details: { causes } };
    server.intercept = (method) => (method === "PATCH" ? { code: 422, body } : undefined);
    await expect(takeBack(outputs)).rejects.toThrow(/retainOnDelete[^]*: spec\.resources\[storage\]$/);
});

test.each([
    ["Forbidden: field can not be less than status.capacity", "a volume does not shrink"],
    [
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
        "allowVolumeExpansion",
    ],
])("refused by the server: %s", async (message, fix) => {
    server.add(path, theirs);
    server.intercept = (method) => (method === "PATCH" ? { code: 422, body: { message } } : undefined);
    await expect(create()).rejects.toThrow(fix);
});
