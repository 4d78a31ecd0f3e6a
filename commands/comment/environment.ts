// The comment about a pull request's environment, from what the review command printed as JSON: where it is, what it costs, that it is gone.
import { z } from "zod";
import { BadInputError } from "./run.ts";

const opened = z.object({
    stack: z.string(),
    namespace: z.string(),
    pullRequest: z.object({ lastPush: z.string() }),
    urls: z.record(z.string(), z.string()),
    images: z.record(z.string(), z.string()),
    created: z.boolean(),
    seconds: z.number(),
    idleDay: z
        .object({
            dollars: z.number().optional(),
            unpriced: z.array(z.string()).optional(),
            unknown: z.string().optional(),
        })
        .optional(),
});

const closed = z.object({
    stack: z.string(),
    removed: z.boolean(),
    namespaces: z.array(z.string()),
    counts: z.record(z.string(), z.number()),
});

/**
 * @param job that did it, for where it failed: the address of its run, and whether it was to remove the environment
 */
export function environmentText(
    printed: string,
    path: string,
    { run, closes }: { readonly run: string | undefined; readonly closes: boolean },
): string {
    const said = parsed(printed, path);
    const [up, gone] = [opened.safeParse(said), closed.safeParse(said)];
    if (up.data !== undefined) {
        return openedText(up.data);
    }
    if (gone.data !== undefined) {
        return closedText(gone.data);
    }
    const at = run === undefined ? "the log of its job" : `[the log of its job](${run})`;
    if (said === undefined && closes) {
        return `### The environment is not gone\n\nSomething of it stays; why is in ${at}. The same job, run again, goes on from there, and so does the sweep.`;
    }
    if (said === undefined) {
        return `### The environment did not come up\n\nWhy is in ${at}. What runs is what ran before, if anything.`;
    }
    throw new BadInputError(`${path} is nothing that \`commands/review/main.ts --json\` prints.`);
}

/** What was cut off, or never begun, is undefined: then the command failed. */
function parsed(printed: string, path: string): unknown {
    if (printed.trim() === "") {
        return undefined;
    }
    try {
        return JSON.parse(printed);
    } catch {
        throw new BadInputError(`${path} is no JSON. Allowed: what \`commands/review/main.ts --json\` printed.`);
    }
}

function openedText({
    stack,
    namespace,
    pullRequest,
    urls,
    images,
    created,
    seconds,
    idleDay,
}: z.infer<typeof opened>): string {
    const addresses = Object.entries(urls);
    const rows = [
        ...(addresses.length === 0
            ? [["address", "none: its template opens none"]]
            : addresses.map(([app, url]) => [addresses.length === 1 ? "address" : app, url])),
        ...Object.entries(images).map(([app, image]) => [
            addresses.length > 1 ? `image of ${app}` : "image",
            code(image),
        ]),
        ["stack, namespace", `${code(stack)}, ${code(namespace)}`],
        ["last push", pullRequest.lastPush],
        ["idle, it costs", costOf(idleDay)],
    ];
    return [
        `### The environment is ${created ? "there" : "up to date"}`,
        "",
        `| | ${created ? "made" : "brought up to date"} in ${seconds} s |`,
        "|---|---|",
        ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
        "",
        "It goes when this is closed, or its time to live has passed since the last push.",
    ].join("\n");
}

function costOf(idleDay: z.infer<typeof opened>["idleDay"]): string {
    if (idleDay?.dollars === undefined) {
        return idleDay?.unknown === undefined ? "nothing that has a price here" : "not known";
    }
    const { dollars, unpriced = [] } = idleDay;
    const without = unpriced.length === 0 ? "" : `, without a price: ${unpriced.join(", ")}`;
    return `$${dollars < 0.01 && dollars > 0 ? "0.01 or less" : dollars.toFixed(2)} a day${without}`;
}

function closedText({ stack, removed, namespaces, counts }: z.infer<typeof closed>): string {
    const made = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const where = namespaces.length === 0 ? "" : `, the namespace ${namespaces.map(code).join(", ")} among them`;
    return removed
        ? `### The environment is gone\n\nThe stack ${code(stack)} is removed, with ${made} things${where}.`
        : `### The environment is gone\n\nThere was no stack ${code(stack)} any more: nothing was left to remove.`;
}

function code(text: string): string {
    return `\`${text.replaceAll("`", "")}\``;
}
