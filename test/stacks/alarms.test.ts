// What alarms are told of what the stack made: which stores, which cluster, which way in, which hosts, in each cloud.
// Does not prove that a metric exists: the components' tests say what is asked for, an account whether it is there.
import { describe, expect, it } from "vitest";
import { awsPasswords, awsStores, onAws, onDigitalOcean, onGcp } from "./support/clouds.ts";
import { inCluster, stackOf, type Change, type Stack } from "./support/stack.ts";

const emails: Change = ["alarms.emails", ["ops@example.org"]];
const alarms = (stack: Stack, kind: string) => stack.all(kind).map(({ name }) => name.replace("alarms-", ""));

describe("on AWS", () => {
    const watched = () => stackOf(onAws(...awsStores, emails), { secrets: awsPasswords });

    it("the stores that are made are watched by their ids, the cluster by its name", async () => {
        const stack = await watched();
        const { identifier } = (await outputsOf(stack, "Instance", "database-server")) as { identifier: string };
        expect(stack.get("MetricAlarm", "alarms-database-cpu").props["dimensions"]).toEqual({
            DBInstanceIdentifier: identifier,
        });
        expect(stack.get("MetricAlarm", "alarms-pods-pending").props["dimensions"]).toEqual({
            ClusterName: "shop-test",
        });
        expect(alarms(stack, "MetricAlarm")).toContain("pods-crashing");
    });

    it("the load balancer is the one that carries the environment's tag", async () => {
        const stack = await watched();
        expect(JSON.stringify(stack.get("MetricAlarm", "alarms-edge-errors").props["metricQueries"])).toContain(
            '"LoadBalancer":"app/k8s-shop-test/0123456789abcdef"',
        );
    });

    it("each host is asked for its app's ready path", async () => {
        const stack = await watched();
        expect(
            stack.all("HealthCheck").map(({ props }) => [props["type"], props["fqdn"], props["resourcePath"]]),
        ).toEqual([
            ["HTTPS", "shop.example.org", "/healthz/ready"],
            ["HTTPS", "blog.shop.example.org", "/healthz/ready"],
        ]);
    });

    it("without the add-on for logs, what it would count is left out", async () => {
        const stack = await stackOf(onAws(...awsStores, ["platform.logs", {}], emails), { secrets: awsPasswords });
        expect(alarms(stack, "MetricAlarm").filter((name) => /pods|nodes/.test(name))).toEqual(["pods-pending"]);
    });
});

describe("in Google Cloud", () => {
    it("cluster, namespace and hosts are the environment's", async () => {
        const stack = await stackOf(onGcp(emails));
        const { conditions } = stack.get("AlertPolicy", "alarms-pods-crashing").props as {
            conditions: ReadonlyArray<{ conditionThreshold: { filter: string } }>;
        };
        expect(conditions[0]!.conditionThreshold.filter).toContain('resource.labels.cluster_name = "shop-test"');
        expect(conditions[0]!.conditionThreshold.filter).toContain('resource.labels.location = "europe-west1-b"');
        expect(alarms(stack, "UptimeCheckConfig")).toEqual(["check-shop.example.org", "check-blog.shop.example.org"]);
        expect(alarms(stack, "AlertPolicy")).toContain("edge-errors");
    });

    it("alarms come after what enables the API that they call", async () => {
        const stack = await stackOf(onGcp(emails));
        expect(stack.get("AlertPolicy", "alarms-pods-pending").dependencies.length).toBeGreaterThan(0);
    });

    it("images are looked through unless that is switched off, and then the API is not enabled either", async () => {
        const scanning = async (...changes: readonly Change[]) => {
            const stack = await stackOf(onGcp(...changes));
            return [
                stack.get("Repository", "registry-repository").props["vulnerabilityScanningConfig"],
                stack.all("Service").some(({ name }) => name === "apis-containerscanning"),
            ];
        };
        expect(await scanning()).toEqual([{ enablementConfig: "INHERITED" }, true]);
        expect(await scanning(["platform.registry.scanning", false])).toEqual([
            { enablementConfig: "DISABLED" },
            false,
        ]);
    });
});

describe("at DigitalOcean", () => {
    it("nodes are watched by the cluster's tag", async () => {
        const stack = await stackOf(onDigitalOcean(emails), { secrets: { digitaloceanDnsToken: "the-dns-token" } });
        expect(stack.get("MonitorAlert", "alarms-nodes-cpu").props["tags"]).toEqual([
            expect.stringMatching(/^k8s:[0-9a-f-]{36}$/),
        ]);
    });
});

describe("elsewhere", () => {
    const rds: Change = [
        "database",
        {
            variant: "rds",
            server: {
                variant: "create",
                version: "17",
                instanceClass: "db.t4g.small",
                storage: "20Gi",
                maxConnections: 90,
                network: {
                    vpcId: "vpc-0a1b2c3d4e5f60718",
                    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
                    clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
                    cidrs: ["10.0.0.0/16"],
                },
            },
        },
    ];
    const aws: Change = ["clouds", { aws: { account: "123456789012", region: "eu-central-1" } }];

    it("a store beside another cluster is watched, and the hosts by its cloud; the cluster is not", async () => {
        const stack = await stackOf(inCluster(aws, rds, emails));
        expect(alarms(stack, "MetricAlarm").toSorted()).toEqual([
            "database-connections",
            "database-cpu",
            "database-disk",
            "database-memory",
            "uptime-shop.example.org",
        ]);
    });

    it.each([
        ["203.0.113.0/24", []],
        ["0.0.0.0/0", ["uptime-shop.example.org"]],
    ])("where %s may connect, hosts are asked from outside only if that is everybody", async (range, asked) => {
        const exposure = { variant: "load-balancer", sourceRanges: [range], allowPlainHttp: true };
        const stack = await stackOf(inCluster(aws, rds, emails, ["exposure", exposure]));
        expect(alarms(stack, "MetricAlarm").filter((name) => name.startsWith("uptime"))).toEqual(asked);
        expect(alarms(stack, "MetricAlarm")).toContain("database-disk");
    });

    it("nobody is told, nothing is made", async () => {
        const stack = await stackOf(inCluster(aws, rds));
        expect(stack.resources.filter(({ urn }) => urn.includes(":alarms:"))).toEqual([]);
    });
});

async function outputsOf(stack: Stack, kind: string, name: string): Promise<unknown> {
    const { cloudOutputs } = await import("../support/cloud-outputs.ts");
    const account = { allowedAccountIds: ["123456789012"], region: "eu-central-1" };
    return await cloudOutputs(stack.get(kind, name), account);
}
