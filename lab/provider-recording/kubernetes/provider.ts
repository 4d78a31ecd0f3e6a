// Kubernetes on paper: objects are checked, named, compared and kept as the stand-in does it (lab/provider-kubernetes),
// but there is no cluster. What needs one is not known: admission, defaults, whether a pod runs.
import { createHash } from "node:crypto";
import {
    toPlain,
    UnknownType,
    type CheckCall,
    type CheckConfigCall,
    type CheckResult,
    type ConfigureCall,
    type CreateCall,
    type CreateResult,
    type DeleteCall,
    type DiffCall,
    type DiffConfigCall,
    type DiffResult,
    type PropertyMap,
    type ReadCall,
    type ReadResult,
    type ResourceCall,
    type ResourceProvider,
    type UpdateCall,
    type UpdateResult,
} from "../../provider-host/index.ts";
import { checkInputs } from "../../provider-kubernetes/check.ts";
import { configurationChanges } from "../../provider-kubernetes/configuration-diff.ts";
import {
    configurationFailures,
    parseConfiguration,
    type Configuration,
} from "../../provider-kubernetes/configuration.ts";
import { diffInputs, diffPatch } from "../../provider-kubernetes/diff.ts";
import { builtInKind } from "../../provider-kubernetes/kinds.ts";
import { idOf, type KubeObject } from "../../provider-kubernetes/object.ts";
import { fieldManagerOf, markSecrets, outputsOf } from "../../provider-kubernetes/state.ts";
import { apiVersionOf, isPatch, parseToken } from "../../provider-kubernetes/token.ts";
import { toKube } from "../../provider-kubernetes/values.ts";
import { Store, withSecretsOf } from "../store.ts";
import { releaseId, releaseOutputs, releaseType, checkRelease, diffRelease } from "./release.ts";
import { statusOf } from "./status.ts";

export const createRecordedKubernetes = (store = new Store()): ResourceProvider => new RecordedKubernetes(store);

/** What is there without anybody making it. */
const ownNamespaces = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

class RecordedKubernetes implements ResourceProvider {
    private readonly store: Store;
    private configuration: Configuration = parseConfiguration({});
    /** Which cluster: the address in the kubeconfig, or what names it instead. */
    private cluster = "";

    constructor(store: Store) {
        this.store = store;
    }

    checkConfig({ newInputs }: CheckConfigCall): Promise<CheckResult> {
        return Promise.resolve({ inputs: newInputs, failures: configurationFailures(newInputs) });
    }

    async diffConfig({ oldInputs, newInputs }: DiffConfigCall): Promise<DiffResult> {
        const activeCluster = (config: PropertyMap): Promise<string | undefined> => {
            const { kubeconfig, context, cluster } = parseConfiguration(config);
            return Promise.resolve(JSON.stringify([serverOf(kubeconfig) ?? kubeconfig, context, cluster]));
        };
        return { changes: await configurationChanges(oldInputs, newInputs, activeCluster) };
    }

    configure({ config }: ConfigureCall): Promise<void> {
        this.configuration = parseConfiguration(config);
        const { kubeconfig, context } = this.configuration;
        this.cluster = serverOf(kubeconfig) ?? context ?? "";
        return Promise.resolve();
    }

    async check(call: CheckCall): Promise<CheckResult> {
        if (call.type === releaseType) {
            return checkRelease(call, this.configuration.namespace ?? "default");
        }
        return await checkInputs(parseToken(call.type), call, {
            defaultNamespace: () => Promise.resolve(this.configuration.namespace ?? "default"),
            isNamespaced: () => Promise.resolve(undefined),
        });
    }

    diff(call: DiffCall): Promise<DiffResult> {
        if (call.type === releaseType) {
            return Promise.resolve(diffRelease(call));
        }
        const { oldInputs, newInputs, ignoreChanges, type } = call;
        if (isPatch(type)) {
            return Promise.resolve(diffPatch(oldInputs, newInputs, ignoreChanges));
        }
        return Promise.resolve(diffInputs(parseToken(type), oldInputs, newInputs, this.configuration, ignoreChanges));
    }

    async create(call: CreateCall): Promise<CreateResult> {
        const { type, urn, inputs, preview } = call;
        if (preview) {
            return { id: "", outputs: inputs };
        }
        const { id, outputs } = this.made(call, inputs);
        this.reach("create", call, id);
        const namespace = namespaceOf(type, inputs);
        if (namespace !== undefined && this.store.isKept && !this.hasNamespace(namespace)) {
            throw this.refuse(
                "create",
                call,
                id,
                `namespaces "${namespace}" not found. Fix: make ${id} depend on its namespace.`,
            );
        }
        this.store.log({ operation: "create", urn, type, id });
        this.store.put({ type, id: this.key(id), urn, inputs: markSecrets(inputs, inputs), outputs });
        return { id, outputs };
    }

    async update(call: UpdateCall): Promise<UpdateResult> {
        const { type, urn, id, newInputs, oldOutputs, preview } = call;
        const { outputs } = this.made(call, newInputs, oldOutputs);
        if (preview) {
            return { outputs };
        }
        this.reach("update", call, id);
        this.store.log({ operation: "update", urn, type, id });
        this.store.put({ type, id: this.key(id), urn, inputs: markSecrets(newInputs, newInputs), outputs });
        return { outputs };
    }

    async read(call: ReadCall): Promise<ReadResult> {
        if (this.store.hasGone(this.cluster)) {
            throw this.unreachable();
        }
        const stored = this.store.get(call.type, this.key(call.id));
        if (stored !== undefined) {
            return {
                id: call.id,
                inputs: withSecretsOf(call.inputs ?? {}, stored.inputs),
                outputs: withSecretsOf(call.outputs, stored.outputs),
            };
        }
        if (this.store.isKept || call.inputs === undefined) {
            return undefined;
        }
        return { id: call.id, inputs: call.inputs, outputs: call.outputs };
    }

    async delete(call: DeleteCall): Promise<void> {
        const { type, id, urn } = call;
        this.reach("delete", call, id);
        this.store.log({ operation: "delete", urn, type, id });
        this.store.remove(type, this.key(id));
        if (type !== "kubernetes:core/v1:Namespace") {
            return;
        }
        for (const other of this.store.all()) {
            if (other.id.startsWith(this.key(`${id}/`))) {
                this.store.remove(other.type, other.id);
            }
        }
    }

    invoke({ token }: { readonly token: string }): Promise<never> {
        return Promise.reject(new UnknownType("recorded kubernetes", token, []));
    }

    private made(call: ResourceCall, inputs: PropertyMap, before?: PropertyMap): { id: string; outputs: PropertyMap } {
        if (call.type === releaseType) {
            return { id: releaseId(inputs), outputs: releaseOutputs(inputs) };
        }
        const kind = parseToken(call.type);
        const object = toKube(inputs);
        const seed = createHash("sha256")
            .update(`${call.urn}\n${JSON.stringify(object.metadata ?? {})}`)
            .digest("hex");
        const live = {
            ...object,
            apiVersion: object.apiVersion ?? apiVersionOf(kind),
            kind: object.kind ?? kind.kind,
            ...statusOf(object as Readonly<Record<string, unknown>>, kind.kind, seed),
            metadata: {
                ...object.metadata,
                uid: uuid(seed),
                resourceVersion: "1",
                generation: 1,
                creationTimestamp: "2026-11-21T08:00:00Z",
            },
        } as unknown as KubeObject;
        const outputs = outputsOf(live, inputs, fieldManagerOf(call.urn, undefined, before), live.apiVersion!);
        return { id: idOf(live), outputs };
    }

    private key(id: string): string {
        return `${this.cluster} ${id}`;
    }

    private hasNamespace(name: string): boolean {
        return ownNamespaces.has(name) || this.store.get("kubernetes:core/v1:Namespace", this.key(name)) !== undefined;
    }

    private reach(operation: "create" | "update" | "delete", call: ResourceCall, id: string): void {
        if (this.store.hasGone(this.cluster)) {
            throw this.refuse(operation, call, id, this.unreachable().message);
        }
    }

    private unreachable(): Error {
        return new Error(
            `${this.cluster} does not answer: the cluster is deleted already. Fix: make what is on it depend on it, so that it goes first.`,
        );
    }

    private refuse(
        operation: "create" | "update" | "delete",
        { urn, type }: ResourceCall,
        id: string,
        refused: string,
    ): Error {
        this.store.log({ operation, urn, type, id, refused });
        return new Error(refused);
    }
}

/** The API server that a kubeconfig's content names first; undefined for the path of a file. */
function serverOf(kubeconfig: string | undefined): string | undefined {
    return /["']?server["']?\s*:\s*["']?(https?:\/\/[^"'\s,}]+)/.exec(kubeconfig ?? "")?.[1];
}

/** Where the object has to be put; undefined: in no namespace, or not known to need one. */
function namespaceOf(type: string, inputs: PropertyMap): string | undefined {
    const plain = toPlain(inputs);
    if (type === releaseType) {
        return plain["createNamespace"] === true ? undefined : (plain["namespace"] as string | undefined);
    }
    const { group, kind } = parseToken(type);
    if (builtInKind(group, kind)?.namespaced === false) {
        return undefined;
    }
    return (plain["metadata"] as { namespace?: string } | undefined)?.namespace;
}

function uuid(hex: string): string {
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
    ].join("-");
}
