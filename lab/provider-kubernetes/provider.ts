// The stand-in for the Kubernetes plugin: check, diff, create, read, update and delete of any kind of object.
import {
    containsUnknown,
    InitializationFailed,
    withoutSecrets,
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
} from "../provider-host/index.ts";
import { patchFieldManagerAnnotation, skipsAwait, timeoutSeconds } from "./annotations.ts";
import { ApiError, Cancelled, isAlreadyThere, isNamespaceMissing, isNotFound, isOutOfReach } from "./api-error.ts";
import { Applier, type ApplyRequest } from "./apply.ts";
import { awaiterOf } from "./await/awaiters.ts";
import { missingNow, NotReady, waitUntilReady } from "./await/wait.ts";
import { checkInputs } from "./check.ts";
import { Client } from "./client.ts";
import { configurationFailures, parseConfiguration, type Configuration } from "./configuration.ts";
import { configurationChanges } from "./configuration-diff.ts";
import { deleteObject, deleteTimeoutSeconds } from "./delete.ts";
import { diffInputs, diffPatch, mustDeleteFirst, parsePath } from "./diff.ts";
import { Discovery, KindNotServed } from "./discovery.ts";
import { explain } from "./explain.ts";
import { withIgnoredFields } from "./field-ownership.ts";
import { createdFields, takeOver } from "./managed-fields.ts";
import { annotationOf, idOf, parseId, type KubeObject, type ObjectMeta } from "./object.ts";
import { importedInputs, pruneToInputs } from "./prune.ts";
import { Redactor } from "./redact.ts";
import { fieldManagerOf, initialApiVersionOf, liveOf, markSecrets, outputsOf } from "./state.ts";
import { relinquish } from "./relinquish.ts";
import { apiVersionOf, isPatch, parseToken, type Kind } from "./token.ts";
import { replacesUnready, unready } from "./unready.ts";
import { fromKube, toKube } from "./values.ts";

export const createProvider = (): ResourceProvider => new KubernetesProvider();

/** What a configured provider works with. */
interface Cluster {
    readonly configuration: Configuration;
    readonly client: Client;
    readonly discovery: Discovery;
    readonly applier: Applier;
}

/** What a create or an update is about. */
interface Target {
    readonly inputs: PropertyMap;
    readonly object: KubeObject;
    /** Owner of the applied fields. */
    readonly manager: string;
    readonly initialApiVersion: string;
}

class KubernetesProvider implements ResourceProvider {
    readonly #redactor = new Redactor();
    #cluster = connect({});
    #warnedUnreachable = false;

    async checkConfig(call: CheckConfigCall): Promise<CheckResult> {
        return { inputs: call.newInputs, failures: configurationFailures(call.newInputs) };
    }

    async diffConfig(call: DiffConfigCall): Promise<DiffResult> {
        const activeCluster = async (config: PropertyMap): Promise<string | undefined> =>
            (await import("./kubeconfig.ts")).activeClusterText(parseConfiguration(config));
        return {
            changes: await configurationChanges(call.oldInputs, call.newInputs, activeCluster),
            detailed: false,
        };
    }

    // Asks no server: a preview without changes then costs nothing, whether the cluster runs or not.
    async configure(call: ConfigureCall): Promise<void> {
        const [failure] = configurationFailures(call.config);
        if (failure !== undefined) {
            throw new Error(`${failure.path.join(".")}: ${failure.reason}`);
        }
        this.#cluster = connect(call.config);
    }

    async check(call: CheckCall): Promise<CheckResult> {
        return await this.#guarded(call, async () => {
            const kind = parseToken(call.type);
            // Of every resource, changed or not: another one's pods may print its password.
            this.#redactor.learn(call.newInputs);
            const { configuration, client, discovery } = this.#cluster;
            return await checkInputs(kind, call, {
                defaultNamespace: async () =>
                    configuration.namespace ?? (await client.defaultNamespace().catch(() => undefined)) ?? "default",
                isNamespaced: async (asked) => {
                    try {
                        return (await discovery.lookUp(asked, call.signal)).namespaced;
                    } catch (error) {
                        if (error instanceof KindNotServed || isOutOfReach(error)) {
                            return undefined;
                        }
                        throw error;
                    }
                },
            });
        });
    }

    async diff(call: DiffCall): Promise<DiffResult> {
        return await this.#guarded(call, async () => {
            const kind = parseToken(call.type);
            const { oldInputs, newInputs, ignoreChanges } = call;
            const result = isPatch(call.type)
                ? diffPatch(oldInputs, newInputs, ignoreChanges)
                : diffInputs(kind, oldInputs, newInputs, this.#cluster.configuration, ignoreChanges);
            const isUnready = await replacesUnready(kind, newInputs, (job) =>
                this.#cluster.applier.get(job, call.signal),
            );
            if (!isUnready) {
                return result;
            }
            return {
                ...result,
                replaces: [...result.replaces, unready],
                deleteBeforeReplace: mustDeleteFirst(withoutSecrets(oldInputs), withoutSecrets(newInputs)),
            };
        });
    }

    async create(call: CreateCall): Promise<CreateResult> {
        return await this.#guarded(call, async () => {
            parseToken(call.type);
            this.#redactor.learn(call.inputs);
            const target = this.#target(call, call.inputs, undefined);
            if (call.preview && isPatch(call.type)) {
                // As the official plugin does: what it would patch may come with this very program.
                return { id: "", outputs: call.inputs };
            }
            if (call.preview) {
                return {
                    id: "",
                    outputs: await this.#preview(call, target, true, () => this.#create(call, target, true)),
                };
            }
            const created = await this.#create(call, target, false).catch((error: unknown) => {
                throw explain("create", target.object, error);
            });
            const live = await this.#ready(call, target, created);
            return { id: idOf(live), outputs: recordOf(target, live) };
        });
    }

    async update(call: UpdateCall): Promise<UpdateResult> {
        return await this.#guarded(call, async () => {
            this.#redactor.learn(call.newInputs);
            this.#redactor.learn(call.oldOutputs);
            const target = this.#target(call, call.newInputs, call.oldOutputs);
            if (call.preview) {
                return { outputs: await this.#preview(call, target, false, () => this.#apply(call, target, true)) };
            }
            const applied = await this.#apply(call, target, false).catch((error: unknown) => {
                throw explain("update", target.object, error);
            });
            return { outputs: recordOf(target, await this.#ready(call, target, applied)) };
        });
    }

    async read(call: ReadCall): Promise<ReadResult> {
        return await this.#guarded(call, async () => {
            const kind = parseToken(call.type);
            const { applier, configuration } = this.#cluster;
            // `get` and import come with nothing but an id.
            const recorded = call.inputs !== undefined && Object.keys(call.inputs).length > 0 ? call.inputs : undefined;
            if (recorded !== undefined) {
                this.#redactor.learn(recorded);
            }
            const asked = await this.#identify(call, kind, recorded);
            let live: KubeObject;
            try {
                live = await applier.get(asked, call.signal);
            } catch (error) {
                // Also when its definition is gone: then no object of the kind can be left.
                if (isNotFound(error) || error instanceof KindNotServed) {
                    return undefined;
                }
                if (isOutOfReach(error) && configuration.deleteUnreachable) {
                    call.log("warning", `${error.message} deleteUnreachable is set, so this object is taken as gone.`);
                    return undefined;
                }
                if (isOutOfReach(error) && configuration.skipUpdateUnreachable && recorded !== undefined) {
                    call.log(
                        "warning",
                        `${error.message} skipUpdateUnreachable is set, so the recorded state is kept.`,
                    );
                    return { id: call.id, inputs: recorded, outputs: call.outputs };
                }
                throw isOutOfReach(error)
                    ? new Error(`${error.message} ${unreachableAdvice}`)
                    : explain("read", asked, error);
            }
            this.#redactor.learn(fromKube(live));
            const inputs =
                recorded === undefined
                    ? markSecrets({}, fromKube(importedInputs(live)))
                    : markSecrets(recorded, fromKube(pruneToInputs(live, toKube(recorded))));
            const manager = this.#managerOf(call, asked, call.outputs);
            const outputs = outputsOf(live, inputs, manager, initialApiVersionOf(call.outputs, live));
            const missing = recorded === undefined ? [] : await this.#missing(live, call.signal);
            if (missing.length > 0) {
                // Like the official plugin: the next update waits for it, also when nothing in it has changed.
                throw new InitializationFailed({ id: call.id, outputs, inputs, reasons: missing });
            }
            return { id: call.id, inputs, outputs };
        });
    }

    async delete(call: DeleteCall): Promise<void> {
        await this.#guarded(call, async () => {
            const kind = parseToken(call.type);
            const { applier, client, configuration, discovery } = this.#cluster;
            this.#redactor.learn(call.outputs);
            const object = await this.#identify(call, kind, call.outputs);
            if (isPatch(call.type)) {
                return await relinquish(applier, {
                    object,
                    fieldManager: this.#managerOf(call, object, call.outputs),
                    signal: call.signal,
                });
            }
            let shown = false;
            try {
                await deleteObject({
                    client,
                    discovery,
                    object,
                    fieldManager: this.#managerOf(call, object, call.outputs),
                    timeoutSeconds: timeoutSeconds(object, call.timeoutSeconds, deleteTimeoutSeconds(object)),
                    signal: call.signal,
                    onStatus: (message) => {
                        shown = true;
                        this.#status(call, message);
                    },
                });
                if (shown) {
                    this.#status(call, "");
                }
            } catch (error) {
                if (isOutOfReach(error) && configuration.deleteUnreachable) {
                    call.log("warning", `${error.message} deleteUnreachable is set, so this object is taken as gone.`);
                    return;
                }
                throw isOutOfReach(error)
                    ? new Error(`${error.message} ${unreachableAdvice}`)
                    : explain("delete", object, error);
            }
        });
    }

    /** The object as its id names it; the rest as the state has it. */
    async #identify(
        call: ResourceCall & { readonly id: string },
        kind: Kind,
        recorded: PropertyMap | undefined,
    ): Promise<KubeObject> {
        const { name, namespace } = parseId(call.id);
        if (name === "") {
            throw new Error(
                `${JSON.stringify(call.id)} is not an id of an object. Allowed: <namespace>/<name>, or <name> for what lives in no namespace.`,
            );
        }
        const known: KubeObject = recorded === undefined ? {} : liveOf(recorded);
        const { configuration, client } = this.#cluster;
        // An import may leave the namespace out.
        const place =
            namespace ??
            known.metadata?.namespace ??
            configuration.namespace ??
            (await client.defaultNamespace().catch(() => undefined));
        return {
            apiVersion: known.apiVersion ?? apiVersionOf(kind),
            kind: known.kind ?? kind.kind,
            metadata: { ...known.metadata, name, ...(place === undefined ? {} : { namespace: place }) },
        };
    }

    /** What the object would become; the inputs themselves where the cluster cannot say. */
    async #preview(
        call: ResourceCall,
        target: Target,
        isNew: boolean,
        dryRun: () => Promise<KubeObject>,
    ): Promise<PropertyMap> {
        const { inputs, object } = target;
        if (containsUnknown(inputs)) {
            return inputs;
        }
        try {
            const { status: _status, ...rest } = (await dryRun()) as KubeObject & { readonly status?: unknown };
            return recordOf(target, { ...rest, metadata: plannedMetadata(rest.metadata, isNew) });
        } catch (error) {
            if (error instanceof Cancelled) {
                throw error;
            }
            if (isOutOfReach(error)) {
                this.#warnUnreachable(call, error);
                return inputs;
            }
            // Its namespace or its definition comes with this very program; or the user may not try, only do.
            if (isNamespaceMissing(error) || error instanceof KindNotServed || (isNew && isNotFound(error))) {
                return inputs;
            }
            // What it replaces has the name still; whether something else has it, the create will say.
            if (isNew && isAlreadyThere(error)) {
                return inputs;
            }
            if (isOnlyForbidden(error)) {
                return inputs;
            }
            if (error instanceof ApiError && error.code === 400 && error.message.includes("does not support dry run")) {
                return inputs;
            }
            throw explain("plan", object, error);
        }
    }

    /** Like the official plugin, not by an apply: that would take an object over that somebody else made. */
    async #create(call: CreateCall, target: Target, dryRun: boolean): Promise<KubeObject> {
        const { applier, configuration } = this.#cluster;
        const request = this.#request(call, target, target.object, dryRun);
        return await (configuration.upsertExistingObjects || isPatch(call.type)
            ? applier.apply(request)
            : applier.create(request));
    }

    async #apply(call: UpdateCall, target: Target, dryRun: boolean): Promise<KubeObject> {
        const { applier, client } = this.#cluster;
        const { manager, object } = target;
        const found = await applier.get(object, call.signal);
        // What somebody else has created stays theirs, but for the fields of the patch.
        const isOurs = !isPatch(call.type);
        const live =
            dryRun || !isOurs
                ? found
                : await takeOver(client, await applier.path(object, call.signal), found, manager, call.signal);
        const wanted =
            call.ignoreChanges.length === 0
                ? object
                : withIgnoredFields(object, live, manager, call.ignoreChanges.map(parsePath));
        const request = this.#request(call, target, wanted, dryRun);
        // A dry run cannot take over first, so it may take from the one that created the object: the provider itself.
        return await applier.apply(
            dryRun && isOurs && createdFields(live).length > 0 ? { ...request, force: true } : request,
        );
    }

    /** Waits as the kind wants it. What goes wrong now goes into the state with the object, so that the next `up` goes on. */
    async #ready(call: CreateCall | UpdateCall, target: Target, applied: KubeObject): Promise<KubeObject> {
        const { client, discovery, applier } = this.#cluster;
        try {
            const awaiter = skipsAwait(applied) ? undefined : awaiterOf(applied);
            if (awaiter === undefined) {
                return applied;
            }
            let shown = false;
            const live = await waitUntilReady({
                client,
                discovery,
                applied,
                awaiter,
                timeoutSeconds: timeoutSeconds(applied, call.timeoutSeconds, awaiter.timeout),
                signal: call.signal,
                onStatus: (message) => {
                    shown = true;
                    this.#status(call, message);
                },
            });
            // What was missing a moment ago must not stay in the row of a resource that is done.
            if (shown) {
                this.#status(call, "");
            }
            return live;
        } catch (error) {
            const reasons =
                error instanceof NotReady ? error.reasons : [error instanceof Error ? error.message : String(error)];
            const seen = error instanceof NotReady ? error.object : undefined;
            const live = seen ?? (await applier.get(applied, AbortSignal.timeout(2000)).catch(() => applied));
            throw new InitializationFailed({
                id: idOf(applied),
                outputs: recordOf(target, live),
                inputs: target.inputs,
                reasons: reasons.map((reason) => this.#redactor.hide(reason)),
            });
        }
    }

    async #missing(live: KubeObject, signal: AbortSignal): Promise<readonly string[]> {
        const { client, discovery } = this.#cluster;
        const awaiter = skipsAwait(live) ? undefined : awaiterOf(live);
        const missing = awaiter === undefined ? [] : await missingNow({ client, discovery, awaiter, live, signal });
        return missing.map((reason) => this.#redactor.hide(reason));
    }

    #target(call: ResourceCall, inputs: PropertyMap, oldOutputs: PropertyMap | undefined): Target {
        const object = toKube(inputs);
        const manager = this.#managerOf(call, object, oldOutputs);
        return { inputs, object, manager, initialApiVersion: initialApiVersionOf(oldOutputs, object) };
    }

    #request(call: ResourceCall, target: Target, object: KubeObject, dryRun: boolean): ApplyRequest {
        return {
            object,
            fieldManager: target.manager,
            dryRun,
            signal: call.signal,
            onWarning: (message) => {
                const deprecated = /deprecated|unavailable in/.test(message);
                if (deprecated && this.#cluster.configuration.suppressDeprecationWarnings) {
                    return;
                }
                call.log("warning", this.#redactor.hide(message));
            },
            onRetry: (message) => this.#status(call, `trying again: ${message}`),
        };
    }

    #managerOf(call: ResourceCall, object: KubeObject, outputs: PropertyMap | undefined): string {
        const recorded = outputs === undefined ? undefined : withoutSecrets(outputs);
        return fieldManagerOf(call.urn, annotationOf(object, patchFieldManagerAnnotation), recorded);
    }

    #status(call: ResourceCall, message: string): void {
        call.log("info", this.#redactor.hide(message), { status: true });
    }

    /** Once for the whole preview, not for each of its sixty objects. */
    #warnUnreachable(call: ResourceCall, error: Error): void {
        if (this.#warnedUnreachable) {
            return;
        }
        this.#warnedUnreachable = true;
        call.log("warning", `${error.message} The preview shows what the program says, unchecked by the cluster.`);
    }

    /** No message leaves the provider with a secret value in it. */
    async #guarded<Result>(_call: ResourceCall, work: () => Promise<Result>): Promise<Result> {
        try {
            return await work();
        } catch (error) {
            if (error instanceof InitializationFailed) {
                throw error;
            }
            if (error instanceof Error) {
                error.message = this.#redactor.hide(error.message);
            }
            throw error;
        }
    }
}

const recordOf = ({ inputs, manager, initialApiVersion }: Target, live: KubeObject): PropertyMap =>
    outputsOf(live, inputs, manager, initialApiVersion);

/** Who may change an object need not be allowed to try; but what an admission rule refuses would be refused later too. */
function isOnlyForbidden(error: unknown): boolean {
    return (
        error instanceof ApiError &&
        error.code === 403 &&
        !/violates PodSecurity|exceeded quota|denied/.test(error.message)
    );
}

/** Without what the dry run makes up and the real one makes different. */
function plannedMetadata(answered: ObjectMeta | undefined, isNew: boolean): ObjectMeta {
    const { resourceVersion: _version, ...metadata } = answered ?? {};
    if (!isNew) {
        return metadata;
    }
    const { uid: _uid, creationTimestamp: _created, ...planned } = metadata;
    return planned;
}

const unreachableAdvice =
    "If the cluster is gone for good, run this again with PULUMI_K8S_DELETE_UNREACHABLE=true: its objects then leave the state.";

function connect(config: PropertyMap): Cluster {
    const configuration = parseConfiguration(config);
    const client = new Client(configuration);
    const discovery = new Discovery(client);
    return { configuration, client, discovery, applier: new Applier(client, discovery) };
}
