// What settings/capacity reckons of pods and volumes is what the program plans: the same workloads, each with its requests, its
// number and what a rollout adds. Does not prove what a cluster makes of it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Plan, PlannedResource } from "../../../commands/plan/plan.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { bytes, millicores } from "../../../lib/quantities.ts";
import { podsOf, type CapacitySettings } from "../../../settings/capacity/pods.ts";
import { volumesOf } from "../../../settings/capacity/volumes.ts";
import { checkSettings } from "../../../settings/settings.ts";
import { planOf, project, type PlanOptions, type Sections } from "../support/plans.ts";

/** Of a workload: thousandths of a processor, bytes, and how many of it there are. */
interface Pods {
    readonly name: string;
    readonly cpu: number;
    readonly memory: number;
    readonly min?: number;
    readonly max?: number;
    readonly surge?: number;
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
    one.name < other.name ? -1 : 1;

const kinds = /^kubernetes:(?:apps\/v1:(?:Deployment|StatefulSet)|batch\/v1:(?:Job|CronJob))$/;

function planned(plan: Plan, namespace: string): Pods[] {
    return plan.resources
        .filter(({ type, props }) => kinds.test(type) && props["metadata"]?.namespace === namespace)
        .map((resource) => ({ ...requests(resource), ...numbers(resource, plan) }))
        .toSorted(byName);
}

interface Requests {
    readonly cpu: `${number}m`;
    readonly memory: `${number}Mi`;
}

interface Container {
    readonly restartPolicy?: string;
    readonly resources: { readonly requests: Requests };
}

function requests({ name, props }: PlannedResource) {
    const template = props["spec"].template ?? props["spec"].jobTemplate.spec.template;
    const { containers, initContainers = [] }: Readonly<Record<string, Container[] | undefined>> = template.spec;
    // As the scheduler counts: those beside the others run from their turn on, the other ones of before one at a time.
    const needed = (of: (requested: Requests) => number): number => {
        let beside = 0;
        let most = 0;
        for (const { restartPolicy, resources } of initContainers) {
            const own = of(resources.requests);
            most = Math.max(most, beside + own);
            beside += restartPolicy === "Always" ? own : 0;
        }
        return Math.max(
            most,
            containers!.reduce((sum, { resources }) => sum + of(resources.requests), beside),
        );
    };
    return {
        name: String(props["metadata"].name ?? name),
        cpu: needed(({ cpu }) => millicores(cpu)),
        memory: needed(({ memory }) => bytes(memory)),
    };
}

function numbers({ type, props }: PlannedResource, plan: Plan) {
    if (type.includes("batch")) {
        const ofApp = props["metadata"].labels["app.kubernetes.io/component"] === "django";
        return type.endsWith(":CronJob") && ofApp ? { min: 0, max: 1, surge: 0 } : {};
    }
    const { name } = props["metadata"];
    const autoscaler = plan.resources.find(
        (each) => each.type.endsWith(":HorizontalPodAutoscaler") && each.props["spec"].scaleTargetRef.name === name,
    );
    const { minReplicas, maxReplicas } = autoscaler?.props["spec"] ?? {
        minReplicas: props["spec"].replicas,
        maxReplicas: props["spec"].replicas,
    };
    return { min: minReplicas, max: maxReplicas, surge: surgeOf(type, props["spec"]) };
}

/** Kubernetes' default is a quarter, rounded up. */
function surgeOf(type: string, { strategy, replicas }: PlannedResource["props"][string]): number {
    if (type.endsWith(":StatefulSet") || strategy?.type === "Recreate") {
        return 0;
    }
    return strategy?.rollingUpdate?.maxSurge ?? Math.ceil(replicas / 4);
}

function reckoned(settings: CapacitySettings): Pods[] {
    const { serving, jobs } = podsOf(settings);
    return [
        ...serving.map(({ name, room, min, max, surge }) => ({ name, ...room, min, max, surge })),
        ...jobs.flatMap(({ names, room }) => names.map((name) => ({ name, ...room }))),
    ].toSorted(byName);
}

function plannedVolumes(plan: Plan, namespace: string) {
    const claims = plan.resources.flatMap(({ type, props }) => {
        if (props["metadata"]?.namespace !== namespace) {
            return [];
        }
        const specs: { resources: { requests: { storage: string } } }[] = type.endsWith(":PersistentVolumeClaim")
            ? [props["spec"]]
            : (props["spec"]?.volumeClaimTemplates ?? []).map(({ spec }: { spec: unknown }) => spec);
        return specs.map(({ resources }) => ({
            name: String(props["metadata"].name),
            storage: resources.requests.storage,
        }));
    });
    return claims.toSorted(byName);
}

async function expectNoDrift(
    sections: Sections,
    stack: string,
    options: Pick<PlanOptions, "platform" | "secrets"> = {},
): Promise<void> {
    const settings = checkSettings({ ...sections, ...(options.secrets && { secrets: options.secrets }) }, stack);
    const plan = await planOf(sections, { stack, ...options });
    const { namespace } = settings.environment;
    const found = planned(plan, namespace);
    expect(found.length).toBeGreaterThan(2);
    expect(reckoned(settings)).toEqual(found);
    expect(
        volumesOf(settings)
            .map(({ name, storage }) => ({ name, storage }))
            .toSorted(byName),
    ).toEqual(plannedVolumes(plan, namespace));
}

async function sectionsOf(file: string): Promise<Sections> {
    const { config } = parse(await readFile(join(projectRoot, file), "utf8")) as { config: Sections };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

const another = (own: Readonly<Record<string, unknown>>) => ({
    name: "blog",
    contract: "init-run-async",
    image: "registry.example.org/blog:4f2a91c",
    hosts: ["blog.example.org"],
    ...own,
});

describe("pods and volumes are reckoned as they are planned", () => {
    it.each([
        ["Pulumi.local.yaml", "local"],
        ["Pulumi.staging.yaml", "staging"],
        ["Pulumi.production.yaml", "production"],
        ["examples/stacks/aws/Pulumi.staging.yaml", "staging"],
        ["examples/stacks/aws/Pulumi.production.yaml", "production"],
        ["examples/stacks/digitalocean/Pulumi.staging.yaml", "staging"],
        ["examples/stacks/digitalocean/Pulumi.production.yaml", "production"],
        ["examples/stacks/existing/Pulumi.staging.yaml", "staging"],
        ["examples/stacks/existing/Pulumi.production.yaml", "production"],
        ["examples/stacks/mixed/Pulumi.production.yaml", "production"],
    ])("%s", async (file, stack) => {
        await expectNoDrift(await sectionsOf(file), stack);
    });

    it("several apps, with stores of their own and on the shared server, which is lent", async () => {
        const sections = await sectionsOf("Pulumi.local.yaml");
        sections["environment"].mainApp = "sample";
        sections["lends"] = { database: true };
        sections["cache"].replicas = 5;
        sections["apps"].push(
            another({ async: { replicas: { min: 1, max: 3 } }, shell: {} }),
            another({
                name: "wiki",
                hosts: ["wiki.example.org"],
                stores: {
                    database: { variant: "in-cluster", version: "17", size: "large", storage: "7Gi" },
                    cache: { variant: "in-cluster" },
                    broker: { variant: "redis", size: "medium", storage: "3Gi" },
                    assets: { variant: "whitenoise" },
                },
            }),
        );
        await expectNoDrift(sections, "local");
    });

    it("a database that is backed up, whose backups are tried, and another app's on the same server", async () => {
        const sections = await sectionsOf("Pulumi.local.yaml");
        sections["environment"].mainApp = "sample";
        sections["database"].backups = {
            to: { endpoint: "https://s3.example.org", bucket: "shop-backups" },
            drill: {},
        };
        sections["apps"].push(another({}));
        const secrets = {
            databaseBackupsAccessKeyId: "AKIDEXAMPLE",
            databaseBackupsSecretAccessKey: "s3cret",
            databaseBackupsPassphrase: "correct horse battery staple",
        };
        await expectNoDrift(sections, "local", { secrets });
    });

    it("two apps on a server that is there, each of which asks it, and samples of uploaded files", async () => {
        const sections = await sectionsOf("Pulumi.local.yaml");
        sections["environment"].mainApp = "sample";
        sections["database"] = {
            variant: "external",
            host: "10.20.0.5",
            cidrs: ["10.20.0.0/28"],
            database: "sample",
            user: "sample",
            maxConnections: 200,
            administrator: { user: "admin" },
            tls: { mode: "disable" },
        };
        sections["apps"][0].release.mediaSamples = "samples";
        sections["assets"] = {
            ...sections["assets"],
            media: { from: "volume", storage: "2Gi", accessMode: "ReadWriteOnce" },
        };
        sections["apps"].push(another({}));
        const secrets = { databasePassword: "s3cret", databaseAdministratorPassword: "s3cret" };
        await expectNoDrift(sections, "local", { secrets });
    });

    it("Memcached, RabbitMQ and PgBouncer, of several pods", async () => {
        const sections = await sectionsOf("Pulumi.local.yaml");
        sections["cache"] = { variant: "memcached", servers: 3, size: "medium" };
        sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "3Gi", nodes: 3 };
        sections["database"].pooler = { replicas: 3 };
        await expectNoDrift(sections, "local");
    });

    it("an ephemeral environment with a borrowed database", async () => {
        const platform = await sectionsOf("examples/stacks/existing/Pulumi.staging.yaml");
        platform["lends"] = { domain: "preview.example.org", database: true };
        const sections = await sectionsOf("examples/stacks/existing/Pulumi.staging.yaml");
        sections["environment"] = { kind: "ephemeral" };
        sections["platform"] = { variant: "stack", stack: "staging" };
        sections["apps"][0].hosts = ["pr-1.preview.example.org"];
        sections["database"] = { variant: "platform" };
        sections["exposure"] = { variant: "platform" };
        await expectNoDrift(sections, "pr-1", { platform });
    });
});
