// What keeps a namespace from going: objects that wait for a controller to take its finalizer off them, and APIs that nobody serves any
// more, so that Kubernetes cannot look whether something of theirs is left.
import {
    ApiException,
    ApisApi,
    CoreV1Api,
    CustomObjectsApi,
    KubernetesObjectApi,
    PatchStrategy,
    type KubeConfig,
    type KubernetesObject,
    type V1APIResource,
    type V1Namespace,
} from "@kubernetes/client-node";
import { inTurns } from "../support/in-turns.ts";

export interface Holder {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly finalizers: readonly string[];
    /** Since when it is to be deleted. */
    readonly since: Date;
}

export interface Holding {
    /** Whether the namespace is. */
    readonly there: boolean;
    readonly holders: readonly Holder[];
    /** What Kubernetes itself says of the namespace, where that is more than which objects are left. */
    readonly said: readonly string[];
}

/** Conditions of a namespace that is being deleted which no object of it explains. */
const unexplained = [
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
];

export async function holdersOf(config: KubeConfig, namespace: string): Promise<Holding> {
    const core = config.makeApiClient(CoreV1Api);
    const found = await core.readNamespace({ name: namespace }).catch((error: unknown) => {
        if (isNotFound(error)) {
            return undefined;
        }
        throw error;
    });
    if (found === undefined) {
        return { there: false, holders: [], said: [] };
    }
    return { there: true, holders: await holdersIn(config, namespace), said: saidOf(found) };
}

async function holdersIn(config: KubeConfig, namespace: string): Promise<readonly Holder[]> {
    const kinds = await kindsOf(config);
    const objects = config.makeApiClient(KubernetesObjectApi);
    const holders = await inTurns(8, kinds, async ({ apiVersion, kind }) => {
        // One that came or went since the kinds were listed, or whose server is dead: the namespace's conditions name it.
        const { items } = await objects.list(apiVersion, kind, namespace).catch(() => ({ items: [] }));
        return items.flatMap((each) => holderIn(each, apiVersion, kind));
    });
    return holders.flat();
}

function saidOf({ status }: V1Namespace): string[] {
    return (status?.conditions ?? [])
        .filter(({ type, status: holds }) => unexplained.includes(type) && holds === "True")
        .map(({ message = "" }) => message);
}

export function holderIn({ metadata }: KubernetesObject, apiVersion: string, kind: string): Holder[] {
    const { name = "", namespace = "", finalizers = [], deletionTimestamp } = metadata ?? {};
    return deletionTimestamp === undefined || finalizers.length === 0
        ? []
        : [{ apiVersion, kind, namespace, name, finalizers, since: new Date(deletionTimestamp) }];
}

interface Kind {
    readonly apiVersion: string;
    readonly kind: string;
}

/** Of all APIs that answer, what is in namespaces, can be listed and is stored: not reviews, nor metrics. */
async function kindsOf(config: KubeConfig): Promise<Kind[]> {
    const custom = config.makeApiClient(CustomObjectsApi);
    const [core, { groups }] = await Promise.all([
        config.makeApiClient(CoreV1Api).getAPIResources(),
        config.makeApiClient(ApisApi).getAPIVersions(),
    ]);
    const others = await inTurns(8, groups, async ({ name, preferredVersion, versions }) => {
        const { version, groupVersion } = preferredVersion ?? versions[0]!;
        const { resources } = await custom
            .getAPIResources({ group: name, version })
            .catch(() => ({ resources: [] as V1APIResource[] }));
        return listed(resources, groupVersion);
    });
    return [...listed(core.resources, "v1"), ...others.flat()];
}

function listed(resources: readonly V1APIResource[], apiVersion: string): Kind[] {
    return resources
        .filter(
            ({ name, namespaced, verbs }) =>
                namespaced && !name.includes("/") && verbs.includes("list") && verbs.includes("delete"),
        )
        .map(({ kind }) => ({ apiVersion, kind }));
}

/** What the finalizers stood for stays, wherever it is: for those whose controller is gone for good. */
export async function release(config: KubeConfig, { apiVersion, kind, namespace, name }: Holder): Promise<void> {
    const objects = config.makeApiClient(KubernetesObjectApi);
    const body = { apiVersion, kind, metadata: { name, namespace, finalizers: null } };
    await objects
        .patch(
            body as unknown as KubernetesObject,
            undefined,
            undefined,
            undefined,
            undefined,
            PatchStrategy.MergePatch,
        )
        .catch((error: unknown) => {
            if (!isNotFound(error)) {
                throw error;
            }
        });
}

/** What a person types to do the same. */
export function releaseCommand({ apiVersion, kind, namespace, name }: Holder): string {
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    const type = group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${version}.${group}`;
    return `kubectl -n ${namespace} patch ${type} ${name} --type=merge -p '{"metadata":{"finalizers":null}}'`;
}

export function isNotFound(error: unknown): boolean {
    return error instanceof ApiException && error.code === 404;
}
