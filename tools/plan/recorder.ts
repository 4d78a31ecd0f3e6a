// Runs the real program under the SDK's own mock monitor and records what it registers: no engine, plugin or cluster.
import * as pulumi from "@pulumi/pulumi";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor, type MockResourceArgs, type MockResourceResult } from "@pulumi/pulumi/runtime/mocks.js";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings.js";
import { createHash } from "node:crypto";
import { SecretValue, UnknownValue, type Plan, type PlannedResource } from "./plan.ts";

/** Marks of the Pulumi wire format. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface RecordOptions {
    readonly project: string;
    readonly stack: string;
    /** The stack's configuration: values as JSON text or plain text, by full key. */
    readonly config: Readonly<Record<string, string>>;
    /** Keys of `config` that hold a secret. */
    readonly secretKeys: readonly string[];
    /** Whether outputs are unknown, as in the first preview. @default false */
    readonly preview?: boolean;
}

/**
 * @param program defines the stack, and returns its outputs
 * @throws whatever the program throws, SettingsError for one
 */
export async function recordPlan(
    options: RecordOptions,
    program: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Plan> {
    const { project, stack, preview = false } = options;
    const monitor = new RecordingMonitor(preview);
    await pulumi.runtime.setMocks(mocks(preview), project, stack, preview);
    // setMocks made a monitor of its own; ours is the same with a memory.
    setMockOptions(monitor, project, stack, preview);
    pulumi.runtime.setAllConfig({ ...options.config }, [...options.secretKeys]);
    const outputs = await program();
    const known = await resolved(outputs);
    await pulumi.runtime.disconnect();
    return { project, stack, resources: monitor.recorded, outputs: known };
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

function mocks(preview: boolean): pulumi.runtime.Mocks {
    return {
        newResource: (args) => created(args, preview),
        call: ({ token }) => {
            throw new Error(`The program called ${token}: a plan has no provider to answer. Wire the value by an input.`);
        },
    };
}

/** What the provider would answer: its inputs, a name where it gives one, and what it generates. */
function created({ type, name, inputs, custom }: MockResourceArgs, preview: boolean): MockResourceResult {
    if (custom !== true) {
        return { id: undefined, state: inputs };
    }
    const id = preview ? undefined : `${name}-id`;
    if (type === "random:index/randomPassword:RandomPassword") {
        const state = preview ? inputs : { ...inputs, result: generatedText(name, Number(inputs["length"])) };
        return { id, state };
    }
    if (type.startsWith("kubernetes:") && inputs["metadata"] !== undefined && inputs["metadata"].name === undefined) {
        const suffix = createHash("sha256").update(name).digest("hex").slice(0, 8);
        return { id, state: { ...inputs, metadata: { ...inputs["metadata"], name: `${name}-${suffix}` } } };
    }
    return { id, state: inputs };
}

/** Always the same, and with the characters that have to be escaped. */
function generatedText(name: string, length: number): string {
    const digest = createHash("sha256").update(name).digest("base64url");
    return `p@ss:w/ord?#[]%${digest}${digest}`.slice(0, length);
}

class RecordingMonitor extends MockMonitor {
    readonly recorded: PlannedResource[] = [];

    constructor(preview: boolean) {
        super(mocks(preview));
    }

    override async registerResource(
        request: resourceProto.RegisterResourceRequest,
        callback: (error: Error | null, response?: resourceProto.RegisterResourceResponse) => void,
    ): Promise<void> {
        await super.registerResource(request, (error: Error | null, response?: resourceProto.RegisterResourceResponse) => {
            if (error === null && response !== undefined) {
                this.recorded.push(planned(request, response.getUrn()));
            }
            callback(error, response);
        });
    }
}

function planned(request: resourceProto.RegisterResourceRequest, urn: string): PlannedResource {
    const timeouts = request.getCustomtimeouts();
    const parent = request.getParent();
    const provider = request.getProvider();
    return {
        urn,
        type: request.getType(),
        name: request.getName(),
        props: readable(request.getObject()?.toJavaScript() ?? {}) as PlannedResource["props"],
        custom: request.getCustom(),
        ...(parent !== "" && { parent }),
        ...(provider !== "" && { provider }),
        dependencies: [...new Set(request.getDependenciesList())].sort(),
        protect: request.getProtect() ?? false,
        replaceOnChanges: request.getReplaceonchangesList(),
        customTimeouts: {
            ...(timeouts?.getCreate() && { create: timeouts.getCreate() }),
            ...(timeouts?.getUpdate() && { update: timeouts.getUpdate() }),
            ...(timeouts?.getDelete() && { delete: timeouts.getDelete() }),
        },
    };
}

/** Takes secrets out, and the marks of the wire format. */
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
            return new SecretValue();
        }
        return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, readable(item)]));
    }
    return value;
}
