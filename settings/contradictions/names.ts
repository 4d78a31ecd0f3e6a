// Names that Kubernetes or another object of the environment has taken, or cannot take.
import { objectName, shortName } from "../fields.ts";
import { setCommand, settingPath } from "../problems.ts";
import { storeKinds } from "../stores/entries.ts";
import { placedApps } from "./apps.ts";
import { contradiction } from "./contradiction.ts";

/**
 * Each but the last three names a ServiceAccount of the namespace, and so does the app; `default` is there in every namespace.
 * The others would give the app's route the name of another.
 */
const reservedApps: readonly string[] = [
    "broker",
    "cache",
    "database",
    "database-grants",
    "database-sweeper",
    "default",
    "lent",
    "lent-redirect",
    "redirect",
];

const nameOfApp = "name the app by what it is, for example shop";

export const appNames = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) => taken(settingPath([...at, "name"]), app.name, reservedApps, nameOfApp)),
);

/** `shop-database` is the ServiceAccount of shop's own database, and `edge-shop-redirect` the route of shop's redirect. */
const suffixes: readonly string[] = [...storeKinds, "database-grants", "redirect"];

export const namesOfOthersParts = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) => {
        const other = apps.find(({ name }) => suffixes.some((suffix) => app.name === `${name}-${suffix}`));
        return other === undefined
            ? []
            : [
                  {
                      path: settingPath([...at, "name"]),
                      found: JSON.stringify(app.name),
                      allowed: `a name that no part of the app ${other.name} has: not ${suffixes.map((suffix) => `${other.name}-${suffix}`).join(", ")}`,
                      fix: nameOfApp,
                  },
              ];
    }),
);

/** A worker's pods are named `worker-<name>`: one that reads as another process would only confuse. */
const reservedWorkers: readonly string[] = ["web", "beat", "shell"];

export const workerNames = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) =>
        Object.keys(app.contract === "django" ? app.workers : {}).flatMap((name) =>
            taken(
                settingPath([...at, "workers", name]),
                name,
                reservedWorkers,
                "name the worker by what it does, for example mail",
            ),
        ),
    ),
);

function taken(path: string, name: string, reserved: readonly string[], fix: string) {
    return reserved.includes(name)
        ? [{ path, found: JSON.stringify(name), allowed: `any name but ${reserved.join(", ")}`, fix }]
        : [];
}

const namespaceLimit = 40;

/** Both may come from the stack's name, which no schema has seen. */
export const environmentNames = contradiction(
    ["apps", "environment"],
    ({ environment: { name, namespace, mainApp } }) => {
        if (mainApp === "") {
            return [];
        }
        if (!shortName.safeParse(name).success) {
            return [
                {
                    path: "environment.name",
                    found: `${JSON.stringify(name)}, the stack's name`,
                    allowed: "at most 20 lower-case letters, digits and hyphens, beginning with a letter",
                    fix: setCommand("environment.name", "NAME"),
                },
            ];
        }
        const ofTheCluster = namespace === "default" || namespace.startsWith("kube-");
        if (namespace.length <= namespaceLimit && objectName.safeParse(namespace).success && !ofTheCluster) {
            return [];
        }
        return [
            {
                path: "environment.namespace",
                found: JSON.stringify(namespace),
                allowed: ofTheCluster
                    ? "a namespace of the environment's own: this one belongs to the cluster, and would go with the environment"
                    : `at most ${namespaceLimit} characters, for labels and the names of cloud resources are made from it`,
                fix: setCommand("environment.namespace", "NAMESPACE"),
            },
        ];
    },
);
