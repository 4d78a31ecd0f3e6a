// What is read of pods that have done something with data. Not proved: that Kubernetes reports them so (test/prove/drill.test.ts).
import { describe, expect, test } from "vitest";
import {
    latestFirst,
    operationIn,
    operationOf,
    type DataOperation,
    type OperationPod,
} from "../../../lib/data-operations.ts";

const drill: DataOperation = {
    kind: "drill",
    store: "database",
    started: "2026-12-01T04:17:00Z",
    ended: "2026-12-01T04:19:10Z",
    result: "succeeded",
    what: "Restored 20261201-021700F; 12 tables, 3045 rows.",
    dataAsOf: "2026-12-01T04:15:58Z",
    checks: [{ name: "rows", ok: true, found: "3045 in 12 tables" }],
};

function pod(phase: string, terminated: readonly object[], more: object = {}): OperationPod {
    return {
        metadata: {
            name: "database-drill-1-abc",
            labels: { "app.kubernetes.io/component": "database-drill", "django-on-kubernetes/store": "orders" },
        },
        status: {
            phase,
            startTime: "2026-12-01T04:17:00Z",
            initContainerStatuses: terminated.map((state, index) => ({
                name: `step-${index}`,
                state: { terminated: state as { exitCode: number } },
            })),
            containerStatuses: [],
            ...more,
        },
    };
}

describe("a line of a log", () => {
    test("is read where other lines and other JSON stand around it", () => {
        const text = `restoring\n{"level":"info"}\n${JSON.stringify(drill)}\n{broken\n`;
        expect(operationIn(text)).toEqual(drill);
    });

    test("the last one counts", () => {
        const later = { ...drill, result: "failed" };
        expect(operationIn(`${JSON.stringify(drill)}\n${JSON.stringify(later)}`)?.result).toBe("failed");
    });

    test.each([
        ["another kind", { kind: "party" }],
        ["no time", { started: "yesterday" }],
        ["no result", { result: "perhaps" }],
        ["no store", { store: 3 }],
        ["nothing said", { what: undefined }],
    ])("is none with %s", (_, change) => {
        expect(operationIn(JSON.stringify({ ...drill, ...change }))).toBeUndefined();
    });
});

describe("a pod that has ended", () => {
    test("tells what its last container said", () => {
        const said = { exitCode: 0, message: JSON.stringify(drill) };
        expect(operationOf(pod("Succeeded", [{ exitCode: 0, message: "" }, said]))).toEqual(drill);
    });

    test("tells the failure of the step that stopped it, not what an earlier one said", () => {
        const failed = { ...drill, result: "failed", what: "The key is wrong." };
        const states = [
            { exitCode: 0, message: JSON.stringify(drill) },
            { exitCode: 1, message: JSON.stringify(failed) },
        ];
        expect(operationOf(pod("Failed", states))).toEqual(failed);
    });

    test("that said nothing has failed by name, code and last line", () => {
        const states = [
            {
                exitCode: 1,
                message: "Traceback ...\nModuleNotFoundError: No module named 'shop'",
                finishedAt: "2026-12-01T04:18:00Z",
            },
        ];
        expect(operationOf(pod("Failed", states))).toEqual({
            kind: "drill",
            store: "orders",
            started: "2026-12-01T04:17:00.000Z",
            ended: "2026-12-01T04:18:00.000Z",
            result: "failed",
            what: "Its container step-0 ended with code 1: ModuleNotFoundError: No module named 'shop'",
        });
    });

    test("that had no memory, no time or no node left says so", () => {
        expect(operationOf(pod("Failed", [{ exitCode: 137, reason: "OOMKilled" }]))?.what).toBe(
            "Its container step-0 ended for want of memory.",
        );
        expect(operationOf(pod("Failed", [], { reason: "DeadlineExceeded" }))?.what).toContain(
            "longer than its deadline",
        );
        expect(operationOf(pod("Failed", [], { reason: "Evicted" }))?.what).toBe(
            "It was stopped before its end (Evicted).",
        );
    });

    test("that does something else is none, nor one that runs", () => {
        const other = pod("Succeeded", []);
        expect(
            operationOf({ ...other, metadata: { labels: { "app.kubernetes.io/component": "django" } } }),
        ).toBeUndefined();
        expect(operationOf(pod("Running", []))).toBeUndefined();
    });
});

test("the latest stands first", () => {
    const earlier = { ...drill, ended: "2026-11-24T04:19:10Z" };
    expect(latestFirst([earlier, drill])).toEqual([drill, earlier]);
});
