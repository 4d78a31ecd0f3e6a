// Survivors that may stay, and why: nobody could see a difference, or only something that no test here can ask.

interface Mutation {
    readonly file: string;
    readonly mutator: string;
    readonly replacement: string;
}

interface Reason {
    readonly matches: (mutation: Mutation) => boolean;
    readonly reason: string;
}

const reasons: readonly Reason[] = [
    {
        matches: ({ file, replacement }) =>
            file.startsWith("stacks/") && /throw new Error|`create\w+Edge/.test(replacement),
        reason: "a mistake in the program: no settings lead there",
    },
];

export function reasonFor(mutation: Mutation): string | undefined {
    return reasons.find(({ matches }) => matches(mutation))?.reason;
}
