// Which protocol a store speaks, wherever it is.
import type { StoresSettings } from "./entries.ts";

/** @returns undefined where there is none */
export function cacheProtocol(store: StoresSettings["cache"]): "redis" | "memcached" | undefined {
    switch (store.variant) {
        case "none":
            return undefined;
        case "external":
            return store.protocol;
        case "memcached":
            return "memcached";
        case "in-cluster":
        case "digitalocean":
        case "elasticache":
        case "memorystore":
            return "redis";
        default:
            return store satisfies never;
    }
}

/** @returns undefined where there is none */
export function brokerProtocol(store: StoresSettings["broker"]): "redis" | "amqp" | undefined {
    switch (store.variant) {
        case "none":
            return undefined;
        case "external":
            return store.protocol;
        case "rabbitmq":
            return "amqp";
        case "redis":
            return "redis";
        default:
            return store satisfies never;
    }
}
