// What is told of the whole stack below the table: what its pods reserve, and what it costs.
import type { MonthlyCost } from "../cost.ts";
import type { Reserved, Sums } from "../sums.ts";
import { wrap } from "../words.ts";

/** So many items are told one by one; `--json` has all. */
const toldItems = 6;

export function sumLines({ min, max }: Sums): string[] {
    const cells = [
        ["", "pods", "CPU", "memory", "volumes"],
        ["at least", ...words(min)],
        ["at most", ...words(max)],
    ];
    const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)) + 2);
    const lines = cells.map((row) =>
        row
            .map((cell, column) => cell.padEnd(widths[column]!))
            .join("")
            .trimEnd(),
    );
    return [`Reserved  ${lines[0]!.slice(8)}`, `  ${lines[1]!}`, `  ${lines[2]!}`];
}

function words({ pods, millicores, memory, storage }: Reserved): string[] {
    return [String(pods), String(millicores / 1000), size(memory), size(storage)];
}

/** "512Mi", "2.5Gi". */
function size(bytes: number): string {
    const mebibytes = bytes / 2 ** 20;
    return mebibytes === 0
        ? "0"
        : mebibytes < 1024
          ? `${Math.round(mebibytes)}Mi`
          : `${Math.round((mebibytes / 1024) * 100) / 100}Gi`;
}

/** @param columns how wide a line may be */
export function costLines(
    { monthly, items, unpriced, byUse, pricesOf, dates }: MonthlyCost,
    columns: number,
): string[] {
    const [first, last] = [dates.first, dates.last];
    const told = items.slice(0, toldItems).map((item) => `${item.name} ${dollars(item.monthly)}`);
    const rest = items.slice(toldItems).reduce((sum, item) => sum + item.monthly, 0);
    const indented = (label: string, parts: readonly string[]): string[] =>
        parts.length === 0 ? [] : wrap(`${label}${parts.join(", ")}`, columns - 2).map((line) => `  ${line}`);
    return [
        ...wrap(
            `Cost at idle: ${unpriced.length > 0 ? "at least" : "about"} ${dollars(monthly)} US dollars a month, by list prices of ` +
                `${pricesOf.join(" and ")} read ${first === last ? `in ${first}` : `from ${first} to ${last}`}; without traffic, use and tax`,
            columns,
        ),
        ...indented("", [...told, ...(rest > 0 ? [`the rest ${dollars(rest)}`] : [])]),
        ...indented("no price: ", unpriced),
        ...indented("by use: ", byUse),
    ];
}

function dollars(amount: number): string {
    return amount < 10 ? amount.toFixed(2) : String(Math.round(amount));
}
