// One step of a preview, whichever way the engine printed it.

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
    /** What it is to have. @default it is deleted */
    readonly newInputs: Readonly<Record<string, unknown>> | undefined;
    /** What others call it: its id, and its name or ARN where a provider gives it one. */
    readonly knownAs: readonly string[];
    /** A provider makes it; a component is made of others. */
    readonly custom: boolean;
    /** Deleting it leaves it where it is, outside the stack. */
    readonly retained: boolean;
    /** Read, not managed. */
    readonly external: boolean;
    /** Names of the properties, and nothing else of them, that make it a replacement. */
    readonly replaceReasons: readonly string[];
}

/** What came is not a preview that can be judged. */
export class BadPreviewError extends Error {}

/** The form that the engine prints for every preview; see docs/gate.md. */
export const how =
    "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --show-replacement-steps -s <stack> | node commands/gate/main.ts";

/** A step in the words of either form. */
export interface PrintedStep {
    readonly op: unknown;
    readonly urn: unknown;
    readonly before: unknown;
    readonly after: unknown;
    /** Properties that need another resource: their roots, or the way to them, as the provider has it. */
    readonly replaceKeys: unknown;
    readonly detailedDiff: unknown;
    /** Where the detailed diff says what happens to a property. */
    readonly diffKind: "kind" | "diffKind";
    /** What a state means that does not say whether a provider made it. */
    readonly customByDefault: boolean;
}

/** @param where it stands in the input, for the message */
export function readStep(printed: PrintedStep, where: string): Step {
    const { op, urn, replaceKeys, detailedDiff, diffKind, customByDefault } = printed;
    if (typeof op !== "string" || typeof urn !== "string") {
        throw new BadPreviewError(
            `Found no op and urn in ${where}. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    const [before, after] = [record(printed.before), record(printed.after)];
    const { type, name } = partsOf(urn);
    // What is deleted is what there is, not what the program would have now.
    const state = before ?? after;
    return {
        op,
        urn,
        type,
        name,
        inputs: record(before?.["inputs"]) ?? record(after?.["inputs"]),
        newInputs: record(after?.["inputs"]),
        knownAs: knownAs(state),
        // Of what has no state at all nothing is known: it may be anything.
        custom: state === undefined || (state["custom"] ?? customByDefault) === true,
        retained: state?.["retainOnDelete"] === true,
        external: state?.["external"] === true,
        replaceReasons: reasonsOf(replaceKeys, detailedDiff, diffKind),
    };
}

function knownAs(state: Readonly<Record<string, unknown>> | undefined): readonly string[] {
    const { id, outputs, inputs } = state ?? {};
    const { arn, bucket } = record(outputs) ?? {};
    const name = record(record(inputs)?.["metadata"])?.["name"];
    return [id, arn, bucket, name].filter((one): one is string => typeof one === "string" && one !== "");
}

/** `urn:pulumi:stack::project::type of parent$type::name`; a name may hold anything, `::` and `$` too. */
function partsOf(urn: string): { readonly type: string; readonly name: string } {
    const [, , types = "", ...name] = urn.split("::");
    return { type: types.split("$").at(-1)!, name: name.join("::") || urn };
}

/** The detailed diff says it more exactly (`spec.selector` for `spec`), where a provider gives one. */
function reasonsOf(keys: unknown, detailedDiff: unknown, diffKind: PrintedStep["diffKind"]): readonly string[] {
    const detailed = Object.entries(record(detailedDiff) ?? {})
        .filter(([, diff]) => String(record(diff)?.[diffKind]).endsWith("-replace"))
        .map(([path]) => path);
    const named = Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
    const paths = detailed.map(plain);
    const isDetailed = (key: string) =>
        paths.some((path) => path === key || (path.startsWith(key) && /^[.[]/.test(path.slice(key.length))));
    const reasons = [...new Set([...detailed, ...named.filter((key) => !isDetailed(plain(key)))])].sort();
    return reasons.every((reason) => reason === unnamed) ? changedIn(detailedDiff, reasons) : reasons;
}

/** What the providers of clouds say where a rule of theirs, and no property by itself, asks for another resource: an older version. */
const unnamed = "__meta";

/** Then what changed is the best that can be told. */
function changedIn(detailedDiff: unknown, otherwise: readonly string[]): readonly string[] {
    const changed = Object.keys(record(detailedDiff) ?? {}).filter((path) => path !== unnamed);
    return changed.length === 0 ? otherwise : changed.sort();
}

/** Some providers write `metadata.labels["a.b/c"]`, the official one of Kubernetes `metadata.labels.a.b/c`. */
function plain(path: string): string {
    return path.replace(/\["([^"\]]*)"\]/g, ".$1");
}

export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : undefined;
}

/** Where it happened, and what. */
export function messageOf(urn: unknown, message: unknown): string {
    return [urn, message]
        .filter((part) => typeof part === "string" && part !== "")
        .join(": ")
        .replace(/<\{%[^%]*%\}>/g, "")
        .trim();
}
