// Survivors that may stay, and why: what they change makes no difference that anybody could see.

interface Mutation {
    readonly file: string;
    readonly mutator: string;
    readonly replacement: string;
}

interface Reason extends Mutation {
    readonly reason: string;
}

/** Without places: lines move. */
const reasons: readonly Reason[] = [
    {
        file: "stacks/clouds/digitalocean/platform.ts",
        mutator: "ConditionalExpression",
        replacement: "true",
        reason: "there are no records of hosts where there is no zone: the schema has no such setting there",
    },
    {
        file: "stacks/edge.ts",
        mutator: "StringLiteral",
        replacement: '""',
        reason: "the next case, which the compiler knows to be unreachable, makes no Gateway either",
    },
];

export function reasonFor({ file, mutator, replacement }: Mutation): string | undefined {
    return reasons.find(
        (known) => known.file === file && known.mutator === mutator && known.replacement === replacement,
    )?.reason;
}
