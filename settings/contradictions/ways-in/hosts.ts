// Host names of apps that lead nowhere, or to something else.
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

/** Nobody's name server answers for them. @see https://www.rfc-editor.org/rfc/rfc6761 */
const nowhere = /(?:^|\.)(?:localhost|invalid|test)$/;

const needed = ["apps", "environment", "exposure"] as const;

export const hostsOfNobody = contradiction(needed, (settings) =>
    settings.environment.kind === "production" ? unresolvable(settings) : [],
);

/** On one's own machine `localhost` is right; for others it may be. */
export const hostsOfOneMachine = advice(needed, (settings) =>
    settings.environment.kind === "production" || settings.environment.kind === "local" ? [] : unresolvable(settings),
);

function unresolvable({ apps, exposure }: Pick<Settings, "apps" | "exposure">): Problem[] {
    if (exposure.variant === "none") {
        return [];
    }
    return placedApps(apps).flatMap(({ app, at }) =>
        app.hosts.flatMap((host, position) =>
            nowhere.test(host)
                ? [
                      {
                          path: settingPath([...at, "hosts", position]),
                          found: JSON.stringify(host),
                          allowed: "a name that users can look up: .localhost, .invalid and .test lead nowhere",
                          fix: setCommand(settingPath([...at, "hosts", position]), "HOST"),
                      },
                  ]
                : [],
        ),
    );
}

/** One name leads to one address: not to a CDN and to the Gateway. Google Cloud's is in gcp-stores.ts. */
export const cdnHostOfApp = contradiction(["apps", "assets"], (settings) =>
    storesOf("assets", settings).flatMap(({ path, store }): Problem[] => {
        const [host, setting] =
            store.variant === "s3"
                ? [store.host, ["host"]]
                : store.variant === "spaces" && store.buckets.variant === "create"
                  ? [store.buckets.cdn?.domain, ["buckets", "cdn", "domain"]]
                  : [undefined, []];
        const app = settings.apps.find(({ hosts }) => host !== undefined && hosts.includes(host));
        const at = settingPath([...path, ...setting]);
        return host === undefined || app === undefined
            ? []
            : [
                  {
                      path: at,
                      found: JSON.stringify(host),
                      allowed: `a host name of its own: this one leads to the app ${app.name}`,
                      fix: setCommand(at, `static.${host}`),
                  },
              ];
    }),
);

/** Others may ask the Gateway for the same name, and which of the two gets it is not said. */
export const hostsThatAreLent = advice(["apps", "lends"], ({ apps, lends }) =>
    lends.domain === undefined
        ? []
        : placedApps(apps).flatMap(({ app, at }) =>
              app.hosts.flatMap((host, position) =>
                  host.slice(host.indexOf(".") + 1) === lends.domain
                      ? [
                            {
                                path: settingPath([...at, "hosts", position]),
                                found: `${JSON.stringify(host)}, directly below lends.domain`,
                                allowed: "names outside of it: every environment that borrows may take one of these",
                                fix: setCommand(settingPath([...at, "hosts", position]), "HOST"),
                            },
                        ]
                      : [],
              ),
          ),
);
