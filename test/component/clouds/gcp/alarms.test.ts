// Alarms in Google Cloud: what is measured, whom it tells, and that each can be changed by its name.
// Does not prove that Cloud Monitoring has the metrics under these names, nor that a message arrives: only a project does.
import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { GcpAlarms, type GcpAlarmsArgs } from "../../../../components/alarms/gcp/alarms.ts";
import { alarmTexts, dashed, gcpAlarms } from "../../../../lib/alarms/names.ts";
import { expectOneFamily, type RecordedComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordGcp } from "./support.ts";

const everything = (): GcpAlarmsArgs => ({
    project: "shop-project",
    instance: "shop-staging",
    data: "kept",
    emails: ["ops@example.org"],
    channels: ["projects/shop-project/notificationChannels/42"],
    databases: {
        database: { databaseId: output("shop-project:database-1"), maxConnections: 500, regional: true },
    },
    caches: { cache: output("projects/shop-project/locations/europe-west1/instances/cache-1") },
    cluster: { name: "shop-staging", location: "europe-west1" },
    gateway: true,
    hosts: [{ host: "shop.example.org", port: 443, secure: true, path: "/healthz/ready" }],
    budget: { amount: 1500, billingAccount: "012345-678901-ABCDEF" },
    native: {},
});

const record = remembered((changes: Partial<GcpAlarmsArgs> = {}) =>
    recordGcp((opts) => {
        new GcpAlarms("alarms", { ...everything(), ...changes }, opts);
        return {};
    }),
);

interface Policy {
    readonly conditions: ReadonlyArray<{
        readonly conditionThreshold?: Readonly<Record<string, unknown>>;
        readonly conditionMatchedLog?: { readonly filter: string };
    }>;
}

const policy = (plan: RecordedComponent, name: string) =>
    plan.get("AlertPolicy", `alarms-${name}`).props as unknown as Policy;
const threshold = (plan: RecordedComponent, name: string) => policy(plan, name).conditions[0]!.conditionThreshold;

describe("all of them", () => {
    test("are these, and tell every channel", async () => {
        const plan = await record();
        expectOneFamily(plan, ["Gcp", "alarms"]);
        expect(plan.created).toEqual([
            ...[
                "cache-cpu",
                "cache-evictions",
                "certificate-shop.example.org",
                "database-connections",
                "database-cpu",
                "database-disk",
                "database-memory",
                "database-standby",
                "edge-errors",
                "edge-latency",
                "nodes-not-ready",
                "pods-crashing",
                "pods-pending",
                "uptime-shop.example.org",
                "volume-full",
            ].map((name) => `AlertPolicy alarms-${name}`),
            "Budget alarms-budget",
            "Gcp alarms",
            "NotificationChannel alarms-to-ops@example.org",
            "UptimeCheckConfig alarms-check-shop.example.org",
        ]);
        const channels = [
            expect.stringMatching(/^projects\/shop-project\/notificationChannels\/[0-9]+$/) as string,
            "projects/shop-project/notificationChannels/42",
        ];
        for (const { type, name, props } of plan.resources) {
            if (type.endsWith(":AlertPolicy")) {
                expect(props["notificationChannels"], name).toEqual(channels);
            }
        }
        expect(plan.get("NotificationChannel", "alarms-to-ops@example.org").props).toMatchObject({
            type: "email",
            labels: { email_address: "ops@example.org" },
        });
    });

    test.each([
        { data: "protected", forceDelete: false },
        { data: "kept", forceDelete: true },
        { data: "disposable", forceDelete: true },
    ] as const)("a policy made by hand holds a channel only where data is protected: $data (R69)", async (one) => {
        const plan = await record({ data: one.data });
        const { forceDelete } = plan.get("NotificationChannel", "alarms-to-ops@example.org").props;
        expect(forceDelete).toBe(one.forceDelete);
    });

    test("say what has happened and what to do", async () => {
        const plan = await record();
        expect(plan.get("AlertPolicy", "alarms-database-disk").props).toMatchObject({
            displayName: "shop-staging: The database's disk is nearly full (database)",
            documentation: { content: alarmTexts.databaseDisk.action, mimeType: "text/markdown" },
        });
    });

    test.each(gcpAlarms)("%s can be changed by its name, and is then all that changed", async (name) => {
        const [plain, changed] = [await record(), await record({ native: { [name]: { enabled: false } } })];
        const off = changed.resources.filter(({ props }) => props["enabled"] === false).map((one) => one.name);
        expect(off).not.toEqual([]);
        expect(off.every((one) => one.startsWith(`alarms-${dashed(name)}`))).toBe(true);
        expect(changed.created).toEqual(plain.created);
    });
});

describe("conditions", () => {
    test("of a database are of that instance alone", async () => {
        const plan = await record();
        expect(threshold(plan, "database-disk")).toMatchObject({
            filter: 'resource.type = "cloudsql_database" AND resource.labels.database_id = "shop-project:database-1" AND metric.type = "cloudsql.googleapis.com/database/disk/utilization"',
            comparison: "COMPARISON_GT",
            thresholdValue: 0.9,
            duration: "900s",
        });
        expect(threshold(plan, "database-connections")).toMatchObject({
            thresholdValue: 425,
            aggregations: [{ crossSeriesReducer: "REDUCE_SUM" }],
        });
        expect(threshold(plan, "database-standby")).toMatchObject({ comparison: "COMPARISON_LT", thresholdValue: 1 });
    });

    test("a zonal instance has no standby to miss", async () => {
        const { database } = everything().databases;
        const plan = await record({ databases: { "blog-database": { ...database!, regional: false } } });
        expect(plan.created.filter((name) => name.includes("database"))).toEqual([
            "AlertPolicy alarms-database-connections-blog",
            "AlertPolicy alarms-database-cpu-blog",
            "AlertPolicy alarms-database-disk-blog",
            "AlertPolicy alarms-database-memory-blog",
        ]);
    });

    test("of pods are of the environment's namespace", async () => {
        const plan = await record();
        for (const name of ["pods-crashing", "volume-full"]) {
            const { filter } = threshold(plan, name) as { readonly filter: string };
            expect(filter).toContain('resource.labels.cluster_name = "shop-staging"');
            expect(filter).toContain('resource.labels.location = "europe-west1"');
            expect(filter).toContain('resource.labels.namespace_name = "shop-staging"');
        }
    });

    test("of pods that no node takes are a line in a log, told once an hour at most", async () => {
        const plan = await record();
        expect(policy(plan, "pods-pending")).toMatchObject({
            conditions: [{ conditionMatchedLog: { filter: expect.stringContaining("noScaleUp:*") as string } }],
            alertStrategy: { notificationRateLimit: { period: "3600s" } },
        });
        expect(policy(plan, "pods-crashing")).not.toHaveProperty("alertStrategy.notificationRateLimit");
    });

    test("of failing requests are a part of all", async () => {
        const { filter, denominatorFilter, thresholdValue } = threshold(await record(), "edge-errors")!;
        expect(filter).toBe(`${String(denominatorFilter)} AND metric.labels.response_code_class = 500`);
        expect(denominatorFilter).toContain('monitoring.regex.full_match("gkegw1-[a-z0-9]+-shop-staging.*")');
        expect(thresholdValue).toBe(0.05);
    });

    test("of hosts look at the certificate too, where there is one", async () => {
        const plan = await record();
        const { uptimeCheckId } = { uptimeCheckId: /metric\.labels\.check_id = "alarms-check-[^"]+"/ };
        expect(threshold(plan, "uptime-shop.example.org")!["filter"]).toMatch(uptimeCheckId);
        expect(threshold(plan, "certificate-shop.example.org")).toMatchObject({
            comparison: "COMPARISON_LT",
            thresholdValue: 14,
        });
        expect(plan.get("UptimeCheckConfig", "alarms-check-shop.example.org").props).toMatchObject({
            httpCheck: { path: "/healthz/ready", port: 443, useSsl: true, validateSsl: true },
            monitoredResource: { type: "uptime_url", labels: { host: "shop.example.org" } },
        });
        const plain = await record({ hosts: [{ host: "shop.example.org", port: 80, secure: false, path: "/" }] });
        expect(plain.created.filter((name) => name.includes("certificate"))).toEqual([]);
    });
});

test("a budget is the project's, by its number: the API answers with that", async () => {
    const plan = await record();
    expect(plan.get("Budget", "alarms-budget").props).toMatchObject({
        billingAccount: "012345-678901-ABCDEF",
        budgetFilter: { projects: ["projects/123456789012"], calendarPeriod: "MONTH" },
        amount: { specifiedAmount: { units: "1500" } },
        thresholdRules: [
            { thresholdPercent: 0.8, spendBasis: "CURRENT_SPEND" },
            { thresholdPercent: 1, spendBasis: "CURRENT_SPEND" },
            { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
        ],
    });
});

test("a cluster, a cache and a way in that are elsewhere have none", async () => {
    const plan = await recordGcp((opts) => {
        const { cluster: _, budget: __, ...others } = everything();
        new GcpAlarms("alarms", { ...others, caches: {}, gateway: false, hosts: [] }, opts);
        return {};
    });
    expect(plan.created.filter((name) => name.startsWith("AlertPolicy"))).toEqual([
        "AlertPolicy alarms-database-connections",
        "AlertPolicy alarms-database-cpu",
        "AlertPolicy alarms-database-disk",
        "AlertPolicy alarms-database-memory",
        "AlertPolicy alarms-database-standby",
    ]);
});

test("a first preview, in which no id is known, has them all", async () => {
    const known = await record();
    const preview = await recordGcp(
        (opts) => {
            new GcpAlarms("alarms", everything(), opts);
            return {};
        },
        { preview: true },
    );
    expect(preview.created).toEqual(known.created);
});
