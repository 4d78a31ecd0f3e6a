// The example stacks under the real engine, from the first preview to the last destroy, and what typical changes do to them:
// exactly these steps and no other. The clouds are recording providers: no account, nothing made anywhere.
// Does not prove: that a real cloud accepts the inputs, how long it takes, and what its own controllers leave behind.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldBy } from "../../../lib/catalogue/index.ts";
import { EngineStack, type Outcome, type StackConfig } from "./support/engine-stack.ts";

type Steps = Readonly<Record<string, readonly string[]>>;

/** Names by what happens to them; the two halves of a replacement are one. */
function stepsOf({ exitCode, output, changes }: Outcome): Steps {
    expect(exitCode, output).toBe(0);
    const steps: Record<string, string[]> = {};
    for (const { op, name } of changes) {
        if (op !== "create-replacement" && op !== "delete-replaced") {
            (steps[op] ??= []).push(name);
        }
    }
    return Object.fromEntries(Object.entries(steps).map(([op, names]) => [op, names.toSorted()]));
}

/** Whatever holds data, and the clusters and networks that it is in. */
function touchedForGood({ changes }: Outcome): string[] {
    return changes
        .filter(
            ({ op, type }) =>
                ["replace", "delete"].includes(op) &&
                (heldBy(type) !== undefined || /:(Network|Vpc|Cluster|KubernetesCluster)$/.test(type)),
        )
        .map(({ op, type, name }) => `${op} ${type} ${name}`);
}

interface Change {
    readonly what: string;
    readonly edit: (config: StackConfig) => void;
    readonly steps: Steps;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stack's file
const app = (config: StackConfig): any => config["apps"][0];
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stack's file
const server = (config: StackConfig): any => config["database"].server;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stack's file
const cluster = (config: StackConfig): any => config["platform"].cluster;

const release = { replace: ["shop-collectstatic", "shop-migrate"] };

/** What each cloud does; all of it in place, but for what a cloud cannot change. */
const clouds: Readonly<Record<string, { readonly workers: readonly string[]; readonly changes: readonly Change[] }>> = {
    gcp: {
        workers: ["shop-worker-default", "shop-worker-mail"],
        changes: [
            {
                what: "the database's machine",
                edit: (config) => (server(config).tier = "db-custom-8-30720"),
                // It has more connections, and the alarm is of most of them.
                steps: { update: ["alarms-database-connections", "database-instance"] },
            },
            {
                what: "how far its disk grows",
                edit: (config) => (server(config).storageLimit = "500Gi"),
                steps: { update: ["database-instance"] },
            },
            {
                what: "its major version",
                edit: (config) => (server(config).version = "18"),
                steps: { update: ["database-instance"] },
            },
            {
                what: "the nodes' machine",
                edit: (config) => (cluster(config).nodes.pools.general.machineType = "e2-standard-8"),
                steps: { update: ["cluster-general"] },
            },
            {
                what: "one more node pool",
                edit: (config) =>
                    (cluster(config).nodes.pools.batch = { machineType: "e2-standard-4", min: 0, max: 4, spot: true }),
                steps: { create: ["cluster-batch"] },
            },
        ],
    },
    aws: {
        workers: ["shop-worker-default"],
        changes: [
            {
                what: "the database's machine",
                edit: (config) => (server(config).instanceClass = "db.m7g.2xlarge"),
                // The alarm of the memory that is free is of a part of the machine's.
                steps: { update: ["alarms-database-memory", "database-server"] },
            },
            {
                what: "its disk",
                edit: (config) => (server(config).storage = "200Gi"),
                steps: { update: ["alarms-database-disk", "database-server"] },
            },
            {
                what: "its minor version",
                edit: (config) => (server(config).version = "17.6"),
                steps: { update: ["database-server"] },
            },
            {
                what: "its major version: the parameters are of a family, so they are made anew beside the old ones",
                edit: (config) => Object.assign(server(config), { version: "18", majorUpgrade: "18" }),
                steps: { replace: ["database-parameters"], update: ["database-server"] },
            },
            {
                what: "the version of Kubernetes",
                edit: (config) => (cluster(config).version = "1.37"),
                steps: { update: ["cluster-cluster"] },
            },
        ],
    },
    digitalocean: {
        workers: ["shop-worker-default"],
        changes: [
            {
                what: "the database's machine",
                edit: (config) => (server(config).size = "db-s-6vcpu-16gb"),
                steps: { update: ["database-cluster"] },
            },
            {
                what: "its major version: the job that gives the app its rights runs with the new version's psql",
                edit: (config) => (server(config).version = "18"),
                steps: { replace: ["database-grants"], update: ["database-cluster"] },
            },
            {
                what: "the nodes' size: a pool cannot change, the cluster stays",
                edit: (config) => (cluster(config).pools.apps.size = "s-8vcpu-16gb"),
                steps: { replace: ["cluster-pool-apps"] },
            },
            {
                what: "one more node pool",
                edit: (config) => (cluster(config).pools.batch = { size: "s-4vcpu-8gb", min: 1, max: 3 }),
                steps: { create: ["cluster-pool-batch"] },
            },
        ],
    },
};

describe.each(Object.entries(clouds))("production on %s", (cloud, { workers, changes }) => {
    let stack: EngineStack;
    let original: StackConfig;

    beforeAll(async () => {
        stack = await EngineStack.create({
            name: "production",
            file: `examples/stacks/${cloud}/Pulumi.production.yaml`,
        });
        original = await stack.settings();
    }, 10 * 60_000);

    afterAll(async () => {
        await stack?.remove();
    });

    const previewOf = async (edit: (config: StackConfig) => void): Promise<Outcome> => {
        const changed = structuredClone(original);
        edit(changed);
        await stack.configure(changed);
        try {
            return await stack.preview();
        } finally {
            await stack.configure(original);
        }
    };

    test("is previewed before anything of it exists", async () => {
        const preview = await stack.preview();
        expect(Object.keys(stepsOf(preview))).toEqual(["create"]);
        expect(preview.journal).toEqual([]);
    });

    test("comes up, and then has nothing to change, nor anything that a refresh finds", async () => {
        expect(Object.keys(stepsOf(await stack.up()))).toEqual(["create"]);
        expect(stepsOf(await stack.preview())).toEqual({});
        expect(stepsOf(await stack.refresh())).toEqual({});
        expect(stepsOf(await stack.preview())).toEqual({});
    });

    test("a new image runs the release's jobs and rolls the pods over", async () => {
        const outcome = await previewOf(
            (config) => (app(config).image = String(app(config).image).replace(/:[^:]*$/, ":0000000")),
        );
        expect(stepsOf(outcome)).toEqual({
            ...release,
            update: ["shop-beat", "shop-shell", "shop-web", ...workers].toSorted(),
        });
    });

    test("another number of replicas is the autoscaler's alone", async () => {
        const outcome = await previewOf((config) => (app(config).web.replicas = { min: 3, max: 15 }));
        expect(stepsOf(outcome)).toEqual({ update: ["shop-web-autoscaler"] });
    });

    test.each(changes)("$what", async ({ edit, steps }) => {
        const outcome = await previewOf(edit);
        expect(stepsOf(outcome)).toEqual(steps);
        expect(touchedForGood(outcome)).toEqual([]);
    });

    test("one more app makes what is its own, and changes only what names every host", async () => {
        const outcome = await previewOf((config) => {
            config["environment"].mainApp = "shop";
            config["apps"].push({ ...structuredClone(app(config)), name: "blog", hosts: ["blog.shop.example.org"] });
        });
        const { create = [], update = [], ...others } = stepsOf(outcome);
        expect(others).toEqual({});
        // Certificates on AWS have no names, so their alarms have numbers.
        expect(create.filter((name) => !/blog|^alarms-certificate-\d+$/.test(name))).toEqual([]);
        expect(create).toEqual(
            expect.arrayContaining(["blog-database-create", "blog-migrate", "blog-web", "edge-route-blog"]),
        );
        expect(update.filter((name) => !/^(edge|assets)-/.test(name))).toEqual([]);
    });

    test("another host replaces nothing that holds data, and leaves the way in where it is", async () => {
        const outcome = await previewOf((config) => (app(config).hosts[0] = "new.shop.example.org"));
        expect(touchedForGood(outcome)).toEqual([]);
        const { create = [], delete: deleted = [], replace = [] } = stepsOf(outcome);
        expect([...create, ...deleted].filter((name) => !/^(edge|alarms)-/.test(name))).toEqual([]);
        expect(replace).toEqual(["shop-collectstatic", "shop-environment", "shop-migrate"]);
        expect([...create, ...deleted, ...replace]).not.toEqual(
            expect.arrayContaining([expect.stringMatching(/^edge-(gateway|address)$/)]),
        );
    });

    test("is not destroyed by mistake", async () => {
        const { exitCode, output, journal } = await stack.preview("--refresh");
        expect(exitCode, output).toBe(0);
        expect(journal.filter(({ operation }) => operation === "delete")).toEqual([]);
        const destroy = await stack.run(["destroy", "--stack", "production", "--preview-only"]);
        expect(destroy.exitCode).not.toBe(0);
        expect(destroy.output).toContain("protect");
    });
});

describe.each(["gcp", "aws", "digitalocean"])("staging on %s", (cloud) => {
    let stack: EngineStack;

    beforeAll(async () => {
        stack = await EngineStack.create({ name: "staging", file: `examples/stacks/${cloud}/Pulumi.staging.yaml` });
    }, 10 * 60_000);

    afterAll(async () => {
        await stack?.remove();
    });

    test("comes up and is destroyed, in an order in which nothing loses what it needs, and comes up again", async () => {
        const up = await stack.up();
        expect(Object.keys(stepsOf(up))).toEqual(["create"]);
        const destroy = await stack.destroy();
        expect(destroy.exitCode, destroy.output).toBe(0);

        // Cloud by cloud the recording providers refuse what the real ones do: a network with something in it, an object whose
        // cluster is gone. That they were asked in a good order shows here once more for what no cloud refuses.
        const deleted = destroy.journal.filter(({ operation }) => operation === "delete").map(({ urn }) => urn);
        const last = (pattern: RegExp): number => deleted.findLastIndex((urn) => pattern.test(urn));
        const first = (pattern: RegExp): number => deleted.findIndex((urn) => pattern.test(urn));
        expect(last(/:(HTTPRoute|Gateway)::/)).toBeLessThan(first(/kubernetes:core\/v1:Namespace::namespace$/));
        for (const addon of deleted.filter((urn) => /helm\.sh\/v3:Release::/.test(urn))) {
            expect(last(/:(HTTPRoute|Gateway|cert-manager\.io\/v1:Certificate)::/)).toBeLessThan(
                deleted.indexOf(addon),
            );
        }
        expect(last(/::kubernetes:|\$kubernetes:/)).toBeLessThan(
            first(/:(container\/nodePool:NodePool|eks\/nodeGroup:NodeGroup|KubernetesNodePool)::/) >>> 0,
        );
        expect(first(/:(container\/cluster:Cluster|eks\/cluster:Cluster|KubernetesCluster)::/)).toBeLessThan(
            last(/:(Network|ec2\/vpc:Vpc|index\/vpc:Vpc)::/),
        );

        expect(Object.keys(stepsOf(await stack.up()))).toEqual(["create"]);
        expect(stepsOf(await stack.preview())).toEqual({});
    });
});

describe.each(["gcp", "aws"])("an ephemeral environment on %s's staging platform", (cloud) => {
    let staging: EngineStack;
    let ephemeral: EngineStack;

    beforeAll(async () => {
        const file = `examples/stacks/${cloud}/Pulumi.staging.yaml`;
        staging = await EngineStack.create({ name: "staging", file });
        await staging.edit((config) => (config["lends"].database = true));
        ephemeral = await EngineStack.create({ name: "pr-1", file, beside: staging });
        await ephemeral.edit((config) => {
            config["environment"] = { kind: "ephemeral" };
            config["platform"] = { variant: "stack", stack: "staging" };
            config["exposure"] = { variant: "platform" };
            config["database"] = { variant: "platform" };
            config["assets"] = { variant: "whitenoise" };
            config["apps"][0].hosts = [`pr-1.${config["lends"].domain}`];
            config["lends"] = undefined;
        });
    }, 10 * 60_000);

    afterAll(async () => {
        await ephemeral?.remove();
        await staging?.remove();
    });

    test("is refused before the platform is up", async () => {
        const { exitCode, output } = await ephemeral.preview();
        expect(exitCode).not.toBe(0);
        expect(output).toContain("platform.stack");
    });

    test("comes up without a resource of the cloud, has nothing to change, and goes without a trace on the platform", async () => {
        expect(Object.keys(stepsOf(await staging.up()))).toEqual(["create"]);
        const up = await ephemeral.up();
        expect(Object.keys(stepsOf(up))).toEqual(["create"]);
        expect(up.steps.filter(({ type }) => /^(gcp|aws|digitalocean):/.test(type))).toEqual([]);
        expect(stepsOf(await ephemeral.preview())).toEqual({});
        const { discard = [], ...destroyed } = stepsOf(await ephemeral.destroy());
        expect(discard).toEqual(["platform"]);
        expect(Object.keys(destroyed)).toEqual(["delete"]);
        expect(stepsOf(await staging.preview())).toEqual({});
    });
});

describe("production on mixed clouds (D2)", () => {
    let stack: EngineStack;

    beforeAll(async () => {
        stack = await EngineStack.create({ name: "production", file: "examples/stacks/mixed/Pulumi.production.yaml" });
    }, 10 * 60_000);

    afterAll(async () => {
        await stack?.remove();
    });

    test("is previewed, comes up, and has nothing to change", async () => {
        expect(Object.keys(stepsOf(await stack.preview()))).toEqual(["create"]);
        const up = await stack.up();
        expect(Object.keys(stepsOf(up))).toEqual(["create"]);
        const packages = new Set(up.changes.map(({ type }) => type.split(":")[0]!));
        expect(["aws", "digitalocean", "kubernetes"].filter((each) => !packages.has(each))).toEqual([]);
        expect(stepsOf(await stack.preview())).toEqual({});
    });
});
