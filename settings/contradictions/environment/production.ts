// What production refuses, because nobody would want it there on purpose.
import { moves } from "../../../lib/moving-tags.ts";
import type { PlatformSettings } from "../../platform.ts";
import { poolerOf } from "../../pooler.ts";
import { setCommand, settingPath } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

export const replicas = contradiction(["environment", "apps"], ({ environment, apps }) => {
    if (environment.kind !== "production") {
        return [];
    }
    return placedApps(apps)
        .filter(({ app }) => app.web.replicas.min < 2)
        .map(({ app, at }) => {
            const path = settingPath([...at, "web", "replicas", "min"]);
            return {
                path,
                found: String(app.web.replicas.min),
                allowed: "at least 2 in production: one pod alone is down whenever its node is (R8)",
                fix: setCommand(path, "2"),
            };
        });
});

/** A queue that is on one node is gone with it. */
export const fewRabbits = contradiction(["environment", "apps", "broker"], ({ environment, ...settings }) => {
    if (environment.kind !== "production") {
        return [];
    }
    return storesOf("broker", settings).flatMap(({ path, store }) => {
        const at = settingPath([...path, "nodes"]);
        return store.variant !== "rabbitmq" || store.nodes === 3
            ? []
            : [
                  {
                      path: at,
                      found: String(store.nodes),
                      allowed: "3 in production: what one node has alone is lost with it (R35)",
                      fix: setCommand(at, "3"),
                  },
              ];
    });
});

export const movingImages = contradiction(
    ["environment", "apps", "database", "cache", "broker"],
    ({ environment, ...settings }) => {
        if (environment.kind !== "production") {
            return [];
        }
        return images(settings)
            .filter(([, image]) => moves(image))
            .map(([path, image]) => ({
                path: settingPath([...path, "image"]),
                found: JSON.stringify(image),
                allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
                fix: setCommand(settingPath([...path, "image"]), "IMAGE@sha256:DIGEST"),
            }));
    },
);

type WithImages = Pick<Settings, "apps" | "database" | "cache" | "broker">;

export function images(settings: WithImages): [path: readonly PropertyKey[], image: string][] {
    const poolers = storesOf("database", settings).map(
        ({ path, store }): [readonly PropertyKey[], string | undefined] => [
            [...path, "pooler"],
            poolerOf(store)?.image,
        ],
    );
    const named: [readonly PropertyKey[], string | undefined][] = [
        ...placedApps(settings.apps).map(({ app, at }): [readonly PropertyKey[], string] => [at, app.image]),
        ...[...storesOf("database", settings), ...storesOf("cache", settings), ...storesOf("broker", settings)].map(
            ({ path, store }): [readonly PropertyKey[], string | undefined] => [
                path,
                "image" in store ? store.image : undefined,
            ],
        ),
        ...storesOf("database", settings).map(({ path, store }): [readonly PropertyKey[], string | undefined] => [
            [...path, "administrator"],
            store.variant === "external" ? store.administrator?.image : undefined,
        ]),
        ...poolers,
    ];
    return named.flatMap(([path, image]) => (image === undefined ? [] : [[path, image]]));
}

/** Of a cluster that this program makes it is known, and of another stack's, that stack tells. */
export const networkPolicies = contradiction(["environment", "platform"], ({ environment, platform }) => {
    const [path, enforced] = adopted(platform);
    if (environment.kind !== "production" || enforced) {
        return [];
    }
    return [
        {
            path,
            found: "false",
            allowed: "true in production: else any pod of the cluster reaches the database (R49)",
            fix: enforce(platform, path),
        },
    ];
});

/** Whoever reaches it may write what the app then unpickles: that is to run code in the app's pods. */
export const openMemcached = contradiction(
    ["environment", "platform", "apps", "cache"],
    ({ environment: { kind }, platform, ...settings }) => {
        const [where, enforced] = adopted(platform);
        if (kind === "local" || enforced) {
            return [];
        }
        return storesOf("cache", settings).flatMap(({ path, store }) => {
            const at = settingPath([...path, "variant"]);
            return store.variant !== "memcached"
                ? []
                : [
                      {
                          path: at,
                          found: `"memcached", where NetworkPolicies do not hold (${where}: false)`,
                          allowed:
                              "a cache that asks for a password, which Memcached does not: any pod of the cluster could write what the app unpickles (R99)",
                          fix: `${setCommand(at, "in-cluster")}, or ${enforce(platform, where)}`,
                      },
                  ];
        });
    },
);

/** On one's own machine there is nobody else. */
export const openNetwork = advice(["environment", "platform"], ({ environment, platform }) => {
    const [path, enforced] = adopted(platform);
    if (environment.kind === "production" || environment.kind === "local" || enforced) {
        return [];
    }
    return [
        {
            path,
            found: "false",
            allowed:
                "true: NetworkPolicies do not hold on this cluster, so its pods reach each other's stores; production would be refused (R49)",
            fix: enforce(platform, path),
        },
    ];
});

function enforce(platform: PlatformSettings, path: string): string {
    return `let the cluster's network enforce NetworkPolicies (${enforcers[platform.variant]}), then ${setCommand(path, "true")}`;
}

const enforcers: Readonly<Record<PlatformSettings["variant"], string>> = {
    existing: "Cilium, Calico",
    stack: "Cilium, Calico",
    gcp: "Dataplane V2, or the network policy add-on",
    aws: "the VPC CNI's network policy agent",
    digitalocean: "Cilium",
};

/** Whether NetworkPolicies hold, and where that is said. */
function adopted(platform: PlatformSettings): readonly [path: string, enforced: boolean] {
    if (platform.variant === "existing") {
        return ["platform.enforcesNetworkPolicy", platform.enforcesNetworkPolicy];
    }
    const cluster = platform.variant === "gcp" || platform.variant === "aws" ? platform.cluster : undefined;
    return ["platform.cluster.enforcesNetworkPolicy", cluster?.variant !== "existing" || cluster.enforcesNetworkPolicy];
}
