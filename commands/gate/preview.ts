// Reads what `pulumi preview --json` prints: the engine's PreviewDigest (pkg/display/json.go in Pulumi's sources).

export interface Preview {
    readonly steps: readonly Step[];
    /** Messages of the engine and the program that say why the preview is not to be trusted. */
    readonly errors: readonly string[];
}

export interface Step {
    readonly op: string;
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** What the resource has now, or, for one that is made, will have. */
    readonly inputs: Readonly<Record<string, unknown>> | undefined;
    /** Deleting it leaves it where it is, outside the stack. */
    readonly retained: boolean;
    /** Read, not managed. */
    readonly external: boolean;
    /** Names of the properties, and nothing else of them, that make it a replacement. */
    readonly replaceReasons: readonly string[];
}

/** What came is not a preview that can be judged. */
export class BadPreviewError extends Error {}

const how = "pulumi preview --json --show-replacement-steps -s <stack> | node commands/gate/main.ts";

/** @throws BadPreviewError, and nothing else, whatever the text is */
export function readPreview(text: string): Preview {
    if (text.trim() === "") {
        throw new BadPreviewError(
            `Nothing to read: the preview printed nothing, so it failed before it began; its error is above. Fix that, then: ${how}`,
        );
    }
    const digest = record(parseJson(text));
    if (digest === undefined) {
        throw new BadPreviewError(
            `Found JSON that is no object. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    if (isStream(digest)) {
        throw streamed();
    }
    const { steps, diagnostics, changeSummary } = digest;
    if (steps === undefined && diagnostics === undefined && changeSummary === undefined) {
        throw new BadPreviewError(
            `Found a JSON object without steps. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    return {
        steps: list(steps, "steps").map(readStep),
        errors: list(diagnostics, "diagnostics").flatMap((entry) => {
            const { severity, message, urn } = record(entry) ?? {};
            return severity === "error"
                ? [
                      [urn, message]
                          .filter((part) => typeof part === "string")
                          .join(": ")
                          .trim(),
                  ]
                : [];
        }),
    };
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        const [first = ""] = text.trimStart().split("\n", 1);
        try {
            // With that variable the CLI prints one event per line.
            if (isStream(record(JSON.parse(first)) ?? {})) {
                throw streamed();
            }
        } catch (error) {
            if (error instanceof BadPreviewError) {
                throw error;
            }
        }
        // Not the text itself: whatever it is, it may hold a secret.
        throw new BadPreviewError(
            `Found ${text.length} characters that are no JSON. Allowed: what \`pulumi preview --json\` prints, without its stderr. Run: ${how}`,
        );
    }
}

function streamed(): BadPreviewError {
    return new BadPreviewError(
        "Found a stream of events. Allowed: one JSON document. Fix: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW.",
    );
}

function isStream(entry: Readonly<Record<string, unknown>>): boolean {
    return typeof entry["sequence"] === "number" && typeof entry["timestamp"] === "number";
}

function readStep(entry: unknown, index: number): Step {
    const { op, urn, oldState, newState, replaceReasons, detailedDiff } = record(entry) ?? {};
    if (typeof op !== "string" || typeof urn !== "string") {
        throw new BadPreviewError(
            `Found no op and urn in steps[${index}]. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    const [before, after] = [record(oldState), record(newState)];
    const { type, name } = partsOf(urn);
    return {
        op,
        urn,
        type,
        name,
        inputs: record(before?.["inputs"]) ?? record(after?.["inputs"]),
        retained: (before ?? after)?.["retainOnDelete"] === true,
        external: (before ?? after)?.["external"] === true,
        replaceReasons: reasonsOf(replaceReasons, detailedDiff),
    };
}

/** `urn:pulumi:stack::project::type of parent$type::name`; a name may hold anything, `::` and `$` too. */
function partsOf(urn: string): { readonly type: string; readonly name: string } {
    const [, , types = "", ...name] = urn.split("::");
    return { type: types.split("$").at(-1)!, name: name.join("::") || urn };
}

/** The detailed diff says it more exactly (`spec.selector` for `spec`), where a provider gives one. */
function reasonsOf(replaceReasons: unknown, detailedDiff: unknown): readonly string[] {
    const detailed = Object.entries(record(detailedDiff) ?? {})
        .filter(([, diff]) => String(record(diff)?.["kind"]).endsWith("-replace"))
        .map(([path]) => path);
    const named = Array.isArray(replaceReasons) ? replaceReasons.filter((reason) => typeof reason === "string") : [];
    const isDetailed = (reason: string) =>
        detailed.some(
            (path) => path === reason || (/^[.[]/.test(path.slice(reason.length)) && path.startsWith(reason)),
        );
    return [...new Set([...detailed, ...named.filter((reason) => !isDetailed(reason))])].sort();
}

/** Absent and null are an empty list: the engine leaves out what is empty. */
function list(value: unknown, path: string): readonly unknown[] {
    if (value === undefined || value === null) {
        return [];
    }
    if (!Array.isArray(value)) {
        throw new BadPreviewError(
            `Found ${path} that is no list. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    return value;
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : undefined;
}
