// Ways in without a proxy, load balancers and node ports: where they are offered, and which port is whose.
import { directPort, type DirectExposure } from "../../exposure.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import { contradiction } from "../contradiction.ts";

/** What to use instead; undefined where they are offered. */
function instead(platform: PlatformSettings): { readonly variant: string; readonly why: string } | undefined {
    switch (platform.variant) {
        case "existing":
            return undefined;
        case "stack":
            return { variant: "platform", why: "on the cluster of another stack, that stack's Gateway is the way in" };
        case "gcp":
        case "aws":
        case "digitalocean":
            return {
                variant: "gateway",
                why: "there it makes a load balancer too, and one that ends TLS and knows host names",
            };
        default:
            return platform satisfies never;
    }
}

export const directOnCloud = contradiction(["exposure", "platform"], ({ exposure, platform }) => {
    const other = instead(platform);
    return (exposure.variant !== "load-balancer" && exposure.variant !== "node-port") || other === undefined
        ? []
        : [
              {
                  path: "exposure.variant",
                  found: JSON.stringify(exposure.variant),
                  allowed: `${other.variant} or none on this platform: ${other.why}`,
                  fix: setCommand("exposure.variant", other.variant),
              },
          ];
});

export const portsOfApps = contradiction(["apps", "exposure"], ({ apps, exposure }) => {
    if (exposure.variant !== "load-balancer" && exposure.variant !== "node-port") {
        return [];
    }
    const names = apps.map(({ name }) => name);
    return [...portsOfNobody(exposure, names), ...appsWithoutPort(exposure, names), ...twiceTaken(exposure, names)];
});

/** The Service of the way in to the app `web`, and the one that every Service of the app `edge` begins with. */
export const servicesOfOneName = contradiction(
    ["apps", "environment", "exposure"],
    ({ apps, environment, exposure }): Problem[] => {
        const index = apps.findIndex(({ name }) => name === "web" && name !== environment.mainApp);
        return (exposure.variant === "load-balancer" || exposure.variant === "node-port") &&
            index !== -1 &&
            apps.some(({ name }) => name === "edge")
            ? [
                  {
                      path: settingPath(["apps", index, "name"]),
                      found: '"web", beside an app named edge',
                      allowed: "another name for one of the two: both would have a Service edge-web",
                      fix: "name the app by what it is, for example shop",
                  },
              ]
            : [];
    },
);

const portPath = (app: string): string => settingPath(["exposure", "ports", app]);

function portsOfNobody({ ports }: DirectExposure, apps: readonly string[]): Problem[] {
    return Object.keys(ports)
        .filter((name) => !apps.includes(name))
        .map((name) => ({
            path: portPath(name),
            found: "the port of no app",
            allowed: `names of apps: ${apps.join(", ")}`,
            fix: removeCommand(portPath(name)),
        }));
}

function appsWithoutPort(exposure: DirectExposure, apps: readonly string[]): Problem[] {
    const taken = new Set(Object.values(exposure.ports));
    const free =
        30080 + Array.from({ length: taken.size + 1 }, (_, index) => index).find((n) => !taken.has(30080 + n))!;
    return apps
        .filter((app) => directPort(exposure, app) === undefined)
        .map((app, index) => ({
            path: portPath(app),
            found: "nothing",
            allowed: "a port from 30000 to 32767 for every app: the address is told before there is a cluster",
            fix: setCommand(portPath(app), String(free + index)),
        }));
}

/** A load balancer has an address of its own; the nodes' ports are the whole cluster's. */
function twiceTaken(exposure: DirectExposure, apps: readonly string[]): Problem[] {
    if (exposure.variant !== "node-port") {
        return [];
    }
    return apps.flatMap((app, index): Problem[] => {
        const port = directPort(exposure, app);
        const first = apps.slice(0, index).find((other) => port !== undefined && directPort(exposure, other) === port);
        return first === undefined
            ? []
            : [
                  {
                      path: portPath(app),
                      found: `${port}, which is ${first}'s`,
                      allowed: "another port for each app",
                      fix: setCommand(portPath(app), "PORT"),
                  },
              ];
    });
}
