// The recording providers under the real engine: they refuse what a cloud would refuse, and see what would be replaced.
// Does not prove that a real cloud accepts what they accept.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineStack } from "./support/engine-stack.ts";

let stack: EngineStack;

/** A network, a private database server on it, and a cluster with a namespace. */
function program(change: { instance?: string; cache?: string; labels?: string; cluster?: string } = {}): string {
    return `
import * as pulumi from "@pulumi/pulumi";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";

const provider = new gcp.Provider("gcp", { project: "acme", region: "europe-west4" });
const opts = { provider };
const network = new gcp.compute.Network("network", { autoCreateSubnetworks: false }, opts);
const range = new gcp.compute.GlobalAddress(
    "range",
    { purpose: "VPC_PEERING", addressType: "INTERNAL", prefixLength: 16, network: network.id },
    opts,
);
const peering = new gcp.servicenetworking.Connection(
    "peering",
    { network: network.id, service: "servicenetworking.googleapis.com", reservedPeeringRanges: [range.name] },
    opts,
);
const instance = new gcp.sql.DatabaseInstance(
    "database",
    {
        databaseVersion: "POSTGRES_17",
        deletionProtection: false,
        settings: {
            tier: "db-custom-2-8192",
            edition: "ENTERPRISE",
            ipConfiguration: { ipv4Enabled: false, privateNetwork: network.id },
            userLabels: { ${change.labels ?? ""} },
        },
        ${change.instance ?? ""}
    },
    { ...opts, dependsOn: [peering] },
);
const cache = new gcp.redis.Instance(
    "cache",
    { memorySizeGb: 1, authorizedNetwork: network.id, deletionProtection: false, connectMode: "DIRECT_PEERING", ${change.cache ?? ""} },
    opts,
);
const cluster = new gcp.container.Cluster("cluster", { location: "europe-west4", initialNodeCount: 1, deletionProtection: false, network: network.id, ${change.cluster ?? ""} }, opts);
const kubeconfig = pulumi.interpolate\`{"clusters": [{"name": "c", "cluster": {"server": "https://\${cluster.endpoint}"}}]}\`;
const kubernetes = new k8s.Provider("kubernetes", { kubeconfig, clusterIdentifier: "cluster" });
const namespace = new k8s.core.v1.Namespace("namespace", { metadata: { name: "shop" } }, { provider: kubernetes });
new k8s.core.v1.ConfigMap(
    "settings",
    { metadata: { namespace: namespace.metadata.name }, data: { host: instance.privateIpAddress, redis: cache.host } },
    { provider: kubernetes },
);
export const connection = instance.connectionName;
export const clusterId = cluster.id;
`;
}

beforeAll(async () => {
    stack = await EngineStack.create({ name: "recording", program: program() });
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

const namesOf = (steps: readonly { readonly urn: string }[]): string[] =>
    steps.map(({ urn }) => urn.split("::").at(-1)!);

describe("a stack with resources of a cloud and of a cluster in it", () => {
    test("is previewed before anything exists", async () => {
        const { exitCode, output, changes, journal } = await stack.preview();
        expect(exitCode, output).toBe(0);
        expect(new Set(changes.map(({ op }) => op))).toEqual(new Set(["create"]));
        expect(journal).toEqual([]);
    });

    test("comes up, with the addresses that the cloud gives", async () => {
        const { exitCode, output, journal } = await stack.up();
        expect(exitCode, output).toBe(0);
        const made = namesOf(journal);
        expect(made).toHaveLength(8);
        expect(made.indexOf("peering")).toBeLessThan(made.indexOf("database"));
        expect(made.indexOf("cluster")).toBeLessThan(made.indexOf("namespace"));
        const outputs = await stack.outputs();
        expect(outputs["connection"]).toMatch(/^acme:europe-west4:database-[0-9a-f]{7}$/);
        expect(outputs["clusterId"]).toMatch(
            /^projects\/acme\/locations\/europe-west4\/clusters\/cluster-[0-9a-f]{7}$/,
        );
    });

    test("has nothing to change the second time, nor after a refresh", async () => {
        const second = await stack.preview("--expect-no-changes");
        expect(second.exitCode, second.output).toBe(0);
        const refreshed = await stack.refresh("--expect-no-changes");
        expect(refreshed.exitCode, refreshed.output).toBe(0);
        const third = await stack.preview("--expect-no-changes");
        expect(third.exitCode, third.output).toBe(0);
    });
});

describe("a change", () => {
    test("of a label is an update", async () => {
        await stack.setProgram(program({ labels: 'team: "shop"' }));
        const { exitCode, output, changes } = await stack.preview();
        expect(exitCode, output).toBe(0);
        expect(changes.map(({ op, name, changed }) => ({ op, name, changed }))).toEqual([
            { op: "update", name: "database", changed: ["settings.userLabels.team"] },
        ]);
    });

    test("that the cloud cannot make in place replaces", async () => {
        await stack.setProgram(program({ cache: 'transitEncryptionMode: "SERVER_AUTHENTICATION"' }));
        const { exitCode, output, changes } = await stack.preview();
        expect(exitCode, output).toBe(0);
        const replacement = changes.find(({ op, name }) => op === "replace" && name === "cache");
        expect(replacement?.replacedBy).toContain("transitEncryptionMode");
    });

    test.each([
        ["a value that is not allowed", 'connectMode: "PEERING"', /connectMode.*"PEERING".*"DIRECT_PEERING"/s],
        [
            "a property that there is not",
            'persistenceConfig: { mode: "RDB" } as never',
            /persistenceConfig.mode.*no such input.*persistenceMode/s,
        ],
        ["another type", 'memorySizeGb: "much"', /memorySizeGb.*a number/s],
        ["nothing where something is required", "memorySizeGb: undefined as never", /memorySizeGb/],
    ])("to %s is refused", async (_, cache, message) => {
        await stack.setProgram(program({ cache }));
        const { exitCode, output } = await stack.preview();
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(message);
    });
});

describe("what is deleted", () => {
    test("is refused while the cloud protects it", async () => {
        await stack.setProgram(program({ cluster: "deletionProtection: true," }));
        const up = await stack.up();
        expect(up.exitCode, up.output).toBe(0);
        const { exitCode, output, journal } = await stack.destroy();
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/cluster-[0-9a-f]{7} cannot be deleted: deletionProtection is on/);
        expect(journal.filter(({ refused }) => refused !== undefined)).toHaveLength(1);
    });

    test("goes in an order that the cloud accepts, once it is not", async () => {
        await stack.setProgram(program());
        const up = await stack.up();
        expect(up.exitCode, up.output).toBe(0);
        const { exitCode, output, journal } = await stack.destroy();
        expect(exitCode, output).toBe(0);
        const order = namesOf(journal.filter(({ operation }) => operation === "delete"));
        expect(order).toHaveLength(8);
        expect(order.at(-1)).toBe("network");
        for (const [first, then] of [
            ["settings", "namespace"],
            ["namespace", "cluster"],
            ["database", "peering"],
            ["peering", "range"],
        ]) {
            expect(order.indexOf(first!), `${first} before ${then}`).toBeLessThan(order.indexOf(then!));
        }
    });
});
