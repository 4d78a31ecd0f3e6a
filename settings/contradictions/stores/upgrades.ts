// A major upgrade of a server in the cluster: from an older version, by an image of that one, and one thing at a time.
import { parseImage, postgresMajor } from "../../../lib/image-reference.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf, type StoreEntry } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";

type InCluster = Extract<StoreEntry<"database">["store"], { readonly variant: "in-cluster" }>;

interface Upgraded {
    readonly store: InCluster;
    readonly from: NonNullable<InCluster["upgradeFrom"]>;
    /** @param names of a setting of the store */
    readonly at: (...names: string[]) => string;
}

function upgraded(
    settings: Pick<Settings, "apps" | "database"> & { readonly environment: Settings["environment"] },
): Upgraded[] {
    return storesOf("database", settings).flatMap(({ path, store }): Upgraded[] =>
        store.variant !== "in-cluster" || store.upgradeFrom === undefined
            ? []
            : [{ store, from: store.upgradeFrom, at: (...names) => settingPath([...path, ...names]) }],
    );
}

/** A dump of a newer version is not read by an older one. */
export const upgradesBackwards = contradiction(["apps", "environment", "database"], (settings) =>
    upgraded(settings)
        .filter(({ store, from }) => Number(from.version) >= Number(store.version))
        .map(({ store, from, at }): Problem => ({
            path: at("upgradeFrom", "version"),
            found: JSON.stringify(from.version),
            allowed: `a version below ${at("version")}, ${store.version}`,
            fix: `${removeCommand(at("upgradeFrom"))}: with \`original: kept\` the data of the older version is still there, and \`version\` leads to it`,
        })),
);

export const imagesOfUpgrades = contradiction(["apps", "environment", "database"], (settings) =>
    upgraded(settings).flatMap(({ from, at }): Problem[] => {
        const major = from.image === undefined ? undefined : postgresMajor(parseImage(from.image));
        return major === undefined || major === from.version
            ? []
            : [
                  {
                      path: at("upgradeFrom", "image"),
                      found: `${JSON.stringify(from.image)}, PostgreSQL ${major}`,
                      allowed: `an image of PostgreSQL ${from.version}, as ${at("upgradeFrom", "version")} says`,
                      fix: `${removeCommand(at("upgradeFrom", "image"))}, for the official image of ${from.version}`,
                  },
              ];
    }),
);

/** Each names another directory for the data. */
export const upgradesOfRestores = contradiction(["apps", "environment", "database"], (settings) =>
    upgraded(settings)
        .filter(({ store }) => store.restore !== undefined)
        .map(({ at }): Problem => ({
            path: at("upgradeFrom"),
            found: `an upgrade, beside ${at("restore")}`,
            allowed: "one of them: each puts other data in the place of what is there",
            fix: `${setCommand(at("restore", "original"), "removed")} and up, then ${removeCommand(at("restore"))}, then upgrade`,
        })),
);

/** With the old data's name the new data would get its place among the backups too, where another version has been filed. */
export const endsOfUpgrades = contradiction(["apps", "environment", "database"], (settings) =>
    upgraded(settings)
        .filter(({ store, from }) => from.original === "removed" && store.backups !== undefined)
        .map(({ at }): Problem => ({
            path: at("upgradeFrom", "original"),
            found: `"removed", beside ${at("backups")}`,
            allowed:
                "kept: the backups of the new version are filed under the name of its folder, which then would be the old one's",
            fix: removeCommand(at("upgradeFrom", "original")),
        })),
);
