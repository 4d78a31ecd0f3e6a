import { expect, test } from "vitest";
import { proofRecord, type FileResult, type Proof } from "../../run/record.ts";

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

const run = { date: new Date("2026-12-01T10:00:00Z"), commit: "0123456789" };
const tried = { date: "2026-12-01", commit: "0123456789" };

test("what was not proved is named, and no path of the machine is", () => {
    const record = proofRecord(results, ["stores.test.ts", "https.test.ts", "seeds.test.ts"], [], run);
    expect(record.files).toEqual([
        { file: "https.test.ts", ...tried, passed: 1, failed: [], skipped: ["in a browser"], seconds: 1 },
        { file: "stores.test.ts", ...tried, passed: 1, failed: ["a node that goes"], skipped: [], seconds: 61 },
    ]);
    expect(record.neverRun).toEqual(["seeds.test.ts"]);
    expect(JSON.stringify(record)).not.toContain("anywhere");
});

test("what ran earlier keeps its day and commit; a file that is gone goes, and one that could not be loaded has failed", () => {
    const before = { date: "2026-11-01", commit: "aaaaaaaaaa", passed: 3, failed: [], skipped: [], seconds: 5 };
    const earlier: readonly Proof[] = ["drill", "gone", "stores"].map((name) => ({
        file: `${name}.test.ts`,
        ...before,
    }));
    const broken = {
        name: "/a/stores.test.ts",
        startTime: 0,
        endTime: 0,
        assertionResults: [],
        message: "no such module",
    };
    const record = proofRecord([broken], ["drill.test.ts", "stores.test.ts"], earlier, run);
    expect(record.files).toEqual([
        { file: "drill.test.ts", ...before },
        { file: "stores.test.ts", ...tried, passed: 0, failed: ["the file itself"], skipped: [], seconds: 0 },
    ]);
    expect(record.neverRun).toEqual([]);
});

test("a group whose start failed is a failure, though its tests were skipped and none failed", () => {
    const [https] = results.filter(({ name }) => name.endsWith("https.test.ts"));
    const [row] = proofRecord([{ ...https!, status: "failed", message: "" }], ["https.test.ts"], [], run).files;
    expect(row).toMatchObject({ passed: 1, failed: ["the file itself"], skipped: ["in a browser"] });
});
