// The release: its jobs, their order, and that everything of one app runs one image.
import { externalAnnotation } from "../lib/labels.ts";
import { textOf } from "./kubernetes.ts";
import { isDatabase } from "./managed-stores.ts";
import { networkPolicies, policiesOf } from "./network-view.ts";
import { metadataOf, commandLine, namedByProvider, reachesPrefix, type PlanView, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

/** Seconds that the Kubernetes provider waits for a Job unless told otherwise. */
const defaultAwait = 600;

export const releaseRules: readonly Rule[] = [
    rule("R21", "a release job stays when it is done", function* (view) {
        for (const { resource, spec } of view.withRole("release")) {
            if (spec.ttlSecondsAfterFinished !== undefined) {
                yield {
                    resource,
                    path: "spec.ttlSecondsAfterFinished",
                    found: spec.ttlSecondsAfterFinished,
                    allowed: "nothing",
                    fix: "remove it: a refresh finds the job gone and the next update runs it again",
                };
            }
        }
    }),
    rule("R22", "a release job is made anew with every image", function* (view) {
        for (const { resource, containers } of view.withRole("release")) {
            const name = textOf(metadataOf(resource).name) ?? "";
            const tags = containers.map(({ image = "" }) => image.slice(image.lastIndexOf(":") + 1).toLowerCase());
            const named = tags.some((tag) => tag !== "" && name.includes(tag.slice(0, 12)));
            const triggers = resource.replaceOnChanges;
            const triggered = triggers === undefined || triggers.some((path) => isPartOfImage(path));
            if (!named && !triggered) {
                yield {
                    resource,
                    path: "replaceOnChanges",
                    found: triggers,
                    allowed: 'replaceOnChanges ["spec"], or a name with the image\'s tag in it',
                    fix: "set it: a job cannot be changed, so another image needs another job",
                };
            }
        }
    }),
    rule("R23", "a release job's own deadline ends before the wait for it", function* (view) {
        for (const { resource, spec } of view.withRole("release")) {
            const wait =
                resource.customTimeouts?.create === undefined ? defaultAwait : seconds(resource.customTimeouts.create);
            const deadline = spec.activeDeadlineSeconds;
            if (deadline === undefined || (wait !== undefined && deadline >= wait)) {
                yield {
                    resource,
                    path: "spec.activeDeadlineSeconds",
                    found: deadline,
                    allowed: `less than the ${wait} s that the update waits`,
                    fix: "set it, or raise customTimeouts.create: the error is to be the job's own, with its log",
                };
            }
        }
    }),
    rule("R24", "a release job is tried once, one that stores files again", function* (view) {
        for (const workload of view.withRole("release")) {
            const { resource, spec, pod, templatePath } = workload;
            if (storesFiles(workload)) {
                if (spec.backoffLimit === 0) {
                    yield {
                        resource,
                        path: "spec.backoffLimit",
                        found: spec.backoffLimit,
                        allowed: "1 or more: it writes the same files again",
                        fix: "raise it: a cloud takes minutes until a new identity may write, and each try is a new pod that asks anew",
                    };
                }
            } else if (spec.backoffLimit !== 0) {
                yield {
                    resource,
                    path: "spec.backoffLimit",
                    found: spec.backoffLimit,
                    allowed: "0",
                    fix: "set it: a migration that failed half-way needs a person, not a second try",
                };
            }
            if (pod.restartPolicy !== "Never") {
                yield {
                    resource,
                    path: `${templatePath}.spec.restartPolicy`,
                    found: pod.restartPolicy,
                    allowed: "Never",
                    fix: "set it: OnFailure runs the command again in the same pod",
                };
            }
        }
    }),
    rule("R25", "web, workers and beat wait for the migration", function* (view) {
        for (const workloads of view.apps().values()) {
            const migrations = workloads.filter((workload) => isMigration(workload));
            for (const { resource } of workloads.filter(({ role }) => role !== "release")) {
                const waits = migrations.some((job) => view.before(resource.urn).has(job.resource.urn));
                if (!waits) {
                    yield {
                        resource,
                        path: "dependencies",
                        found: migrations.length === 0 ? "an app without a job that migrates" : "it does not wait",
                        allowed: `created after ${migrations.map(({ resource: job }) => job.name).join(", ") || "a job that migrates"}`,
                        fix: "let it depend on the release's jobs: new code must not meet the old tables",
                    };
                }
            }
        }
    }),
    rule("R26", "the migration waits for the database and for the network that opens it", function* (view) {
        for (const job of view.withRole("release").filter((workload) => isMigration(workload))) {
            const before = view.before(job.resource.urn);
            for (const { resource, what } of neededByMigration(view, job)) {
                if (!before.has(resource.urn)) {
                    yield {
                        resource: job.resource,
                        path: "dependencies",
                        found: `it does not wait for ${resource.name}`,
                        allowed: `created after ${what}`,
                        fix: "let the first job of the release depend on it: else the first deployment fails, or does by chance",
                    };
                }
            }
        }
    }),
    rule("R27", "web waits for its static files, and none is cleared", function* (view) {
        for (const { resource, containers } of view.withRole("release", "app", "web")) {
            for (const container of containers) {
                const words = commandLine(container).join(" ");
                if (
                    /\bcollectstatic\b/.test(words) &&
                    /(^|\s)(--clear|-c)(\s|$)/.test(words.slice(words.indexOf("collectstatic")))
                ) {
                    yield {
                        resource,
                        path: `${container.path}.command`,
                        found: words,
                        allowed: "collectstatic without --clear",
                        fix: "remove --clear: pods of the old release still serve their files",
                    };
                }
            }
        }
        yield* filesNotAwaited(view);
    }),
    rule("R28", "web, workers, beat, shell and jobs of an app run one image", function* (view) {
        for (const workloads of view.apps().values()) {
            const first = (workloads.find(({ role }) => role === "web") ?? workloads[0]!).containers[0]?.image;
            for (const { resource, containers } of workloads) {
                for (const { path, image } of containers) {
                    if (image !== first) {
                        yield {
                            resource,
                            path: `${path}.image`,
                            found: image,
                            allowed: String(first),
                            fix: "run the web's image: a migration or task of another release breaks this one",
                        };
                    }
                }
            }
        }
    }),
    rule("R78", "a broken release is mended by the one before", function* (view) {
        for (const { resource, kind, spec } of view.workloads) {
            // With volumes it stays as it is: to change it is to make the StatefulSet anew.
            const keepsOrder = kind === "StatefulSet" && spec.podManagementPolicy !== "Parallel";
            if (keepsOrder && (spec.volumeClaimTemplates ?? []).length === 0) {
                yield {
                    resource,
                    path: "spec.podManagementPolicy",
                    found: spec.podManagementPolicy,
                    allowed: "Parallel, for a StatefulSet without volumes",
                    fix: "set it: in order, a pod that never got ready is not replaced by one of a better release",
                };
            }
        }
    }),
    rule("R79", "one migration at a time", function* (view) {
        for (const { resource } of view.withRole("release").filter((workload) => isMigration(workload))) {
            if (namedByProvider(resource)) {
                yield {
                    resource,
                    path: "metadata.name",
                    found: "a name of its own for every run",
                    allowed: "one name for all runs",
                    fix: "give it a name: the next run then waits until the last one's pod has ended, also after a cancelled update",
                };
            }
        }
    }),
];

/** Both write the same again. */
function storesFiles(workload: Workload): boolean {
    return collectsStatic(workload) || workload.containers.some(({ name }) => name === "media-samples");
}

/** The job that brings the tables up to date: called migrate, or /init where the image does all of it itself. */
function isMigration({ role, containers }: Workload): boolean {
    return (
        role === "release" &&
        containers.some(
            (container) =>
                container.name === "migrate" || container.name === "init" || commandLine(container).includes("migrate"),
        )
    );
}

function* neededByMigration(
    view: PlanView,
    job: Workload,
): Generator<{ readonly resource: PolicyResource; readonly what: string }> {
    const databases = view
        .withRole("database")
        .filter(({ namespace, name }) => namespace === job.namespace && job.podLabels[reachesPrefix + name] === "true");
    for (const { resource } of databases) {
        yield { resource, what: "the database" };
    }
    for (const { resource, workloads } of view.services) {
        if (workloads.some((workload) => databases.includes(workload))) {
            yield { resource, what: "the database's Service" };
        }
    }
    const policies = new Set([job, ...databases].flatMap((workload) => policiesOf(view, workload)));
    for (const { resource } of networkPolicies(view).filter((policy) => policies.has(policy))) {
        yield { resource, what: "every NetworkPolicy of its own pods and of the database's" };
    }
    for (const resource of neededOfManaged(view, job)) {
        yield {
            resource,
            what: "an outside database's Service, its users and databases, and what lets the cluster in",
        };
    }
}

/** What is made inside or beside a database that a cloud runs, before anyone can use it. */
const accessTypes =
    /^(gcp:sql\/(user|database):|digitalocean:index\/database(User|Db|Firewall|ConnectionPool):|aws:vpc\/securityGroupIngressRule:)/;

function* neededOfManaged(view: PlanView, job: Workload): Generator<PolicyResource> {
    const outside = view.services.filter(
        ({ spec, name, namespace }) =>
            spec.selector === undefined &&
            namespace === job.namespace &&
            job.podLabels[`${reachesPrefix}${name}`] === "true",
    );
    for (const { resource: service, name, namespace } of outside) {
        const slices = view.resources.filter(
            (slice) =>
                slice.type.endsWith(":EndpointSlice") &&
                textOf(metadataOf(slice).namespace) === namespace &&
                metadataOf(slice).labels?.["kubernetes.io/service-name"] === name,
        );
        const before = new Set([service, ...slices].flatMap(({ urn }) => [...view.before(urn)]));
        const databases = view.resources.filter((resource) => isDatabase(resource) && before.has(resource.urn));
        const external = metadataOf(service).annotations?.[externalAnnotation] === "true";
        if (databases.length === 0 && !external) {
            continue;
        }
        yield* [service, ...slices];
        // AWS lets in by a rule of the security group that the instance is in.
        const places = new Set(
            databases.flatMap(({ urn, dependencies }) => [
                urn,
                ...dependencies.filter((one) => one.includes("SecurityGroup::")),
            ]),
        );
        yield* view.resources.filter(
            ({ type, dependencies }) => accessTypes.test(type) && dependencies.some((one) => places.has(one)),
        );
    }
}

/** A volume that the web reads and a job writes. */
function* filesNotAwaited(view: PlanView): Generator<Finding> {
    for (const workloads of view.apps().values()) {
        const collecting = workloads.filter((workload) => workload.role === "release" && collectsStatic(workload));
        for (const web of workloads.filter(({ role }) => role === "web")) {
            const claims = claimsOf(web);
            const jobs = workloads.filter(
                (job) =>
                    job.role === "release" &&
                    (collecting.includes(job) || writtenBy(job).some((claim) => claims.includes(claim))),
            );
            const written = jobs.flatMap(writtenBy);
            for (const claim of claims.filter((name) => !written.includes(name))) {
                yield {
                    resource: web.resource,
                    path: `${web.templatePath}.spec.volumes`,
                    found: `the volume ${claim}, which no job of the release writes`,
                    allowed: "a volume that a job fills",
                    fix: "add the job that collects the static files, with the volume writable",
                };
            }
            for (const job of jobs.filter(({ resource }) => !view.before(web.resource.urn).has(resource.urn))) {
                yield {
                    resource: web.resource,
                    path: "dependencies",
                    found: `it does not wait for ${job.resource.name}`,
                    allowed: `created after ${job.resource.name}`,
                    fix: "let it depend on the job: a page of the new release asks for the new files",
                };
            }
        }
    }
}

function collectsStatic({ containers }: Workload): boolean {
    return containers.some((container) => commandLine(container).includes("collectstatic"));
}

function claimsOf({ pod }: Workload): readonly string[] {
    return (pod.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function writtenBy({ pod, containers }: Workload): readonly string[] {
    return (pod.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) => {
        const writable = containers.some(({ volumeMounts = [] }) =>
            volumeMounts.some((mount) => mount.name === name && mount.readOnly !== true),
        );
        return writable ? (persistentVolumeClaim?.claimName ?? []) : [];
    });
}

/** Whether a replacement path takes in the pod's image. */
function isPartOfImage(path: string): boolean {
    return path === "*" || "spec.template.spec.containers".startsWith(path.replace(/\[.*$/, "").replace(/\.\*$/, ""));
}

/** @returns the seconds of a Go duration such as "12m" or "1h30m", undefined when it is none */
function seconds(duration: string): number | undefined {
    const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
    const parts = [...duration.matchAll(/([0-9.]{1,20})(h|m|s)/g)];
    return parts.length === 0
        ? undefined
        : parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!, 0);
}
