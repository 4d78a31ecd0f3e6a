// What Kubernetes and Linux hold at most of an app's variables and files.
import { removeCommand, settingPath, type Problem } from "../../problems.ts";
import { appsWithSecrets, sectionsOfSecrets } from "../secrets/secrets.ts";
import { contradiction } from "../contradiction.ts";

/** Bytes of all values of one ConfigMap or Secret. Source: Kubernetes, core.MaxSecretSize, which its validation takes for both. */
const largestObject = 2 ** 20;

/**
 * Bytes of one variable, with its name, the sign between and its end.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html MAX_ARG_STRLEN: a container with a longer one does not start
 */
const longestVariable = 128 * 2 ** 10;

export const objectSizes = contradiction(sectionsOfSecrets, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt }) => {
        const groups = [
            { path: [...at, "environment"], values: app.environment, what: "variables", object: "ConfigMap" },
            { path: [...at, "files"], values: app.files, what: "files", object: "ConfigMap" },
            { path: [...secretsAt, "environment"], values: secrets.environment, what: "variables", object: "Secret" },
            { path: [...secretsAt, "files"], values: secrets.files, what: "files", object: "Secret" },
        ] as const;
        return groups.flatMap(({ path, values, what, object }) => [
            ...(what === "variables" ? longVariables(path, values) : []),
            ...wholeObject(path, values, `an app's ${what} are in one ${object}, which holds no more`),
        ]);
    }),
);

function wholeObject(path: readonly PropertyKey[], values: Readonly<Record<string, string>>, why: string): Problem[] {
    const sizes = Object.entries(values).map(([name, value]) => ({ name, bytes: Buffer.byteLength(value) }));
    const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
    if (sum <= largestObject) {
        return [];
    }
    const largest = sizes.reduce((one, other) => (other.bytes > one.bytes ? other : one));
    const alone = largest.bytes > largestObject;
    return [
        {
            path: settingPath(alone ? [...path, largest.name] : path),
            found: alone ? `${largest.bytes} bytes` : `${sum} bytes in ${sizes.length} values`,
            allowed: `at most ${largestObject} bytes: ${why}`,
            fix: `put it into the image or a bucket: ${removeCommand(settingPath([...path, largest.name]))}`,
        },
    ];
}

function longVariables(path: readonly PropertyKey[], values: Readonly<Record<string, string>>): Problem[] {
    return Object.entries(values).flatMap(([name, value]) => {
        const bytes = Buffer.byteLength(`${name}=${value}`) + 1;
        const variable = settingPath([...path, name]);
        // Of more than an object holds, that is told.
        return bytes <= longestVariable || Buffer.byteLength(value) > largestObject
            ? []
            : [
                  {
                      path: variable,
                      found: `${bytes} bytes, with its name`,
                      allowed: `at most ${longestVariable} bytes: Linux starts no program with a longer variable`,
                      fix: `make a file of it, below files: ${removeCommand(variable)}`,
                  },
              ];
    });
}
