// From the sections as they were read to one typed value, or to everything that is wrong with them. Creates nothing.
import type { z } from "zod";
import type { AppSettings } from "./app.ts";
import { certain } from "./check/certain.ts";
import { placeSections } from "./check/place.ts";
import type { Doubt } from "./check/salvage.ts";
import { checkSection } from "./check/section.ts";
import { contradictionsIn } from "./contradictions/contradictions.ts";
import type { environmentSchema } from "./environment.ts";
import { SettingsError, type Problem } from "./problems.ts";
import { sectionNames, sections, type Settings } from "./sections.ts";

/**
 * Checks and completes the configuration of a stack.
 *
 * @param raw the sections as they were read; a section that the file does not have is undefined
 * @param stack the stack's name, the default of the environment's
 * @throws SettingsError that lists every problem
 */
export function checkSettings(raw: Readonly<Record<string, unknown>>, stack: string): Settings {
    const { written, problems } = placeSections(raw);
    const checked: Partial<Record<keyof Settings, unknown>> = {};
    const doubts: Doubt[] = [];
    for (const name of sectionNames) {
        const { value, key } = written.get(name) ?? { value: undefined, key: name };
        const result = checkSection(name, sections[name], value, { writtenAs: key, sections });
        problems.push(...(result.problems ?? []));
        doubts.push(...(result.doubts ?? []).map(({ path, how }) => ({ path: [name, ...path], how })));
        if (result.value !== undefined) {
            checked[name] = result.value;
        }
    }
    const settings = completed(checked as Checked, stack);
    problems.push(...certain(contradictionsIn(settings, "refused"), doubts));
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
    const { kind, name = stack, mainApp = onlyNameOf(others.apps), keep, sleep, pullRequest } = environment;
    const { namespace = `${mainApp}-${name}`, timeToLive = kind === "ephemeral" ? "72h" : undefined } = environment;
    return {
        ...others,
        environment: {
            kind,
            name,
            namespace,
            mainApp,
            ...(timeToLive && { timeToLive }),
            ...(keep && { keep }),
            ...(sleep && { sleep }),
            ...(pullRequest && { pullRequest }),
        },
    };
}

/** Several apps have no first one: which is the main one has to be said (contradictions/apps.ts). */
function onlyNameOf(apps: readonly AppSettings[]): string {
    return apps.length === 1 ? apps[0]!.name : "";
}
