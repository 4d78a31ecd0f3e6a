// What a stack's file says beside the settings themselves: which of its keys Pulumi reads, and where every setting stands.
import { settingKeys, type Place, type Problem } from "../problems.ts";
import { sectionNames, sections } from "../sections.ts";
import type { StackDocument } from "./document.ts";
import { configKey, keyProblem, meantSection, nearestOf } from "./keys.ts";
import { homeOfSecrets, plainCredentials, plainInSecrets } from "./plain-secrets.ts";

export interface StackContents {
    /** What Pulumi hands to the program, by full key: values as they are in the file, encrypted ones too. */
    readonly config: ReadonlyMap<string, unknown>;
    /** Sections that Pulumi does not read, because they stand outside of `config`; what is wrong in them is told with the rest. */
    readonly outside: ReadonlyMap<string, unknown>;
    /** What is wrong with the keys, and every credential in plain text. */
    readonly problems: readonly Problem[];
    /** Whether there is anything that could be a setting: nothing else has to be said of a file without. */
    readonly hasSettings: boolean;
    /** Where a setting stands, by its path in a message. */
    readonly placeOf: (path: string) => Place | undefined;
}

/** The keys of the file that Pulumi reads. Source: its type ProjectStack (sdk/go/common/workspace/project.go). */
const fileKeys = ["config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

/** Those that hold what is encrypted, or name what encrypts it. */
const notSearched = new Set(["secretsprovider", "encryptedkey", "encryptionsalt"]);

type Values = Readonly<Record<string, unknown>>;

export function contentsOf({ value, placeOf }: StackDocument, project: string): StackContents {
    const problems: Problem[] = [];
    const config = new Map<string, unknown>();
    const outside = new Map<string, unknown>();
    /** The way to each section in the file, by its name. */
    const ways = new Map<string, readonly PropertyKey[]>();
    const report = (keys: readonly PropertyKey[], path: string, problem: Omit<Problem, "path" | "place">): void => {
        const place = placeOf(keys);
        problems.push({ path, ...problem, ...(place && { place }) });
    };

    const root = isMap(value) ? value : {};
    if (!isMap(value)) {
        report([], "config", nothingToRead(value, project));
    }
    const configName = Object.hasOwn(root, "config")
        ? "config"
        : Object.keys(root).find(
              (key) => !fileKeys.includes(key) && meantFileKey(key) === "config" && isMap(root[key]),
          );
    for (const [key, item] of Object.entries(root)) {
        const section = sectionOutside(key, item, project);
        if (key !== "environment" && fileKeys.includes(key)) {
            continue;
        }
        if (section !== undefined) {
            outside.set(section, item);
            ways.set(section, [key]);
            report([key], key, {
                found: "a section beside config, where Pulumi does not read it",
                allowed: `keys of the file: ${fileKeys.join(", ")}`,
                fix: `move it below config, as ${project}:${section}`,
            });
        } else if (key !== "environment") {
            report([key], key, unknownFileKey(key, project));
        } else if (!isPulumiEnvironment(item)) {
            report([key], key, {
                found: "something else than environments of Pulumi ESC",
                allowed: `a list of their names; this program's section is ${project}:environment, below config`,
                fix: `take it out, or move it below config, as ${project}:environment`,
            });
        }
    }

    const given = configName === undefined ? undefined : root[configName];
    if (isMap(value) && outside.size === 0 && !(isMap(given) && Object.keys(given).length > 0)) {
        report(["config"], "config", nothingToRead(given, project));
    }
    for (const [key, item] of Object.entries(isMap(given) ? given : {})) {
        const way = [configName!, key];
        const parsed = configKey(key);
        if (parsed === undefined) {
            report(way, key, {
                found: "a key with more than one colon",
                allowed: "PROJECT:SECTION",
                fix: `write ${project}:SECTION, with one of: ${sectionNames.join(", ")}`,
            });
            continue;
        }
        const prefix = parsed.prefix === "" ? project : parsed.prefix;
        const full = `${prefix}:${parsed.name}`;
        const section = prefix === project ? parsed.name : meantSection(parsed, project);
        const right = `${project}:${section}`;
        const taken = key !== right && Object.hasOwn(given as Values, right);
        const problem = keyProblem(parsed, project, taken);
        if (problem !== undefined) {
            const { path, ...rest } = problem;
            report(way, path, rest);
        }
        if (!(taken && full === right)) {
            config.set(full, item);
        }
        if (section !== undefined && !taken) {
            ways.set(section, way);
        }
    }
    const located = (path: string): readonly PropertyKey[] => {
        const [section = "", ...rest] = settingKeys(path);
        return [...(ways.get(String(section)) ?? ["config", section]), ...rest];
    };
    for (const problem of credentialsIn(root, configName, ways)) {
        const { keys, ...told } = problem;
        const place = placeOf(keys);
        problems.push({ ...told, ...(place && { place }) });
    }
    return {
        config,
        outside,
        problems,
        hasSettings: config.size + outside.size > 0,
        placeOf: (path) => placeOf(located(path)),
    };
}

function isMap(value: unknown): value is Values {
    return value !== null && typeof value === "object" && !Array.isArray(value);
}

function nothingToRead(value: unknown, project: string): Omit<Problem, "path"> {
    const found =
        value === undefined || value === null
            ? "nothing"
            : Array.isArray(value)
              ? "a list"
              : isMap(value)
                ? "{}"
                : `the ${typeof value === "string" ? "text" : typeof value} ${JSON.stringify(value).slice(0, 60)}`;
    return {
        found,
        allowed: `a map of sections: ${project}:environment and others`,
        fix: `write config: and below it ${project}:environment, :platform, :apps, :database, :cache, :broker, :assets and :exposure; examples/stacks has whole files`,
    };
}

/** The section that stands at the top of the file by mistake, with the project's name or without. */
function sectionOutside(key: string, value: unknown, project: string): string | undefined {
    const name = key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
    if (!Object.hasOwn(sections, name)) {
        return undefined;
    }
    const isOurs =
        key !== "environment" ||
        (isMap(value) &&
            Object.keys(value).some((word) =>
                ["kind", "name", "namespace", "mainApp", "timeToLive", "keep", "sleep", "pullRequest"].includes(word),
            ));
    return isOurs ? name : undefined;
}

/** A list of names, or a definition. Source: Pulumi's type Environment (sdk/go/common/workspace/environment_config.go). */
function isPulumiEnvironment(value: unknown): boolean {
    return (
        (Array.isArray(value) && value.length > 0) ||
        (isMap(value) &&
            Object.keys(value).length > 0 &&
            Object.keys(value).every((key) => key === "imports" || key === "values"))
    );
}

function meantFileKey(key: string): string | undefined {
    return nearestOf(key, fileKeys);
}

function unknownFileKey(key: string, project: string): Omit<Problem, "path"> {
    const name = key.split(":").at(-1)!;
    const meant = meantFileKey(key);
    const section = nearestOf(name, sectionNames);
    const fix =
        meant !== undefined
            ? `rename it to ${meant}`
            : section !== undefined
              ? `did you mean the section ${section}? Move it below config, as ${project}:${section}`
              : `take it out; settings stand below config, as ${project}:SECTION`;
    return { found: "a key that Pulumi does not read", allowed: `keys of the file: ${fileKeys.join(", ")}`, fix };
}

/** Every credential in the file, with the way to it. */
function credentialsIn(
    root: Values,
    configName: string | undefined,
    ways: ReadonlyMap<string, readonly PropertyKey[]>,
): (Problem & { readonly keys: readonly PropertyKey[] })[] {
    const at = (keys: readonly PropertyKey[]): unknown =>
        keys.reduce<unknown>(
            (value, key) =>
                value !== null && typeof value === "object" && Object.hasOwn(value, key)
                    ? (value as Record<PropertyKey, unknown>)[key]
                    : undefined,
            root,
        );
    const sectionAt = (name: string): unknown => at(ways.get(name) ?? ["config", name]);
    const home = homeOfSecrets(sectionAt("apps"), sectionAt("environment"));
    const bySection = [...ways].flatMap(([section, way]) => {
        const problems = section === "secrets" ? plainInSecrets(at(way)) : plainCredentials(at(way), [section], home);
        return problems.map((problem) => ({ ...problem, keys: [...way, ...settingKeys(problem.path).slice(1)] }));
    });
    const seen = new Set([...ways.values()].map((way) => way.join("\0")));
    const elsewhere = Object.entries(root).flatMap(([key, value]) => {
        if (notSearched.has(key) || seen.has(key)) {
            return [];
        }
        const parts: [readonly PropertyKey[], unknown][] =
            key === configName && isMap(value)
                ? Object.entries(value).map(([name, item]) => [[key, name], item])
                : [[[key], value]];
        return parts
            .filter(([way]) => !seen.has(way.join("\0")))
            .flatMap(([way, item]) => {
                const named = [way.at(-1)!];
                const isSecrets = String(named[0]).split(":").at(-1) === "secrets";
                const problems = isSecrets ? plainInSecrets(item, named) : plainCredentials(item, named, home);
                return problems.map((problem) => ({
                    ...problem,
                    keys: [...way, ...settingKeys(problem.path).slice(1)],
                }));
            });
    });
    return [...bySection, ...elsewhere];
}
