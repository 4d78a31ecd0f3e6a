// The plans of base and head, each made by its own program: what a change of the program changes is in them too. With Node alone, and
// with a word for each secret in place of it.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { masked } from "../../lib/secret-text.ts";
import { fingerprintVariable } from "../plan/fingerprints.ts";
import { VerdictInputError } from "./failure.ts";
import { lendPackages } from "./packages.ts";
import { isPlan, readPlan, type NoPlan, type PlanDocument } from "./plan-document.ts";

export interface Side {
    /** A checkout of this project with its packages, or a file with a plan as JSON. */
    readonly from: string;
    /** Where in it Pulumi.<stack>.yaml is. @default beside its Pulumi.yaml */
    readonly directory?: string | undefined;
}

export interface Plans {
    /** Of a stack that is new there is an empty one. */
    readonly base: PlanDocument;
    readonly head: PlanDocument | NoPlan;
}

/** @throws VerdictInputError when the base cannot be planned, or what was given is neither folder nor plan */
export async function plansOf(stack: string, base: Side, head: Side): Promise<Plans> {
    const key = randomBytes(32).toString("hex");
    const [old, next] = await Promise.all([planOf(stack, base, key), planOf(stack, head, key)]);
    if (isPlan(old)) {
        return { base: old, head: next };
    }
    if (old.problems.every(({ path }) => path === "--stack") && isPlan(next)) {
        return {
            base: { plan: { ...next.plan, resources: [], outputs: {}, warnings: [] }, violations: [], connections: [] },
            head: next,
        };
    }
    const wrong = old.problems.map(({ path, found, fix }) => `  ${path}: found ${found}. Fix: ${fix}`);
    throw new VerdictInputError(`${base.from}: there is no plan of the base to compare with:\n${wrong.join("\n")}`);
}

async function planOf(stack: string, { from, directory }: Side, key: string): Promise<PlanDocument | NoPlan> {
    const found = await stat(from).catch(() => undefined);
    if (found?.isFile() === true) {
        return readPlan(await readFile(from, "utf8"), from);
    }
    const program = join(from, "commands/plan/main.ts");
    if (found === undefined || !existsSync(program)) {
        throw new VerdictInputError(
            `${from}: found ${found === undefined ? "nothing" : "a folder without commands/plan/main.ts"}. ` +
                "Allowed: a checkout of this project, or a file that `make plan JSON=1` printed.",
        );
    }
    const takeBack = await lendPackages(resolve(from));
    if (takeBack === undefined) {
        throw new VerdictInputError(
            `${from}: found no node_modules, and another package-lock.json than here. Fix: (cd ${from} && npm ci --omit=dev)`,
        );
    }
    const folder = await mkdtemp(join(tmpdir(), "verdict-"));
    try {
        const text = await run(from, key, [
            ...["--stack", stack, "--json", "--svg", join(folder, "picture.svg")],
            ...(directory === undefined ? [] : ["--directory", join(resolve(from), directory)]),
        ]);
        return readPlan(text, from);
    } finally {
        await rm(folder, { recursive: true, force: true });
        await takeBack();
    }
}

/** What a plan may be long: of a hundred thousand resources. */
const longest = 256 * 2 ** 20;

/** Of what this process is told, a plan gets what Node needs: it may be a stranger's program. */
const handedOver = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "NODE_COMPILE_CACHE"];

async function run(from: string, key: string, args: readonly string[]): Promise<string> {
    const env = Object.fromEntries(
        handedOver.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    return new Promise((done, fail) => {
        execFile(
            process.execPath,
            ["commands/plan/main.ts", ...args],
            { cwd: resolve(from), env: { ...env, [fingerprintVariable]: key }, maxBuffer: longest, timeout: 120_000 },
            (error, stdout, stderr) => {
                // 1: a rule is broken, or the settings are wrong, which the JSON says.
                if (error === null || (error.code === 1 && stdout !== "")) {
                    done(stdout);
                } else {
                    const [first = ""] = masked(stderr.trim()).split("\n");
                    fail(new VerdictInputError(`${from}: its plan failed: ${first || error.message.split("\n")[0]!}`));
                }
            },
        );
    });
}
