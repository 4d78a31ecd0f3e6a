// Who is meant by a name that is not known yet.
//
// In a preview of a cluster that is not there yet, every output of an object is unknown, its namespace and name included, and so is
// whatever was given such an output. The program knew them all along: they stand in the inputs of the object that is referred to,
// and which object that is, the engine says by the dependencies of a property.
import { UnknownValue, type PolicyResource } from "./resource.ts";

export interface ReferringResource extends PolicyResource {
    /** URNs by top-level property: `metadata`, `spec`. */
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** Fields that hold an object's name, by the kinds that can be meant. */
const nameFields: Readonly<Record<string, RegExp>> = {
    namespace: /^kubernetes:core\/v1:Namespace$/,
    serviceAccountName: /^kubernetes:core\/v1:ServiceAccount$/,
    claimName: /^kubernetes:core\/v1:PersistentVolumeClaim$/,
    secretName: /^kubernetes:core\/v1:Secret$/,
    serviceName: /^kubernetes:core\/v1:Service$/,
};

/** Objects that hold a name in their field `name`. */
const nameParents: Readonly<Record<string, RegExp>> = {
    scaleTargetRef: /^kubernetes:apps\/v1:/,
    backendRefs: /^kubernetes:core\/v1:Service$/,
    parentRefs: /:Gateway$/,
    configMapRef: /^kubernetes:core\/v1:ConfigMap$/,
    configMapKeyRef: /^kubernetes:core\/v1:ConfigMap$/,
    configMap: /^kubernetes:core\/v1:ConfigMap$/,
    secretRef: /^kubernetes:core\/v1:Secret$/,
    secretKeyRef: /^kubernetes:core\/v1:Secret$/,
    targetRefs: /^kubernetes:core\/v1:Service$/,
};

/** Puts names in the place of unknown ones where only one object can be meant; elsewhere they stay unknown. */
export function withNames(resources: readonly ReferringResource[]): readonly PolicyResource[] {
    const named = new Map(resources.map((resource) => [resource.urn, { type: resource.type, name: nameOf(resource) }]));
    return resources.map(({ propertyDependencies, ...resource }) => {
        if (!resource.type.startsWith("kubernetes:")) {
            return resource;
        }
        const props = Object.entries(resource.props).map(([property, value]) => {
            const candidates = (propertyDependencies[property] ?? []).flatMap((urn) => named.get(urn) ?? []);
            const only = (type: RegExp): string | undefined => {
                const names = new Set(
                    candidates.filter((candidate) => type.test(candidate.type)).map(({ name }) => name),
                );
                return names.size === 1 ? [...names][0] : undefined;
            };
            return [property, filled(value, "", only)] as const;
        });
        const given = { ...resource, props: Object.fromEntries(props) };
        const isNamed = metadataName(resource) !== undefined;
        return isNamed || resource.props["metadata"] === undefined
            ? given
            : { ...given, generatedName: nameOf(resource) };
    });
}

function filled(value: unknown, parent: string, only: (type: RegExp) => string | undefined): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => filled(item, parent, only));
    }
    if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, item]) => {
            const type = nameFields[key] ?? (key === "name" ? nameParents[parent] : undefined);
            const name = item instanceof UnknownValue && type !== undefined ? only(type) : undefined;
            return [key, name ?? filled(item, key, only)];
        }),
    );
}

/** Given by the program, or one that stands for what the provider will give. */
function nameOf(resource: PolicyResource): string {
    const given = metadataName(resource);
    return typeof given === "string" ? given : `${resource.name}-generated`;
}

function metadataName({ props }: PolicyResource): unknown {
    return (props["metadata"] as { readonly name?: unknown } | undefined)?.name;
}
