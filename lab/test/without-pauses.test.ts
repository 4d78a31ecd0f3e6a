// What is preloaded into programs whose clouds are recorded takes the pauses out, and nothing else. Does not prove that a pause is long
// enough for a real cloud.
import { execa } from "execa";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../support/paths.ts";

/** How far a program came in the second that it has. */
async function printedBy(program: string, ...preloads: string[]): Promise<string> {
    const args = [
        ...preloads.map((file) => `--import=${join(projectRoot, file)}`),
        "--input-type=module",
        "-e",
        program,
    ];
    const { stdout } = await execa(process.execPath, args, { cwd: projectRoot });
    return stdout;
}

const preload = "lab/provider-recording/without-pauses.ts";
const program = (file: string, waiting: string): string => `
    const { ${waiting} } = await import(${JSON.stringify(join(projectRoot, file))});
    const over = setTimeout(() => { console.log("waits"); process.exit(); }, 1000);
    await ${waiting}(60_000);
    console.log("goes on");
    clearTimeout(over);
`;

test("every pause is over at once where the preload is, and is one where it is not", async () => {
    const pausing = program("lib/pause.ts", "pause");
    expect(await printedBy(pausing, preload)).toBe("goes on");
    expect(await printedBy(pausing)).toBe("waits");
});

test.each([
    ["components/pod-identity/aws/pod-identity.ts", "untilItHolds"],
    ["components/cluster/gcp/gke.ts", "untilKnown"],
])("%s waits by it", async (file, waiting) => {
    expect(await printedBy(program(file, waiting), preload)).toBe("goes on");
});
