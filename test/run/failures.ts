// What failed, told once more at the end of a run: there people look first, and some CIs show no more.
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { projectRoot } from "../../commands/support/paths.ts";
import type { FileResult } from "./record.ts";

const longestMessage = 1200;

export interface Failure {
    /** The file, and the test where one failed by itself. */
    readonly where: string;
    readonly message: string;
}

/** One entry per failed test, and per file that failed as a whole. */
export function failuresOf(results: readonly FileResult[]): Failure[] {
    return results.flatMap(({ name, assertionResults, message }) => {
        const file = relative(projectRoot, name);
        const failed = assertionResults.filter(({ status }) => status === "failed");
        if (failed.length === 0) {
            return message === undefined || message === "" ? [] : [{ where: file, message: told(message) }];
        }
        return failed.map(({ fullName, failureMessages = [] }) => ({
            where: `${file} > ${fullName}`,
            message: told(failureMessages.join("\n")),
        }));
    });
}

/** Without the frames of the test runner, indented, and cut where it gets long. */
function told(message: string): string {
    const lines = stripVTControlCharacters(message)
        .split("\n")
        .filter((line) => !/^\s+at .*node_modules/.test(line));
    const text = lines.join("\n");
    const cut = text.length > longestMessage ? `${text.slice(0, longestMessage)} ...` : text;
    return cut.replaceAll(/^/gm, "    ");
}
