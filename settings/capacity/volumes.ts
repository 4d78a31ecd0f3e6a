// Every volume that the settings ask for.
import type { ByteQuantity } from "../../lib/quantities.ts";
import { placedApps } from "../contradictions/apps/apps.ts";
import { storesOf } from "../stores/entries.ts";
import type { CapacitySettings } from "./pods.ts";

export interface Volume {
    /** How many there are of it, one for each pod. */
    readonly count: number;
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
                ? [{ name, count: 1, kind: "database", storage: store.storage, path: [...path, "storage"] }]
                : [],
        ),
        ...storesOf("broker", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "none" || store.variant === "external"
                ? []
                : [
                      {
                          name,
                          count: store.variant === "rabbitmq" ? store.nodes : 1,
                          kind: "broker",
                          storage: store.storage,
                          path: [...path, "storage"],
                      },
                  ],
        ),
        ...storesOf("assets", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "whitenoise" && store.files.from === "volume"
                ? [
                      {
                          name,
                          count: 1,
                          kind: "assets",
                          storage: store.files.storage,
                          path: [...path, "files", "storage"],
                      },
                  ]
                : [],
        ),
        ...storesOf("assets", settings).flatMap(({ name, path, store }): Volume[] =>
            store.variant === "whitenoise" && store.media?.from === "volume"
                ? [
                      {
                          name: `${name}-media`,
                          count: 1,
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
                count: 1,
                kind: "app",
                storage,
                path: [...at, "volumes", name, "storage"],
            })),
        ),
    ];
}
