// Reads what `pulumi preview --json` prints: a stream of events, or one document, the engine's PreviewDigest (pkg/display/json.go in
// Pulumi's sources), which the engine cannot print where a value is both secret and unknown: then it crashes and prints nothing.
import { isEvent, readEvents } from "./events.ts";
import { BadPreviewError, how, messageOf, readStep, record, type Preview } from "./step.ts";

export { BadPreviewError, type Preview, type Step } from "./step.ts";

/** @throws BadPreviewError, and nothing else, whatever the text is */
export function readPreview(text: string): Preview {
    if (text.trim() === "") {
        throw new BadPreviewError(
            "Nothing to read: the preview printed nothing, so it failed before it began, or it crashed (`panic`) because it cannot print " +
                `a value that is secret and not known yet; its error is above. Fix that, or if it crashed let it print a stream: ${how}`,
        );
    }
    const [first = ""] = text.trimStart().split("\n", 1);
    return isEvent(parsed(first)) ? readEvents(text) : readDigest(text);
}

function readDigest(text: string): Preview {
    const document = parsed(text);
    if (document === undefined) {
        // Not the text itself: whatever it is, it may hold a secret.
        throw new BadPreviewError(
            `Found ${text.length} characters that are no JSON, or JSON that is cut off. ` +
                `Allowed: what \`pulumi preview --json\` prints, whole and without its stderr. Run: ${how}`,
        );
    }
    const digest = record(document);
    if (digest === undefined) {
        throw new BadPreviewError(
            `Found JSON that is no object. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    if (isEvent(digest)) {
        throw new BadPreviewError(
            `Found an event of the engine over several lines. Allowed: one event per line. Run: ${how}`,
        );
    }
    const { steps, diagnostics, changeSummary } = digest;
    if (steps === undefined && diagnostics === undefined && changeSummary === undefined) {
        throw new BadPreviewError(
            `Found a JSON object without steps. Allowed: what \`pulumi preview --json\` prints. Run: ${how}`,
        );
    }
    return {
        steps: list(steps, "steps").map((entry, index) => {
            const { op, urn, oldState, newState, replaceReasons, detailedDiff } = record(entry) ?? {};
            return readStep(
                {
                    op,
                    urn,
                    before: oldState,
                    after: newState,
                    replaceKeys: replaceReasons,
                    detailedDiff,
                    diffKind: "kind",
                    customByDefault: true,
                },
                `steps[${index}]`,
            );
        }),
        errors: list(diagnostics, "diagnostics").flatMap((entry) => {
            const { severity, message, urn } = record(entry) ?? {};
            return severity === "error" ? [messageOf(urn, message)] : [];
        }),
    };
}

/** @returns undefined for what is no JSON, which has no value that is undefined */
function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
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
