// Reads the stream that `pulumi preview --json` prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW: one event of the engine per line
// (apitype.EngineEvent, sdk/go/common/apitype/events.go in Pulumi's sources).
import { BadPreviewError, how, messageOf, readStep, record, type Preview, type Step } from "./step.ts";

type Event = Readonly<Record<string, unknown>>;

export function isEvent(entry: unknown): boolean {
    const { sequence, timestamp } = record(entry) ?? {};
    return typeof sequence === "number" && typeof timestamp === "number";
}

/** @throws BadPreviewError for a stream that is not whole: what is not in it, would not be judged */
export function readEvents(text: string): Preview {
    const events = text
        .split("\n")
        .map((line, index) => ({ line: line.trim(), where: `line ${index + 1}` }))
        .filter(({ line }) => line !== "")
        .map(({ line, where }) => ({ event: parsed(line, where), where }));
    const last = events.at(-1)!;
    // The engine's last word, after a failure too.
    if (last.event["cancelEvent"] === undefined) {
        throw cutOff(last.where);
    }
    const errors = events.flatMap(({ event }) => errorsOf(event));
    if (errors.length === 0 && !events.some(({ event }) => record(event["summaryEvent"]) !== undefined)) {
        throw cutOff(last.where);
    }
    return { steps: stepsOf(events), errors };
}

function parsed(line: string, where: string): Event {
    let entry: unknown;
    try {
        entry = JSON.parse(line);
    } catch {
        // Not the line itself: whatever it is, it may hold a secret.
        throw cutOff(where);
    }
    if (!isEvent(entry)) {
        throw new BadPreviewError(`Found no event in ${where}. Allowed: one event of the engine per line. Run: ${how}`);
    }
    return entry as Event;
}

function cutOff(where: string): BadPreviewError {
    return new BadPreviewError(
        `Found a stream of events that is cut off at ${where}: the preview was stopped or crashed, its error is above. ` +
            `Allowed: a stream with its summary and end. Fix that, then: ${how}`,
    );
}

function errorsOf(event: Event): string[] {
    const { severity, urn, prefix, message } = record(event["diagnosticEvent"]) ?? {};
    const error = record(event["errorEvent"])?.["error"];
    return [
        ...(severity === "error" ? [messageOf(urn, `${textOf(prefix)}${textOf(message)}`)] : []),
        ...(typeof error === "string" ? [messageOf(undefined, error)] : []),
    ];
}

function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

function stepsOf(events: ReadonlyArray<{ readonly event: Event; readonly where: string }>): Step[] {
    const steps: Step[] = [];
    const refreshed = new Set<string>();
    for (const { event, where } of events) {
        const before = record(event["resourcePreEvent"]);
        const outcome = record(event["resOutputsEvent"]);
        if (before !== undefined) {
            const step = stepOf(before, where);
            // What does not change, the one document leaves out too: to allow it is a mistake.
            if (step.op !== "same") {
                steps.push(step);
            }
            if (step.op === "refresh") {
                refreshed.add(step.urn);
            }
        } else if (outcome !== undefined) {
            // What a refresh did not find any more, is deleted by its outcome; other outcomes repeat what was announced.
            const step = stepOf(outcome, where);
            if (step.op === "delete" && refreshed.has(step.urn)) {
                steps.push(step);
            }
        }
    }
    return steps;
}

function stepOf(event: Event, where: string): Step {
    const { op, urn, old, new: next, keys, detailedDiff } = record(event["metadata"]) ?? {};
    return readStep(
        {
            op,
            urn,
            before: old,
            after: next,
            replaceKeys: keys,
            detailedDiff,
            diffKind: "diffKind",
            // The engine leaves out what is false.
            customByDefault: false,
        },
        where,
    );
}
