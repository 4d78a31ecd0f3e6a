// Every volume that the settings ask for.
import type { ByteQuantity } from "../../lib/quantities.ts";
import { storesOf } from "../stores/entries.ts";
import type { CapacitySettings } from "./pods.ts";

export interface Volume {
    /** The store's. */
    readonly name: string;
    readonly kind: "database" | "broker" | "assets";
    readonly storage: ByteQuantity;
    /** The setting that says how large. */
    readonly path: readonly PropertyKey[];
}

export function volumesOf(settings: CapacitySettings): Volume[] {
    return [
        ...storesOf("database", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "in-cluster"
                ? [{ name, kind: "database", storage: store.storage, path: [...path, "storage"] }]
                : [],
        ),
        ...storesOf("broker", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "redis"
                ? [{ name, kind: "broker", storage: store.storage, path: [...path, "storage"] }]
                : [],
        ),
        ...storesOf("assets", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "whitenoise" && store.files.from === "volume"
                ? [{ name, kind: "assets", storage: store.files.storage, path: [...path, "files", "storage"] }]
                : [],
        ),
    ];
}
