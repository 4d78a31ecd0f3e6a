// The recorded clouds for a plan, which has no engine: the same answers as the providers', given to the SDK's mocks.
import { secret } from "@pulumi/pulumi";
import type { MockResourceArgs, MockResourceResult } from "@pulumi/pulumi/runtime/mocks.js";
import {
    isPropertyList,
    isPropertyMap,
    isSecret,
    Secret,
    toPlain,
    type PlainMap,
    type PropertyMap,
    type PropertyValue,
} from "./values.ts";
import { madeName } from "./made-name.ts";
import { answer } from "./functions.ts";
import { withInputs } from "./merge.ts";
import { accountOf, outputsOf, type Account } from "./outputs.ts";
import { cloudOf, loadSchema } from "./schema/load.ts";
import { identifyingInputs } from "./schema/replacing.ts";
import type { Cloud } from "./schema/resources.ts";
import type { ResourceSchema } from "./schema/schema.ts";

type Values = Readonly<Record<string, unknown>>;

export interface RecordedCloud {
    /** @returns what the cloud makes of it; undefined: it is of no cloud, or the recorded ones do not know its type */
    create(args: MockResourceArgs): Promise<MockResourceResult | undefined>;
    /** @returns the answer of a function; undefined: it is not in the closed list */
    call(token: string, args: Values): Record<string, unknown> | undefined;
}

/** What is to be made, and what the recorded cloud answers to it. */
export interface Asked {
    readonly type: string;
    readonly name: string;
    /** Without secret marks; with the name that the provider would give. */
    readonly inputs: PlainMap;
    readonly id: string;
    readonly outputs: PlainMap;
    readonly account: Account;
}

/**
 * A service that really makes something.
 *
 * @returns what stands in the place of the recorded answer; undefined: nothing
 */
export type Service = (asked: Asked) => Promise<PlainMap | undefined>;

/**
 * @param preview nothing is made: a resource has its inputs, and the rest is unknown
 * @param service is asked too, where there is one
 */
export function createRecordedCloud(preview: boolean, service?: Service): RecordedCloud {
    /** By the provider's URN and id, as resources name it. */
    const accounts = new Map<string, Account>();
    const accountFor = (cloud: Cloud, provider: string | undefined): Account =>
        accounts.get(providerKey(provider)) ?? accountOf(cloud, {});

    return {
        create: async ({ type, name, inputs, provider }) => {
            const given = ofProgram(inputs) as PropertyMap;
            const configured = cloudOf(type.replace("pulumi:providers:", ""));
            if (type.startsWith("pulumi:providers:") && configured !== undefined) {
                accounts.set(`${type}::${name}`, accountOf(configured, toPlain(given)));
                return undefined;
            }
            const cloud = cloudOf(type);
            const schema = cloud === undefined ? undefined : await loadSchema(cloud);
            const resource = schema?.resources[type];
            if (cloud === undefined || resource === undefined) {
                return undefined;
            }
            if (preview) {
                return { id: undefined, state: forProgram(withName(resource, name, given), []) };
            }
            const account = accountFor(cloud, provider);
            const { id, outputs } = recordedOutputs(resource, { type, name, inputs: given, account });
            const made = await service?.({
                type,
                name,
                inputs: toPlain(withName(resource, name, given)),
                id,
                outputs: toPlain(outputs),
                account,
            });
            return {
                id: typeof made?.["id"] === "string" ? made["id"] : id,
                state: forProgram({ ...outputs, ...made }, resource.secret ?? []),
            };
        },
        call: (token, args) => {
            const answered = answer(token, toPlain(ofProgram(args) as PropertyMap));
            return answered && forProgram(answered, []);
        },
    };
}

/** What the recorded cloud makes of a planned resource. Secret outputs are not marked. */
export function recordedOutputs(
    resource: ResourceSchema,
    planned: { readonly type: string; readonly name: string; readonly inputs: PropertyMap; readonly account: Account },
): { readonly id: string; readonly outputs: PropertyMap } {
    const { type, name, account } = planned;
    const inputs = withName(resource, name, planned.inputs);
    const { id, outputs } = outputsOf(resource, {
        type,
        name,
        urn: `${type}::${name}`,
        inputs: toPlain(inputs),
        // What changes in place keeps its id and its addresses, in two plans too.
        identifying: identifyingInputs(resource, toPlain(inputs)),
        account,
    });
    return { id, outputs: withInputs(outputs, inputs) };
}

/** Made names are always the same, so that plans can be compared. */
function withName({ autoname }: ResourceSchema, name: string, inputs: PropertyMap): PropertyMap {
    if (autoname === undefined || (inputs[autoname.property] ?? null) !== null) {
        return inputs;
    }
    return { ...inputs, [autoname.property]: madeName(name, new TextEncoder().encode("recorded"), autoname) };
}

/** Type and name in `urn:pulumi:S::P::parent$pulumi:providers:aws::name::id`. */
function providerKey(reference = ""): string {
    const [, , types = "", name = ""] = reference.split("::");
    return `${types.split("$").at(-1)!}::${name}`;
}

/** The mark of a secret in what the SDK's mocks are given. */
const signature = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" };

function ofProgram(value: unknown): PropertyValue {
    if (Array.isArray(value)) {
        return value.map(ofProgram);
    }
    if (typeof value !== "object" || value === null) {
        return value as PropertyValue;
    }
    const members = value as Values;
    if (members[signature.key] === signature.secret) {
        return new Secret(ofProgram(members["value"]));
    }
    return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, ofProgram(member)]));
}

/** As the SDK takes it: a secret is an Output. */
function forProgram(values: PropertyMap, secrets: readonly string[]): Record<string, unknown> {
    const plain = (value: PropertyValue): unknown => (isSecret(value) ? secret(plain(value.value)) : nested(value));
    const nested = (value: PropertyValue): unknown => {
        if (isPropertyList(value)) {
            return value.map(plain);
        }
        return isPropertyMap(value) ? forProgram(value, []) : value;
    };
    return Object.fromEntries(
        Object.entries(values).flatMap(([name, value]) => {
            if (value === undefined) {
                return [];
            }
            return [[name, secrets.includes(name) && !isSecret(value) ? secret(plain(value)) : plain(value)]];
        }),
    );
}
