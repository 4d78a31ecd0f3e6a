// Checks one section against its schema, and says what is wrong in the words of Problem.
import { z } from "zod";
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../problems.ts";
import { allowedBy } from "./allowed.ts";
import { alternatives, reachable, valueAt } from "./alternatives.ts";
import type { Finding, Section } from "./finding.ts";
import { fittingVariant } from "./fitting.ts";
import { fixFor } from "./fix.ts";
import { found, foundSecret } from "./found.ts";
import { mended } from "./mend.ts";
import { plainCopy } from "./plain.ts";
import { Salvage, type Doubt } from "./salvage.ts";
import { unknownSetting, type Sections } from "./unknown.ts";

export interface CheckOptions {
    /** The section's name as the user wrote it, where that is another. */
    readonly writtenAs?: string;
    /** All sections, for settings that stand in a wrong one. @default this one alone */
    readonly sections?: Sections;
}

export interface CheckedSection<Output> {
    /** With its defaults. With problems, what is left without what is wrong; undefined when nothing whole is left. */
    readonly value?: Output;
    /** Absent when there is none. */
    readonly problems?: readonly Problem[];
    /** What of the value was not so written; absent where there is nothing of the kind. */
    readonly doubts?: readonly Doubt[];
}

/** The section whose values are never shown. */
const secretSection = "secrets";

/** So many rounds of taking out and looking again; what a refinement says after that comes in the next run. */
const mostRounds = 6;

/** Of one section: nobody reads more, and looking at each takes time. */
const mostProblems = 100;

/**
 * Checks one section of the settings.
 *
 * @param name the section's name, the first part of every path
 */
export function checkSection<Schema extends z.ZodType>(
    name: string,
    schema: Schema,
    given: unknown,
    { writtenAs = name, sections = { [name]: schema } }: CheckOptions = {},
): CheckedSection<z.output<Schema>> {
    const { value: plain, problems: unfit } = plainCopy(writtenAs, given);
    const salvage = new Salvage(schema, plain);
    const shown = (keys: readonly PropertyKey[]): string => settingPath([writtenAs, ...salvage.asWritten(keys)]);
    const problems = new Map<string, Problem>(unfit.map(({ keys: _, ...problem }) => [problem.path, problem]));
    const checked = (): Omit<CheckedSection<never>, "value"> =>
        problems.size === 0
            ? {}
            : {
                  problems: limited(writtenAs, [...problems.values()]),
                  doubts: [...unfit.map(({ keys }) => ({ path: keys, how: "removed" as const })), ...salvage.doubts],
              };
    for (let round = 0; round < mostRounds; round++) {
        const { value } = salvage;
        // A schema's own messages are kept, and all others left empty for allowed.ts.
        const result = schema.safeParse(value, { error: () => "" });
        if (result.success) {
            return { value: result.data, ...checked() };
        }
        const section: Section = { name, shown, schema, value, secret: name === secretSection };
        const issues = onePerPlace(result.error.issues).slice(0, mostProblems);
        const told = issues
            .filter((issue) => !salvage.isShadow(issue))
            .map((issue) => ({ issue, problems: tell(section, issue, sections, salvage) }));
        for (const { issue, problems: now } of told) {
            const missing = valueAt(value, issue.path) === undefined;
            for (const problem of missing && salvage.isRenamed(issue.path) ? [] : now) {
                const id = `${problem.path}\n${problem.allowed}`;
                problems.set(id, problems.get(id) ?? problem);
            }
        }
        if (!salvage.takeOut(issues)) {
            break;
        }
    }
    return checked();
}

function limited(name: string, problems: readonly Problem[]): readonly Problem[] {
    return problems.length <= mostProblems
        ? problems
        : [
              ...problems.slice(0, mostProblems),
              {
                  path: name,
                  found: `${problems.length - mostProblems} more that are wrong`,
                  allowed: "what is allowed above",
                  fix: "mend those above first, then look again",
              },
          ];
}

/** Of a value of the wrong type, its length and its form say nothing more. */
function onePerPlace(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
    const wrongType = new Set(
        issues.filter(({ code }) => code === "invalid_type").map(({ path }) => JSON.stringify(path)),
    );
    const seen = new Set<string>();
    return issues.filter(({ code, path, message }) => {
        const place = JSON.stringify(path);
        const name = code === "custom" ? `${place}${message}` : place;
        const isShadow =
            (wrongType.has(place) && code !== "invalid_type") || (seen.has(name) && code !== "unrecognized_keys");
        seen.add(name);
        return !isShadow;
    });
}

function tell(section: Section, issue: z.core.$ZodIssue, sections: Sections, salvage: Salvage): Problem[] {
    switch (issue.code) {
        case "unrecognized_keys":
            return issue.keys.slice(0, mostProblems).flatMap((key) => {
                const unknown = unknownSetting(section, issue.path, key, sections);
                salvage.meansOther(issue.path, key, unknown.renameTo);
                return unknown.ofOtherVariant && salvage.isGuessed(issue.path) ? [] : [unknown.problem];
            });
        case "invalid_key":
            return [unfitName(section, issue)];
        case "custom":
            return [isOfName(issue) ? strangeName(section, issue) : unfitValue(section, issue)];
        default:
            return [unfitValue(section, issue)];
    }
}

function unfitValue({ shown, schema, value, secret }: Section, issue: z.core.$ZodIssue): Problem {
    const finding: Finding = {
        issue,
        section: value,
        keys: issue.path,
        path: shown(issue.path),
        input: valueAt(value, issue.path),
        alternatives: reachable(alternatives(schema, issue.path), value, issue.path),
    };
    const allowed = issue.message === "" ? allowedBy(finding) : issue.message;
    return {
        path: finding.path,
        found: secret ? foundSecret(finding.input) : found(finding.input),
        allowed,
        fix: secret
            ? setSecretCommand(secretPath(finding))
            : `${fixFor(finding, allowed)}${orOther({ shown, schema, value }, finding)}`,
    };
}

/** Another variant that all of what is given belongs to: a worker's command without its kind. */
function orOther({ shown, schema, value }: Pick<Section, "shown" | "schema" | "value">, finding: Finding): string {
    const other = finding.input === undefined ? fittingVariant(schema, value, finding.keys) : undefined;
    return other === undefined ? "" : `, or ${setCommand(shown(other.path), other.variant)}`;
}

/** A name that the user chose, of an environment variable for example; names are not secret. */
function unfitName({ shown, schema, value }: Section, issue: z.core.$ZodIssueInvalidKey): Problem {
    const wrong = String(issue.path.at(-1));
    const [record] = reachable(alternatives(schema, issue.path.slice(0, -1)), value, issue.path);
    const meant = record?.schema instanceof z.ZodRecord ? mended(record.schema._zod.def.keyType, wrong) : undefined;
    return {
        path: shown(issue.path),
        found: `the name ${JSON.stringify(wrong)}`,
        allowed: issue.issues.map(({ message }) => message).join("; ") || "another name",
        fix: typeof meant === "string" ? `rename it to ${meant}` : "rename it",
    };
}

/** An issue that is about the name at the path, and not about its value: settings/native says which was meant. */
interface NameIssue extends z.core.$ZodIssueCustom {
    readonly params: { readonly name: true; readonly meant?: string };
}

function isOfName(issue: z.core.$ZodIssueCustom): issue is NameIssue {
    return issue.params?.["name"] === true;
}

function strangeName({ shown }: Section, { path, message, params: { meant } }: NameIssue): Problem {
    const at = shown(path);
    return {
        path: at,
        found: `the name ${JSON.stringify(String(path.at(-1)))}`,
        allowed: message,
        fix: meant === undefined ? removeCommand(at) : `rename it to ${meant}`,
    };
}

/** Where names belong below, the command needs one. */
function secretPath({ issue, path }: Finding): string {
    const group = issue.code === "invalid_type" && (issue.expected === "object" || issue.expected === "record");
    return group ? `${path}.NAME` : path;
}
