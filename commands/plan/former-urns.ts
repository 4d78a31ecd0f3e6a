// What a resource may be called in a state: what its own aliases and those of its parents say. The engine works this out by itself,
// and does not tell (`generateAliases` in its pkg/resource/deploy/step_generator.go).
import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";

export interface Registered {
    readonly urn: string;
    readonly formerUrns: readonly string[];
}

/** @param parent undefined for a resource of the stack itself */
export function formerUrns(urn: string, aliases: readonly Alias[], parent: Registered | undefined): readonly string[] {
    const [prefix, types = "", name = ""] = parts(urn);
    const type = types.split("$").at(-1)!;
    const given = aliases.flatMap((alias) => (alias.hasUrn() ? [alias.getUrn()] : []));
    const named = [
        { type, name },
        ...aliases.flatMap((alias) => {
            const spec = alias.hasSpec() ? alias.getSpec() : undefined;
            return spec === undefined ? [] : [{ type: spec.getType() || type, name: spec.getName() || name }];
        }),
    ];
    const parents =
        parent === undefined ? [""] : [parent.urn, ...parent.formerUrns].map((each) => `${parts(each)[1]!}$`);
    const all = parents.flatMap((above) => named.map((own) => `${prefix}::${above}${own.type}::${own.name}`));
    return [...new Set([...given, ...all])].filter((each) => each !== urn);
}

/** Of `urn:pulumi:STACK::PROJECT::TYPES::NAME`. */
function parts(urn: string): readonly string[] {
    const [head = "", project = "", types = "", ...name] = urn.split("::");
    return [`${head}::${project}`, types, name.join("::")];
}
