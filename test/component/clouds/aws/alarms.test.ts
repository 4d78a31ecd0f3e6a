// Alarms on AWS: what is measured, whom it tells, and that each can be changed by its name.
// Does not prove that CloudWatch has the metrics under these names, nor that a message arrives: only an account does.
import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { AwsAlarms, type AwsAlarmsArgs } from "../../../../components/alarms/aws/alarms.ts";
import { alarmText, awsAlarms, dashed } from "../../../../lib/alarms/names.ts";
import { UnknownValue } from "../../../../commands/plan/plan.ts";
import { expectOneFamily, type RecordedComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { account, region } from "./place.ts";
import { recordAws } from "./support.ts";

const everything = (): AwsAlarmsArgs => ({
    instance: "shop-staging",
    account,
    region,
    emails: ["ops@example.org", "db@example.org"],
    topics: [],
    databases: {
        database: {
            identifier: output("db-1"),
            instanceClass: "db.m7g.large",
            storage: 100,
            grows: false,
            maxConnections: 400,
        },
    },
    caches: { cache: { groupId: output("cache-1"), nodes: 2 } },
    cluster: { name: "shop-staging", containerInsights: true },
    loadBalancer: "app/k8s-shop/0123456789abcdef",
    distributions: { assets: "E1ABC" },
    certificates: ["arn:aws:acm:eu-central-1:123456789012:certificate/1"],
    hosts: [{ host: "shop.example.org", port: 443, secure: true, path: "/healthz/ready" }],
    monthlyBudget: 900,
    native: {},
});

const record = remembered((changes: Partial<AwsAlarmsArgs> = {}) =>
    recordAws((opts) => {
        new AwsAlarms("alarms", { ...everything(), ...changes }, opts);
        return {};
    }),
);

const alarm = (plan: RecordedComponent, name: string) => plan.get("MetricAlarm", `alarms-${name}`).props;
const here = `arn:aws:sns:eu-central-1:${account}:shop-staging-alarms`;
const global = `arn:aws:sns:us-east-1:${account}:shop-staging-alarms`;

describe("all of them", () => {
    test("are these, and tell one topic of their region, of which each address has a subscription", async () => {
        const plan = await record();
        expectOneFamily(plan, ["Aws", "alarms"]);
        expect(plan.created).toEqual([
            "Aws alarms",
            "Budget alarms-budget",
            "EventSubscription alarms-database-events",
            "HealthCheck alarms-check-shop.example.org",
            ...[
                "cache-cpu-001",
                "cache-cpu-002",
                "cache-evictions-001",
                "cache-evictions-002",
                "cache-replication-001",
                "cache-replication-002",
                "cdn-errors",
                "certificate",
                "database-connections",
                "database-cpu",
                "database-disk",
                "database-memory",
                "edge-errors",
                "edge-latency",
                "edge-unhealthy",
                "nodes-not-ready",
                "pods-crashing",
                "pods-pending",
                "uptime-shop.example.org",
            ].map((name) => `MetricAlarm alarms-${name}`),
            "Topic alarms-topic",
            "Topic alarms-topic-us-east-1",
            "TopicPolicy alarms-topic-policy",
            "TopicPolicy alarms-topic-policy-us-east-1",
            "TopicSubscription alarms-to-db@example.org",
            "TopicSubscription alarms-to-db@example.org-us-east-1",
            "TopicSubscription alarms-to-ops@example.org",
            "TopicSubscription alarms-to-ops@example.org-us-east-1",
        ]);
        expect(plan.get("TopicSubscription", "alarms-to-ops@example.org").props).toMatchObject({
            topic: here,
            protocol: "email",
            endpoint: "ops@example.org",
        });
        for (const { type, name, props } of plan.resources) {
            if (type.endsWith(":MetricAlarm")) {
                const topics = /uptime|cdn/.test(name) ? [global] : [here];
                expect(props, name).toMatchObject({ alarmActions: topics, okActions: topics });
                expect(props["region"], name).toBe(topics[0] === global ? "us-east-1" : undefined);
                expect(props["name"], name).toBe(name.replace(/^alarms-/, "shop-staging-"));
            }
        }
    });

    test("say what has happened and what to do", async () => {
        const plan = await record();
        for (const { type, props } of plan.resources.filter((resource) => resource.type.endsWith(":MetricAlarm"))) {
            expect(String(props["alarmDescription"]), type).toMatch(/^[A-Z][^.]+ \([^)]+\)\. .{20,}/);
        }
        expect(alarm(plan, "database-disk")["alarmDescription"]).toBe(alarmText("databaseDisk", "database"));
    });

    test.each(awsAlarms)("%s can be changed by its name, and is then all that changed", async (name) => {
        const [plain, changed] = [await record(), await record({ native: { [name]: { actionsEnabled: false } } })];
        const off = changed.resources.filter(({ props }) => props["actionsEnabled"] === false).map((one) => one.name);
        expect(off).not.toEqual([]);
        expect(off.every((one) => one.startsWith(`alarms-${dashed(name)}`))).toBe(true);
        expect(changed.created).toEqual(plain.created);
    });

    test("wait for the policy: what publishes earlier is refused", async () => {
        const plan = await record();
        const policy = plan.get("TopicPolicy", "alarms-topic-policy");
        expect(plan.get("MetricAlarm", "alarms-database-cpu").dependencies).toContain(policy.urn);
        expect(plan.get("EventSubscription", "alarms-database-events").dependencies).toContain(policy.urn);
        expect(JSON.parse(String(policy.props["policy"]))).toEqual({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Service: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] },
                    Action: "sns:Publish",
                    Resource: here,
                    Condition: { StringEquals: { "aws:SourceAccount": account } },
                },
            ],
        });
    });
});

describe("thresholds", () => {
    test("of a database follow its disk, its memory and its connections", async () => {
        const plan = await record();
        expect(alarm(plan, "database-disk")).toMatchObject({
            namespace: "AWS/RDS",
            metricName: "FreeStorageSpace",
            dimensions: { DBInstanceIdentifier: "db-1" },
            comparisonOperator: "LessThanThreshold",
            threshold: 10 * 2 ** 30,
            treatMissingData: "notBreaching",
        });
        expect(alarm(plan, "database-memory")["threshold"]).toBe(Math.round(8 * 2 ** 30 * 0.05));
        expect(alarm(plan, "database-connections")["threshold"]).toBe(340);
    });

    test("of a disk that grows by itself are below what makes it grow", async () => {
        const { database } = everything().databases;
        const plan = await record({ databases: { database: { ...database!, grows: true } } });
        expect(alarm(plan, "database-disk")["threshold"]).toBe(5 * 2 ** 30);
    });

    test("of a class that nobody knows are 256 MiB", async () => {
        const { database } = everything().databases;
        const plan = await record({ databases: { database: { ...database!, instanceClass: "db.q9.huge" } } });
        expect(alarm(plan, "database-memory")["threshold"]).toBe(256 * 2 ** 20);
    });

    test("of a cache are each node's, and replicas lag where there are any", async () => {
        const plan = await record();
        expect(alarm(plan, "cache-evictions-002")).toMatchObject({
            namespace: "AWS/ElastiCache",
            dimensions: { CacheClusterId: "cache-1-002" },
        });
        const alone = await record({ caches: { "blog-cache": { groupId: output("c"), nodes: 1 } } });
        expect(alone.created.filter((name) => name.includes("cache-"))).toEqual([
            "MetricAlarm alarms-cache-cpu-blog-001",
            "MetricAlarm alarms-cache-evictions-blog-001",
        ]);
    });

    test("of requests leave out a failure among few", async () => {
        const { metricQueries, metricName } = alarm(await record(), "edge-errors");
        expect(metricName).toBeUndefined();
        expect(metricQueries).toContainEqual({
            id: "percent",
            expression: "IF(requests > 20, 100 * (FILL(pods, 0) + FILL(own, 0)) / requests, 0)",
            label: "5xx, percent",
            returnData: true,
        });
        expect(JSON.stringify(metricQueries)).toContain('"LoadBalancer":"app/k8s-shop/0123456789abcdef"');
    });

    test("a host that nobody could ask is one that does not answer", async () => {
        const plan = await record();
        expect(alarm(plan, "uptime-shop.example.org")).toMatchObject({
            treatMissingData: "breaching",
            dimensions: { HealthCheckId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
        });
        expect(plan.get("HealthCheck", "alarms-check-shop.example.org").props).toMatchObject({
            type: "HTTPS",
            fqdn: "shop.example.org",
            port: 443,
            resourcePath: "/healthz/ready",
            enableSni: true,
        });
    });
});

describe("less", () => {
    const nothing: Partial<AwsAlarmsArgs> = {
        databases: {},
        caches: {},
        distributions: {},
        certificates: [],
        hosts: [],
    };

    test("without the add-on, pods that wait are counted all the same", async () => {
        const plan = await record({ cluster: { name: "shop-staging", containerInsights: false } });
        expect(plan.created.filter((name) => /pods|nodes/.test(name))).toEqual(["MetricAlarm alarms-pods-pending"]);
    });

    test("with a CDN alone there is one topic, in us-east-1, and no letter from elsewhere", async () => {
        const plan = await recordAws((opts) => {
            const { cluster: _, loadBalancer: __, monthlyBudget: ___, ...others } = everything();
            new AwsAlarms("alarms", { ...others, ...nothing, distributions: { assets: "E1" } }, opts);
            return {};
        });
        expect(plan.created).toEqual([
            "Aws alarms",
            "MetricAlarm alarms-cdn-errors",
            "Topic alarms-topic-us-east-1",
            "TopicPolicy alarms-topic-policy-us-east-1",
            "TopicSubscription alarms-to-db@example.org-us-east-1",
            "TopicSubscription alarms-to-ops@example.org-us-east-1",
        ]);
    });

    test("in us-east-1 one topic is enough", async () => {
        const plan = await record({ region: "us-east-1" });
        expect(plan.created.filter((name) => name.startsWith("Topic "))).toEqual(["Topic alarms-topic"]);
    });

    test("topics that are there are told by alarms of their region, and nothing is made of them", async () => {
        const topics = [`arn:aws:sns:eu-central-1:${account}:pager`, `arn:aws:sns:us-east-1:${account}:pager`];
        const plan = await record({ emails: [], topics });
        expect(plan.created.filter((name) => name.startsWith("Topic"))).toEqual([]);
        expect(alarm(plan, "database-cpu")["alarmActions"]).toEqual([topics[0]]);
        expect(alarm(plan, "cdn-errors")["alarmActions"]).toEqual([topics[1]]);
        expect(plan.get("Budget", "alarms-budget").props["notifications"]).toContainEqual(
            expect.objectContaining({ subscriberSnsTopicArns: [topics[0]] }),
        );
    });

    test("plain HTTP is asked over HTTP", async () => {
        const plan = await record({ hosts: [{ host: "shop.example.org", port: 80, secure: false, path: "/" }] });
        expect(plan.get("HealthCheck", "alarms-check-shop.example.org").props).toMatchObject({
            type: "HTTP",
            port: 80,
        });
        expect(plan.get("HealthCheck", "alarms-check-shop.example.org").props).not.toHaveProperty("enableSni");
    });
});

test("a budget is the whole account's, told before and when it is used up", async () => {
    const plan = await record();
    expect(plan.get("Budget", "alarms-budget").props).toMatchObject({
        name: "shop-staging-monthly",
        budgetType: "COST",
        limitAmount: "900",
        limitUnit: "USD",
        timeUnit: "MONTHLY",
        notifications: [
            { notificationType: "ACTUAL", threshold: 80 },
            { notificationType: "ACTUAL", threshold: 100 },
            { notificationType: "FORECASTED", threshold: 100, subscriberEmailAddresses: everything().emails },
        ],
    });
    expect(plan.get("Budget", "alarms-budget").props).not.toHaveProperty("costFilters");
});

test("a first preview, in which no id is known, has them all", async () => {
    const known = await record();
    const preview = await recordAws(
        (opts) => {
            new AwsAlarms("alarms", everything(), opts);
            return {};
        },
        { preview: true },
    );
    expect(preview.created).toEqual(known.created);
    expect(preview.get("MetricAlarm", "alarms-database-cpu").props["alarmActions"]).toEqual([new UnknownValue()]);
});
