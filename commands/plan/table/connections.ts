// The connections of each database server, as lines of text and as data: limit, reserve, the most that can be open, what is left.
import { budgetsOf, type Budget } from "../../../policy/connections/budget.ts";
import { changesFor, type Change } from "../../../policy/connections/changes.ts";
import { viewOf } from "../../../policy/plan-view.ts";
import type { Plan } from "../plan.ts";
import { counted } from "../words.ts";

/** One server's budget as JSON shows it. */
export interface ShownBudget {
    /** The Service by which pods call it. */
    readonly server: string;
    readonly kind: Budget["kind"];
    /** Absent while it is not known. */
    readonly limit?: number;
    /** Where the limit comes from. */
    readonly from: string;
    /** Kept for administrators. */
    readonly reserve: number;
    /** The most that can be open. */
    readonly most: number;
    /** Negative when it does not fit. */
    readonly free?: number;
    /** Connections of a pool in front of it; 0 for one of unknown size. */
    readonly pool?: number;
    readonly users: ReadonlyArray<{ readonly name: string; readonly connections: number; readonly arithmetic: string }>;
    /** Of a budget that does not fit: each alone is enough. */
    readonly changes: readonly Change[];
}

export function connectionBudgets(plan: Plan): readonly ShownBudget[] {
    const view = viewOf(plan);
    return budgetsOf(view).map((budget) => {
        const { name, kind, limit, from, reserve, sum, free, pool, users } = budget;
        return {
            server: name,
            kind,
            ...(limit !== undefined && { limit }),
            from,
            reserve,
            most: sum,
            ...(free !== undefined && { free }),
            ...(pool !== undefined && { pool }),
            users: users.map((user) => ({
                name: user.name,
                connections: user.connections,
                arithmetic: user.arithmetic,
            })),
            changes: changesFor(view, budget),
        };
    });
}

/**
 * A line for each server; below it its users, where they do not fit, and then what would mend it.
 *
 * @param users whether users are shown in any case. @default where there are several apps
 */
export function connectionTable(plan: Plan, { users = viewOf(plan).apps().size > 1 } = {}): string {
    const budgets = connectionBudgets(plan);
    if (budgets.length === 0) {
        return "";
    }
    const width = Math.max(...budgets.map(({ server }) => server.length));
    return [
        "Connections",
        ...budgets.flatMap((budget) => [
            `  ${budget.server.padEnd(width)}  ${summary(budget)}`,
            ...(users || over(budget) ? usersOf(budget) : []),
            ...changesOf(budget),
        ]),
        "",
    ].join("\n");
}

function over({ free = 0 }: ShownBudget): boolean {
    return free < 0;
}

function summary({ limit, from, reserve, most, free = 0, pool }: ShownBudget): string {
    const takes = limit === undefined ? `${from}: not known yet` : `${from} ${limit}`;
    const kept = reserve === 0 || limit === undefined ? "" : `, ${reserve} kept`;
    const left = limit === undefined ? "" : free < 0 ? `, ${-free} too many` : `, ${free} free`;
    return pool === 0 ? `${takes}, behind a pool` : `${takes}${kept}: at most ${most} open${left}`;
}

function usersOf({ users }: ShownBudget): string[] {
    const width = Math.max(0, ...users.map(({ name }) => name.length));
    return users.map(
        ({ name, connections, arithmetic }) =>
            `    ${name.padEnd(width)}  ${String(connections).padStart(5)}${arithmetic === "" ? "" : `  ${arithmetic}`}`,
    );
}

/** Not wrapped: a command is to be pasted. */
function changesOf(budget: ShownBudget): string[] {
    const { changes } = budget;
    return changes.length === 0
        ? []
        : [
              `    fits after ${changes.length === 1 ? "this change" : `one of ${counted(changes.length, "change")}`}:`,
              ...changes.flatMap(({ what, command }) => [`      ${what}`, `        ${command}`]),
          ];
}
