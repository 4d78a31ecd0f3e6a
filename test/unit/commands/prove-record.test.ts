import { expect, test } from "vitest";
import { proofRecord, type FileResult } from "../../run/record.ts";

const results: readonly FileResult[] = [
    {
        name: "/anywhere/test/prove/stores.test.ts",
        startTime: 10_000,
        endTime: 71_400,
        assertionResults: [
            { status: "passed", fullName: "three nodes" },
            { status: "failed", fullName: "a node that goes" },
        ],
    },
    {
        name: "/anywhere/test/prove/https.test.ts",
        startTime: 0,
        endTime: 900,
        assertionResults: [
            { status: "passed", fullName: "a certificate" },
            { status: "pending", fullName: "in a browser" },
        ],
    },
];

test("what was not proved is named, and no path of the machine is", () => {
    const record = proofRecord(results, new Date("2026-12-01T10:00:00Z"));
    expect(record).toMatchObject({ benchmark: "prove", date: "2026-12-01" });
    expect(record.files).toEqual([
        { file: "https.test.ts", passed: 1, failed: [], skipped: ["in a browser"], seconds: 1 },
        { file: "stores.test.ts", passed: 1, failed: ["a node that goes"], skipped: [], seconds: 61 },
    ]);
    expect(JSON.stringify(record)).not.toContain("anywhere");
});
