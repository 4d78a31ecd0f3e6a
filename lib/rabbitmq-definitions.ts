// RabbitMQ's definitions: who may do what in which virtual host, as a node imports them whenever it starts.
import { createHash } from "node:crypto";

export interface RabbitUser {
    readonly name: string;
    /** The only virtual host that is the user's. @default called like the user */
    readonly vhost?: string;
    readonly password: string;
}

/** What an app logs in as, in a virtual host that keeps the app's name. No app has a dot in its name. */
export function numberedRabbitUser(app: string, number: number): string {
    return `${app}.${number}`;
}

/** In an empty broker they stand for the default user `guest` too, which then does not come to be. */
export function rabbitDefinitions(users: readonly RabbitUser[], salted: string): string {
    return JSON.stringify({
        users: users.map(({ name, password }) => ({
            name,
            password_hash: passwordHash(password, `${salted}/${name}`),
            hashing_algorithm: "rabbit_password_hashing_sha256",
            // No tag: nobody administers the broker over the network.
            tags: [],
        })),
        vhosts: users.map(({ name, vhost = name }) => ({ name: vhost, default_queue_type: "quorum" })),
        permissions: users.map(({ name, vhost = name }) => ({
            user: name,
            vhost,
            configure: ".*",
            write: ".*",
            read: ".*",
        })),
    });
}

/** @param salted what the salt is made from: the same each time, or every preview would show another hash */
export function passwordHash(password: string, salted: string): string {
    return saltedHash(password, createHash("sha256").update(salted).digest().subarray(0, 4));
}

/**
 * The salt and the SHA-256 of salt and password, in base64.
 *
 * @param salt four bytes
 * @see https://www.rabbitmq.com/docs/passwords#computing-password-hash
 */
export function saltedHash(password: string, salt: Uint8Array): string {
    const hash = createHash("sha256").update(salt).update(password, "utf8").digest();
    return Buffer.concat([salt, hash]).toString("base64");
}
