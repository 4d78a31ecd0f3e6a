// One section relies on another that offers nothing.
import { setCommand, settingPath } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import { storeOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";
import { workersOf } from "../processes/workers.ts";

const stores = ["apps", "database", "cache", "broker", "assets"] as const;

export const processesWithoutBroker = contradiction(stores, (settings) =>
    placedApps(settings.apps).flatMap(({ app, at }) => {
        const workers = workersOf(app, at).filter(({ kind }) => kind === "celery");
        const users = [
            ...workers.map(({ path }) => settingPath(path)),
            ...(app.contract === "django" && app.beat !== undefined ? [settingPath([...at, "beat"])] : []),
        ];
        if (storeOf(app, settings, "broker").variant !== "none" || users.length === 0) {
            return [];
        }
        const own = app.stores.broker === undefined ? [] : [...at, "stores"];
        return [
            {
                path: settingPath([...own, "broker", "variant"]),
                found: '"none"',
                allowed: `a broker, because ${users.join(", ")} cannot work without one`,
                fix: `set it to redis and give it storage, or remove these processes${workers.length === 0 ? "" : `; of a worker that is not Celery's say so: ${settingPath([...workers[0]!.path, "kind"])} is django-q2, db-worker or command`}`,
            },
        ];
    }),
);

export const appWithoutDatabase = contradiction(stores, (settings) =>
    placedApps(settings.apps)
        .filter(({ app }) => storeOf(app, settings, "database").variant === "none")
        .map(({ app, at }) => {
            const own = app.stores.database !== undefined;
            return {
                path: settingPath(own ? [...at, "stores", "database", "variant"] : ["database", "variant"]),
                found: '"none"',
                allowed: `a database: the app ${app.name} has none of its own either`,
                fix: "set it to in-cluster, or to a managed database of your cloud",
            };
        }),
);

export const exposedWithoutGateway = contradiction(["exposure", "platform"], ({ exposure, platform }) => {
    if (exposure.variant === "gateway" && platform.variant === "stack") {
        return [
            {
                path: "exposure.variant",
                found: '"gateway"',
                allowed: "platform or none: on the cluster of another stack, that stack's Gateway is the way in",
                fix: setCommand("exposure.variant", "platform"),
            },
        ];
    }
    if (exposure.variant !== "gateway" || hasGateway(platform)) {
        return [];
    }
    return platform.variant === "existing"
        ? [
              {
                  path: "platform.gateway",
                  found: "nothing",
                  allowed: "the cluster's Gateway class, because exposure.variant is gateway",
                  fix: "pulumi config set --path 'platform.gateway.className' CLASS, or set exposure.variant to none",
              },
          ]
        : [
              {
                  path: "exposure.variant",
                  found: '"gateway"',
                  allowed: "none: the platform has no Gateway controller (platform.gateway.variant is none)",
                  fix: `give the platform one, or ${setCommand("exposure.variant", "none")}`,
              },
          ];
});

function hasGateway(platform: PlatformSettings): boolean {
    switch (platform.variant) {
        case "existing":
            return platform.gateway !== undefined;
        case "gcp":
            return true;
        case "aws":
        case "digitalocean":
            return platform.gateway.variant !== "none";
        case "stack":
            return false;
        default:
            return platform satisfies never;
    }
}

/** What only another stack's environment can lend. */
export const borrowedFromNobody = contradiction([...stores, "exposure", "platform"], (settings) => {
    if (settings.platform.variant === "stack") {
        return [];
    }
    const borrowing = [
        ...(settings.exposure.variant === "platform" ? ["exposure.variant"] : []),
        ...(settings.database.variant === "platform" ? ["database.variant"] : []),
        ...settings.apps.flatMap((app, index) =>
            app.stores.database?.variant === "platform"
                ? [settingPath(["apps", index, "stores", "database", "variant"])]
                : [],
        ),
    ];
    return borrowing.map((path) => ({
        path,
        found: '"platform"',
        allowed: "what this stack has itself: only a platform of the variant stack lends something",
        fix: `choose another variant, or ${setCommand("platform.variant", "stack")}`,
    }));
});

/** A Gateway or a server that is not this environment's own cannot be lent on. */
export const lentWithoutOwning = contradiction(["lends", "exposure", "database"], ({ lends, exposure, database }) => [
    ...(lends.domain !== undefined && exposure.variant !== "gateway"
        ? [
              {
                  path: "lends.domain",
                  found: JSON.stringify(lends.domain),
                  allowed: "nothing, unless exposure.variant is gateway: there is no Gateway to lend",
                  fix: "pulumi config rm --path 'lends.domain'",
              },
          ]
        : []),
    ...(lends.database && (database.variant === "none" || database.variant === "platform")
        ? [
              {
                  path: "lends.database",
                  found: "true",
                  allowed: `false: the section database is ${database.variant}, so there is no server to lend`,
                  fix: setCommand("lends.database", "false"),
              },
          ]
        : []),
]);
