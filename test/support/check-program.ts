// The program of the release's first job (components/django/check), as a test runs it.
import { execFile } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../commands/support/paths.ts";

export interface CheckedStore {
    readonly store: "database" | "cache" | "broker";
    readonly protocol: "postgresql" | "redis" | "memcached" | "amqp";
    readonly url: string;
    readonly hosts?: readonly string[];
    readonly cidrs?: readonly string[];
    readonly maxConnections?: number;
    readonly pooled?: boolean;
}

let runs = 0;

/**
 * @param directory where files of the run are
 * @param variables of the environment, beside the store's own
 */
export async function runCheck(
    directory: string,
    { store, protocol, url, ...claims }: CheckedStore,
    variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> {
    const folder = join(directory, `run-${runs++}`);
    await cp(join(projectRoot, "components/django/check"), folder, { recursive: true });
    const hosts = url.split(" ").map(() => "server.example.org");
    const told = {
        store,
        protocol,
        variable: "URL",
        prefix: "APP_",
        setting: store,
        passwordSetting: `secrets.${store}Password`,
        hosts,
        cidrs: ["127.0.0.0/8"],
        ...claims,
    };
    await writeFile(join(folder, "stores.json"), JSON.stringify([told]));
    const env = { PATH: process.env["PATH"]!, DJANGO_ON_KUBERNETES_CHECK_GRACE: "0", URL: url, ...variables };
    return new Promise((resolve) => {
        execFile("python3", [join(folder, "main.py")], { env }, (error, stdout, stderr) => {
            resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}`.trimEnd() });
        });
    });
}

/** What Redis says to INFO. */
export const redisInfo = (facts: Readonly<Record<string, string>>): string => {
    const text = Object.entries({ redis_version: "7.4.1", role: "master", ...facts })
        .map(([name, value]) => `${name}:${value}\r\n`)
        .join("");
    return `$${text.length}\r\n${text}\r\n`;
};
