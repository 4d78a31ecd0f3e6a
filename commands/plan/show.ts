// Shows what a stack would create: table, rules, picture. `make plan` and `make up` begin with it.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { checkPlan, type Violation } from "../../policy/index.ts";
import { localDir, projectRoot } from "../support/paths.ts";
import { drawPicture } from "./picture.ts";
import type { Plan } from "./plan.ts";
import { recordStack, stackNames } from "./record-stack.ts";
import { readStackFile } from "./stack-file.ts";
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
    constructor(stack: string, known: readonly string[]) {
        const others =
            known.length === 0
                ? "This folder has no stack yet: write a Pulumi.<stack>.yaml."
                : `There are: ${listed(known)}.`;
        super(`There is no stack ${stack}. ${others}`);
        this.name = "UnknownStackError";
    }
}

/** @throws SettingsError when a setting is wrong, UnknownStackError */
export async function showPlan(stack: string, options: ShowOptions = {}): Promise<ShownPlan> {
    const { directory = projectRoot } = options;
    const known = await stackNames(directory);
    if (!known.includes(stack)) {
        throw new UnknownStackError(stack, known);
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
                    cost: topology.cost,
                    ...(settings && { settings }),
                    picture: svg,
                },
                undefined,
                2,
            ),
        );
    } else {
        const columns = options.columns ?? process.stdout.columns ?? 80;
        const colour = options.colour ?? process.stdout.hasColors?.() ?? false;
        print(planTable(topology, { columns, colour }));
        print(`\n${planSummary(topology, columns)}`);
        print(verdict(violations, plan.warnings, Math.max(60, Math.min(columns, 120))));
        if (told !== undefined && settings !== undefined) {
            print(`\n${told.defaultsText(settings)}\n`);
        }
        print(`Picture: ${relative(process.cwd(), svg)}`);
    }
    return { plan, violations, ok: violations.every(({ level }) => level !== "mandatory"), svg };
}
