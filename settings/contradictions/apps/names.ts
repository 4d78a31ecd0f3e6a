// Names that Kubernetes or another object of the environment has taken, or cannot take.
import type { AppSettings } from "../../app.ts";
import { objectName, shortName } from "../../fields.ts";
import { setCommand, settingPath } from "../../problems.ts";
import { storeKinds } from "../../stores/entries.ts";
import { placedApps } from "./apps.ts";
import { contradiction } from "../contradiction.ts";

/**
 * Each but the last three names a ServiceAccount of the namespace, and so does the app; `default` is there in every namespace.
 * The others would give the app's route the name of another.
 */
export const reservedApps: readonly string[] = [
    "broker",
    "cache",
    "database",
    "database-drill",
    "database-grants",
    "database-pooler",
    "database-seed",
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

/**
 * `shop-database` is the ServiceAccount of shop's own database, `shop-collectstatic` that of the job that writes its static files, and
 * `edge-shop-redirect` the route of shop's redirect.
 */
export const suffixesOfParts: readonly string[] = [
    ...storeKinds,
    "collectstatic",
    "database-drill",
    "database-grants",
    "database-pooler",
    "database-seed",
    "redirect",
];

export const namesOfOthersParts = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) => {
        const other = apps.find(({ name }) => suffixesOfParts.some((suffix) => app.name === `${name}-${suffix}`));
        return other === undefined
            ? []
            : [
                  {
                      path: settingPath([...at, "name"]),
                      found: JSON.stringify(app.name),
                      allowed: `a name that no part of the app ${other.name} has: not ${suffixesOfParts.map((suffix) => `${other.name}-${suffix}`).join(", ")}`,
                      fix: nameOfApp,
                  },
              ];
    }),
);

/** A worker's pods are named `worker-<name>`: one that reads as another process would only confuse. */
export const reservedWorkers: readonly string[] = ["web", "beat", "shell"];

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

/** What is named alike in the namespace by two apps, as worker b-worker-c of a and worker c of a-worker-b, or scheduled commands. */
export const workloadNames = contradiction(["apps"], ({ apps }) => {
    const owners = new Map<string, string>();
    return placedApps(apps).flatMap(({ app, at }) =>
        workloadsOf(app, at).flatMap(({ name, path }) => {
            const owner = owners.get(name) ?? app.name;
            owners.set(name, owner);
            return owner === app.name
                ? []
                : [
                      {
                          path: settingPath(path),
                          found: `pods named ${name}, as some of the app ${owner} are`,
                          allowed: "names of apps and workers that, with -worker- between them, are no other's",
                          fix: nameOfApp,
                      },
                  ];
        }),
    );
});

function workloadsOf(app: AppSettings, at: readonly PropertyKey[]) {
    const parts = [
        { part: "web", path: [...at, "web"] },
        ...(app.shell === undefined ? [] : [{ part: "shell", path: [...at, "shell"] }]),
        ...(app.contract === "django" && app.beat !== undefined ? [{ part: "beat", path: [...at, "beat"] }] : []),
        ...Object.keys(app.contract === "django" ? app.workers : {}).map((name) => ({
            part: `worker-${name}`,
            path: [...at, "workers", name],
        })),
        ...Object.keys(app.scheduled).map((name) => ({
            part: `scheduled-${name}`,
            path: [...at, "scheduled", name],
        })),
    ];
    return parts.map(({ part, path }) => ({ name: `${app.name}-${part}`, path }));
}

const namespaceLimit = 40;

/** Those of the add-ons that the platforms install, and of what clouds run in their clusters. */
export const reservedNamespaces: readonly string[] = [
    "amazon-cloudwatch",
    "amazon-guardduty",
    "aws-load-balancer-controller",
    "cert-manager",
    "cluster-autoscaler",
    "external-dns",
    "gateway-api",
    "gmp-public",
    "gmp-system",
    "traefik",
];

function isOfTheCluster(namespace: string): boolean {
    return namespace === "default" || /^(?:kube|gke)-/.test(namespace) || reservedNamespaces.includes(namespace);
}

/** The Gateway's controller on a cluster that is there has a namespace too, by whatever name. */
export const namespaceOfController = contradiction(
    ["apps", "environment", "platform"],
    ({ environment: { namespace }, platform }) =>
        platform.variant === "existing" &&
        platform.gateway?.from?.namespaces.includes(namespace) &&
        !isOfTheCluster(namespace)
            ? [
                  {
                      path: "environment.namespace",
                      found: JSON.stringify(namespace),
                      allowed:
                          "a namespace of the environment's own: this one is the Gateway controller's (platform.gateway.from.namespaces), and would go with the environment",
                      fix: setCommand("environment.namespace", "NAMESPACE"),
                  },
              ]
            : [],
);

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
        const ofTheCluster = isOfTheCluster(namespace);
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
