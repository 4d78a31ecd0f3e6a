// Users of Redis and Valkey, as a file of them (`aclfile`) has them: one for each number of a password.
import { createHash } from "node:crypto";

/** Who has a replica copy, looks whether a server answers, and lets other users in. */
export const keeper = "keeper";

/** What clients log in as. */
export function numberedUser(number: number): string {
    return `login-${number}`;
}

/** Without a name: who gives a password alone, as all did before there were numbers. */
export const unnamedUser = "default";

/** The server compares hashes: nobody reads the password out of the file, or out of a command that lets it in. */
export function passwordHash(password: string): string {
    return createHash("sha256").update(password, "utf8").digest("hex");
}

/** @see https://valkey.io/topics/acl/ */
export function userLine(name: string, password: string): string {
    return `user ${name} on #${passwordHash(password)} ~* &* +@all\n`;
}

export function closedUser(name: string): string {
    return `user ${name} off resetpass -@all\n`;
}
