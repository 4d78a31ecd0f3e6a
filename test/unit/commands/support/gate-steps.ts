// Steps of a preview as either form prints them, and what the gate makes of both.
import { expect } from "vitest";
import { judge } from "../../../../commands/gate/judge.ts";
import { readPreview } from "../../../../commands/gate/preview.ts";

export const project = "urn:pulumi:production::shop";
export const claims = { spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] } };

export const types = {
    statefulSet: "kubernetes:apps/v1:StatefulSet",
    sql: "gcp:sql/databaseInstance:DatabaseInstance",
    rds: "aws:rds/instance:Instance",
    bucket: "aws:s3/bucket:Bucket",
    namespace: "kubernetes:core/v1:Namespace",
    deployment: "kubernetes:apps/v1:Deployment",
    digitalocean: "digitalocean:index/databaseCluster:DatabaseCluster",
} as const;

/** What is asked for instead: of nothing that the old state has. */
const other = { note: "the new state's" };

/**
 * @param more `inputs` and `state` of what there is, or of what is made, where there is nothing; `newInputs` and `newState` of what it is to
 * become
 */
export function step(op: string, type: string, name: string, more: Readonly<Record<string, unknown>> = {}) {
    const {
        inputs = {},
        newInputs = other,
        state = {},
        newState = {},
        parent = "django-on-kubernetes:database:InCluster$",
        ...rest
    } = more;
    const urn = `${project}::${parent as string}${type}::${name}`;
    const before = { urn, type, custom: true, inputs, ...(state as object) };
    const after = op === "create" ? before : { urn, type, custom: true, inputs: newInputs, ...(newState as object) };
    return {
        op,
        urn,
        ...(op === "create" ? {} : { oldState: before }),
        ...(op === "delete" ? {} : { newState: after }),
        detailedDiff: null,
        ...rest,
    };
}

export function preview(steps: readonly unknown[], more: object = {}): string {
    return JSON.stringify({ config: {}, steps, duration: 1, changeSummary: { same: 3 }, ...more });
}

type PrintedStep = ReturnType<typeof step> & { replaceReasons?: unknown };

/** The same steps as the stream has them. */
export function stream(steps: readonly object[], more: readonly object[] = []): string {
    const events = (steps as readonly PrintedStep[]).map(
        ({ op, urn, oldState, newState, replaceReasons, detailedDiff }) => ({
            resourcePreEvent: {
                metadata: {
                    op,
                    urn,
                    type: "",
                    old: oldState ?? null,
                    new: newState ?? null,
                    ...(replaceReasons === undefined ? {} : { keys: replaceReasons }),
                    detailedDiff:
                        detailedDiff &&
                        Object.fromEntries(
                            Object.entries(detailedDiff as Record<string, { kind: string }>).map(
                                ([path, { kind, ...rest }]) => [path, { diffKind: kind, ...rest }],
                            ),
                        ),
                },
                planning: true,
            },
        }),
    );
    return lines([
        { preludeEvent: { config: {} } },
        ...events,
        ...more,
        { summaryEvent: { resourceChanges: {} } },
        { cancelEvent: {} },
    ]);
}

export function lines(events: readonly object[]): string {
    return events.map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 1, ...event })}\n`).join("");
}

/** Of both forms, which have to say the same. */
export function judged(steps: readonly object[], allow: readonly string[] = []) {
    const verdict = judge(readPreview(preview(steps)), allow);
    expect(judge(readPreview(stream(steps)), allow)).toEqual(verdict);
    return verdict;
}
