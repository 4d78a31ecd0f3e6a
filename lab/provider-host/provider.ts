// What a stand-in provider implements: the life of a resource in plain values. The protocol is server.ts's business.
import type { PropertyMap, PropertyPath } from "../../commands/plan/answers/values.ts";

export type Severity = "debug" | "info" | "warning" | "error";

/** Tells the engine something about a resource. */
export type Log = (
    severity: Severity,
    message: string,
    /** `status: true` shows the message in the resource's own row while it lasts, and keeps it out of the diagnostics. */
    options?: { readonly status?: boolean },
) => void;

/** What every call about one resource carries. */
export interface ResourceCall {
    readonly urn: string;
    /** The type token, for example `kubernetes:apps/v1:Deployment`. */
    readonly type: string;
    /** The resource's name in the program. */
    readonly name: string;
    /** Aborted when the user cancels or the engine goes away: stop waiting, and throw. */
    readonly signal: AbortSignal;
    readonly log: Log;
}

/** Calls that may take long. */
interface TimedCall extends ResourceCall {
    /** `customTimeouts` of the resource in seconds; undefined: the provider's own default. */
    readonly timeoutSeconds: number | undefined;
}

export interface CheckCall extends ResourceCall {
    /** The inputs of the last `up`; undefined if there was none (then it is about a new resource). */
    readonly oldInputs: PropertyMap | undefined;
    /** The inputs of the program now. In a preview some may be unknown. */
    readonly newInputs: PropertyMap;
    /** 32 bytes, the same for the preview and the `up` that follows; undefined if the engine gave none. */
    readonly randomSeed: Uint8Array | undefined;
}

export interface CheckFailure {
    /** Where in the inputs; empty: the resource as a whole. */
    readonly path: PropertyPath;
    /** What it got, what is allowed, and the fix. Never a secret's value. */
    readonly reason: string;
}

export interface CheckResult {
    /** The inputs with defaults filled in: what the state records and `diff`, `create` and `update` receive. */
    readonly inputs: PropertyMap;
    /** All that is wrong, not only the first. @default nothing */
    readonly failures?: readonly CheckFailure[];
}

export interface DiffCall extends ResourceCall {
    readonly id: string;
    readonly oldInputs: PropertyMap;
    readonly oldOutputs: PropertyMap;
    readonly newInputs: PropertyMap;
    /** Property paths of `ignoreChanges`; the engine has put the old values into `newInputs` already. */
    readonly ignoreChanges: readonly string[];
}

export type DiffKind = "add" | "delete" | "update";

export interface PropertyDiff {
    readonly path: PropertyPath;
    readonly kind: DiffKind;
    /** The change of this property needs a new object. @default false */
    readonly replace?: boolean;
    /** True: the path is one of the inputs; false: of the outputs (drift). @default true */
    readonly inInputs?: boolean;
}

export interface DiffResult {
    /** Every changed property; none: nothing to do. */
    readonly changes: readonly PropertyDiff[];
    /** When replacing: delete the old object before creating the new one. @default false */
    readonly deleteBeforeReplace?: boolean;
    /** Output properties that an update leaves as they are: then what reads them stays known in the preview. */
    readonly stable?: readonly string[];
    /** What makes it a replacement, in the provider's own words. @default the top-level properties of `changes` that do */
    readonly replaces?: readonly string[];
    /** False: the engine is told the names of what changed, and no paths. @default true */
    readonly detailed?: boolean;
}

export interface CreateCall extends TimedCall {
    readonly inputs: PropertyMap;
    /** Nothing may be created: answer what can be said about the outputs, unknown (`UNKNOWN`) where it cannot. */
    readonly preview: boolean;
}

export interface CreateResult {
    /** Not empty, except in a preview. */
    readonly id: string;
    readonly outputs: PropertyMap;
}

export interface ReadCall extends TimedCall {
    readonly id: string;
    /** The inputs in the state; undefined when the program asks for an object that it does not own (`get`, import). */
    readonly inputs: PropertyMap | undefined;
    /** The outputs in the state; empty for `get` and import. */
    readonly outputs: PropertyMap;
}

/** What is there now; undefined: it is gone. */
export type ReadResult =
    { readonly id: string; readonly inputs: PropertyMap; readonly outputs: PropertyMap } | undefined;

export interface UpdateCall extends TimedCall {
    readonly id: string;
    readonly oldInputs: PropertyMap;
    readonly oldOutputs: PropertyMap;
    readonly newInputs: PropertyMap;
    readonly ignoreChanges: readonly string[];
    /** See `CreateCall.preview`. */
    readonly preview: boolean;
}

export interface UpdateResult {
    readonly outputs: PropertyMap;
}

export interface DeleteCall extends TimedCall {
    readonly id: string;
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
}

/** About the provider resource itself (`pulumi:providers:<name>`): its configuration. Values arrive without marks. */
export interface CheckConfigCall {
    readonly urn: string;
    readonly oldInputs: PropertyMap;
    readonly newInputs: PropertyMap;
}

export interface DiffConfigCall {
    readonly urn: string;
    readonly oldInputs: PropertyMap;
    readonly newInputs: PropertyMap;
}

export interface ConfigureCall {
    /** URN of the provider resource. Not given by old engines. */
    readonly urn: string | undefined;
    /** The configuration. The engine does not call `configure` (nor check, diff, create) while a part is unknown. */
    readonly config: PropertyMap;
}

export interface InvokeCall {
    /** The function's token, for example `kubernetes:yaml:decode`. */
    readonly token: string;
    readonly args: PropertyMap;
    readonly preview: boolean;
    readonly signal: AbortSignal;
}

export interface InvokeResult {
    readonly result: PropertyMap;
    readonly failures?: readonly CheckFailure[];
}

/**
 * A provider. Methods may throw any Error (its message is what the user reads), `InitializationFailed` from create,
 * update and read, or `UnknownType`. The engine runs one process per provider resource and calls in parallel.
 */
export interface ResourceProvider {
    check(call: CheckCall): Promise<CheckResult>;
    diff(call: DiffCall): Promise<DiffResult>;
    create(call: CreateCall): Promise<CreateResult>;
    read(call: ReadCall): Promise<ReadResult>;
    update(call: UpdateCall): Promise<UpdateResult>;
    delete(call: DeleteCall): Promise<void>;
    /** Called once, before any call about a resource. @default nothing is configured */
    configure?(call: ConfigureCall): Promise<void>;
    /** @default the inputs are fine as they are */
    checkConfig?(call: CheckConfigCall): Promise<CheckResult>;
    /** @default a change of configuration replaces neither the provider nor its resources */
    diffConfig?(call: DiffConfigCall): Promise<DiffResult>;
    /** @default every function is refused as not known */
    invoke?(call: InvokeCall): Promise<InvokeResult>;
    /** The user cancels: `signal` of every open call is aborted already. @default nothing more */
    cancel?(): Promise<void>;
}
