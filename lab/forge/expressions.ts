// What stands in `${{ }}` and after `if`. The expressions of the examples mean the same in JavaScript.
import { runInNewContext } from "node:vm";
import type { Values } from "./workflow-file.ts";

export type Context = Readonly<Record<string, unknown>>;

function valueOf(expression: string, context: Context): unknown {
    return runInNewContext(expression, { ...context }) as unknown;
}

export function holds(condition: string, context: Context): boolean {
    return Boolean(valueOf(condition.replace(/^\$\{\{(.*)\}\}$/s, "$1"), context));
}

/** What is not there is nothing. */
export function filled(text: string, context: Context): string {
    return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
        const value = valueOf(expression, context) as string | number | boolean | null | undefined;
        return String(value ?? "");
    });
}

export function filledAll(values: Readonly<Record<string, unknown>>, context: Context): Values {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, filled(String(value), context)]));
}
