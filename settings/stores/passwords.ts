// What becomes of the password that `secrets` may have for a store: the only place that says which store needs one.
import type { StoreKind, StoresSettings } from "./entries.ts";

/** What an API takes as a password that it is given. */
export interface PasswordForm {
    readonly pattern: RegExp;
    readonly allowed: string;
}

export type PasswordUse =
    /** There is no store that could have one. */
    | { readonly use: "none" }
    /** Generated where none is given. */
    | { readonly use: "taken"; readonly form?: PasswordForm }
    /** Of a server that is there: nobody but its owner knows it. */
    | { readonly use: "needed" }
    /** Of a server that is there, and may let in who has none. */
    | { readonly use: "optional" }
    /** The cloud generates it, and a given one would silently be no one's. */
    | { readonly use: "refused" };

export type PasswordKind = Exclude<StoreKind, "assets">;

const rdsPassword: PasswordForm = {
    pattern: /^(?=[!-~]{8,128}$)[^/@"]*$/,
    allowed: '8 to 128 printable ASCII characters without /, @, " and spaces, as RDS wants it',
};

const elastiCacheToken: PasswordForm = {
    pattern: /^[A-Za-z0-9!&#$^<>-]{16,128}$/,
    allowed: "16 to 128 letters, digits and ! & # $ ^ < > -, as ElastiCache wants it",
};

export function passwordUse(store: StoresSettings[PasswordKind]): PasswordUse {
    switch (store.variant) {
        // Whoever reaches Memcached is let in.
        case "memcached":
        case "none":
            return { use: "none" };
        // Of an instance of Cloud SQL that is there too, the user is made here.
        case "in-cluster":
        case "redis":
        case "rabbitmq":
        case "platform":
        case "cloud-sql":
            return { use: "taken" };
        case "rds":
            return store.server.variant === "existing" ? { use: "needed" } : { use: "taken", form: rdsPassword };
        case "elasticache":
            return store.server.variant === "existing" ? { use: "needed" } : { use: "taken", form: elastiCacheToken };
        case "memorystore":
        case "digitalocean":
            return { use: store.server.variant === "existing" ? "needed" : "refused" };
        case "external":
            return externalUse(store);
        default:
            return store satisfies never;
    }
}

/** Memcached lets everyone in, Redis everyone whom nobody told it to ask. */
function externalUse(store: Extract<StoresSettings[PasswordKind], { variant: "external" }>): PasswordUse {
    const protocol = "protocol" in store ? store.protocol : "postgresql";
    switch (protocol) {
        case "memcached":
            return { use: "none" };
        case "redis":
            return { use: "optional" };
        case "postgresql":
        case "amqp":
            return { use: "needed" };
        default:
            return protocol satisfies never;
    }
}
