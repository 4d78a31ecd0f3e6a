// A preview of the real engine, in the form that rules read.
//
// Of a whole stack the engine shows outputs, in which a live cluster has filled in what the program never said (a Deployment's
// `replicas` while an autoscaler owns it). Inputs it shows resource by resource, before the stack, so they are remembered.
import { Secret, type PolicyResource as EngineResource } from "@pulumi/policy";
import { withNames, type ReferringResource } from "./references.ts";
import { SecretValue, UnknownValue, type PolicyPlan } from "./resource.ts";

type Properties = Readonly<Record<string, unknown>>;

/** What the engine sends in the place of a value that is not known before the resource exists, by the value's type. */
const unknownValues = new Set([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The SDK's proxies throw where a value is unknown, which would end a rule, and show secrets as plain values. */
const isProxy = "__isSpecialProxy";
const proxyTarget = "__getSpecialProxyTarget";

/** Inputs that are secret where the SDK does not say so; it does for a remediation only. */
const secretInputs: Readonly<Record<string, readonly string[]>> = {
    "kubernetes:core/v1:Secret": ["data", "stringData"],
    "pulumi:providers:kubernetes": ["kubeconfig"],
};
/** Of clouds: rds.Instance, elasticache.ReplicationGroup, gcp.sql.User. */
const secretCloudInputs: readonly string[] = ["password", "masterPassword", "rootPassword", "authToken", "passwords"];

export class Preview {
    readonly #inputs = new Map<string, Properties>();
    /** Whose inputs are known with their secrets. */
    readonly #exact = new Set<string>();
    #last: { readonly key: string; readonly plan: PolicyPlan } | undefined;

    /** @param exact whether secrets are marked in the inputs */
    remember(urn: string, type: string, inputs: Properties, exact: boolean): void {
        if (exact) {
            this.#exact.add(urn);
        } else if (this.#exact.delete(urn)) {
            // The same inputs, seen a second time with less in them.
            return;
        }
        this.#inputs.set(urn, propertiesOf(type, inputs));
        this.#last = undefined;
    }

    /** The same plan for every policy that is asked about one stack. */
    planOf(resources: readonly EngineResource[]): PolicyPlan {
        const key = resources.map(({ urn, opts }) => `${urn} ${opts.protect}`).join("\n");
        if (this.#last?.key !== key) {
            this.#last = {
                key,
                plan: { resources: withNames(resources.map((resource) => this.#resourceOf(resource))) },
            };
        }
        return this.#last.plan;
    }

    #resourceOf({
        urn,
        type,
        name,
        props,
        parent,
        provider,
        dependencies,
        propertyDependencies,
        opts,
    }: EngineResource): ReferringResource {
        const { createSeconds, updateSeconds, deleteSeconds } = opts.customTimeouts;
        const given = { create: createSeconds, update: updateSeconds, delete: deleteSeconds };
        const timeouts = Object.entries(given).flatMap(([operation, seconds]) =>
            seconds > 0 ? [[operation, `${seconds}s`]] : [],
        );
        const before = [...dependencies, ...Object.values(propertyDependencies).flat()];
        return {
            urn,
            type,
            name,
            props: this.#inputs.get(urn) ?? propertiesOf(type, props),
            dependencies: [...new Set(before.map((dependency) => dependency.urn))].toSorted(),
            propertyDependencies: Object.fromEntries(
                Object.entries(propertyDependencies).map(([property, on]) => [
                    property,
                    on.map((dependency) => dependency.urn),
                ]),
            ),
            protect: opts.protect,
            ...(parent !== undefined && { parent: parent.urn }),
            ...(provider !== undefined && { provider: provider.urn }),
            ...(timeouts.length > 0 && { customTimeouts: Object.fromEntries(timeouts) as Record<string, string> }),
        };
    }
}

function propertiesOf(type: string, properties: Properties): Properties {
    const read = readable(properties) as Properties;
    const secret = secretInputs[type] ?? (type.startsWith("kubernetes:") ? [] : secretCloudInputs);
    const hidden = secret.filter(
        (key) => key in read && !(read[key] instanceof SecretValue || read[key] instanceof UnknownValue),
    );
    return { ...read, ...Object.fromEntries(hidden.map((key) => [key, new SecretValue(read[key])])) };
}

function readable(proxied: unknown): unknown {
    const value = withoutProxies(proxied);
    if (typeof value === "string") {
        return unknownValues.has(value) ? new UnknownValue() : value;
    }
    if (value instanceof Secret) {
        return new SecretValue(readable(value.value));
    }
    if (Array.isArray(value)) {
        return value.map(readable);
    }
    if (value === null || typeof value !== "object") {
        return value;
    }
    // What begins with two underscores is the provider's own.
    const entries = Object.entries(value).filter(([key, item]) => !key.startsWith("__") && item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, readable(item)]));
}

function withoutProxies(value: unknown): unknown {
    let current = value;
    while (isObject(current) && current[isProxy] === true) {
        current = current[proxyTarget];
    }
    return current;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return value !== null && typeof value === "object";
}
