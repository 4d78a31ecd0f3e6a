// What an IAM policy of AWS lets somebody do to the objects of a bucket.

interface Statement {
    readonly Effect?: unknown;
    readonly Action?: unknown;
    readonly NotAction?: unknown;
    readonly Resource?: unknown;
    readonly NotResource?: unknown;
}

const writes = ["s3:PutObject", "s3:DeleteObject"];

/**
 * Whether a policy lets objects of a bucket be written or deleted. What it forbids besides, or allows under conditions, is not counted
 * for it: somebody can take a condition away without anyone looking at the bucket again.
 *
 * @param document JSON
 * @param bucket a name
 * @returns false for what is no policy
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function isWritableBy(document: string, bucket: string): boolean {
    const objects = `arn:aws:s3:::${bucket}/any`;
    return statementsOf(document).some(
        ({ Effect, Action, NotAction, Resource, NotResource }) =>
            Effect === "Allow" &&
            (NotAction === undefined
                ? writes.some((action) => matchesOne(Action, action, "i"))
                : !writes.every((action) => matchesOne(NotAction, action, "i"))) &&
            (NotResource === undefined ? matchesOne(Resource, objects) : !matchesOne(NotResource, objects)),
    );
}

function statementsOf(document: string): readonly Statement[] {
    let parsed: unknown;
    try {
        parsed = JSON.parse(document);
    } catch {
        return [];
    }
    const { Statement: statements = [] } = (parsed ?? {}) as { readonly Statement?: Statement | readonly Statement[] };
    return Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
}

/** `*` stands for any characters, `?` for one. */
function matchesOne(patterns: unknown, text: string, flags = ""): boolean {
    return (Array.isArray(patterns) ? (patterns as unknown[]) : [patterns]).some(
        (pattern) =>
            typeof pattern === "string" &&
            new RegExp(
                `^${pattern
                    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
                    .replace(/\*+/g, ".*")
                    .replace(/\?/g, ".")}$`,
                flags,
            ).test(text),
    );
}
