// From the sections as they were read to one typed value, or to everything that is wrong with them. Creates nothing.
import type { z } from "zod";
import { nearestWord } from "../lib/nearest-word.ts";
import type { AppSettings } from "./app.ts";
import { checkSection } from "./check/section.ts";
import { contradictionsIn } from "./contradictions/contradictions.ts";
import type { environmentSchema } from "./environment.ts";
import { removeCommand, SettingsError, type Problem } from "./problems.ts";
import { sectionNames, sections, type Settings } from "./sections.ts";

/**
 * Checks and completes the configuration of a stack.
 *
 * @param raw the sections as they were read; a section that the file does not have is undefined
 * @param stack the stack's name, the default of the environment's
 * @throws SettingsError that lists every problem
 */
export function checkSettings(raw: Readonly<Record<string, unknown>>, stack: string): Settings {
    const problems: Problem[] = unknownSections(Object.keys(raw));
    const checked: Partial<Record<keyof Settings, unknown>> = {};
    for (const name of sectionNames) {
        const result = checkSection(name, sections[name], raw[name]);
        if ("problems" in result) {
            problems.push(...result.problems);
        } else {
            checked[name] = result.value;
        }
    }
    const settings = completed(checked as Checked, stack);
    problems.push(...contradictionsIn(settings, "refused"));
    if (problems.length > 0) {
        throw new SettingsError(`Pulumi.${stack}.yaml`, problems);
    }
    // Without a problem, no section is missing.
    return settings as Settings;
}

/** What its owner should know of settings that are right: nothing of it stops the stack. */
export function adviceOn(settings: Settings): Problem[] {
    return contradictionsIn(settings, "advice");
}

/** The sections that are right; a wrong one is absent. */
type Checked = Partial<Omit<Settings, "environment"> & { readonly environment: z.output<typeof environmentSchema> }>;

/** What comes from other settings. Without the apps, of which one gives the namespace its name, there is no environment. */
function completed({ environment, ...others }: Checked, stack: string): Partial<Settings> {
    if (environment === undefined || others.apps === undefined) {
        return others;
    }
    const { kind, name = stack, mainApp = onlyNameOf(others.apps) } = environment;
    const { namespace = `${mainApp}-${name}`, timeToLive = kind === "ephemeral" ? "72h" : undefined } = environment;
    return { ...others, environment: { kind, name, namespace, mainApp, ...(timeToLive && { timeToLive }) } };
}

/** Several apps have no first one: which is the main one has to be said (contradictions/apps.ts). */
function onlyNameOf(apps: readonly AppSettings[]): string {
    return apps.length === 1 ? apps[0]!.name : "";
}

function unknownSections(names: readonly string[]): Problem[] {
    return names
        .filter((name) => !Object.hasOwn(sections, name))
        .map((name) => {
            const nearest = nearestWord(name, sectionNames);
            return {
                path: name,
                found: "a section that does not exist",
                allowed: sectionNames.join(", "),
                fix: nearest === undefined ? removeCommand(name) : `rename it to ${nearest}`,
            };
        });
}
