// What the recorded clouds answer, for tests that compare with it: ids, addresses and endpoints that a component passes on.
// Recorded components (test/support/component.ts) get these outputs by themselves.
import { SecretValue, UnknownValue, type PlannedResource } from "../../commands/plan/plan.ts";
import {
    secret,
    toPlain,
    unknownValue,
    type PlainMap,
    type PropertyMap,
    type PropertyValue,
} from "../../commands/plan/answers/values.ts";
import { checkInputs, failureText } from "../../lab/provider-recording/check.ts";
import { accountOf } from "../../commands/plan/answers/outputs.ts";
import { recordedOutputs } from "../../commands/plan/answers/recorded-cloud.ts";
import { cloudOf, loadSchema } from "../../commands/plan/answers/schema/load.ts";
import type { CloudSchema, ResourceSchema } from "../../commands/plan/answers/schema/schema.ts";

export { recordedAuthority } from "../../commands/plan/answers/outputs/certificate.ts";

type Planned = Pick<PlannedResource, "type" | "name" | "props">;

/**
 * @param resource of a plan that is no preview
 * @param provider the inputs of the provider, where they change the answer: project, region
 */
export async function cloudOutputs(
    resource: Planned,
    provider: PlainMap = {},
): Promise<PlainMap & { readonly id: string }> {
    const { type, name } = resource;
    const { schema, known } = await knownType(type);
    const account = accountOf(schema.cloud, provider);
    const { id, outputs } = recordedOutputs(known, { type, name, inputs: asProperties(resource.props), account });
    return { ...toPlain(outputs), id };
}

/** Everything that the recorded clouds would refuse in a plan: unknown and missing inputs, wrong types and values. */
export async function refusedInputs(resources: readonly Planned[]): Promise<string[]> {
    const refused = resources
        .filter(({ type }) => !type.startsWith("pulumi:") && cloudOf(type) !== undefined)
        .map(async ({ type, name, props }) => {
            const { schema, known } = await knownType(type);
            return checkInputs(schema, known, asProperties(props)).map(
                (failure) => `${type} ${name}: ${failureText(failure)}`,
            );
        });
    return (await Promise.all(refused)).flat();
}

async function knownType(type: string): Promise<{ readonly schema: CloudSchema; readonly known: ResourceSchema }> {
    const cloud = cloudOf(type);
    const schema = cloud === undefined ? undefined : await loadSchema(cloud);
    const known = schema?.resources[type];
    if (schema === undefined || known === undefined) {
        throw new Error(`The recorded clouds do not know ${type}.`);
    }
    return { schema, known };
}

function asProperties(props: Readonly<Record<string, unknown>>): PropertyMap {
    return Object.fromEntries(Object.entries(props).map(([name, value]) => [name, asProperty(value)]));
}

/** The marks of a plan, as those of a provider. */
function asProperty(value: unknown): PropertyValue {
    if (value instanceof UnknownValue) {
        return unknownValue;
    }
    if (value instanceof SecretValue) {
        return value.examine((plain) => secret(asProperty(plain)));
    }
    if (Array.isArray(value)) {
        return value.map(asProperty);
    }
    if (value !== null && typeof value === "object") {
        return asProperties(value as Readonly<Record<string, unknown>>);
    }
    return value as PropertyValue;
}
