// The life of a random value: made once, kept in the state, made anew when any input changes.
import {
    containsUnknown,
    diffProperties,
    toPlain,
    UnknownType,
    unknownValue,
    type CheckFailure,
    type PropertyMap,
    type ResourceProvider,
} from "../provider-host/index.ts";
import { randomBytesResource, randomIdResource } from "./bytes.ts";
import { randomPasswordResource, randomStringResource } from "./characters.ts";
import type { RandomResource } from "./resource.ts";

const resources: Record<string, RandomResource> = {
    "random:index/randomPassword:RandomPassword": randomPasswordResource,
    "random:index/randomString:RandomString": randomStringResource,
    "random:index/randomBytes:RandomBytes": randomBytesResource,
    "random:index/randomId:RandomId": randomIdResource,
};

export function createRandomProvider(): ResourceProvider {
    return {
        check: async ({ type, newInputs }) => {
            const { defaults, validate } = resourceOf(type);
            const inputs: PropertyMap = { ...defaults, ...newInputs };
            return { inputs, failures: [...notInputs(newInputs, defaults), ...validate(inputs)] };
        },

        diff: async ({ type, oldInputs, newInputs }) => {
            const { defaults } = resourceOf(type);
            // The official plugin's state has no defaults among the inputs: taking over from it must change nothing.
            const changes = diffProperties({ ...defaults, ...oldInputs }, newInputs, {
                replaces: () => true,
                ignores: ([property]) => property === "__defaults",
            });
            return { changes };
        },

        create: async ({ type, inputs, preview }) => {
            const { generated, generate } = resourceOf(type);
            if (preview) {
                return {
                    id: "",
                    outputs: { ...inputs, ...Object.fromEntries(generated.map((name) => [name, unknownValue])) },
                };
            }
            const { id, values } = await generate(toPlain(inputs));
            return { id, outputs: { ...inputs, ...values } };
        },

        read: async ({ type, id, inputs, outputs }) => {
            const { generated } = resourceOf(type);
            if (inputs === undefined || generated.some((name) => !(name in outputs))) {
                throw new Error(
                    `${type} lives in the stack's state only, so it can be neither imported nor read from elsewhere. ` +
                        "Fix: pass the existing value as a secret setting instead.",
                );
            }
            return { id, inputs, outputs };
        },

        // Every change replaces, so the engine has no reason to ask for this.
        update: async ({ type }) => Promise.reject(new Error(`${type} is never updated in place.`)),

        // The state forgetting it is all there is to it.
        delete: async () => {},
    };
}

function resourceOf(type: string): RandomResource {
    const resource = resources[type];
    if (resource === undefined) {
        throw new UnknownType("random", type, Object.keys(resources));
    }
    return resource;
}

/** A misspelt input would be a silently weaker password. */
function notInputs(inputs: PropertyMap, defaults: PropertyMap): CheckFailure[] {
    return Object.keys(inputs)
        .filter((name) => !(name in defaults) && name !== "__defaults" && !containsUnknown(inputs[name] ?? null))
        .map((name) => ({
            path: [name],
            reason: `is not an input; allowed are ${Object.keys(defaults).join(", ")}. Fix: remove or rename it.`,
        }));
}
