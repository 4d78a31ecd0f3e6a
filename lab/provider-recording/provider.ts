// A cloud that exists on paper: checks what the real one would refuse, answers in its shapes, and writes down what was asked.
import {
    containsUnknown,
    isPropertyMap,
    secret,
    toPlain,
    unknownValue,
    UnknownType,
    type CheckCall,
    type CheckResult,
    type ConfigureCall,
    type CreateCall,
    type CreateResult,
    type DeleteCall,
    type DiffCall,
    type DiffResult,
    type InvokeCall,
    type InvokeResult,
    type PropertyMap,
    type PropertyValue,
    type ReadCall,
    type ReadResult,
    type ResourceProvider,
    type UpdateCall,
    type UpdateResult,
} from "../provider-host/index.ts";
import { named } from "./autoname.ts";
import { checkInputs } from "./check.ts";
import { diffInputs } from "./diff.ts";
import { answer, answeredFunctions } from "../../commands/plan/answers/functions.ts";
import { accountOf, outputsOf, type Account } from "../../commands/plan/answers/outputs.ts";
import { refusal } from "./refusals.ts";
import { withInputs } from "../../commands/plan/answers/merge.ts";
import { loadSchema } from "../../commands/plan/answers/schema/load.ts";
import type { Cloud } from "../../commands/plan/answers/schema/resources.ts";
import type { CloudSchema, ResourceSchema } from "../../commands/plan/answers/schema/schema.ts";
import { Store, withSecretsOf } from "./store.ts";

export async function createRecordingProvider(cloud: Cloud, store = new Store()): Promise<ResourceProvider> {
    return new RecordingProvider(await loadSchema(cloud), store);
}

class RecordingProvider implements ResourceProvider {
    private readonly schema: CloudSchema;
    private readonly store: Store;
    private account: Account;

    constructor(schema: CloudSchema, store: Store) {
        this.schema = schema;
        this.store = store;
        this.account = accountOf(schema.cloud, {});
    }

    configure({ config }: ConfigureCall): Promise<void> {
        this.account = accountOf(this.schema.cloud, toPlain(config));
        return Promise.resolve();
    }

    async check(call: CheckCall): Promise<CheckResult> {
        const resource = this.resourceOf(call.type);
        const inputs = named(call, resource.autoname);
        return { inputs, failures: checkInputs(this.schema, resource, inputs) };
    }

    async diff(call: DiffCall): Promise<DiffResult> {
        return diffInputs(this.schema, this.resourceOf(call.type), call);
    }

    async create(call: CreateCall): Promise<CreateResult> {
        const resource = this.resourceOf(call.type);
        const { inputs, preview } = call;
        if (preview) {
            return { id: "", outputs: withInputs(unknownOutputs(resource), inputs) };
        }
        const { id, outputs } = this.computeNew(call, inputs, resource);
        if (this.store.get(call.type, id) !== undefined) {
            throw this.refuse("create", call, id, `409: ${call.type.split(":").at(-1)!} ${id} already exists.`);
        }
        this.store.log({ operation: "create", urn: call.urn, type: call.type, id });
        this.store.put({ type: call.type, id, urn: call.urn, inputs, outputs });
        return { id, outputs };
    }

    async read(call: ReadCall): Promise<ReadResult> {
        this.resourceOf(call.type);
        const stored = this.store.get(call.type, call.id);
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

    async update(call: UpdateCall): Promise<UpdateResult> {
        const resource = this.resourceOf(call.type);
        const { id, oldOutputs, newInputs: inputs } = call;
        const kept = Object.fromEntries(
            Object.entries(oldOutputs).filter(
                ([name, value]) =>
                    !isEmpty(value) &&
                    (name in resource.outputs || (resource.computed?.includes(name) === true && !(name in inputs))),
            ),
        );
        // What a cloud filled into a block that the program gave a part of: it stays as it is, and known in a preview.
        for (const [name, value] of Object.entries(filledIn(oldOutputs, call.oldInputs))) {
            kept[name] ??= value;
        }
        for (const [name, next] of Object.entries(renewed[call.type] ?? {})) {
            kept[name] = call.preview ? unknownValue : next(oldOutputs[name]);
        }
        if (call.preview) {
            return { outputs: withInputs(kept, inputs) };
        }
        if (this.store.isKept && this.store.get(call.type, id) === undefined) {
            throw this.refuse("update", call, id, `404: ${call.type.split(":").at(-1)!} ${id} does not exist.`);
        }
        const { outputs } = this.compute(call, inputs, resource);
        const updated = withInputs({ ...outputs, ...kept }, inputs);
        this.store.log({ operation: "update", urn: call.urn, type: call.type, id });
        this.store.put({ type: call.type, id, urn: call.urn, inputs, outputs: updated });
        return { outputs: updated };
    }

    async delete(call: DeleteCall): Promise<void> {
        const { type, id, urn } = call;
        this.resourceOf(type);
        const reason = refusal(
            { type, id, urn, inputs: toPlain(call.inputs), outputs: toPlain(call.outputs) },
            this.store.all(),
        );
        if (reason !== undefined) {
            throw this.refuse("delete", call, id, reason);
        }
        this.store.log({ operation: "delete", urn, type, id });
        this.store.remove(type, id);
    }

    async invoke({ token, args, preview }: InvokeCall): Promise<InvokeResult> {
        if (preview && containsUnknown(args)) {
            return { result: {} };
        }
        const result = answer(token, toPlain(args));
        if (result === undefined) {
            throw new UnknownType(`recorded ${token.split(":")[0]!}`, token, answeredFunctions);
        }
        return { result };
    }

    /**
     * As `compute`, with an id of its own: one that the cloud makes up is never given twice, and what a stack has left behind
     * (a key that outlives it) keeps its. An id that the program's names are in stays, and then there are two of one name.
     */
    private computeNew(
        call: CreateCall,
        inputs: PropertyMap,
        resource: ResourceSchema,
    ): { id: string; outputs: PropertyMap } {
        const given = Object.values(toPlain(inputs)).filter((value) => typeof value === "string" && value.length > 2);
        let made = this.compute(call, inputs, resource);
        const isMadeUp = !given.some((value) => made.id.includes(value as string));
        for (let again = 2; isMadeUp && this.store.get(call.type, made.id) !== undefined; again++) {
            made = this.compute({ ...call, urn: `${call.urn}#${again}` }, inputs, resource);
        }
        return made;
    }

    private compute(
        { type, name, urn }: { readonly type: string; readonly name: string; readonly urn: string },
        inputs: PropertyMap,
        resource: ResourceSchema,
    ): { id: string; outputs: PropertyMap } {
        const { id, outputs } = outputsOf(resource, {
            type,
            name,
            urn,
            inputs: toPlain(inputs),
            account: this.account,
        });
        const secrets = new Set(resource.secret);
        const computed = Object.entries(outputs).map(([key, value]): [string, PropertyValue | undefined] => [
            key,
            secrets.has(key) && value !== undefined ? secret(value) : value,
        ]);
        return { id, outputs: withInputs(Object.fromEntries(computed), inputs) };
    }

    private resourceOf(type: string): ResourceSchema {
        const { cloud, resources } = this.schema;
        const resource = resources[type];
        if (resource === undefined) {
            throw new UnknownType(`recorded ${cloud}`, type, Object.keys(resources));
        }
        return resource;
    }

    private refuse(
        operation: "create" | "update" | "delete",
        { urn, type }: { readonly urn: string; readonly type: string },
        id: string,
        refused: string,
    ): Error {
        this.store.log({ operation, urn, type, id, refused });
        return new Error(refused);
    }
}

/** Outputs that an update changes, with what becomes of them. All others stay as they are. */
const renewed: Readonly<
    Record<string, Readonly<Record<string, (before: PropertyValue | undefined) => PropertyValue>>>
> = {
    "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: (before) => Number(before) + 1 },
};

/** The members of blocks that are in the outputs and not in the inputs. */
function filledIn(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
    const found = Object.entries(inputs).flatMap(([name, given]) => {
        const held = outputs[name];
        if (!isPropertyMap(given) || !isPropertyMap(held)) {
            return [];
        }
        const more = Object.entries(held).filter(([member]) => !(member in given));
        const nested = Object.entries(filledIn(held, given));
        return more.length + nested.length === 0 ? [] : [[name, Object.fromEntries([...more, ...nested])] as const];
    });
    return Object.fromEntries(found);
}

/** An address that there was none of, and may be one now. */
function isEmpty(value: PropertyValue | undefined): boolean {
    return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Everything that only the cloud knows. */
function unknownOutputs({ outputs, computed = [] }: ResourceSchema): PropertyMap {
    return Object.fromEntries([...Object.keys(outputs), ...computed].map((name) => [name, unknownValue]));
}
