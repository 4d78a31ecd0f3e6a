// The tables of docs/settings.md. They stand between markers; what is around them is written by hand.
import { z } from "zod";
import { movingTags } from "../../lib/moving-tags.ts";
import { reservedApps, reservedWorkers, suffixesOfParts } from "../../settings/contradictions/apps/names.ts";
import { operatorSchema } from "../../settings/operator.ts";
import { sections, type SectionName } from "../../settings/sections.ts";
import { settingsIn, variantsOf, type Choice, type Setting } from "./setting-list.ts";

const marker = /<!-- settings: (?<section>\w+)(?: (?<variant>[\w-]+))? -->\n[^]*?<!-- end -->/g;
/** Words of a sentence. */
const words: Readonly<Record<string, readonly string[]>> = {
    "names of apps": reservedApps,
    "names of parts": suffixesOfParts.map((suffix) => `shop-${suffix}`),
    "names of workers": reservedWorkers,
    "moving tags": movingTags,
};

const wordsMarker = /<!-- (?<list>[a-z ]+) -->[^<]*<!-- end -->/g;

const sizesMarker = /<!-- sizes -->\n[^]*?<!-- end -->/;

/**
 * A page with its tables made anew. `<!-- settings: database rds -->` is the section's one variant, without it the table has all.
 *
 * @throws when a marker names what is not there
 */
export function withTables(page: string): string {
    return page
        .replaceAll(marker, (_, section: string, variant?: string) => {
            const title = ["settings:", section, ...(variant === undefined ? [] : [variant])].join(" ");
            return `<!-- ${title} -->\n${settingsTable(section, variant)}\n<!-- end -->`;
        })
        .replaceAll(wordsMarker, (whole, list: string) =>
            words[list] === undefined ? whole : `<!-- ${list} -->${anyOf(words[list])}<!-- end -->`,
        )
        .replace(sizesMarker, `<!-- sizes -->\n${sizesTable()}\n<!-- end -->`);
}

function settingsTable(section: string, variant: string | undefined): string {
    const schema = sections[section as SectionName] as z.core.$ZodType | undefined;
    if (schema === undefined) {
        throw new Error(`docs/settings.md: there is no section ${section}`);
    }
    const all = settingsIn(schema).map(withoutEntry);
    const isChosen = ({ choices }: Setting): boolean =>
        variant === undefined || choices.some((choice) => choice.path.length === 1 && choice.variant === variant);
    const chosen = all.filter(isChosen).map((setting) => ({
        ...setting,
        choices: variant === undefined ? setting.choices : setting.choices.filter(({ path }) => path.length > 1),
    }));
    if (chosen.length === 0) {
        throw new Error(`docs/settings.md: ${section} has no variant ${variant}`);
    }
    return table(["setting", "type", "default", ""], rowsOf(chosen));
}

/** The path below one entry, where the section is a list. */
function withoutEntry(setting: Setting): Setting {
    const below = (path: readonly string[]) => (path[0] === "[]" ? path.slice(1) : path);
    return {
        ...setting,
        path: below(setting.path),
        choices: setting.choices.map((choice) => ({ ...choice, path: below(choice.path) })),
    };
}

interface Row {
    readonly path: string;
    /** The variants to choose for the setting to be there, the outermost first. */
    readonly choices: readonly Choice[];
    readonly cells: readonly [type: string, defaultsTo: string, about: string];
}

/** One row where several variants have the same setting; before it stand those of the union that is next above. */
function rowsOf(settings: readonly Setting[]): string[][] {
    const rows = withoutNeedlessChoices(settings.filter(isWorthARow).map(rowOf));
    const same = Map.groupBy(rows, ({ path, choices, cells }) => keyOf(path, choices.at(-1)?.path, cells));
    return [...same.values()].map(([row, ...others]) => {
        const { path, cells } = row!;
        const variants = new Set([row!, ...others].flatMap(({ choices }) => choices.at(-1)?.variant ?? []));
        return [`${variants.size === 0 ? "" : `${[...variants].join(", ")}: `}\`${path}\``, ...cells];
    });
}

/** What all variants of a union have alike needs no choice of one, and may be what the variants of the next union above have too. */
function withoutNeedlessChoices(rows: readonly Row[]): Row[] {
    const variants = new Map<string, Set<string>>();
    for (const { choices } of rows) {
        for (const [index, { path, variant }] of choices.entries()) {
            const union = keyOf(choices.slice(0, index), path);
            variants.set(union, (variants.get(union) ?? new Set()).add(variant));
        }
    }
    const depths = rows.map(({ choices }) => choices.length);
    return [...new Set(depths)]
        .toSorted((a, b) => b - a)
        .reduce((left, depth) => withoutChoicesAt(depth, left, variants), [...rows]);
}

function withoutChoicesAt(
    depth: number,
    rows: readonly Row[],
    variants: ReadonlyMap<string, ReadonlySet<string>>,
): Row[] {
    const unionOf = ({ choices }: Row) => keyOf(choices.slice(0, -1), choices.at(-1)?.path);
    const alike = Map.groupBy(rows, (row) => keyOf(row.path, row.cells, row.choices.length, unionOf(row)));
    return [...alike.values()].flatMap((group) => {
        const [{ choices, ...row }] = group as [Row, ...Row[]];
        const of = new Set(group.map((each) => each.choices.at(-1)?.variant));
        const isAll = choices.length === depth && of.size > 1 && of.size === variants.get(unionOf(group[0]!))?.size;
        return isAll ? [{ ...row, choices: choices.slice(0, -1) }] : group;
    });
}

function keyOf(...parts: readonly unknown[]): string {
    return JSON.stringify(parts);
}

/** Of a group, what is below it tells the rest. */
function isWorthARow({ kind, required, about, path }: Setting): boolean {
    return (
        path.length > 0 &&
        (kind !== "group" || about.description !== undefined || (!required && about.defaultsTo !== undefined))
    );
}

function rowOf(setting: Setting): Row {
    const { path, choices, about } = setting;
    return {
        path: pathText(path),
        choices,
        cells: [typeText(setting), defaultText(setting), about.description ?? ""],
    };
}

function pathText(path: readonly string[]): string {
    return path.join(".").replaceAll(".[]", "[]");
}

function typeText({ kind, schema, about }: Setting): string {
    if (kind === "group") {
        return "";
    }
    if (about.sameAs !== undefined) {
        return `as the section [\`${about.sameAs}\`](#${about.sameAs.toLowerCase()})`;
    }
    return kind === "choice" ? choiceText(schema) : typeOf(schema, about);
}

function choiceText(schema: z.core.$ZodType): string {
    return variantsOf(schema)
        .map(({ variant }) => code(variant))
        .join(", ");
}

function typeOf(schema: z.core.$ZodType, about: Readonly<z.GlobalMeta> = z.globalRegistry.get(schema) ?? {}): string {
    if (about.typeName !== undefined) {
        return about.typeName;
    }
    if (Array.isArray(about["enum"])) {
        return withUnit(about["enum"].map(code).join(", "), about);
    }
    if (schema instanceof z.ZodEnum) {
        return schema.options.map(code).join(", ");
    }
    if (schema instanceof z.ZodLiteral) {
        return withUnit([...schema.values].map(code).join(", "), about);
    }
    if (schema instanceof z.ZodUnion) {
        return schema.options.map((option) => typeOf(option)).join(", ");
    }
    if (schema instanceof z.ZodNumber) {
        return withUnit(bounds(schema.minValue, schema.maxValue), about);
    }
    if (schema instanceof z.ZodBoolean) {
        return "boolean";
    }
    if (schema instanceof z.ZodArray) {
        const { minItems, maxItems } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
        const count = minItems === undefined ? "" : ` of ${bounds(minItems, maxItems ?? null)}`;
        return `list${count}: ${typeOf(schema._zod.def.element)}`;
    }
    if (schema instanceof z.ZodRecord) {
        return `names with values: ${typeOf(schema._zod.def.valueType)}`;
    }
    return about.allowed ?? (schema instanceof z.ZodEmail ? "e-mail address" : "text");
}

function withUnit(text: string, { unit }: Readonly<z.GlobalMeta>): string {
    return unit === undefined ? text : `${text} ${unit}`;
}

function bounds(least: number | null, most: number | null): string {
    const isBound = (value: number | null): value is number =>
        value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
    if (isBound(least) && isBound(most)) {
        return `${least} to ${most}`;
    }
    return isBound(least) ? `from ${least}` : "number";
}

function defaultText({ kind, about, ...setting }: Setting): string {
    if (about.defaultsTo !== undefined && !(kind === "choice" && setting.default !== undefined)) {
        return about.defaultsTo;
    }
    return kind === "group" || setting.default === undefined ? "" : code(setting.default);
}

/** As it is written in the stack's file: text that reads as something else is in quotes. */
function code(value: unknown): string {
    if (typeof value !== "string") {
        return `\`${JSON.stringify(value)?.replaceAll('"', "").replaceAll(",", ", ")}\``;
    }
    return /^[\d.:]+$|^$/.test(value) ? `\`"${value}"\`` : `\`${value}\``;
}

function anyOf(list: readonly string[]): string {
    const quoted = list.map((word) => `\`${word}\``);
    return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)!}`;
}

function sizesTable(): string {
    const { sizes } = operatorSchema.parse({});
    return table(
        ["size", "cpu", "memory"],
        Object.entries(sizes).map(([name, { cpu, memory }]) => [`\`${name}\``, cpu, memory]),
    );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) =>
        `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
            .replaceAll("|  |", "| |")
            .replaceAll("|  |", "| |");
    return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
