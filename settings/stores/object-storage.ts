// Which stores keep files in buckets that are there, and which server those are behind.
import type { AssetsSettings } from "../assets.ts";
import type { ObjectStorageSettings } from "../object-storage.ts";

export interface PlacedObjectStorage extends ObjectStorageSettings {
    /** The way to its settings, from the store's. */
    readonly at: readonly string[];
    /** The buckets by the way to their names. */
    readonly buckets: ReadonlyArray<{ readonly at: readonly string[]; readonly name: string }>;
}

/** @returns undefined where the program makes the buckets or knows their cloud, and where there are none */
export function objectStorageOf(store: AssetsSettings): PlacedObjectStorage | undefined {
    if (store.variant === "s3-compatible") {
        const { static: files, media } = store;
        const buckets = [
            { at: ["static", "bucket"], name: files.bucket },
            { at: ["media", "bucket"], name: media.bucket },
        ];
        return { ...store, at: [], buckets };
    }
    if (store.variant === "whitenoise" && store.media?.from === "bucket") {
        const { media } = store;
        return { ...media, at: ["media"], buckets: [{ at: ["media", "bucket"], name: media.bucket }] };
    }
    return undefined;
}

/** Whether pods write to buckets, whoever's. */
export function usesBuckets(store: AssetsSettings): boolean {
    return store.variant !== "whitenoise" || store.media?.from === "bucket";
}

/** @returns the port of an endpoint, said or meant by its scheme */
export function portOf(endpoint: string): number {
    const { port, protocol } = new URL(endpoint);
    return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
