// Who may change what every visitor's browser runs: the job that writes static files, and no pod that is reached from outside.
import { isWritableBy } from "../lib/bucket-policy.ts";
import { objectOf, textOf } from "./kubernetes.ts";
import { commandLine, metadataOf, objectName, type PlanView, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { secretsReadBy } from "./secret-readers.ts";
import { listOf } from "./setting.ts";

const gcsWriters = new Set(
    ["objectUser", "objectAdmin", "objectCreator", "admin", "legacyBucketWriter", "legacyBucketOwner"].map(
        (role) => `roles/storage.${role}`,
    ),
);

export const staticFileRules: readonly Rule[] = [
    rule("R84", "only the job that writes static files may write them", function* (view) {
        const buckets = staticBuckets(view);
        for (const writer of [
            ...awsWriters(view, buckets),
            ...gcpWriters(view, buckets),
            ...keyWriters(view, buckets),
        ]) {
            yield* holdersOf(view, writer);
        }
        yield* writableVolumes(view);
    }),
];

/** What may write static files, and by what a pod has it. */
interface Writer {
    /** The bucket's name. */
    readonly bucket: string;
    /** Names of ServiceAccounts. */
    readonly accounts: ReadonlyArray<{ readonly name: string; readonly namespace: string | undefined }>;
    /** Keys: who reads a Secret that is made of one has it. */
    readonly keys: readonly PolicyResource[];
}

/** By what apps are told. In a first preview nobody knows their names, and nothing is found. */
function staticBuckets(view: PlanView): ReadonlySet<string> {
    const names = view.workloads.flatMap((workload) =>
        workload.containers.flatMap((container) =>
            [...view.environmentOf(workload, container)].flatMap(([name, value]) =>
                name.endsWith("STATIC_BUCKET") && typeof value === "string" ? [value] : [],
            ),
        ),
    );
    return new Set(names);
}

function* awsWriters(view: PlanView, buckets: ReadonlySet<string>): Generator<Writer> {
    for (const kind of ["role", "user"] as const) {
        const policies = view.ofType(`aws:iam/${kind}Policy:${kind === "role" ? "RolePolicy" : "UserPolicy"}`);
        for (const policy of policies) {
            const document = textOf(policy.props["policy"]);
            const owners = before(view, policy, kind === "role" ? "aws:iam/role:Role" : "aws:iam/user:User");
            for (const bucket of buckets) {
                if (document !== undefined && isWritableBy(document, bucket)) {
                    yield {
                        bucket,
                        accounts: after(view, owners, "aws:eks/podIdentityAssociation:PodIdentityAssociation").flatMap(
                            ({ props }) => {
                                const name = textOf(props["serviceAccount"]);
                                return name === undefined ? [] : [{ name, namespace: textOf(props["namespace"]) }];
                            },
                        ),
                        keys: after(view, owners, "aws:iam/accessKey:AccessKey"),
                    };
                }
            }
        }
    }
}

function* gcpWriters(view: PlanView, buckets: ReadonlySet<string>): Generator<Writer> {
    for (const grant of view.resources.filter(({ type }) => /^gcp:storage\/bucketIAM(Member|Binding)/.test(type))) {
        const bucket = textOf(grant.props["bucket"]);
        if (bucket === undefined || !buckets.has(bucket) || !gcsWriters.has(textOf(grant.props["role"]) ?? "")) {
            continue;
        }
        const members = [grant.props["member"], ...listOf(grant.props["members"])].flatMap((one) => textOf(one) ?? []);
        for (const email of members.map((member) => member.replace(/^serviceAccount:/, ""))) {
            yield {
                bucket,
                accounts: view
                    .ofType("kubernetes:core/v1:ServiceAccount")
                    .filter((one) => metadataOf(one).annotations?.["iam.gke.io/gcp-service-account"] === email)
                    .flatMap((one) => {
                        const name = objectName(one);
                        return name === undefined ? [] : [{ name, namespace: textOf(metadataOf(one).namespace) }];
                    }),
                keys: view
                    .ofType("gcp:storage/hmacKey:HmacKey")
                    .filter(({ props }) => textOf(props["serviceAccountEmail"]) === email),
            };
        }
    }
}

/** Of Spaces: a grant of no bucket is one of all. */
function* keyWriters(view: PlanView, buckets: ReadonlySet<string>): Generator<Writer> {
    for (const key of view.ofType("digitalocean:index/spacesKey:SpacesKey")) {
        for (const entry of listOf(key.props["grants"])) {
            const { bucket: name, permission } = objectOf(entry);
            if (permission === "read") {
                continue;
            }
            for (const bucket of buckets) {
                if (name === bucket || name === "" || name === undefined) {
                    yield { bucket, accounts: [], keys: [key] };
                }
            }
        }
    }
}

function* holdersOf(view: PlanView, { bucket, accounts, keys }: Writer): Generator<Finding> {
    for (const workload of view.workloads.filter((one) => !writesStaticFiles(one))) {
        const { resource, pod, namespace, templatePath } = workload;
        const path = templatePath === "" ? "spec" : `${templatePath}.spec`;
        const account = accounts.find(({ name, namespace: of }) => name === pod.serviceAccountName && of === namespace);
        if (account !== undefined) {
            yield {
                resource,
                path: `${path}.serviceAccountName`,
                found: `${account.name}, which may write ${bucket}`,
                allowed: "a ServiceAccount that may only read static files",
                fix: "give the job that writes them one of its own: who takes over this pod changes what every visitor loads",
            };
        }
        for (const { secret, at } of secretsReadBy(view, workload)) {
            if (keys.some(({ urn }) => secret.dependencies.includes(urn))) {
                yield {
                    resource,
                    path: at,
                    found: `${secret.name}, with a key that may write ${bucket}`,
                    allowed: "a key that may only read static files",
                    fix: "give the job that writes them a key of its own: who takes over this pod changes what every visitor loads",
                };
            }
        }
    }
}

/** On a volume the job writes, and all others mount it read-only. */
function* writableVolumes(view: PlanView): Generator<Finding> {
    for (const workload of view.workloads.filter((one) => !writesStaticFiles(one))) {
        for (const container of workload.containers) {
            const roots = [...view.environmentOf(workload, container)].flatMap(([name, value]) =>
                name.endsWith("STATIC_ROOT") && typeof value === "string" ? [value] : [],
            );
            for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
                const volume = (workload.pod.volumes ?? []).find(({ name }) => name === mount.name);
                if (
                    roots.includes(mount.mountPath) &&
                    volume?.persistentVolumeClaim !== undefined &&
                    mount.readOnly !== true
                ) {
                    yield {
                        resource: workload.resource,
                        path: `${container.path}.volumeMounts[${index}].readOnly`,
                        found: mount.readOnly,
                        allowed: "true",
                        fix: "set it: only the job that writes static files needs more",
                    };
                }
            }
        }
    }
}

/** Its command says so, or it is the one job of an image that does all of a release by itself. */
function writesStaticFiles({ role, containers }: Workload): boolean {
    return (
        role === "release" &&
        containers.some((container) => {
            const words = commandLine(container);
            return /\bcollectstatic\b/.test(words.join(" ")) || words.includes("/init");
        })
    );
}

function before(view: PlanView, { dependencies }: PolicyResource, type: string): readonly PolicyResource[] {
    return view.ofType(type).filter(({ urn }) => dependencies.includes(urn));
}

function after(view: PlanView, owners: readonly PolicyResource[], type: string): readonly PolicyResource[] {
    return view.ofType(type).filter(({ dependencies }) => owners.some(({ urn }) => dependencies.includes(urn)));
}
