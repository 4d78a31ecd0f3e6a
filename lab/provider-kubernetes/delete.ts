// Deleting an object, and waiting until it is really gone, with everything that it owns.
import { Collection } from "./await/collection.ts";
import { conditionsOf } from "./await/verdict.ts";
import { propagationPolicy, skipsAwait } from "./annotations.ts";
import { Cancelled, isConflict, isNotFound } from "./api-error.ts";
import { sleep, type Client } from "./client.ts";
import { collectionPath, KindNotServed, type Discovery } from "./discovery.ts";
import { asObject, describe, nameOf, type Condition, type KubeObject } from "./object.ts";
import { parseApiVersion } from "./token.ts";

/** As long as the official plugin waits: workloads may have many pods with long grace periods. */
const workloads = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"]);

export const deleteTimeoutSeconds = (object: KubeObject): number => (workloads.has(object.kind ?? "") ? 600 : 300);

export interface DeleteRequest {
    readonly client: Client;
    readonly discovery: Discovery;
    /** As the state has it; its uid says which of several objects of the same name is meant. */
    readonly object: KubeObject;
    /** Ours. */
    readonly fieldManager: string;
    readonly timeoutSeconds: number;
    readonly signal: AbortSignal;
    readonly onStatus: (message: string) => void;
}

/** Returns when the object is gone; what is gone already, or was never served, is fine. */
export async function deleteObject(request: DeleteRequest): Promise<void> {
    const { client, discovery, object, signal } = request;
    const kind = parseApiVersion(object.apiVersion ?? "", object.kind ?? "");
    let path: string;
    try {
        const served = await discovery.lookUp(kind, signal);
        path = collectionPath(kind, served, served.namespaced ? (object.metadata?.namespace ?? "default") : undefined);
    } catch (error) {
        if (error instanceof KindNotServed) {
            return;
        }
        throw error;
    }
    try {
        await requestDeletion(request, path, object.metadata?.uid);
    } catch (error) {
        if (isNotFound(error)) {
            return;
        }
        if (!isConflict(error)) {
            throw error;
        }
        // The object that the state means is gone, and another has its name. One that we made is its replacement: after a
        // run that was cut off, the engine creates first and deletes what it takes for the old one afterwards.
        const live = await look(client, path, object, signal);
        if (live === undefined) {
            return;
        }
        if (live.metadata?.managedFields?.some((entry) => entry.manager === request.fieldManager)) {
            return;
        }
        await requestDeletion(request, path, live.metadata?.uid);
    }
    if (!skipsAwait(object)) {
        await waitUntilGone(request, path);
    }
}

async function requestDeletion(request: DeleteRequest, path: string, uid: string | undefined): Promise<void> {
    const { client, object, signal } = request;
    await client.json({
        method: "DELETE",
        path: `${path}/${encodeURIComponent(nameOf(object))}`,
        body: {
            kind: "DeleteOptions",
            apiVersion: "v1",
            propagationPolicy: propagationPolicy(object),
            ...(uid === undefined ? {} : { preconditions: { uid } }),
        },
        signal,
    });
}

async function waitUntilGone(request: DeleteRequest, path: string): Promise<void> {
    const { client, object, signal } = request;
    // Most objects vanish with the request itself; one look saves the watch.
    const first = await look(client, path, object, signal);
    if (first === undefined) {
        return;
    }
    const { uid } = first.metadata ?? {};
    const stop = new AbortController();
    let shown = "";
    let last = first;
    let gone = (): void => undefined;
    const finished = new Promise<void>((resolve) => (gone = resolve));
    const collection: Collection = new Collection(
        client,
        {
            path,
            fieldSelector: `metadata.name=${nameOf(object)}`,
            apiVersion: object.apiVersion ?? "",
            kind: object.kind ?? "",
        },
        () => {
            const now = collection.objects[0];
            // Another uid: somebody made a new one of the same name; ours is gone.
            if (now === undefined || now.metadata?.uid !== uid) {
                return gone();
            }
            last = now;
            const message = remainsText(now);
            if (message !== shown) {
                request.onStatus((shown = message));
            }
        },
    );
    const following = collection.follow(AbortSignal.any([signal, stop.signal]));
    try {
        const isOver = Symbol("over");
        const over = sleep(request.timeoutSeconds * 1000, AbortSignal.any([signal, stop.signal])).then(
            () => isOver,
            () => undefined,
        );
        const outcome = await Promise.race([finished, over, following]);
        if (signal.aborted) {
            throw new Cancelled(`waiting until ${describe(object)} is gone`);
        }
        if (outcome === isOver) {
            throw new Error(await stuckMessage(request, last));
        }
    } finally {
        stop.abort();
        await following.catch(() => undefined);
    }
}

async function look(
    client: Client,
    path: string,
    object: KubeObject,
    signal: AbortSignal,
): Promise<KubeObject | undefined> {
    try {
        return asObject(
            await client.json({ method: "GET", path: `${path}/${encodeURIComponent(nameOf(object))}`, signal }),
        );
    } catch (error) {
        if (isNotFound(error)) {
            return undefined;
        }
        throw error;
    }
}

/** What a namespace's controller says is left, or the finalizers of any other object. */
function remainsText(object: KubeObject): string {
    const left = remains(object);
    return left.length > 0 ? `being deleted: ${left.join("; ")}` : "being deleted";
}

function remains(object: KubeObject): string[] {
    if (object.kind === "Namespace") {
        return namespaceConditions(object).map((condition) => condition.message ?? condition.type);
    }
    const { finalizers = [] } = object.metadata ?? {};
    const { replicas } = (object as { readonly status?: { readonly replicas?: number } }).status ?? {};
    return [
        ...(replicas === undefined || replicas === 0 ? [] : [`${replicas} pods still there`]),
        ...finalizers
            .filter((finalizer) => finalizer !== "foregroundDeletion" || replicas === undefined)
            .map((finalizer) =>
                finalizer === "foregroundDeletion" ? "what it owns is still there" : `finalizer ${finalizer}`,
            ),
    ];
}

const namespaceConditions = (namespace: KubeObject): readonly Condition[] =>
    conditionsOf(namespace).filter((condition) => condition.status === "True");

async function stuckMessage(request: DeleteRequest, last: KubeObject): Promise<string> {
    const finalizers = (last.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== "foregroundDeletion");
    const what = `${describe(request.object)} was not gone within ${request.timeoutSeconds} s`;
    const why = remains(last).map((line) => `  ${line}`);
    const owned = await ownedPods(request, last);
    const pods = owned.length === 0 ? [] : [`  pods that it still has: ${owned.join(", ")}`];
    const fix =
        request.object.kind === "Namespace"
            ? "Fix: the objects named above have to go first; one that waits for a finalizer needs the controller that set it, so start that controller again, or remove the finalizer from the object (kubectl edit) if the controller will not come back. Then run this again."
            : finalizers.length > 0
              ? `Fix: ${finalizers.join(", ")} is removed by the controller that set it: start that controller again, or remove the finalizer from the object (kubectl edit) if it will not come back. Then run this again.`
              : "Fix: look at what holds it with kubectl describe, then run this again; a longer wait is set with the resource option customTimeouts.";
    return [
        `${what}:`,
        ...(why.length === 0 && pods.length === 0 ? ["  the API server still has it"] : [...why, ...pods]),
        fix,
    ].join("\n");
}

async function ownedPods(request: DeleteRequest, owner: KubeObject): Promise<string[]> {
    const { namespace, uid } = owner.metadata ?? {};
    if (namespace === undefined || uid === undefined || ["Secret", "ConfigMap", "Service"].includes(owner.kind ?? "")) {
        return [];
    }
    try {
        const { items } = await request.client.list(`/api/v1/namespaces/${namespace}/pods`, {}, request.signal);
        // A Deployment's pods belong to its ReplicaSets, whose names begin with its own.
        const name = `${nameOf(owner)}-`;
        return items
            .filter((pod) =>
                (pod.metadata?.ownerReferences ?? []).some(
                    (reference) =>
                        reference.uid === uid ||
                        (owner.kind === "Deployment" &&
                            reference.kind === "ReplicaSet" &&
                            reference.name?.startsWith(name)),
                ),
            )
            .map(nameOf);
    } catch {
        return [];
    }
}
