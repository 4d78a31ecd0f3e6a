// The address of a server outside the stack: whose password nobody but the mover sees.
import { lookup } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";

export interface Address {
    /** As libpq reads it, without a password. */
    readonly url: string;
    readonly password: string;
    readonly host: string;
    readonly port: number;
    readonly database: string;
}

/** Where the certificate authority of the server outside is mounted. */
export const caPath = "/etc/move/ca.pem";

const form = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

const sslModes = ["disable", "require", "verify-ca", "verify-full"];

/**
 * @param name the variable that it came in: FROM or TO
 * @param ca whether the server's own CA is given
 * @throws with what is wrong, and never with the address itself
 */
export function readAddress(text: string, name: string, { ca }: { readonly ca: boolean }): Address {
    const wrong = (what: string): Error =>
        new Error(`${name}: ${what} Allowed: ${form}, as the server's provider shows it.`);
    let url: URL;
    try {
        url = new URL(text.trim());
    } catch {
        throw wrong("that is no address.");
    }
    const database = decodeURIComponent(url.pathname.slice(1));
    if (!/^postgres(ql)?:$/.test(url.protocol)) {
        throw wrong("an address of PostgreSQL begins with postgresql://.");
    }
    if (url.hostname === "" || url.username === "" || database === "") {
        throw wrong(`it lacks ${url.username === "" ? "the user" : database === "" ? "the database" : "the host"}.`);
    }
    if (url.hostname.startsWith("[")) {
        throw wrong("the host is an IPv6 address, which the stack's network does not lead to. Name it.");
    }
    const password = decodeURIComponent(url.password);
    if (password === "") {
        throw wrong("it lacks the password.");
    }
    // One line of a file each, which libpq reads to its end.
    if ([password, decodeURIComponent(url.username), database].some((part) => /\p{Cc}|^\s|\s$/u.test(part))) {
        throw wrong("user, password or database has a control character, or a blank at its beginning or end.");
    }
    const mode = url.searchParams.get("sslmode") ?? (ca ? "verify-full" : "require");
    if (!sslModes.includes(mode)) {
        throw wrong(`sslmode is ${JSON.stringify(mode)}: ${sslModes.join(", ")}.`);
    }
    if (mode.startsWith("verify") && !ca) {
        throw wrong(`sslmode=${mode} needs the certificate of the server's CA: CA=file.pem.`);
    }
    const query = new URLSearchParams({
        sslmode: mode,
        ...(ca && mode.startsWith("verify") && { sslrootcert: caPath }),
    });
    const port = url.port === "" ? 5432 : Number(url.port);
    return {
        url: `postgresql://${url.username}@${url.hostname}:${port}/${encodeURIComponent(database)}?${query.toString()}`,
        password,
        host: url.hostname,
        port,
        database,
    };
}

/** @throws when it is the address itself, for everybody on this machine sees a command's arguments */
export function refuseShown(name: string, given: string | undefined): void {
    if (given !== undefined && /^[a-z]+:\/\//i.test(given)) {
        throw new Error(
            `${name} is an address, which everybody on this machine can see in the list of processes. Put it into a file that only you may read ` +
                `(umask 077) and name that: ${name}=old.address; or into the variable MOVE_ADDRESS; or name neither, and be asked.`,
        );
    }
}

/**
 * @param given a file with the address
 * @param secret the address itself, of an environment variable
 * @param ask asks at the terminal, where there is one
 * @returns undefined where it was not given in any way
 */
export async function addressText(
    name: string,
    given: string | undefined,
    secret: string | undefined,
    ask: (() => Promise<string>) | undefined,
): Promise<string | undefined> {
    if (given !== undefined) {
        return await readFile(given, "utf8").catch((error: unknown) => {
            throw new Error(
                `${name}=${given} is a file that cannot be read: ${(error as NodeJS.ErrnoException).code ?? "?"}`,
            );
        });
    }
    return secret ?? (await ask?.());
}

/**
 * The ranges that a NetworkPolicy opens: it knows no names.
 *
 * @param named what the user said, instead
 */
export async function rangesOf(host: string, named: readonly string[]): Promise<readonly string[]> {
    if (named.length > 0) {
        return named;
    }
    if (isIPv4(host)) {
        return [`${host}/32`];
    }
    try {
        const addresses = await lookup(host, { all: true, family: 4 });
        return addresses.map(({ address }) => `${address}/32`).sort();
    } catch {
        throw new Error(
            `The name ${host} is not known on this machine, so the pods' way there cannot be opened. Say in which ranges it is: CIDRS="10.20.0.0/28"`,
        );
    }
}
