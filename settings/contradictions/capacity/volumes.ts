// Whether a volume holds what is written to it before anything of the app's is.
import { gibibyte, mebibyte } from "../../../lib/node-types/room.ts";
import { bytes, byteQuantityOf } from "../../../lib/quantities.ts";
import { capacitySections, type CapacitySettings } from "../../capacity/pods.ts";
import { volumesOf, type Volume } from "../../capacity/volumes.ts";
import { definedSize } from "../../operator.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { storesOf } from "../../stores/entries.ts";
import { advice, contradiction } from "../contradiction.ts";

/** What it has to hold, in bytes, and why. */
interface Need {
    readonly least: number;
    readonly reason: string;
}

/**
 * PostgreSQL: initdb writes about 40 MB, the app's database another 8, and up to min_wal_size, 80 MB, of its log is kept.
 * Static files: Django's admin has 1.8 MB, and hashed and compressed copies come to that.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-wal.html
 */
const least: Readonly<Record<"database" | "assets", Need>> = {
    database: { least: 128 * mebibyte, reason: "an empty PostgreSQL with its log takes as much" },
    assets: { least: 8 * mebibyte, reason: "the static files of Django's admin take as much" },
};

/** PostgreSQL writes up to max_wal_size, 1 GB, of its log before it begins anew. */
const comfortable: Need = { least: gibibyte, reason: "PostgreSQL's log alone may take as much (max_wal_size)" };

export const smallVolumes = contradiction(capacitySections, (settings) =>
    volumesOf(settings).flatMap((volume) =>
        tooSmall(volume, leastOf(volume, settings, 2), comfortableFor(volume, settings)),
    ),
);

export const tightVolumes = advice(capacitySections, (settings) =>
    volumesOf(settings).flatMap((volume) => {
        const need = comfortableFor(volume, settings);
        return tooSmall(volume, leastOf(volume, settings, 2), need).length > 0 ? [] : tooSmall(volume, need, need);
    }),
);

function comfortableFor(volume: Volume, settings: CapacitySettings): Need | undefined {
    return volume.kind === "database" ? comfortable : leastOf(volume, settings, 4);
}

/**
 * In Redis a broker's messages take half of its memory at most. Its log is rewritten beside the old one, which has grown to twice
 * as much by then. RabbitMQ stops taking messages while less than its memory is free on the disk.
 *
 * @param copies of all messages that the volume has to hold
 */
function leastOf({ kind, name }: Volume, settings: CapacitySettings, copies: number): Need | undefined {
    if (kind === "media" || kind === "app") {
        // What users and the app put there, nobody else knows.
        return undefined;
    }
    if (kind !== "broker") {
        return least[kind];
    }
    const store = storesOf("broker", settings).find((entry) => entry.name === name)?.store;
    if (store === undefined || store.variant === "none" || store.variant === "external") {
        return undefined;
    }
    const size = definedSize(settings.operator.sizes, store.size);
    return (
        size &&
        (store.variant === "rabbitmq"
            ? {
                  least: bytes(size.memory) * copies,
                  reason: `RabbitMQ takes no messages while less than its memory, ${size.memory}, is free on the disk, and its log takes as much`,
              }
            : {
                  least: (bytes(size.memory) / 2) * copies,
                  reason: `its log is rewritten beside the old one, and ${size.memory} of memory hold messages up to half of that`,
              })
    );
}

/** @param better what the fix suggests */
function tooSmall({ storage, path, kind }: Volume, need: Need | undefined, better: Need | undefined): Problem[] {
    if (need === undefined || better === undefined || bytes(storage) >= need.least) {
        return [];
    }
    const at = settingPath(path);
    const smaller = kind === "broker" ? `, or a smaller ${settingPath([...path.slice(0, -1), "size"])}` : "";
    return [
        {
            path: at,
            found: JSON.stringify(storage),
            allowed: `at least ${byteQuantityOf(need.least)}: ${need.reason}`,
            fix: `${setCommand(at, byteQuantityOf(better.least))}${smaller}`,
        },
    ];
}
