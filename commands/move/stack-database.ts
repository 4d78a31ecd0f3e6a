// The database of a stack, as its pods are told of it: whatever variant it is, whatever cloud. What leads past a pooler comes first.
import type { V1PodTemplateSpec, V1StatefulSet, V1Volume, V1VolumeMount } from "@kubernetes/client-node";

export interface StackDatabase {
    readonly instance: string;
    /** The store's name: of its Service, and of what its clients carry. */
    readonly store: string;
    /** The Secret that has DATABASE_URL. */
    readonly secret: string;
    /** What a pod carries to be let through to it. */
    readonly clientLabels: Readonly<Record<string, string>>;
    /** The files that DATABASE_URL names. */
    readonly certificates: ReadonlyArray<{ readonly volume: V1Volume; readonly mount: V1VolumeMount }>;
    /** Its server, where that is in the namespace. */
    readonly server?: { readonly labels: Readonly<Record<string, string>>; readonly image: string };
}

/** A workload of an app, by what tells them apart. */
export interface AppWorkload {
    readonly kind: "Job" | "Deployment";
    readonly name: string;
    readonly template: V1PodTemplateSpec;
}

export interface Found {
    readonly workloads: readonly AppWorkload[];
    readonly statefulSets: readonly V1StatefulSet[];
    /** Of each Secret that a workload names, its keys. */
    readonly secretKeys: ReadonlyMap<string, readonly string[]>;
}

const partOf = "app.kubernetes.io/part-of";
const ofDatabase = /^django-on-kubernetes\/(reaches-(.+-)?database(-.+)?|borrows-database)$/;
const reaches = /^django-on-kubernetes\/reaches-((.+-)?database)$/;

/**
 * @param app undefined: the only one
 * @throws when there is none, or more than one
 */
export function stackDatabase({ workloads, statefulSets, secretKeys }: Found, app: string | undefined): StackDatabase {
    const apps = [...new Set(workloads.map(({ template }) => template.metadata?.labels?.[partOf] ?? ""))].sort();
    const wanted = app ?? (apps.length === 1 ? apps[0] : undefined);
    if (wanted === undefined || !apps.includes(wanted)) {
        throw new Error(
            apps.length === 0
                ? "The namespace has no app: bring the stack up first, so that there is a database to move into or out of."
                : `${app === undefined ? "The namespace has several apps" : `The namespace has no app ${app}`}. Name the one whose database it is: APP=${apps.join(", APP=")}`,
        );
    }
    // Jobs of a release and the shell go to the server itself.
    const own = workloads
        .filter(({ template }) => template.metadata?.labels?.[partOf] === wanted)
        .sort((one, other) => rank(one) - rank(other));
    for (const { template } of own) {
        const secret = (template.spec?.containers[0]?.envFrom ?? [])
            .map(({ secretRef }) => secretRef?.name ?? "")
            .findLast((name) => secretKeys.get(name)?.includes("DATABASE_URL") === true);
        if (secret !== undefined) {
            return described(template, secret, statefulSets);
        }
    }
    throw new Error(`No pod of the app ${wanted} is told a DATABASE_URL: has the stack a database?`);
}

function rank({ kind, name }: AppWorkload): number {
    return kind === "Job" && name.endsWith("-migrate") ? 0 : kind === "Deployment" && name.endsWith("-shell") ? 1 : 2;
}

function described(template: V1PodTemplateSpec, secret: string, statefulSets: readonly V1StatefulSet[]): StackDatabase {
    const labels = template.metadata?.labels ?? {};
    const clientLabels = Object.fromEntries(Object.entries(labels).filter(([key]) => ofDatabase.test(key)));
    const stores = Object.keys(clientLabels).flatMap((key) => reaches.exec(key)?.[1] ?? []);
    // An app's own before the one that it shares: it has both where it borrows one of its own.
    const store = stores.sort((one, other) => other.length - one.length)[0] ?? "database";
    const server = statefulSets.find(({ metadata }) => metadata?.name === store);
    const container = template.spec?.containers[0];
    const names = new Set(["certificates"]);
    const volumes = (template.spec?.volumes ?? []).filter(({ name }) => names.has(name));
    const certificates = volumes.flatMap((volume) =>
        (container?.volumeMounts ?? []).filter(({ name }) => name === volume.name).map((mount) => ({ volume, mount })),
    );
    return {
        instance: labels["app.kubernetes.io/instance"] ?? "",
        store,
        secret,
        clientLabels,
        certificates,
        ...(server?.spec && {
            server: {
                labels: server.spec.selector.matchLabels ?? {},
                image: server.spec.template.spec?.containers[0]?.image ?? "",
            },
        }),
    };
}
