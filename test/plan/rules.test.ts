// Every rule finds what breaks it: of a good plan one thing is spoiled, and exactly that rule says so.
// Does not prove: that a rule finds everything that breaks it; network.test.ts and pod-security.test.ts go further for two.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkPlan, rules } from "../../policy/index.ts";
import { SecretValue, UnknownValue, type Plan } from "../../commands/plan/plan.ts";
import { viewOf } from "../../policy/plan-view.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { broken, changed, exampleOf, planOf, project, type Sections } from "./support/plans.ts";
import { cloudExamples } from "./support/cloud-examples.ts";
import { rewriteSecret, spoil, without, withExtra, type Spoiled } from "./support/spoil.ts";

let local: Plan;
let production: Plan;
/** Two apps behind a pooler, at one RabbitMQ, with Memcached. */
let other: Plan;
/** With what the local stack does not have. */
let others: Plan;
/** Production behind a load balancer without a proxy, and something in front that ends TLS. */
let balanced: Plan;
/** With a cache that is there, on a public network. */
let outside: Plan;
/** With dumps in a bucket that is there. */
let dumped: Plan;
/** Production on AWS, with a firewall and access logs. */
let onAws: Plan;
/** Production with files in buckets that are there. */
let stored: Plan;
/** Production with backups in a bucket that is there, and drills of them. */
let drilled: Plan;
/** With an identity of CI's, in Google Cloud. */
let clouded: Plan;

const buckets = {
    variant: "s3-compatible",
    endpoint: "https://s3.example.org:9000",
    cidrs: ["10.20.0.0/24"],
    static: { bucket: "statics", url: "https://static.example.org/" },
    media: { bucket: "uploads" },
};
const accessKey = { assetsAccessKeyId: "id", assetsSecretAccessKey: "key" };
const keysOfBackups = {
    databaseBackupsAccessKeyId: "id",
    databaseBackupsSecretAccessKey: "key",
    databaseBackupsPassphrase: "a passphrase of some length",
};
const withoutTls = "http://s3.example.org:9000";

beforeAll(async () => {
    other = await planOf(
        await changed("local", (sections) => {
            const [sample] = sections["apps"];
            sections["environment"].mainApp = sample.name;
            sections["apps"].push({ ...sample, name: "blog", hosts: ["blog.localhost"] });
            sections["database"] = { ...sections["database"], pooler: { size: 10 }, size: "medium" };
            sections["cache"] = { variant: "memcached" };
            sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "2Gi" };
        }),
        { stack: "local" },
    );
    local = await planOf(await changed("local", () => undefined), { stack: "local" });
    production = await planOf(
        await changed("production", (sections) => {
            delete sections["apps"][0].egress;
            sections["database"].maxConnections = 300;
        }),
        { stack: "production" },
    );
    others = await planOf(
        await changed("local", (sections) => {
            sections["apps"][0].scheduled = { report: { schedule: "@daily", command: ["report"] } };
            sections["apps"][0].web = { server: "uvicorn", processes: 1 };
        }),
        { stack: "local" },
    );
    balanced = await planOf(
        await changed("production", (sections) => {
            delete sections["apps"][0].egress;
            sections["database"].maxConnections = 300;
            sections["exposure"] = {
                variant: "load-balancer",
                sourceRanges: ["198.51.100.0/24"],
                allowPlainHttp: true,
            };
        }),
        { stack: "production" },
    );
    stored = await planOf(
        await changed("production", (sections) => {
            sections["database"].maxConnections = 300;
            sections["assets"] = buckets;
            sections["apps"][0].scheduled = { report: { schedule: "@daily", command: ["report"] } };
            sections["cache"] = {
                variant: "external",
                protocol: "redis",
                host: "redis.example.org",
                cidrs: ["198.51.100.0/24"],
            };
        }),
        { stack: "production", secrets: { cachePassword: "letmein", ...accessKey } },
    );
    drilled = await planOf(
        await changed("production", (sections) => {
            sections["database"] = {
                variant: "in-cluster",
                version: "17",
                storage: "10Gi",
                maxConnections: 300,
                size: "large",
                backups: { to: { endpoint: "https://s3.example.org", bucket: "backups" }, drill: {} },
            };
            sections["lends"] = {
                database: true,
                borrowers: { environments: 1, connections: 5 },
                seed: { mask: { sql: ["update auth_user set email = ''"] }, schedule: "@daily" },
            };
        }),
        { stack: "production", secrets: keysOfBackups },
    );
    onAws = await planOf(await exampleOf("aws"), { stack: "production" });
    clouded = await planOf(await rootSections("staging"), { stack: "staging" });
    dumped = await planOf(
        await changed("local", (sections) => {
            sections["database"] = {
                ...(sections["database"] as object),
                backups: { to: { endpoint: "https://s3.example.org", bucket: "backups" } },
            };
        }),
        {
            stack: "local",
            secrets: {
                databaseBackupsAccessKeyId: "id",
                databaseBackupsSecretAccessKey: "key",
                databaseBackupsPassphrase: "a passphrase of some length",
            },
        },
    );
    outside = await planOf(
        await changed("local", (sections) => {
            sections["cache"] = {
                variant: "external",
                protocol: "redis",
                host: "redis.example.org",
                cidrs: ["198.51.100.0/24"],
            };
        }),
        { stack: "local", secrets: { cachePassword: "letmein" } },
    );
});

async function rootSections(stack: string): Promise<Record<string, unknown>> {
    const text = await readFile(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(text) as { config: Record<string, unknown> };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

const undisturbed = {
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    "karpenter.sh/do-not-disrupt": "true",
};
const scheduled = "sample-scheduled-report";
const annotations = (resource: Spoiled) =>
    resource.props["spec"].template.metadata.annotations as Record<string, string>;
const told = (resource: Spoiled) => resource.props["data"] as Record<string, string>;

const container = (resource: Spoiled) => resource.props["spec"].template.spec.containers[0];
const web = { name: "sample-web", kind: "Deployment" };
const databasePod = { name: "database-server", kind: "StatefulSet" };
const integrated = "registry.digitalocean.com/shop/postgres:17.6-bookworm";
const worker = "sample-worker-default";
const longText = "x".repeat(70);

interface CounterExample {
    readonly bad: () => Plan;
    /** The resource that the violation names. */
    readonly name: string;
    /** A part of the property's path. */
    readonly path: string;
}

const counterExamples: Record<string, CounterExample> = {
    R1: {
        bad: () => spoil(local, web, (r) => delete container(r).startupProbe),
        name: "sample-web",
        path: "containers[0].startupProbe",
    },
    R132: {
        bad: () =>
            spoil(
                dumped,
                { name: "database-dump", kind: "CronJob" },
                (r) => (r.props["spec"].concurrencyPolicy = "Allow"),
            ),
        name: "database-dump",
        path: "spec.concurrencyPolicy",
    },
    R2: {
        bad: () => spoil(local, web, (r) => (container(r).readinessProbe.httpGet.httpHeaders[0].value = "10.0.0.1")),
        name: "sample-web",
        path: "readinessProbe.httpGet.httpHeaders",
    },
    R3: {
        bad: () => spoil(local, web, (r) => (container(r).livenessProbe.httpGet.host = "127.0.0.1")),
        name: "sample-web",
        path: "livenessProbe.httpGet.host",
    },
    R4: {
        bad: () =>
            spoil(
                local,
                web,
                (r) => (container(r).livenessProbe.httpGet.path = container(r).readinessProbe.httpGet.path),
            ),
        name: "sample-web",
        path: "livenessProbe.httpGet.path",
    },
    R5: {
        bad: () => spoil(local, web, (r) => (container(r).lifecycle.preStop.sleep.seconds = 2)),
        name: "sample-web",
        path: "preStop.sleep.seconds",
    },
    R6: {
        bad: () => spoil(local, web, (r) => (r.props["spec"].template.spec.terminationGracePeriodSeconds = 29)),
        name: "sample-web",
        path: "terminationGracePeriodSeconds",
    },
    R7: {
        bad: () => spoil(local, web, (r) => (r.props["spec"].strategy.rollingUpdate.maxUnavailable = 1)),
        name: "sample-web",
        path: "strategy",
    },
    R8: {
        bad: () => spoil(production, "shop-web-autoscaler", (r) => (r.props["spec"].minReplicas = 1)),
        name: "shop-web",
        path: "replicas",
    },
    R9: {
        bad: () => spoil(local, web, (r) => (r.props["spec"].replicas = 3)),
        name: "sample-web",
        path: "spec.replicas",
    },
    R10: { bad: () => without(local, "sample-web-budget"), name: "sample-web", path: "selector" },
    R11: {
        bad: () =>
            spoil(local, "sample-web-budget", (r) => {
                delete r.props["spec"].maxUnavailable;
                r.props["spec"].minAvailable = "100%";
            }),
        name: "sample-web-budget",
        path: "minAvailable",
    },
    R12: {
        bad: () => spoil(local, "sample-web-budget", (r) => delete r.props["spec"].unhealthyPodEvictionPolicy),
        name: "sample-web-budget",
        path: "unhealthyPodEvictionPolicy",
    },
    R13: {
        bad: () => spoil(local, web, (r) => r.props["spec"].template.spec.topologySpreadConstraints.shift()),
        name: "sample-web",
        path: "topologySpreadConstraints",
    },
    R14: {
        bad: () => spoil(local, "sample-web-service", (r) => (r.props["spec"].ports[0].targetPort = "htpp")),
        name: "sample-web-service",
        path: "ports[0].targetPort",
    },
    R15: {
        bad: () => spoil(local, worker, (r) => (r.props["spec"].template.spec.terminationGracePeriodSeconds = 59)),
        name: worker,
        path: "terminationGracePeriodSeconds",
    },
    R16: {
        bad: () =>
            spoil(local, worker, (r) => (container(r).command = ["/bin/sh", "-c", container(r).command.join(" ")])),
        name: worker,
        path: "command",
    },
    R17: {
        bad: () => spoil(local, worker, (r) => container(r).env.push({ name: "REMAP_SIGTERM", value: "SIGQUIT" })),
        name: worker,
        path: "env",
    },
    R18: {
        bad: () =>
            spoil(
                spoil(local, "sample-secret-environment", (r) =>
                    rewriteSecret(r, (key, text) =>
                        key === "CELERY_BROKER_URL" ? "amqp://user:pw@rabbit.example.org:5672/" : text,
                    ),
                ),
                worker,
                (r) => {
                    container(r).command = container(r).command.map((word: string) =>
                        word.startsWith("--time-limit") ? "--time-limit=1800" : word,
                    );
                    r.props["spec"].template.spec.terminationGracePeriodSeconds = 1900;
                    r.props["spec"].template.metadata.annotations = undisturbed;
                },
            ),
        name: worker,
        path: "command",
    },
    R89: {
        bad: () =>
            spoil(local, worker, (r) => {
                container(r).command = container(r).command.map((word: string) =>
                    word.startsWith("--time-limit") ? "--time-limit=3600" : word,
                );
                r.props["spec"].template.spec.terminationGracePeriodSeconds = 3700;
                r.props["spec"].template.metadata.annotations = undisturbed;
            }),
        name: worker,
        path: "command",
    },
    R80: {
        bad: () => spoil(local, "broker-server", (r) => delete annotations(r)["karpenter.sh/do-not-disrupt"]),
        name: "broker-server",
        path: 'annotations["karpenter.sh/do-not-disrupt"]',
    },
    R102: {
        bad: () =>
            spoil(
                local,
                worker,
                (r) => (container(r).livenessProbe.exec.command = ["celery", "--app=sample", "inspect", "ping"]),
            ),
        name: worker,
        path: "containers[0].livenessProbe.exec.command",
    },
    R103: {
        bad: () => spoil(others, scheduled, (r) => (r.props["spec"].concurrencyPolicy = "Allow")),
        name: scheduled,
        path: "spec.concurrencyPolicy",
    },
    R104: {
        bad: () => spoil(others, "sample-migrate", (r) => delete r.props["spec"].template.metadata.annotations),
        name: "sample-migrate",
        path: 'annotations["karpenter.sh/do-not-disrupt"]',
    },
    R105: {
        bad: () => spoil(others, "sample-environment", (r) => (told(r)["DJANGO_APP_DB_CONN_MAX_AGE"] = "60")),
        name: "sample-web",
        path: "envFrom",
    },
    R19: {
        bad: () => spoil(local, "sample-beat", (r) => (r.type = "kubernetes:apps/v1:Deployment")),
        name: "sample-beat",
        path: "strategy.type",
    },
    R20: { bad: () => spoil(local, worker, (r) => container(r).command.push("-B")), name: worker, path: "command" },
    R21: {
        bad: () => spoil(local, "sample-migrate", (r) => (r.props["spec"].ttlSecondsAfterFinished = 600)),
        name: "sample-migrate",
        path: "ttlSecondsAfterFinished",
    },
    R22: {
        bad: () => spoil(local, "sample-migrate", (r) => (r.replaceOnChanges = ["metadata"])),
        name: "sample-migrate",
        path: "replaceOnChanges",
    },
    R23: {
        bad: () => spoil(local, "sample-migrate", (r) => (r.props["spec"].activeDeadlineSeconds = 3600)),
        name: "sample-migrate",
        path: "activeDeadlineSeconds",
    },
    R24: {
        bad: () => spoil(local, "sample-migrate", (r) => (r.props["spec"].backoffLimit = 3)),
        name: "sample-migrate",
        path: "backoffLimit",
    },
    R25: {
        bad: () =>
            spoil(
                local,
                "sample-beat",
                (r) => (r.dependencies = r.dependencies.filter((urn) => !urn.includes(":Job::"))),
            ),
        name: "sample-beat",
        path: "dependencies",
    },
    R26: {
        bad: () =>
            spoil(
                local,
                "sample-migrate",
                (r) => (r.dependencies = r.dependencies.filter((urn) => !urn.endsWith("::database-from-clients"))),
            ),
        name: "sample-migrate",
        path: "dependencies",
    },
    R27: {
        bad: () => spoil(local, "sample-collectstatic", (r) => container(r).command.push("--clear")),
        name: "sample-collectstatic",
        path: "command",
    },
    R28: {
        bad: () => spoil(local, worker, (r) => (container(r).image = "localhost/django-sample:green")),
        name: worker,
        path: "image",
    },
    R29: {
        bad: () =>
            spoil(local, "database-server", (r) => (container(r).args = ["postgres", "-c", "max_connections=20"])),
        name: "database-server",
        path: "args",
    },
    R30: {
        bad: () => spoil(local, "sample-environment", (r) => (r.props["data"].DJANGO_APP_DB_PORT = "6432")),
        name: "sample-web",
        path: "envFrom",
    },
    R138: {
        bad: () =>
            spoil(production, "database-server", (r) => {
                r.props["metadata"].annotations = { "django-on-kubernetes/backups-keep-days": "6" };
            }),
        name: "database-server",
        path: 'metadata.annotations["django-on-kubernetes/backups-keep-days"]',
    },
    R31: {
        bad: () =>
            spoil(local, "broker-configuration", (r) =>
                rewriteSecret(r, (_, text) => text.replace('"noeviction"', '"allkeys-lru"')),
            ),
        name: "broker-server",
        path: "command",
    },
    R32: {
        bad: () =>
            spoil(local, "cache-configuration", (r) =>
                rewriteSecret(r, (key, text) => (key === "primary.conf" ? text.replace(/^maxmemory .*$/m, "") : text)),
            ),
        name: "cache-primary",
        path: "command",
    },
    R33: {
        bad: () =>
            spoil(local, "broker-service", (r) => {
                const service = local.resources.find(({ name }) => name === "cache-service")!;
                r.props["spec"].selector = service.props["spec"].selector;
            }),
        name: "sample-web",
        path: "envFrom",
    },
    R34: {
        bad: () =>
            spoil(local, "sample-secret-environment", (r) =>
                rewriteSecret(r, (key, text) =>
                    key === "DJANGO_APP_CACHE_LOCATION" ? text.split(" ").toReversed().join(" ") : text,
                ),
            ),
        name: "sample-web",
        path: "envFrom",
    },
    R36: {
        bad: () => spoil(local, worker, (r) => (r.props["spec"].template.spec.hostNetwork = true)),
        name: worker,
        path: "hostNetwork",
    },
    R37: {
        bad: () =>
            spoil(
                local,
                { name: "namespace", kind: "Namespace" },
                (r) => (r.props["metadata"].labels["pod-security.kubernetes.io/enforce"] = "baseline"),
            ),
        name: "namespace",
        path: "pod-security.kubernetes.io/enforce",
    },
    R38: {
        bad: () => spoil(local, "cache-primary", (r) => delete container(r).securityContext.readOnlyRootFilesystem),
        name: "cache-primary",
        path: "readOnlyRootFilesystem",
    },
    R39: {
        bad: () => spoil(local, worker, (r) => (r.props["spec"].template.spec.volumes[0].emptyDir = {})),
        name: worker,
        path: "volumes[0].emptyDir.sizeLimit",
    },
    R40: {
        bad: () => spoil(local, worker, (r) => delete container(r).resources.limits),
        name: worker,
        path: "resources.limits.memory",
    },
    R41: {
        bad: () => spoil(production, "database-server", (r) => (container(r).image = "docker.io/library/postgres:17")),
        name: "database-server",
        path: "image",
    },
    R42: {
        bad: () => spoil(local, "cache-primary", (r) => (container(r).image = "docker.io/bitnami/redis:7.4.1")),
        name: "cache-primary",
        path: "image",
    },
    R43: {
        bad: () =>
            withExtra(local, "sample-environment", {
                type: "kubernetes:networking.k8s.io/v1:Ingress",
                name: "sample-ingress",
                props: { metadata: { name: "sample", namespace: "sample-local" }, spec: {} },
            }),
        name: "sample-ingress",
        path: "",
    },
    R44: {
        bad: () => spoil(local, worker, (r) => (r.props["spec"].template.spec.automountServiceAccountToken = true)),
        name: worker,
        path: "automountServiceAccountToken",
    },
    R45: {
        bad: () => spoil(local, worker, (r) => (r.props["spec"].template.spec.serviceAccountName = "database")),
        name: worker,
        path: "serviceAccountName",
    },
    R46: { bad: () => without(local, "broker-to-store"), name: "sample-worker-default", path: "labels" },
    R47: {
        bad: () =>
            spoil(local, "namespace-allow-dns", (r) =>
                r.props["spec"].egress.forEach((one: { ports: unknown[] }) => one.ports.pop()),
            ),
        name: "sample-web",
        path: "labels",
    },
    R48: {
        bad: () => spoil(local, "database-to-store", (r) => delete r.props["spec"].egress[0].ports),
        name: "database-to-store",
        path: "egress[0].ports",
    },
    R50: {
        bad: () => spoil(local, "sample-environment", (r) => (r.props["data"].STRIPE_API_KEY = "not-a-real-key")),
        name: "sample-environment",
        path: "data.STRIPE_API_KEY",
    },
    R51: {
        bad: () =>
            withExtra(local, "sample-environment", {
                type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
                name: "sample-role",
                props: {
                    metadata: { name: "sample" },
                    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }],
                },
            }),
        name: "sample-role",
        path: "rules[0].verbs",
    },
    R52: {
        bad: () => spoil(local, "broker-service", (r) => (r.props["spec"].type = "LoadBalancer")),
        name: "broker-service",
        path: "spec.type",
    },
    R35: {
        bad: () =>
            withExtra(production, "namespace-deny-all", {
                type: "kubernetes:rabbitmq.com/v1beta1:RabbitmqCluster",
                name: "broker-nodes",
                props: { metadata: { name: "broker" }, spec: { replicas: 1 } },
            }),
        name: "broker-nodes",
        path: "spec.replicas",
    },
    R67: {
        bad: () => spoil(production, "database-server", (r) => (r.protect = false)),
        name: "database-server",
        path: "protect",
    },
    R68: {
        bad: () => spoil(local, "database-server", (r) => (r.protect = true)),
        name: "database-server",
        path: "protect",
    },
    R69: {
        bad: () => spoil(local, "broker-server", (r) => delete r.props["spec"].persistentVolumeClaimRetentionPolicy),
        name: "broker-server",
        path: "whenDeleted",
    },
    R71: {
        bad: () => spoil(local, "sample-environment", (r) => (r.props["metadata"].labels.app = longText)),
        name: "sample-environment",
        path: 'labels["app"]',
    },
    R73: {
        bad: () => spoil(local, "kubernetes", (r) => delete r.props["clusterIdentifier"]),
        name: "kubernetes",
        path: "clusterIdentifier",
    },
    R76: {
        bad: () => spoil(local, "sample-environment", (r) => delete r.parent),
        name: "sample-environment",
        path: "parent",
    },
    R78: {
        bad: () => spoil(local, "sample-beat", (r) => delete r.props["spec"].podManagementPolicy),
        name: "sample-beat",
        path: "spec.podManagementPolicy",
    },
    R79: {
        bad: () => spoil(local, "sample-migrate", (r) => delete r.props["metadata"].name),
        name: "sample-migrate",
        path: "metadata.name",
    },
    R84: {
        bad: () =>
            spoil(local, web, (r) => {
                const mounts = container(r).volumeMounts as { mountPath: string; readOnly?: boolean }[];
                delete mounts.find(({ mountPath }) => mountPath === "/srv/static")!.readOnly;
            }),
        name: "sample-web",
        path: "volumeMounts",
    },
    R93: {
        bad: () =>
            spoil(other, "blog-web", (r) => {
                const own = other.resources.find(({ name }) => name === "sample-secret-environment")!;
                const secretName = own.props["metadata"].name ?? own.generatedName;
                r.props["spec"].template.spec.volumes.push({ name: "other", secret: { secretName } });
            }),
        name: "blog-web",
        path: "volumes",
    },
    R115: {
        bad: () => spoil(clouded, "ci-provider", (r) => delete r.props["attributeCondition"]),
        name: "ci-provider",
        path: "attributeCondition",
    },
    R116: {
        bad: () => spoil(clouded, "ci-preview-compute.viewer", (r) => (r.props["role"] = "roles/editor")),
        name: "ci-preview-compute.viewer",
        path: "role",
    },
    R142: {
        bad: () =>
            spoil(clouded, "ci-review-container.clusterViewer", (r) => (r.props["role"] = "roles/container.developer")),
        name: "ci-review-container.clusterViewer",
        path: "role",
    },
    R143: {
        bad: () => spoil(clouded, "review-access-policy", (r) => (r.props["spec"].failurePolicy = "Ignore")),
        name: "review-access-binding",
        path: "roleRef",
    },
    R146: {
        bad: () =>
            spoil(local, web, (r) =>
                r.props["spec"].template.spec.volumes.push({
                    name: "token",
                    projected: { sources: [{ serviceAccountToken: { path: "token" } }] },
                }),
            ),
        name: "sample-web",
        path: "volumes",
    },
    R147: {
        bad: () => spoil(local, web, (r) => (r.props["metadata"].labels["django-on-kubernetes/sleeps"] = "true")),
        name: "sample-web",
        path: "metadata.labels",
    },
    R99: {
        bad: () => spoil(other, "cache-primary", (r) => (container(r).command[4] = "--udp-port=11211")),
        name: "cache-primary",
        path: "containers[0].command",
    },
    R100: {
        bad: () =>
            spoil(other, "database-pooler-configuration", (r) =>
                rewriteSecret(r, (_, text) => text.replace("max_client_conn = 2000", "max_client_conn = 5")),
            ),
        name: "database-pooler-servers",
        path: "volumeMounts",
    },
    R101: {
        bad: () =>
            spoil(other, "blog-secret-environment", (r) =>
                rewriteSecret(r, (key, text) =>
                    key === "CELERY_BROKER_URL" ? text.replace(/\/blog$/, "/sample") : text,
                ),
            ),
        name: "blog-web",
        path: "envFrom",
    },
    R109: {
        bad: () => spoil(local, "sample-beat", (r) => delete r.props["spec"].template.spec.affinity),
        name: "sample-beat",
        path: "spec.template.spec.affinity",
    },
    R136: {
        bad: () =>
            spoil(
                local,
                "database-disk-0",
                (r) => (r.props["spec"] = { resources: { requests: { storage: "512Mi" } } }),
            ),
        name: "database-disk-0",
        path: "spec.resources.requests.storage",
    },
    R110: {
        bad: () =>
            spoil(stored, "shop-environment", (r) => {
                r.props["data"].DJANGO_APP_STORAGE_ENDPOINT = withoutTls;
            }),
        name: "shop-web",
        path: "envFrom",
    },
    R81: {
        bad: () => spoil(local, databasePod, (r) => (container(r).image = integrated)),
        name: "database-server",
        path: "containers[0].image",
    },
    R90: {
        bad: () => spoil(local, web, (r) => (r.props["spec"].template.spec.volumes[0].emptyDir.sizeLimit = "100Mi")),
        name: "sample-web",
        path: "volumes[0].emptyDir.sizeLimit",
    },
    R106: {
        bad: () => spoil(balanced, "edge-service", (r) => (r.props["spec"].externalTrafficPolicy = "Cluster")),
        name: "edge-service",
        path: "spec.externalTrafficPolicy",
    },
    R95: {
        bad: () => spoil(production, "edge-gateway", (r) => delete r.props["spec"].listeners[1].tls),
        name: "edge-gateway",
        path: "spec.listeners[1].tls",
    },
    R97: {
        bad: () =>
            spoil(outside, "sample-secret-environment", (r) =>
                rewriteSecret(r, (key, text) =>
                    key.endsWith("CACHE_LOCATION") ? "redis://:letmein@cache:6379/0" : text,
                ),
            ),
        name: "sample-web",
        path: "envFrom",
    },
    R77: {
        bad: () =>
            spoil(local, web, (r) => {
                const keepAlive = (word: string): string => word.replace(/^--keep-alive=.*/, "--keep-alive=90");
                container(r).command = container(r).command.map(keepAlive);
            }),
        name: "sample-web",
        path: "containers[0].command",
    },
    R82: {
        bad: () => spoil(local, "edge-gateway", (r) => delete r.props["metadata"].annotations["pulumi.com/waitFor"]),
        name: "edge-gateway",
        path: "metadata.annotations",
    },
    R121: {
        bad: () =>
            spoil(onAws, { name: "shop-web", kind: "Deployment" }, (r) => {
                container(r).env = container(r).env.filter(({ name }: { name: string }) => name !== "POD_IP");
            }),
        name: "shop-web",
        path: "containers[0].env",
    },
    R127: {
        bad: () =>
            spoil(onAws, "external-dns-identity-policy", (r) => {
                const document = JSON.parse(r.props["policy"] as string) as { Statement: { Resource: unknown }[] };
                document.Statement[0]!.Resource = "*";
                r.props["policy"] = JSON.stringify(document);
            }),
        name: "external-dns-identity-policy",
        path: "policy.Statement[0].Resource",
    },
    R122: {
        bad: () =>
            spoil(onAws, "edge-configuration", (r) => {
                delete r.props["spec"].wafV2;
                r.dependencies = r.dependencies.filter((urn) => !urn.includes("firewall"));
            }),
        name: "edge-configuration",
        path: "spec.wafV2.webACL",
    },
    R123: {
        bad: () =>
            spoil(onAws, "edge-access-logs-bucket-lifecycle", (r) => {
                r.props["rules"] = r.props["rules"].filter(({ expiration }: { expiration?: unknown }) => !expiration);
            }),
        name: "edge-access-logs-bucket",
        path: "",
    },
    R133: {
        bad: () => without(drilled, { name: "database-drill-schedule", kind: "CronJob" }),
        name: "database-server",
        path: "",
    },
    R144: {
        bad: () =>
            spoil(drilled, { name: "database-seed-schedule", kind: "CronJob" }, (r) => {
                const pod = r.props["spec"].jobTemplate.spec.template.spec;
                pod.initContainers = pod.initContainers.filter(({ name }: { name: string }) => name !== "mask-sql");
            }),
        name: "database-seed-schedule",
        path: "spec.jobTemplate.spec.template.spec.initContainers",
    },
    R98: {
        bad: () => without(outside, { name: "sample-check", kind: "Job" }),
        name: "sample-migrate",
        path: "dependencies",
    },
};

describe("rules", () => {
    it("hold for the plans that are spoiled below", () => {
        expect(checkPlan(local)).toEqual([]);
        expect(checkPlan(production)).toEqual([]);
        expect(checkPlan(other)).toEqual([]);
        expect(checkPlan(balanced)).toEqual([]);
        expect(checkPlan(outside)).toEqual([]);
        expect(checkPlan(dumped)).toEqual([]);
        expect(checkPlan(stored)).toEqual([]);
        expect(checkPlan(drilled)).toEqual([]);
        expect(checkPlan(onAws)).toEqual([]);
        expect(checkPlan(clouded)).toEqual([]);
    });

    it("have a counter-example each", () => {
        const proved = new Set([...Object.keys(counterExamples), ...Object.keys(cloudExamples)]);
        expect(rules.map(({ id }) => id).filter((id) => !proved.has(id))).toEqual([]);
    });

    it("R132 finds dumps of which none is kept", () => {
        const plan = spoil(dumped, { name: "database-dump", kind: "CronJob" }, (r) => {
            const { env } = container({ ...r, props: { spec: r.props["spec"].jobTemplate.spec } });
            env.find(({ name }: { name: string }) => name === "KEEP_AT_LEAST").value = "0";
        });
        expect(checkPlan(plan).map(({ rule, found }) => `${rule} ${found}`)).toEqual(["R132 KEEP_AT_LEAST 0"]);
    });

    it("have ids, titles and levels that a table can show", () => {
        expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
        for (const { title, level } of rules) {
            expect(title.length).toBeLessThan(80);
            expect(["mandatory", "advisory"]).toContain(level);
        }
    });

    it("stand in docs/policy.md, with title and level", async () => {
        const page = await readFile(join(projectRoot, "docs/policy.md"), "utf8");
        const listed = [...page.matchAll(/^\| (R\d+) \| (.+?) \| (\w+) \|/gm)].map(([, id, title, level]) => ({
            id,
            title,
            level,
        }));
        expect(listed).toEqual(rules.map(({ id, title, level }) => ({ id, title, level })));
    });

    for (const { id, title } of rules.filter((rule) => rule.id in counterExamples)) {
        it(`${id} finds when it is broken: ${title}`, () => {
            const { bad, name, path } = counterExamples[id]!;
            const violations = checkPlan(bad());
            expect([...new Set(violations.map(({ rule }) => rule))]).toEqual([id]);
            const named = violations.find((violation) => violation.name === name && violation.path.includes(path));
            expect(named, `${name} ${path} is not named in ${JSON.stringify(violations)}`).toBeDefined();
            for (const { urn, found, allowed, fix } of violations) {
                expect(urn).toContain("urn:pulumi:");
                expect(found).not.toBe("");
                expect(allowed).not.toBe("");
                expect(fix).not.toBe("");
            }
        });
    }

    it("read no plan that is not theirs: the good ones are unchanged", () => {
        expect(broken(local)).toEqual([]);
    });
});

describe("further counter-examples", () => {
    const ids = (plan: Plan) => [...new Set(checkPlan(plan).map(({ rule }) => rule))];

    it("R1: an app without any web", () => {
        expect(ids(without(without(local, web), "sample-web-service"))).toContain("R1");
    });

    it("R25, R28, R38: what runs at certain times keeps what the others keep", () => {
        const pod = (r: Spoiled) => r.props["spec"].jobTemplate.spec.template.spec.containers[0];
        expect(ids(spoil(others, scheduled, (r) => (pod(r).image = "registry.example.org/other:1f2e3d4")))).toEqual([
            "R28",
        ]);
        expect(ids(spoil(others, scheduled, (r) => delete pod(r).securityContext.readOnlyRootFilesystem))).toEqual([
            "R38",
        ]);
        expect(ids(spoil(others, scheduled, (r) => (r.dependencies = [])))).toContain("R25");
    });

    it("R81: a login that is in a Secret, as text or as base64, and one that the account names", () => {
        const elsewhere = spoil(local, databasePod, (r) => (container(r).image = "registry.example.org/postgres:17.6"));
        const config = JSON.stringify({ auths: { "registry.example.org": { auth: "eDp5" } } });
        const withLogin = (data: object) => {
            const { namespace } = viewOf(local).withRole("web")[0]!;
            const metadata = { name: "pull", namespace };
            const props = { metadata, type: "kubernetes.io/dockerconfigjson", immutable: true, ...data };
            return withExtra(elsewhere, databasePod, { type: "kubernetes:core/v1:Secret", name: "pull", props });
        };
        const asText = withLogin({ stringData: new SecretValue({ ".dockerconfigjson": config }) });
        const encoded = Buffer.from(config).toString("base64");
        expect(ids(elsewhere)).toEqual([]);
        expect(ids(asText)).toEqual(["R81"]);
        expect(ids(withLogin({ data: new SecretValue({ ".dockerconfigjson": encoded }) }))).toEqual(["R81"]);
        expect(ids(withLogin({ stringData: new UnknownValue() }))).toEqual([]);
        const named = [{ name: "pull" }];
        expect(
            ids(spoil(asText, databasePod, (r) => (r.props["spec"].template.spec.imagePullSecrets = named))),
        ).toEqual([]);
        const account = { name: "database-account", kind: "ServiceAccount" };
        expect(ids(spoil(asText, account, (r) => (r.props["imagePullSecrets"] = named)))).toEqual([]);
        expect(ids(spoil(asText, account, (r) => (r.props["imagePullSecrets"] = [])))).toEqual(["R81"]);
    });

    it("R81: stores whose images are in DigitalOcean's registry pull with its login", async () => {
        const image = (name: string) => `registry.digitalocean.com/acme/${name}`;
        const mirrored = async (change: (sections: Sections) => void) =>
            await planOf(await changed("local", change), { stack: "local" });
        const plans = [
            await mirrored((sections) => {
                sections["database"] = {
                    ...sections["database"],
                    image: image("postgres:15.14"),
                    pooler: { size: 10, image: image("pgbouncer:1.24") },
                };
                sections["cache"] = { ...sections["cache"], image: image("redis:7.4") };
                sections["broker"] = { ...sections["broker"], image: image("redis:7.4") };
            }),
            await mirrored((sections) => {
                sections["cache"] = { variant: "memcached", image: image("memcached:1.6") };
                sections["broker"] = {
                    variant: "rabbitmq",
                    version: "4.2",
                    storage: "2Gi",
                    image: image("rabbitmq:4.2"),
                };
            }),
        ];
        for (const plan of plans) {
            const pods = viewOf(plan).workloads.filter(({ containers }) =>
                containers.some((one) => one.image?.startsWith("registry.digitalocean.com/")),
            );
            expect(pods.length).toBeGreaterThan(1);
            for (const { name, pod } of pods) {
                expect(pod.imagePullSecrets, name).toEqual([{ name: "acme" }]);
            }
            expect(ids(plan)).toEqual([]);
        }
    });

    it("R102: manage.py in a probe, of the scheduler too", () => {
        const probe = { exec: { command: ["sh", "-c", "cd /app && python manage.py check --database default"] } };
        expect(ids(spoil(local, "sample-beat", (r) => (container(r).livenessProbe = probe)))).toEqual(["R102"]);
    });

    it("R80: a database alone, a folder that keeps its node, and a pod that was not told of", () => {
        const marks = "cluster-autoscaler.kubernetes.io/";
        const without = (name: string) => (r: Spoiled) => Reflect.deleteProperty(annotations(r), marks + name);
        expect(ids(spoil(local, "database-server", without("safe-to-evict")))).toEqual(["R80"]);
        expect(ids(spoil(local, "sample-web", without("safe-to-evict-local-volumes")))).toEqual(["R80"]);
        const folders = (r: Spoiled) => r.props["spec"].template.spec.volumes as object[];
        const second = { name: "second", emptyDir: { sizeLimit: "16Mi" } };
        expect(ids(spoil(local, "sample-beat", (r) => folders(r).push(second)))).toEqual(["R80"]);
        const inMemory = { name: "second", emptyDir: { sizeLimit: "16Mi", medium: "Memory" } };
        expect(ids(spoil(local, "sample-beat", (r) => folders(r).push(inMemory)))).toEqual([]);
        // A pod that stays keeps its node anyhow.
        expect(
            ids(spoil(local, "sample-web", (r) => (r.props["spec"].template.metadata.annotations = undisturbed))),
        ).toEqual([]);
    });

    it("R24: collectstatic that is not tried again, and migrate that is", () => {
        const tries = (count: number) => (r: Spoiled) => (r.props["spec"].backoffLimit = count);
        expect(ids(spoil(local, "sample-collectstatic", tries(0)))).toEqual(["R24"]);
        expect(ids(spoil(local, "sample-collectstatic", tries(1)))).toEqual([]);
        expect(ids(spoil(local, "sample-collectstatic", (r) => delete r.props["spec"].backoffLimit))).toEqual([]);
        expect(ids(spoil(local, "sample-migrate", tries(1)))).toEqual(["R24"]);
        const samples = (count: number) => (r: Spoiled) => {
            r.props["spec"].template.spec.containers[0].name = "media-samples";
            tries(count)(r);
        };
        expect(ids(spoil(local, "sample-createsuperuser", samples(4)))).toEqual([]);
        expect(ids(spoil(local, "sample-createsuperuser", samples(0)))).toEqual(["R24"]);
    });

    it("R103: a run that never ends, that is tried again, and by nobody's clock", () => {
        const job = (r: Spoiled) => r.props["spec"].jobTemplate.spec;
        for (const change of [
            (r: Spoiled) => delete job(r).activeDeadlineSeconds,
            (r: Spoiled) => delete job(r).backoffLimit,
            (r: Spoiled) => delete r.props["spec"].timeZone,
            (r: Spoiled) => (job(r).template.spec.restartPolicy = "OnFailure"),
        ]) {
            expect(ids(spoil(others, scheduled, change))).toEqual(["R103"]);
        }
    });

    it("R104: long tasks of a worker, and a command at certain times", () => {
        const long = (r: Spoiled) => (r.props["spec"].template.spec.terminationGracePeriodSeconds = 601);
        expect(ids(spoil(local, worker, long))).toEqual(["R104"]);
        const template = (r: Spoiled) => r.props["spec"].jobTemplate.spec.template;
        expect(ids(spoil(others, scheduled, (r) => delete template(r).metadata.annotations))).toEqual(["R104"]);
    });

    it("R105: not told at all, and gunicorn with a worker of uvicorn's", () => {
        const untold = (r: Spoiled) => delete told(r)["DJANGO_APP_DB_CONN_MAX_AGE"];
        expect(ids(spoil(others, "sample-environment", untold))).toEqual(["R105"]);
        expect(
            ids(spoil(local, web, (r) => container(r).command.push("--worker-class=uvicorn.workers.UvicornWorker"))),
        ).toContain("R105");
    });

    it("R7: Kubernetes' own defaults are not enough", () => {
        expect(ids(spoil(local, web, (r) => delete r.props["spec"].strategy))).toEqual(["R7"]);
    });

    it("R19: a second scheduler, two of them, and an autoscaler on it", () => {
        const spec = { scaleTargetRef: { kind: "StatefulSet", name: "sample-beat" }, minReplicas: 1, maxReplicas: 1 };
        const metadata = { name: "sample-beat", namespace: "sample-local" };
        const type = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
        expect(
            ids(withExtra(local, "sample-beat", { type, name: "sample-beat-autoscaler", props: { metadata, spec } })),
        ).toContain("R19");
        expect(ids(spoil(local, "sample-beat", (r) => (r.props["spec"].replicas = 2)))).toEqual(["R10", "R19"]);
        const second = local.resources.find(({ name }) => name === "sample-beat")!;
        expect(ids(withExtra(local, "sample-beat", { ...second, name: "other-beat" }))).toContain("R19");
    });

    it("R136: a claim of each pod, and one that is larger than at first", () => {
        expect(ids(without(other, "broker-disk-0"))).toEqual(["R136"]);
        const grown = spoil(local, "broker-disk-0", (r) => {
            r.props["spec"] = { resources: { requests: { storage: "1Ti" } } };
        });
        expect(ids(grown)).toEqual([]);
        const unknown = spoil(local, "broker-disk-0", (r) => {
            r.props["spec"] = { resources: { requests: { storage: new UnknownValue() } } };
        });
        expect(ids(unknown)).toEqual([]);
    });

    it("R109: a budget that lets a node's pods go one by one, and pods that are bound to others", () => {
        expect(ids(spoil(local, "sample-web-budget", (r) => (r.props["spec"].maxUnavailable = 1)))).toEqual(["R109"]);
        const elsewhere = spoil(local, web, (r) => {
            const [term] =
                r.props["spec"].template.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
            term.topologyKey = "topology.kubernetes.io/zone";
        });
        expect(ids(elsewhere)).toEqual(["R109"]);
        const shared = spoil(local, "assets-files", (r) => (r.props["spec"].accessModes = ["ReadWriteMany"]));
        expect(ids(spoil(shared, web, (r) => delete r.props["spec"].template.spec.affinity))).toEqual([]);
    });

    it("R97, R110: what runs at certain times uses stores and buckets too", () => {
        const told = (variable: string, value: string) =>
            spoil(stored, "shop-scheduled-report", (r) => {
                const [run] = r.props["spec"].jobTemplate.spec.template.spec.containers;
                run.env.push({ name: variable, value });
            });
        expect(ids(told("DJANGO_APP_STORAGE_ENDPOINT", withoutTls))).toEqual(["R110"]);
        expect(ids(told("DJANGO_APP_CACHE_LOCATION", "redis://cache:6379/0"))).toEqual(["R97"]);
    });

    it("R110: outside of production an address without TLS is told by the settings alone", async () => {
        const sections = await changed("local", (all) => (all["assets"] = buckets));
        const plan = await planOf(sections, { secrets: accessKey });
        expect(ids(plan)).toEqual([]);
        const plain = spoil(plan, "sample-environment", (r) => {
            r.props["data"].DJANGO_APP_STORAGE_ENDPOINT = withoutTls;
        });
        expect(ids(plain)).toEqual([]);
    });

    it("R27: web does not wait for the files, or nobody writes them", () => {
        const hasty = spoil(
            local,
            web,
            (r) =>
                (r.dependencies = r.dependencies.filter(
                    (urn) => !/::sample-(collectstatic|createsuperuser)$/.test(urn),
                )),
        );
        expect(ids(hasty)).toEqual(["R27"]);
        const unwritten = spoil(local, "sample-collectstatic", (r) => {
            container(r).volumeMounts.find(({ name }: { name: string }) => name === "assets").readOnly = true;
        });
        expect(ids(unwritten)).toEqual(["R27"]);
    });

    it("R31: a broker whose disk goes with its pod", () => {
        const lost = spoil(local, "broker-server", (r) => {
            r.props["spec"].volumeClaimTemplates = [];
            r.props["spec"].podManagementPolicy = "Parallel";
            r.props["spec"].template.spec.volumes.push({ name: "data", emptyDir: { sizeLimit: "1Gi" } });
        });
        expect(ids(lost)).toEqual(["R31"]);
    });

    it("R18: a task that may take longer than RabbitMQ in the cluster waits", () => {
        const waits = (milliseconds: number) =>
            spoil(other, "broker-configuration", (r) =>
                rewriteSecret(r, (_, text) =>
                    text.replace(/consumer_timeout = \d+/, `consumer_timeout = ${milliseconds}`),
                ),
            );
        expect(ids(waits(30_000))).toEqual(["R18"]);
        expect(ids(waits(31_000))).toEqual([]);
        // Of a program that only the image knows its pod's 60 seconds say it; the other two take nothing from RabbitMQ.
        const instead = (plan: Plan, ...command: string[]) =>
            ids(spoil(plan, worker, (r) => (container(r).command = command))).filter((id) => id === "R18");
        expect(instead(waits(30_000), "/venv/bin/dramatiq", "sample.tasks")).toContain("R18");
        expect(instead(waits(31_000), "/venv/bin/dramatiq", "sample.tasks")).toEqual([]);
        for (const command of ["qcluster", "db_worker"]) {
            expect(instead(other, "python", "manage.py", command)).toEqual([]);
        }
        expect(instead(other, "celery", "--app=sample", "worker")).toEqual(["R18"]);
    });

    it("R30: kept connections behind PgBouncer, by its port", () => {
        const kept = spoil(other, "sample-environment", (r) => (r.props["data"].DJANGO_APP_DB_CONN_MAX_AGE = "60"));
        expect(ids(kept)).toEqual(["R30"]);
    });

    it("R31: a node of RabbitMQ whose disk goes with its pod", () => {
        const lost = spoil(other, "broker-server", (r) => {
            r.props["spec"].volumeClaimTemplates = [];
            r.props["spec"].template.spec.volumes.push({ name: "data", emptyDir: { sizeLimit: "1Gi" } });
        });
        expect(ids(lost)).toEqual(["R31"]);
    });

    it("R32: a Memcached that holds as many values as its container has memory", () => {
        const full = spoil(other, "cache-primary", (r) => (container(r).command[1] = "--memory-limit=256"));
        expect(ids(full)).toEqual(["R32"]);
    });

    it("R46: processes that go past the pooler", () => {
        const past = spoil(other, "sample-environment", (r) => {
            r.props["data"].DJANGO_APP_DB_HOST = "database";
            r.props["data"].DJANGO_APP_DB_PORT = "5432";
        });
        expect(ids(past)).toEqual(["R46"]);
    });

    it("R35: RabbitMQ as pods, alone and with classic queues", () => {
        const rabbit = (image: string) =>
            spoil(production, "broker-server", (r) => {
                container(r).image = image;
                container(r).volumeMounts.push({ name: "data", mountPath: "/var/lib/rabbitmq" });
            });
        const paths = (plan: Plan) => checkPlan(plan).map(({ rule, path }) => `${rule} ${path}`);
        expect(paths(rabbit("docker.io/library/rabbitmq:4.1.2"))).toEqual([
            "R35 spec.replicas",
            "R35 spec.template.spec.containers",
        ]);
        const quorum = spoil(rabbit("rabbitmq:4.1.2"), "broker-configuration", (r) =>
            rewriteSecret(r, (_, text) => `${text}\ndefault_queue_type = quorum\n`),
        );
        expect(paths(quorum)).toEqual(["R35 spec.replicas"]);
    });

    it("R52, R95, R106: ways in without a proxy, by all that can be wrong with one", () => {
        const paths = (change: (resource: Spoiled) => void, name = "edge-service") =>
            checkPlan(spoil(balanced, name, change)).map(({ rule, path }) => `${rule} ${path}`);
        const annotations = (r: Spoiled) => r.props["metadata"].annotations;
        // Nobody named it.
        expect(paths((r) => delete annotations(r)["django-on-kubernetes/way-in"])).toEqual(["R52 spec.type"]);
        expect(paths((r) => (r.props["spec"].externalIPs = ["192.0.2.1"]))).toEqual(["R52 spec.externalIPs"]);
        // Nothing ends TLS.
        expect(paths((r) => delete annotations(r)["django-on-kubernetes/tls"])).toEqual(["R95 spec.type"]);
        expect(paths((r) => (r.props["spec"].loadBalancerSourceRanges = []))).toEqual([
            "R106 spec.loadBalancerSourceRanges",
        ]);
        const anyone = (r: Spoiled) => delete r.props["spec"].ingress[0].from;
        expect(paths(anyone, "shop-web-from-gateway")).toEqual(["R106 spec.ingress[0].from"]);
        // Ports of the nodes have no ranges of their own.
        const port = (r: Spoiled) => {
            r.props["spec"].type = "NodePort";
            delete r.props["spec"].loadBalancerSourceRanges;
        };
        expect(paths(port)).toEqual([]);
    });

    it("R90: what the app is told, and what its server takes at once", () => {
        const told = (change: (data: Record<string, string>) => void) =>
            ids(spoil(local, "sample-environment", (r) => change(r.props["data"])));
        expect(told((data) => delete data["DJANGO_APP_MAX_BODY_SIZE"])).toEqual(["R90"]);
        expect(told((data) => (data["DJANGO_APP_MAX_BODY_SIZE"] = "50Mi"))).toEqual(["R90"]);
        expect(told((data) => (data["DJANGO_APP_MAX_BODY_SIZE"] = String(100 * 2 ** 20)))).toEqual(["R90"]);
        const threads = (r: Spoiled) =>
            (container(r).command = container(r).command.map((word: string) =>
                word.startsWith("--threads=") ? "--threads=40" : word,
            ));
        expect(ids(spoil(local, web, threads))).toContain("R90");
    });

    it("R39: /tmp on a volume that stays", () => {
        const kept = spoil(local, worker, (r) => {
            r.props["spec"].template.spec.volumes[0] = { name: "tmp", persistentVolumeClaim: { claimName: "assets" } };
        });
        expect(ids(kept)).toEqual(["R39"]);
    });

    it("R50: credentials by their value, in files and in annotations", () => {
        const place = (text: string) => spoil(local, "sample-environment", (r) => (r.props["data"].ANYTHING = text));
        for (const text of [
            "postgresql://user:pass@host/db",
            "-----BEGIN RSA PRIVATE KEY-----\nabc",
            "AKIAABCDEFGHIJKLMNOP",
            "[newrelic]\nlicense_key = 0123456789abcdef\n",
        ]) {
            expect(ids(place(text)), text).toEqual(["R50"]);
        }
        for (const text of [
            "https://example.org/path",
            "postgresql://host/db",
            "[newrelic]\nlicense_key = %(KEY)s\n",
            "3600",
        ]) {
            expect(ids(place(text)), text).toEqual([]);
        }
        const annotated = spoil(
            local,
            "sample-environment",
            (r) => (r.props["metadata"].annotations = { "example.org/api-token": "abc" }),
        );
        expect(ids(annotated)).toEqual(["R50"]);
        const argued = spoil(local, worker, (r) => container(r).env.push({ name: "SENTRY_AUTH_TOKEN", value: "abc" }));
        expect(ids(argued)).toEqual(["R50"]);
    });

    it("R50: a value that the program knows to be secret, outside a Secret", () => {
        const secret = local.resources.find(({ name }) => name === "sample-secret-environment")!.props["stringData"];
        expect(ids(spoil(local, "sample-environment", (r) => (r.props["data"].SOMETHING = secret)))).toEqual(["R50"]);
    });

    it("R76: the default provider", () => {
        expect(ids(spoil(local, "sample-environment", (r) => delete r.provider))).toEqual(["R76"]);
    });
});
