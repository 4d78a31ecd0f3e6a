// RabbitMQ's definitions: who may do what in which virtual host, as a node imports them whenever it starts.
import { createHash } from "node:crypto";

export interface RabbitUser {
    /** Of the user and of the only virtual host that is the user's. */
    readonly name: string;
    readonly password: string;
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
        vhosts: users.map(({ name }) => ({ name, default_queue_type: "quorum" })),
        permissions: users.map(({ name }) => ({ user: name, vhost: name, configure: ".*", write: ".*", read: ".*" })),
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
