// Which stores can take a new password while the old one holds: the only place that says so, and why the others cannot.
import type { AssetsSettings } from "../assets.ts";
import type { PlatformSettings } from "../platform.ts";
import { poolerOf } from "../pooler.ts";
import type { StoreKind, StoresSettings } from "./entries.ts";

export type RotationUse =
    | {
          readonly use: "taken";
          /** What becomes of a password that `secrets` has: the newest login's, the first one's, or there may be none. */
          readonly given: "newest" | "first" | "refused";
      }
    /** What to do instead, as a whole sentence. */
    | { readonly use: "refused"; readonly instead: string };

type RotatedKind = Exclude<StoreKind, "assets">;

const anew = "make a second login at the server, and name it and its password in the settings: both hold meanwhile";
const ofServer = "make a second key at the server, and put it into secrets.assetsAccessKeyId: both hold meanwhile";
const ofCloud = "the cloud knows one password at a time: its own tools make a new one, when few people are there";

export function rotationUse(store: StoresSettings[RotatedKind]): RotationUse {
    switch (store.variant) {
        case "none":
            return { use: "refused", instead: "there is no such store" };
        case "in-cluster":
            // PgBouncer has to know the login before too, and of one that was given nobody has it any more.
            return { use: "taken", given: poolerOf(store) === undefined ? "newest" : "refused" };
        case "redis":
        case "rabbitmq":
            return { use: "taken", given: "newest" };
        case "rds":
        case "cloud-sql":
            return { use: "taken", given: store.server.variant === "existing" ? "first" : "refused" };
        case "elasticache":
            return store.server.variant === "existing"
                ? { use: "refused", instead: anew }
                : { use: "taken", given: "newest" };
        case "external":
            return "administrator" in store && store.administrator !== undefined
                ? { use: "taken", given: "first" }
                : { use: "refused", instead: anew };
        case "platform":
            return { use: "refused", instead: "rotate the login in the stack that lends the server" };
        case "memcached":
            return { use: "refused", instead: "Memcached asks for no password" };
        case "memorystore":
        case "digitalocean":
            return { use: "refused", instead: ofCloud };
        default:
            return store satisfies never;
    }
}

const identity = "pods have an identity, and no key";

/** Of the keys of buckets. */
export function keyRotationUse(store: AssetsSettings, platform: PlatformSettings["variant"]): RotationUse {
    const taken: RotationUse = { use: "taken", given: "refused" };
    switch (store.variant) {
        case "spaces":
            return taken;
        case "s3":
            return store.podIdentityCluster !== undefined || platform === "aws"
                ? { use: "refused", instead: identity }
                : taken;
        case "cloud-storage":
            return store.access?.variant === "hmac-key" || (store.access === undefined && platform !== "gcp")
                ? taken
                : { use: "refused", instead: identity };
        case "s3-compatible":
            return { use: "refused", instead: ofServer };
        case "whitenoise":
            return { use: "refused", instead: store.media?.from === "bucket" ? ofServer : "there is no bucket" };
        default:
            return store satisfies never;
    }
}
