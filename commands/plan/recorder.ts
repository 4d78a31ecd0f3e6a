// Runs the real program under the SDK's own mock monitor and records what it registers: no engine, plugin or cluster.
import * as pulumi from "@pulumi/pulumi";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import type { MockMonitor, MockResourceArgs, MockResourceResult } from "@pulumi/pulumi/runtime/mocks.js";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import * as runtimeState from "@pulumi/pulumi/runtime/state.js";
import { createHash } from "node:crypto";
import { masked } from "../../lib/secret-text.ts";
import { existingData, type ExistingData } from "./answers/existing-secrets.ts";
import { formerUrns } from "./former-urns.ts";
import { createRecordedCloud, type RecordedCloud, type Service } from "./answers/recorded-cloud.ts";
import { SecretValue, UnknownValue, type Plan, type PlannedResource } from "./plan.ts";

/** Of the SDK's own, and left out of its typings. */
const { getStore } = runtimeState as unknown as {
    readonly getStore: () => { readonly settings: { readonly options: { rootDirectory: string } } };
};

/** Marks of the Pulumi wire format. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What an organization is called where there is none, as on a file backend. */
export const organization = "organization";

export interface RecordOptions {
    readonly project: string;
    readonly stack: string;
    /** The stack's configuration: values as JSON text or plain text, by full key. */
    readonly config: Readonly<Record<string, string>>;
    /** Keys of `config` that hold a secret. */
    readonly secretKeys: readonly string[];
    /** The outputs of the stacks that the program may read, by their full names. @default it may read none */
    readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** Whether outputs are unknown, as in the first preview. @default false */
    readonly preview?: boolean;
    /** Where the stack's file is. @default the configuration is of no file */
    readonly directory?: string;
    /** Makes what the clouds are asked for. @default nothing is made */
    readonly service?: Service;
}

/**
 * @param program defines the stack, and returns its outputs
 * @throws whatever the program throws, SettingsError for one
 */
export async function recordPlan(
    options: RecordOptions,
    program: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Plan> {
    const turn = recording.then(() => record(options, program));
    recording = turn.catch(() => undefined);
    return turn;
}

/** The SDK has one monitor and one configuration per process, so recordings wait for each other. */
let recording: Promise<unknown> = Promise.resolve();

async function record(
    options: RecordOptions,
    program: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Plan> {
    const { project, stack, preview = false } = options;
    await pulumi.runtime.setMocks(mocks(options), project, stack, preview, organization);
    const recorded = recordRegistrations();
    const heard = hearWarnings();
    getStore().settings.options.rootDirectory = options.directory ?? "";
    pulumi.runtime.setAllConfig({ ...options.config }, [...options.secretKeys]);
    try {
        const outputs = await program();
        const known = await resolved(outputs);
        return { project, stack, resources: recorded, outputs: known, warnings: heard.warnings };
    } finally {
        // Also after an error: what was registered until then must not end up in the next recording.
        await pulumi.runtime.disconnect();
        heard.end();
    }
}

/** Without an engine that would show them, the SDK writes warnings to the console. */
function hearWarnings(): { readonly warnings: readonly string[]; readonly end: () => void } {
    const mark = "warning: [runtime] ";
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (...parts: unknown[]) => {
        const [first] = parts;
        if (typeof first === "string" && first.startsWith(mark)) {
            warnings.push(masked(first.slice(mark.length)));
        } else {
            warn(...parts);
        }
    };
    return {
        warnings,
        end: () => {
            console.warn = warn;
        },
    };
}

/** The values that the program exported; an Output of its own may still wait for a registration. */
async function resolved(outputs: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const entries = Object.entries(outputs).map(
        async ([name, value]) => [name, await promiseOf(pulumi.output(value))] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
}

function promiseOf(output: pulumi.Output<unknown>): Promise<unknown> {
    return (output as unknown as { promise(withUnknowns?: boolean): Promise<unknown> }).promise(true);
}

function mocks({ preview = false, stacks = {}, config, project, service }: RecordOptions): pulumi.runtime.Mocks {
    const cloud = createRecordedCloud(preview, service);
    const existing = existingData(config[`${project}:existingSecrets`]);
    return {
        newResource: (args) => {
            if (args.type === stackReference) {
                return readStack(args, stacks);
            }
            return args.id !== undefined && args.id !== "" && args.type === "kubernetes:core/v1:Secret"
                ? readSecret(args.id, existing)
                : created(args, preview, cloud);
        },
        call: ({ token, inputs }) => {
            const answer = cloud.call(token, inputs as Readonly<Record<string, unknown>>);
            if (answer !== undefined) {
                return answer;
            }
            throw new Error(
                `The program called ${token}: a plan has no provider to answer. Wire the value by an input.`,
            );
        },
    };
}

const stackReference = "pulumi:pulumi:StackReference";

/** What an engine would read of another stack's state. */
function readStack({ inputs }: MockResourceArgs, stacks: NonNullable<RecordOptions["stacks"]>): MockResourceResult {
    const { name } = inputs as { readonly name: string };
    const outputs = stacks[name];
    if (outputs === undefined) {
        throw new Error(
            `The stack ${name} is not there: its file is not beside this one's, so its outputs cannot be planned.`,
        );
    }
    return { id: name, state: { name, outputs, secretOutputNames: [] } };
}

/** What a provider would read of the cluster. */
function readSecret(id: string, existing: ExistingData): MockResourceResult {
    const [namespace, name] = id.split("/");
    return { id, state: { metadata: { namespace, name }, data: pulumi.secret(existing(id)) } };
}

/** What the provider would answer: its inputs, a name where it gives one, and what it generates. */
async function created(args: MockResourceArgs, preview: boolean, cloud: RecordedCloud): Promise<MockResourceResult> {
    const { type, name, custom } = args;
    const inputs = args.inputs as Inputs;
    if (custom !== true) {
        return { id: undefined, state: inputs };
    }
    const recorded = await cloud.create(args);
    if (recorded !== undefined) {
        return recorded;
    }
    const id = preview ? undefined : `${name}-id`;
    if (type === "random:index/randomPassword:RandomPassword") {
        const state = preview
            ? inputs
            : { ...inputs, result: pulumi.secret(generatedText(name, Number(inputs.length))) };
        return { id, state };
    }
    if (type === "random:index/randomId:RandomId") {
        const hex = `${typeof inputs.prefix === "string" ? inputs.prefix : ""}${digest(name).slice(0, 2 * Number(inputs.byteLength))}`;
        return { id, state: preview ? inputs : { ...inputs, hex } };
    }
    if (leavesNameToProvider(type, inputs)) {
        return { id, state: { ...inputs, metadata: { ...inputs.metadata, name: generatedName(name) } } };
    }
    return { id, state: inputs };
}

/** What is read of a resource's inputs here. */
interface Inputs {
    readonly metadata?: { readonly name?: unknown };
    readonly length?: unknown;
    readonly byteLength?: unknown;
    readonly prefix?: unknown;
}

function leavesNameToProvider(type: string, { metadata }: Inputs): boolean {
    return type.startsWith("kubernetes:") && metadata !== undefined && metadata.name === undefined;
}

/** As the provider names objects that the program does not, except that it is always the same. */
function generatedName(name: string): string {
    return `${name}-${digest(name).slice(0, 8)}`;
}

function digest(name: string): string {
    return createHash("sha256").update(name).digest("hex");
}

/** Always the same, and with the characters that have to be escaped. */
function generatedText(name: string, length: number): string {
    const text = createHash("sha256").update(name).digest("base64url");
    return `p@ss:w/ord?#[]%${text}${text}`.slice(0, length);
}

/**
 * Gives the monitor that `setMocks` made a memory. A monitor of our own in its place would take setMockOptions, which
 * forgets that secrets are supported: they would then arrive here, and in the program, as plain values.
 *
 * @returns a list that fills as the program registers resources
 */
function recordRegistrations(): PlannedResource[] {
    const recorded: PlannedResource[] = [];
    const monitor = getMonitor() as unknown as MockMonitor;
    const register = monitor.registerResource.bind(monitor) as RegisterResource;
    monitor.registerResource = (async (request, callback) => {
        await register(request, (error, response) => {
            if (error === null && response !== undefined) {
                const parent = recorded.find(({ urn }) => urn === request.getParent());
                recorded.push(planned(request, response.getUrn(), parent));
            }
            callback(error, response);
        });
    }) as RegisterResource;
    acceptHooks(monitor);
    return recorded;
}

/** What a resource is to do once it is made: here nothing is. The monitor of the mocks leaves whoever registers a hook without an answer. */
function acceptHooks(monitor: MockMonitor): void {
    Object.assign(monitor, {
        registerResourceHook: (_: unknown, callback: (error: Error | null) => void): void => callback(null),
    });
}

type RegisterResource = (
    request: resourceProto.RegisterResourceRequest,
    callback: (error: Error | null, response?: resourceProto.RegisterResourceResponse) => void,
) => Promise<void>;

function planned(
    request: resourceProto.RegisterResourceRequest,
    urn: string,
    above: PlannedResource | undefined,
): PlannedResource {
    const timeouts = request.getCustomtimeouts();
    const deletedWith = request.getDeletedwith();
    const parent = request.getParent();
    const provider = request.getProvider();
    const type = request.getType();
    const name = request.getName();
    const props = readable(request.getObject()?.toJavaScript() ?? {}) as PlannedResource["props"];
    const unnamed = leavesNameToProvider(type, props);
    return {
        urn,
        type,
        name,
        props,
        custom: request.getCustom(),
        ...(unnamed && { generatedName: generatedName(name) }),
        ...(parent !== "" && { parent }),
        ...(provider !== "" && { provider }),
        dependencies: [...new Set(request.getDependenciesList())].sort(),
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        ...(deletedWith !== "" && { deletedWith }),
        replaceOnChanges: request.getReplaceonchangesList(),
        ignoreChanges: request.getIgnorechangesList(),
        replaceWith: request.getReplaceWithList(),
        formerUrns: formerUrns(urn, request.getAliasesList(), above),
        deleteBeforeReplace: request.getDeletebeforereplacedefined() && request.getDeletebeforereplace(),
        customTimeouts: {
            ...(timeouts?.getCreate() && { create: timeouts.getCreate() }),
            ...(timeouts?.getUpdate() && { update: timeouts.getUpdate() }),
            ...(timeouts?.getDelete() && { delete: timeouts.getDelete() }),
        },
    };
}

/** Hides secrets, and takes out the marks of the wire format. */
function readable(value: unknown): unknown {
    if (value === unknownText) {
        return new UnknownValue();
    }
    if (Array.isArray(value)) {
        return value.map(readable);
    }
    if (value !== null && typeof value === "object") {
        const entries = value as Record<string, unknown>;
        if (entries[signatureKey] === secretSignature) {
            return new SecretValue(readable(entries["value"]));
        }
        return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, readable(item)]));
    }
    return value;
}
