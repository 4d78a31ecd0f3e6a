// What the rules say of a plan, for a person.
import { rules, type Violation } from "../../policy/index.ts";
import { counted, wrap } from "./words.ts";

/** @param columns the terminal's width */
export function verdict(violations: readonly Violation[], warnings: readonly string[], columns: number): string {
    const broken = (level: Violation["level"]): number =>
        new Set(violations.filter((violation) => violation.level === level).map(({ rule }) => rule)).size;
    const lines = violations.flatMap((violation) => ["", ...describe(violation, columns)]);
    const held = rules.length - new Set(violations.map(({ rule }) => rule)).size;
    const parts = [
        ...(broken("mandatory") > 0 ? [`${broken("mandatory")} broken`] : []),
        ...(broken("advisory") > 0 ? [`${broken("advisory")} with advice`] : []),
    ];
    const summary =
        [`${counted(held, "rule")} ${held === 1 ? "holds" : "hold"}`, ...parts].join(", ") +
        (parts.length > 0 ? ":" : ".");
    const warned =
        warnings.length === 0
            ? []
            : ["", `${counted(warnings.length, "warning")}:`, ...warnings.flatMap((text) => warning(text, columns))];
    return [summary, ...lines, ...warned].join("\n");
}

function warning(text: string, columns: number): string[] {
    return wrap(text, columns - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`);
}

function describe({ rule, level, name, path, found, allowed, fix }: Violation, columns: number): string[] {
    const { title } = rules.find(({ id }) => id === rule)!;
    const indented = (label: string, text: string): string[] =>
        wrap(text, columns - 12).map((line, index) => `  ${(index === 0 ? label : "").padEnd(9)}${line}`);
    return [
        ...wrap(`${rule} ${level === "mandatory" ? "broken" : "advice"}: ${title}`, columns),
        ...indented("where", path === "" ? name : `${name}: ${path}`),
        ...indented("found", found),
        ...indented("allowed", allowed),
        ...indented("fix", fix),
    ];
}
