import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { failuresOf } from "../run/failures.ts";

const file = { name: join(projectRoot, "test/cluster/stopped.test.ts"), startTime: 0, endTime: 1 };

test("names a failed test with its file and what it said, without the runner's frames", () => {
    const failureMessages = [
        "\u001B[31mAssertionError\u001B[39m: expected 502 to be 200\n    at answers (test/cluster/support/client.ts:4:5)\n    at runTest (file:///node_modules/vitest/dist/runner.js:1:1)",
    ];
    const assertionResults = [
        { status: "passed", fullName: "starts" },
        { status: "failed", fullName: "answers again", failureMessages },
    ];
    expect(failuresOf([{ ...file, assertionResults }])).toEqual([
        {
            where: "test/cluster/stopped.test.ts > answers again",
            message:
                "    AssertionError: expected 502 to be 200\n        at answers (test/cluster/support/client.ts:4:5)",
        },
    ]);
});

test("names a file that fails without a test, and no file that passes", () => {
    expect(
        failuresOf([
            { ...file, assertionResults: [], message: "Cannot find package 'ws'" },
            { ...file, assertionResults: [{ status: "passed", fullName: "starts" }], message: "" },
        ]),
    ).toEqual([{ where: "test/cluster/stopped.test.ts", message: "    Cannot find package 'ws'" }]);
});

test("cuts a message that is long", () => {
    const assertionResults = [{ status: "failed", fullName: "is equal", failureMessages: ["x".repeat(50_000)] }];
    expect(failuresOf([{ ...file, assertionResults }])[0]!.message.length).toBeLessThan(1400);
});
