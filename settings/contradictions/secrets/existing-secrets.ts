// Keys of Secrets in the cluster, and the objects that controllers make such Secrets of.
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import type { SecretKey } from "../../existing-secrets.ts";
import type { Settings } from "../../sections.ts";
import { advice, contradiction } from "../contradiction.ts";
import { appsWithSecrets, sectionsOfSecrets, type WithSecrets } from "./secrets.ts";

interface PlacedKey extends SecretKey {
    readonly at: readonly PropertyKey[];
}

/** Every key that the settings name. */
function keysOf(settings: WithSecrets): PlacedKey[] {
    return appsWithSecrets(settings).flatMap(({ existing: { environment, files, ...single }, existingAt }) =>
        [
            { way: existingAt, given: single },
            { way: [...existingAt, "environment"], given: environment },
            { way: [...existingAt, "files"], given: files },
        ].flatMap(({ way, given }) =>
            Object.entries(given as Readonly<Record<string, SecretKey | undefined>>).flatMap(([name, key]) =>
                key === undefined ? [] : [{ ...key, at: [...way, name] }],
            ),
        ),
    );
}

/** The keys of each Secret that the settings' own objects make. */
function keysOfObjects({ secretObjects }: Pick<Settings, "secretObjects">): ReadonlyMap<string, readonly string[]> {
    return new Map([
        ...Object.entries(secretObjects.sealed).map(([name, each]) => [name, Object.keys(each.encryptedData)] as const),
        ...Object.entries(secretObjects.external).map(([name, each]) => [name, Object.keys(each.data)] as const),
    ]);
}

export const keysOfNoObject = contradiction([...sectionsOfSecrets, "secretObjects"], (settings) => {
    const objects = keysOfObjects(settings);
    return keysOf(settings).flatMap(({ name, key, at }): Problem[] => {
        const keys = objects.get(name);
        const path = settingPath([...at, "key"]);
        return keys === undefined || keys.includes(key)
            ? []
            : [
                  {
                      path,
                      found: JSON.stringify(key),
                      allowed: `a key that secretObjects gives the Secret ${name}: ${keys.join(", ")}`,
                      fix: setCommand(path, keys[0]!),
                  },
              ];
    });
});

export const twoObjectsOfOneName = contradiction(["secretObjects"], ({ secretObjects: { sealed, external } }) =>
    Object.keys(external)
        .filter((name) => Object.hasOwn(sealed, name))
        .map((name) => {
            const path = settingPath(["secretObjects", "external", name]);
            return {
                path,
                found: `a name that ${settingPath(["secretObjects", "sealed", name])} has too`,
                allowed: "another name: each makes a Secret of its own name, and one would be refused the other's",
                fix: removeCommand(path),
            };
        }),
);

/** It would be a Secret that nothing of the stack uses. */
export const idleObjects = advice([...sectionsOfSecrets, "secretObjects"], (settings) => {
    const used = new Set(keysOf(settings).map(({ name }) => name));
    return (["sealed", "external"] as const).flatMap((kind) =>
        Object.keys(settings.secretObjects[kind])
            .filter((name) => !used.has(name))
            .map((name) => {
                const path = settingPath(["secretObjects", kind, name]);
                return {
                    path,
                    found: "an object whose Secret no setting names",
                    allowed: "objects whose keys stand in existingSecrets",
                    fix: `name its keys there, or ${removeCommand(path)}`,
                };
            }),
    );
});

/** A Secret has to be there before the first `up`, and a namespace that is made by it is not. */
export const secretsBeforeTheirNamespace = advice(
    [...sectionsOfSecrets, "secretObjects", "platform"],
    (settings): Problem[] => {
        const { kind, namespace } = settings.environment;
        const ownCluster = !["existing", "stack"].includes(settings.platform.variant);
        const objects = keysOfObjects(settings);
        const [first] = keysOf(settings).filter(({ name }) => !objects.has(name));
        if (first === undefined || (kind !== "ephemeral" && !ownCluster)) {
            return [];
        }
        return [
            {
                path: settingPath(first.at),
                found: `the Secret ${first.name}, before ${ownCluster ? "this stack has made its cluster" : "an environment for a while has a namespace"}`,
                allowed: `Secrets that are in the namespace ${namespace} when it comes up, or that secretObjects makes there`,
                fix: ownCluster
                    ? "for the first up take it out, or give an encrypted value in secrets; then make the Secret, and name it"
                    : "add it to secretObjects, or let what makes the stack make namespace and Secret first",
            },
        ];
    },
);

/** Of which the first `up` would wait two minutes for what nobody can have made. */
export const storesBeforeTheirNamespace = advice(["secretObjects", "environment"], (settings) => {
    const { kind, namespace } = settings.environment;
    return Object.entries(kind === "ephemeral" ? settings.secretObjects.external : {})
        .filter(([, { store }]) => store.kind === "SecretStore")
        .map(([name, { store }]) => {
            const path = settingPath(["secretObjects", "external", name, "store", "kind"]);
            return {
                path,
                found: `the SecretStore ${store.name}, before an environment for a while has a namespace`,
                allowed: `a ClusterSecretStore whose conditions let the namespace ${namespace} in`,
                fix: `${setCommand(path, "ClusterSecretStore")}, or let what makes the stack make namespace and store first`,
            };
        });
});
