// Every volume that the settings ask for.
import type { ByteQuantity } from "../../lib/quantities.ts";
import { placedApps } from "../contradictions/apps.ts";
import { storesOf } from "../stores/entries.ts";
import type { CapacitySettings } from "./pods.ts";

export interface Volume {
    /** The store's, or the claim's. */
    readonly name: string;
    readonly kind: "database" | "broker" | "assets" | "media" | "app";
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
        ...storesOf("assets", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "whitenoise" && store.media?.from === "volume"
                ? [
                      {
                          name: `${name}-media`,
                          kind: "media",
                          storage: store.media.storage,
                          path: [...path, "media", "storage"],
                      },
                  ]
                : [],
        ),
        ...placedApps(settings.apps).flatMap(({ app, at }) =>
            Object.entries(app.volumes).map(([name, { storage }]): Volume => ({
                name: `${app.name}-volume-${name}`,
                kind: "app",
                storage,
                path: [...at, "volumes", name, "storage"],
            })),
        ),
    ];
}
