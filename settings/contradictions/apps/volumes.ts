// Volumes that pods mount: places that something else has, names of two, and files of one that another's user could not read.
import type { AppSettings } from "../../app.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "./apps.ts";
import { contradiction } from "../contradiction.ts";
import { ancestors, reasonAgainstVolume, reservedBy } from "./files.ts";

/** Of the folders that every image has, those that are empty in all: what a distribution leaves to whoever runs it. */
const free: ReadonlySet<string> = new Set(["/media", "/mnt", "/srv"]);

export const reservedVolumes = contradiction(["apps", "assets"], (settings) =>
    placedApps(settings.apps).flatMap(({ app, at }) => {
        const all = reservedBy(app, settings.assets);
        const paths = Object.entries(app.volumes);
        return paths.flatMap(([name, { path }], index): Problem[] => {
            const below = all.find(
                ({ mounted, paths: taken }) => mounted && taken.some((one) => ancestors(one).includes(path)),
            );
            const reason = free.has(path) ? undefined : reasonAgainstVolume(path, all);
            const other = paths.find(
                ([, { path: one }], position) => (one === path && position < index) || ancestors(path).includes(one),
            );
            const found =
                reason ??
                (other && `in or at the folder of the volume ${other[0]}`) ??
                (below && `above ${below.paths[0]}: ${below.reason}`);
            return found === undefined ? [] : [misplaced(app, [...at, "volumes", name, "path"], path, found)];
        });
    }),
);

function misplaced(
    { name }: Pick<AppSettings, "name">,
    at: readonly PropertyKey[],
    path: string,
    found: string,
): Problem {
    return {
        path: settingPath(at),
        found: `${JSON.stringify(path)}: ${found}`,
        allowed: `a folder of its own, in which the image has nothing: what it has there would be hidden; for example /data/${name}`,
        fix: setCommand(settingPath(at), `/data/${name}`),
    };
}

/** `shop-volume-a` of shop, and of an app shop-volume. */
export const namesOfVolumes = contradiction(["apps"], ({ apps }) => {
    const owners = new Map<string, string>();
    return placedApps(apps).flatMap(({ app, at }) =>
        Object.keys(app.volumes).flatMap((volume): Problem[] => {
            const name = `${app.name}-volume-${volume}`;
            const owner = owners.get(name) ?? app.name;
            owners.set(name, owner);
            return owner === app.name
                ? []
                : [
                      {
                          path: settingPath([...at, "volumes", volume]),
                          found: `a claim named ${name}, as one of the app ${owner} is`,
                          allowed: "names of apps and volumes that, with -volume- between them, are no other's",
                          fix: "name the volume by what it holds, for example data",
                      },
                  ];
        }),
    );
});

/** The kubelet gives a volume to the group of the pod that mounts it: of two groups one could not write any more. */
export const groupsOfMedia = contradiction(["apps", "assets"], (settings) =>
    storesOf("assets", settings).flatMap(({ store, users, owner = users[0] }): Problem[] => {
        if (store.variant !== "whitenoise" || store.media?.from !== "volume" || owner === undefined) {
            return [];
        }
        const { group } = owner.runAs;
        return placedApps(settings.apps)
            .filter(({ app }) => users.includes(app) && app.runAs.group !== group)
            .map(({ app, at }) => {
                const path = settingPath([...at, "runAs", "group"]);
                return {
                    path,
                    found: String(app.runAs.group),
                    allowed: `${group}, that of ${owner.name}: both write to the volume of uploaded files, which belongs to one group`,
                    fix: `${setCommand(path, String(group))}, or give the app a store of its own (stores.assets)`,
                };
            });
    }),
);

/** Where WhiteNoise would answer first. */
export const mediaBelowStatic = contradiction(["apps", "assets"], (settings: Pick<Settings, "apps" | "assets">) =>
    storesOf("assets", settings).flatMap(({ path, store }): Problem[] => {
        const at = settingPath([...path, "url"]);
        return store.variant === "whitenoise" &&
            store.media?.from === "volume" &&
            (store.url === "/" || store.url.startsWith("/media/"))
            ? [
                  {
                      path: at,
                      found: JSON.stringify(store.url),
                      allowed: "another path than that of uploaded files, /media/, and none above it",
                      fix: setCommand(at, "/static/"),
                  },
              ]
            : [];
    }),
);

/** The default storage would be a folder of the image, which nobody may write to. */
export const samplesOfNoMedia = contradiction(["apps", "assets"], (settings: Pick<Settings, "apps" | "assets">) =>
    placedApps(settings.apps).flatMap(({ app, at }): Problem[] => {
        const store = app.stores.assets ?? settings.assets;
        if (
            app.contract !== "django" ||
            app.release.mediaSamples === undefined ||
            store.variant !== "whitenoise" ||
            store.media !== undefined
        ) {
            return [];
        }
        const path = settingPath([...at, "release", "mediaSamples"]);
        const media = settingPath([
            ...(app.stores.assets === undefined ? ["assets"] : [...at, "stores", "assets"]),
            "media",
        ]);
        return [
            {
                path,
                found: JSON.stringify(app.release.mediaSamples),
                allowed: `nothing while uploaded files have no place: ${media} is not set`,
                fix: `${removeCommand(path)}, or set ${media} (docs/uploads.md)`,
            },
        ];
    }),
);
