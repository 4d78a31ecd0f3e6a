// Variables of an app that break the pods which get them.
import { verdictOnVariable, type VariableVerdict } from "../../../lib/reserved-variables.ts";
import { removeCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { advice, contradiction } from "../contradiction.ts";
import { appsWithSecrets, sectionsOfSecrets } from "../secrets/secrets.ts";

const needed = sectionsOfSecrets;

export const breakingVariables = contradiction(needed, (settings) => found(settings, "refused"));

export const surprisingVariables = advice(needed, (settings) => found(settings, "surprising"));

function found(settings: Pick<Settings, (typeof needed)[number]>, wanted: VariableVerdict): Problem[] {
    return appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, existing, existingAt }) =>
        [
            ...variables([...at, "environment"], app.environment),
            ...variables([...secretsAt, "environment"], secrets.environment),
            // Only the cluster knows the value.
            ...unread([...existingAt, "environment"], existing.environment),
        ].flatMap(({ path, name, value }): Problem[] => {
            const said = verdictOnVariable(name, value);
            return said?.verdict === wanted
                ? [
                      {
                          path,
                          found: `${name}: ${said.reason}`,
                          allowed: "variables that the image's own programs do not depend on",
                          fix: `${removeCommand(path)}; ${said.instead}`,
                      },
                  ]
                : [];
        }),
    );
}

function variables(at: readonly PropertyKey[], all: Readonly<Record<string, string>>) {
    return Object.entries(all).map(([name, value]) => ({ path: settingPath([...at, name]), name, value }));
}

function unread(at: readonly PropertyKey[], all: Readonly<Record<string, unknown>>) {
    return Object.keys(all).map((name) => ({ path: settingPath([...at, name]), name, value: "" }));
}
