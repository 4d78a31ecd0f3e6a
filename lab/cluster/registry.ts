// A registry of images that asks for a login, for tests of pulls with one: on the machine beside the node, and started when asked for.
// It listens on the loopback interface, where containerd takes plain HTTP without being told to.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../commands/support/report.ts";
import { goProgram, type GoProgram } from "./go-build.ts";
import { answers } from "./health.ts";
import { places, registryServer } from "./layout.ts";
import { withLock } from "./lock.ts";
import { ensureServer, stopProcess, type Server } from "./processes.ts";
import { run } from "./shell.ts";

export interface Login {
    readonly username: string;
    /** Of the moment: the next start may give another one, and the registry refuses the one before from then on. */
    readonly password: string;
}

const name = "registry";
const directory = join(places.root, name);
const users = join(directory, "users.json");
const imageRegistry: GoProgram = {
    name,
    source: join(import.meta.dirname, "servers/registry"),
    package: ".",
    packages: 250,
};

/**
 * Starts the server, which takes this login alone from now on. The cluster has to be up; what was pushed is there until the server is
 * stopped.
 *
 * @throws saying what the server last wrote
 */
export async function startRegistry(report: Report, { username, password }: Login): Promise<void> {
    const program = await build(report);
    await withLock(report, async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        // At once, because it is read at every request.
        await writeFile(`${users}.part`, JSON.stringify({ [username]: password }), { mode: 0o600 });
        await rename(`${users}.part`, users);
        await ensureServer(server(program));
    });
}

/** Its images are gone. */
export async function stopRegistry(report: Report): Promise<void> {
    await withLock(report, () => stopProcess(name));
}

/**
 * Pushes the one image of an archive, as the user of this login.
 *
 * @param image its name in the registry, with a tag: `shop:1`
 * @returns the name by which it is pulled
 * @throws with the registry's words
 */
export async function pushImage(report: Report, archive: string, image: string, login: Login): Promise<string> {
    const reference = `${registryServer}/${image}`;
    report(`Pushing ${reference}`);
    // Not as arguments, which every user of the machine can read.
    await run(await build(report), ["push", archive, reference], JSON.stringify(login));
    return reference;
}

async function build(report: Report): Promise<string> {
    return goProgram(imageRegistry, (message) => report(`Building the registry from source: ${message}`));
}

function server(program: string): Server {
    return {
        name,
        command: program,
        args: ["serve", `--listen=${registryServer}`, `--users=${users}`, `--blobs=${join(directory, "blobs")}`],
        ready: () => answers(`http://${registryServer}/healthz`),
        advice: `Port ${registryServer.split(":")[1]} must be free on localhost.`,
    };
}
