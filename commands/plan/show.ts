// Shows what a stack would create: table, rules, picture. `make plan` and `make up` begin with it.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { checkPlan, type Violation } from "../../policy/index.ts";
import { masked } from "../../lib/secret-text.ts";
import type { Problem } from "../../settings/problems.ts";
import { nearestOf } from "../../settings/stack-file/keys.ts";
import { localDir, projectRoot } from "../support/paths.ts";
import { fingerprintVariable, marking } from "./fingerprints.ts";
import { drawPicture } from "./picture.ts";
import type { Plan } from "./plan.ts";
import { recordStack, stackNames } from "./record-stack.ts";
import { readStackFile } from "./stack-file.ts";
import { backupLines } from "./table/backups.ts";
import { connectionBudgets, connectionTable } from "./table/connections.ts";
import { planSummary, planTable } from "./table.ts";
import { topologyOf } from "./topology.ts";
import { verdict } from "./verdict.ts";
import { listed } from "./words.ts";

export interface ShowOptions {
    /** The folder of Pulumi.yaml and Pulumi.<stack>.yaml. @default the project's */
    readonly directory?: string;
    /** Where the picture is written. @default `.local/plan/<stack>.svg` */
    readonly svg?: string;
    /** Prints plan and violations as JSON and nothing else. @default false */
    readonly json?: boolean;
    /** Tells every effective setting too, and where its value comes from. @default false */
    readonly defaults?: boolean;
    /** @default to standard output */
    readonly print?: (text: string) => void;
    /** The width of what is printed. @default the terminal's, or 80 */
    readonly columns?: number;
    /** @default whether standard output is a terminal that wants colours */
    readonly colour?: boolean;
}

export interface ShownPlan {
    readonly plan: Plan;
    readonly violations: readonly Violation[];
    /** Whether every mandatory rule holds. */
    readonly ok: boolean;
    /** The picture's file. */
    readonly svg: string;
}

/** There is no file for the stack. The message lists those that have one. */
export class UnknownStackError extends Error {
    readonly problem: Problem;

    /** @param files everything in the folder, for a file that has almost the right name */
    constructor(stack: string, known: readonly string[], files: readonly string[] = []) {
        const others =
            known.length === 0
                ? "This folder has no stack yet: write a Pulumi.<stack>.yaml."
                : `There are: ${listed(known)}.`;
        const fix = fixFor(stack, known, files);
        super(`There is no stack ${masked(stack)}. ${others} Fix: ${fix}`);
        this.name = "UnknownStackError";
        this.problem = {
            path: "--stack",
            found: JSON.stringify(masked(stack)),
            allowed: known.length === 0 ? "a stack with a file in this folder: there is none" : known.join(", "),
            fix,
        };
    }
}

function fixFor(stack: string, known: readonly string[], files: readonly string[]): string {
    const short = stack.split("/").at(-1)!;
    if (files.includes(`Pulumi.${stack}.yml`)) {
        return `Pulumi reads .yaml only: mv Pulumi.${stack}.yml Pulumi.${stack}.yaml`;
    }
    const meant = known.includes(short) ? short : nearestOf(short, known);
    if (meant !== undefined) {
        return `make plan STACK=${meant}`;
    }
    return /^[A-Za-z0-9_.-]+$/.test(stack) && stack !== ".." && stack !== "."
        ? `write Pulumi.${stack}.yaml, for example from one in examples/stacks`
        : "name a stack of letters, digits, dots, hyphens and underscores";
}

/** @throws Error that says what is wrong with the folder */
async function filesIn(directory: string): Promise<string[]> {
    try {
        return await readdir(directory);
    } catch (error) {
        throw new UnknownFolderError(directory, (error as NodeJS.ErrnoException).code);
    }
}

/** The folder that `--directory` names is none. */
export class UnknownFolderError extends Error {
    readonly problem: Problem;

    constructor(directory: string, code: string | undefined) {
        const found =
            code === "ENOENT" ? "nothing" : code === "ENOTDIR" ? "a file" : `a folder that cannot be read (${code})`;
        const fix = "name a folder with stack files, for example: --directory examples/stacks/aws";
        super(`${directory} is no folder with stack files: found ${found}. Fix: ${fix}`);
        this.name = "UnknownFolderError";
        this.problem = { path: "--directory", found, allowed: "a folder with files Pulumi.<stack>.yaml", fix };
    }
}

/** @throws SettingsError when a setting is wrong, UnknownStackError, UnknownFolderError */
export async function showPlan(stack: string, options: ShowOptions = {}): Promise<ShownPlan> {
    const { directory = projectRoot } = options;
    const files = await filesIn(directory);
    const known = await stackNames(directory);
    if (!known.includes(stack)) {
        throw new UnknownStackError(stack, known, files);
    }
    const { json = false, print = (text) => process.stdout.write(`${text}\n`) } = options;
    const file = await readStackFile(stack, directory);
    const plan = await recordStack(file, stack, {
        read: (other) => readStackFile(other, directory),
    });
    const violations = checkPlan(plan);
    const topology = topologyOf(plan);
    const svg = options.svg ?? join(localDir, "plan", `${stack}.svg`);
    await mkdir(dirname(svg), { recursive: true });
    await writeFile(svg, drawPicture(topology));

    // Loaded only where it is asked for.
    const told = options.defaults === true ? await import("./defaults.ts") : undefined;
    const settings = told?.effectiveSettings(file, stack);
    if (json) {
        print(
            JSON.stringify(
                {
                    ...plan,
                    violations,
                    sums: topology.sums,
                    connections: connectionBudgets(plan),
                    cost: topology.cost,
                    ...(settings && { settings }),
                    picture: svg,
                },
                marking(process.env[fingerprintVariable]) as Parameters<typeof JSON.stringify>[1],
                2,
            ),
        );
    } else {
        const columns = options.columns ?? process.stdout.columns ?? 80;
        const colour = options.colour ?? process.stdout.hasColors?.() ?? false;
        print(planTable(topology, { columns, colour }));
        const connections = connectionTable(plan);
        const backups = backupLines(plan, Math.max(60, Math.min(columns, 120)));
        const between = [
            ...(connections === "" ? [] : [connections]),
            ...(backups.length === 0 ? [] : [...backups, ""]),
        ];
        print(`\n${between.map((text) => `${text}\n`).join("")}${planSummary(topology, columns)}`);
        print(verdict(violations, plan.warnings, Math.max(60, Math.min(columns, 120))));
        if (told !== undefined && settings !== undefined) {
            print(`\n${told.defaultsText(settings)}\n`);
        }
        print(`Picture: ${relative(process.cwd(), svg)}`);
    }
    return { plan, violations, ok: violations.every(({ level }) => level !== "mandatory"), svg };
}
