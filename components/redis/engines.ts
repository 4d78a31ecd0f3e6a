// The two servers that speak Redis's protocol.

export type RedisEngine = "valkey" | "redis";

export interface RedisEngineFacts {
    /** An official image. */
    readonly image: string;
    readonly server: string;
    readonly client: string;
}

/**
 * Tags that their publishers list. Valkey's are of Debian 13 since 8.1.4: there is no 8.1.4-bookworm.
 *
 * @see https://github.com/valkey-io/valkey-container/blob/mainline/versions.json
 * @see https://hub.docker.com/_/redis
 */
export const redisEngines: Record<RedisEngine, RedisEngineFacts> = {
    valkey: { image: "docker.io/valkey/valkey:8.1.8-trixie", server: "valkey-server", client: "valkey-cli" },
    redis: { image: "docker.io/library/redis:8.2.2-bookworm", server: "redis-server", client: "redis-cli" },
};

export const redisPort = 6379;

/** The user and group of the Debian-based official images of both. */
export const redisUser = { user: 999, group: 999 };
