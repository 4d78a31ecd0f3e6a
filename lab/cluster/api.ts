// The cluster's API server, for what the tool itself puts there and asks.
import {
    ApiException,
    ApiregistrationV1Api,
    CoreV1Api,
    KubeConfig,
    KubernetesObjectApi,
    PatchStrategy,
    type KubernetesObject,
} from "@kubernetes/client-node";
import { request, type RequestOptions } from "node:https";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { kubeconfigPath } from "../support/paths.ts";
import { nodeName } from "./layout.ts";

const fieldManager = "embedded-cluster";

function config(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    return config;
}

/** Makes the objects, or makes them as they should be. In order, because some need the kind that another defines. */
export async function applyObjects(objects: readonly KubernetesObject[]): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(config());
    for (const object of objects) {
        if (object.kind === "CustomResourceDefinition") {
            await applyDefinition(object);
        } else {
            await api.patch(object, undefined, undefined, fieldManager, true, PatchStrategy.ServerSideApply);
        }
    }
}

/** As it is written: the client's own types of schemas leave out defaults, enumerations and all that begins with `x-kubernetes-`. */
async function applyDefinition(definition: KubernetesObject): Promise<void> {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata?.name ?? ""}`;
    const answer = await send("PATCH", `${path}?fieldManager=${fieldManager}&force=true`, {
        type: "application/apply-patch+yaml",
        text: JSON.stringify(definition),
    });
    if (answer.status >= 300) {
        throw new Error(
            `${definition.metadata?.name}: ${(answer.body as { message?: string }).message ?? `status ${answer.status}`}`,
        );
    }
}

interface Condition {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
}

/** @param since what the node said before is of no interest: it may be the word of a kubelet that has died */
export async function nodeIsReady(since: Date): Promise<boolean> {
    const node = await config().makeApiClient(CoreV1Api).readNode({ name: nodeName });
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    // The API keeps whole seconds.
    return (
        ready?.status === "True" &&
        (ready.lastHeartbeatTime?.getTime() ?? 0) >= Math.floor(since.getTime() / 1000) * 1000
    );
}

/** Whether the kubelet has been told of all pods that are to run here: until then it denies them to `kubectl exec` and `logs`. */
export async function kubeletKnowsItsPods(): Promise<boolean> {
    const api = config().makeApiClient(CoreV1Api);
    const [{ items }, { items: known }] = await Promise.all([
        api.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${nodeName},status.phase=Running` }),
        getJson<{ items: { metadata: { uid: string } }[] | null }>(`/api/v1/nodes/${nodeName}/proxy/pods`),
    ]);
    const uids = new Set((known ?? []).map(({ metadata }) => metadata.uid));
    return items.every(({ metadata }) => metadata?.deletionTimestamp !== undefined || uids.has(metadata?.uid ?? ""));
}

/** For what the client's typed methods would turn into text. */
async function getJson<Answer>(path: string): Promise<Answer> {
    return (await send("GET", path)).body as Answer;
}

async function send(
    method: "GET" | "PATCH",
    path: string,
    body?: { readonly type: string; readonly text: string },
): Promise<{ status: number; body: unknown }> {
    const options: RequestOptions = { method };
    const kubeConfig = config();
    await kubeConfig.applyToHTTPSOptions(options);
    const url = new URL(path, kubeConfig.getCurrentCluster()?.server);
    return await new Promise((resolve, reject) => {
        const headers = body && { "content-type": body.type };
        request(url, { ...options, ...(headers && { headers }) }, (response) => {
            json(response).then((answer) => {
                resolve({ status: response.statusCode ?? 0, body: answer });
            }, reject);
        })
            .on("error", reject)
            .end(body?.text);
    });
}

/** What the node says of itself while it is not ready. */
export async function nodeComplaint(): Promise<string> {
    try {
        const node = await config().makeApiClient(CoreV1Api).readNode({ name: nodeName });
        return node.status?.conditions?.find(({ type }) => type === "Ready")?.message ?? "nothing yet";
    } catch (error) {
        return error instanceof ApiException && error.code === 404 ? "it has not registered" : String(error);
    }
}

/** Whether the issuer of certificates has its account. */
export async function issuerIsReady(name: string): Promise<boolean> {
    const api = KubernetesObjectApi.makeApiClient(config());
    const found = await api.read({ apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name } });
    return isTrue((found as { status?: { conditions?: Condition[] } }).status?.conditions, "Ready");
}

/** Whether requests for the metrics API reach metrics-server. */
export async function metricsAreServed(): Promise<boolean> {
    const service = await config()
        .makeApiClient(ApiregistrationV1Api)
        .readAPIService({ name: "v1beta1.metrics.k8s.io" });
    return isTrue(service.status?.conditions, "Available");
}

export async function gatewayClassIsAccepted(name: string): Promise<boolean> {
    const api = KubernetesObjectApi.makeApiClient(config());
    const found = await api.read({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name },
    });
    return isTrue((found as { status?: { conditions?: Condition[] } }).status?.conditions, "Accepted");
}

export async function definitionIsEstablished(name: string): Promise<boolean> {
    const api = KubernetesObjectApi.makeApiClient(config());
    const found = await api.read({
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name },
    });
    return isTrue((found as { status?: { conditions?: Condition[] } }).status?.conditions, "Established");
}

function isTrue(conditions: readonly Condition[] | undefined, wanted: string): boolean {
    return conditions?.some(({ type, status }) => type === wanted && status === "True") ?? false;
}

/** Waits until the question is answered with yes; an exception counts as no. @throws with what `complaint` says then */
export async function waitFor(
    what: string,
    question: () => Promise<boolean>,
    complaint: () => Promise<string>,
    seconds: number,
): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await question().catch(() => false))) {
        if (Date.now() > deadline) {
            throw new Error(`${what}: not within ${seconds} s. ${await complaint()}`);
        }
        await sleep(100);
    }
}
