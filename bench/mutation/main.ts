// `make mutate`: how many small changes of the program its tests notice, folder by folder (docs/mutation.md).
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { execa } from "execa";
import { projectRoot } from "../../commands/support/paths.ts";
import { folders } from "./folders.ts";
import { resultOf, writeResult, type Results } from "./results.ts";
import { runFolder } from "./run.ts";

const goal = 85;
const { values } = parseArgs({
    options: {
        folder: { type: "string", default: "" },
        sample: { type: "string", default: "" },
        seed: { type: "string", default: "" },
        concurrency: { type: "string", default: "" },
    },
});

function wholeNumber(name: keyof typeof values, fallback?: number): number | undefined {
    const text = values[name];
    if (text === "") {
        return fallback;
    }
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1) {
        console.error(`--${name} is ${text}. Allowed: a whole number, at least 1.`);
        process.exit(2);
    }
    return number;
}

function show(results: Results): void {
    const table = new Table({
        head: ["folder", "mutants", "tested", "score", "95 %", "goal"],
        style: { head: [], border: [] },
    });
    for (const [folder, { population, tested, score, confidence }] of Object.entries(results)) {
        table.push([
            folder,
            population,
            tested,
            `${score} %`,
            confidence.join(" - "),
            score >= goal ? "met" : `missed: ${goal}`,
        ]);
    }
    console.log(table.toString());
}

const known = Object.keys(folders);
if (values.folder !== "" && !known.includes(values.folder)) {
    console.error(`--folder is ${values.folder}. Allowed: ${known.join(", ")}`);
    process.exit(2);
}
const seed = wholeNumber("seed", 1)!;
const concurrency = wholeNumber("concurrency", 2)!;
const sample = wholeNumber("sample");
const date = new Date().toISOString().slice(0, 10);
const { stdout: commit } = await execa("git", ["rev-parse", "--short", "HEAD"], { cwd: projectRoot, reject: false });
for (const folder of values.folder === "" ? known : [values.folder]) {
    console.log(`\n== ${folder}`);
    const run = await runFolder(folder, { seed, concurrency, ...(sample !== undefined && { sample }) });
    const results = await writeResult(
        folder,
        resultOf(run, { date, commit: commit ?? "", ...(sample !== undefined && { seed }) }),
    );
    show(results);
}
