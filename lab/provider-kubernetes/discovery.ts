// Where the cluster serves a kind.
import { isNotFound } from "./api-error.ts";
import type { Client } from "./client.ts";
import { builtInKind, type ServedKind } from "./kinds.ts";
import { apiVersionOf, kindText, type Kind } from "./token.ts";

/** The cluster does not serve this kind (any more, or yet). */
export class KindNotServed extends Error {
    readonly kind: Kind;

    constructor(kind: Kind) {
        super(`The cluster does not serve ${kindText(kind)}. ${fix(kind)}`);
        this.name = "KindNotServed";
        this.kind = kind;
    }
}

export class Discovery {
    readonly #client: Client;
    readonly #groups = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();

    constructor(client: Client) {
        this.#client = client;
    }

    /** Throws `KindNotServed`. Asks the cluster at most once per group and version, and again for a kind that was not there. */
    async lookUp(kind: Kind, signal: AbortSignal): Promise<ServedKind> {
        const known = builtInKind(kind.group, kind.kind);
        if (known !== undefined) {
            return known;
        }
        const apiVersion = apiVersionOf(kind);
        const cached = this.#groups.get(apiVersion);
        const found = (await cached)?.get(kind.kind);
        if (found !== undefined) {
            return found;
        }
        // Its CustomResourceDefinition may have been created since.
        const fresh = this.#ask(kind, signal);
        this.#groups.set(apiVersion, fresh);
        fresh.catch(() => this.#groups.delete(apiVersion));
        const served = (await fresh).get(kind.kind);
        if (served === undefined) {
            throw new KindNotServed(kind);
        }
        return served;
    }

    async #ask(kind: Kind, signal: AbortSignal): Promise<ReadonlyMap<string, ServedKind>> {
        const path = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
        try {
            const list = await this.#client.json({ method: "GET", path, signal });
            const resources = (list["resources"] ?? []) as unknown as readonly {
                name: string;
                kind: string;
                namespaced: boolean;
            }[];
            return new Map(
                resources
                    .filter(({ name }) => !name.includes("/")) // pods/log and the like
                    .map(({ name, kind: resourceKind, namespaced }) => [resourceKind, { plural: name, namespaced }]),
            );
        } catch (error) {
            if (isNotFound(error)) {
                return new Map();
            }
            throw error;
        }
    }
}

/** The path of the collection that holds objects of a kind; all namespaces if none is given. */
export function collectionPath(kind: Kind, served: ServedKind, namespace: string | undefined): string {
    const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
    return served.namespaced && namespace !== undefined
        ? `${root}/namespaces/${encodeURIComponent(namespace)}/${served.plural}`
        : `${root}/${served.plural}`;
}

/** What to install for the kinds that this project uses, and where to look for any other. */
const installAdvice: Readonly<Record<string, string>> = {
    "gateway.networking.k8s.io":
        "install the Gateway API (kubectl apply --server-side -f the standard-install.yaml of a kubernetes-sigs/gateway-api release) and a controller for it",
    "cert-manager.io": "install cert-manager",
    "keda.sh": "install KEDA",
    "bitnami.com": "install sealed-secrets",
    "external-secrets.io": "install the External Secrets Operator",
};

function fix(kind: Kind): string {
    const known = builtInKind(kind.group, kind.kind) ?? { plural: `${kind.kind.toLowerCase()}s` };
    const definition = `the CustomResourceDefinition ${known.plural}.${kind.group}`;
    const how = installAdvice[kind.group];
    if (how !== undefined) {
        return `It lacks ${definition}. Fix: ${how}.`;
    }
    if (!kind.group.includes(".") || kind.group.endsWith(".k8s.io")) {
        return `Fix: use an API version that this cluster's release serves (kubectl api-resources lists them).`;
    }
    return `It lacks ${definition}, or this version of it. Fix: install what brings it, or make this resource depend on the one that creates it.`;
}
