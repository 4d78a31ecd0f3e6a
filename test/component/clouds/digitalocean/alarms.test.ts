// Alarms at DigitalOcean: what is measured, whom it tells, and that each can be changed by its name.
// Does not prove that a message arrives: only an account does, with a confirmed member of its team.
import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { DigitalOceanAlarms, type DigitalOceanAlarmsArgs } from "../../../../components/alarms/digitalocean/alarms.ts";
import { alarmText, dashed, digitalOceanAlarms } from "../../../../lib/alarms/names.ts";
import { expectOneFamily } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordDigitalOcean } from "./support.ts";

const everything = (): DigitalOceanAlarmsArgs => ({
    instance: "shop-staging",
    emails: ["ops@example.org"],
    databases: { database: output("11111111-0000-4000-8000-000000000001") },
    caches: { cache: output("22222222-0000-4000-8000-000000000002") },
    clusterId: "33333333-0000-4000-8000-000000000003",
    hosts: [{ host: "shop.example.org", port: 443, secure: true, path: "/healthz/ready" }],
    native: {},
});

const record = remembered((changes: Partial<DigitalOceanAlarmsArgs> = {}) =>
    recordDigitalOcean((opts) => {
        new DigitalOceanAlarms("alarms", { ...everything(), ...changes }, opts);
        return {};
    }),
);

describe("all of them", () => {
    test("are these, and tell the addresses", async () => {
        const plan = await record();
        expectOneFamily(plan, ["DigitalOcean", "alarms"]);
        expect(plan.created).toEqual([
            "DigitalOcean alarms",
            ...[
                "cache-cpu",
                "cache-memory",
                "database-cpu",
                "database-disk",
                "database-memory",
                "nodes-cpu",
                "nodes-disk",
                "nodes-memory",
            ].map((name) => `MonitorAlert alarms-${name}`),
            "UptimeAlert alarms-certificate-shop.example.org",
            "UptimeAlert alarms-uptime-latency-shop.example.org",
            "UptimeAlert alarms-uptime-shop.example.org",
            "UptimeCheck alarms-check-shop.example.org",
        ]);
        for (const { type, name, props } of plan.resources) {
            if (type.endsWith(":MonitorAlert")) {
                expect(props["alerts"], name).toEqual({ emails: ["ops@example.org"] });
            }
            if (type.endsWith(":UptimeAlert")) {
                expect(props["notifications"], name).toEqual([{ emails: ["ops@example.org"] }]);
            }
        }
    });

    test.each(digitalOceanAlarms)("%s can be changed by its name, and is then all that changed", async (name) => {
        const [plain, changed] = [await record(), await record({ native: { [name]: { threshold: 77, value: 77 } } })];
        const others = changed.resources
            .filter(({ props }) => props["value"] === 77 || props["threshold"] === 77)
            .map((one) => one.name);
        expect(others).not.toEqual([]);
        expect(others.every((one) => one.startsWith(`alarms-${dashed(name)}`))).toBe(true);
        expect(changed.created).toEqual(plain.created);
    });
});

test("a server is watched by its id, nodes by the tag that each of the cluster has", async () => {
    const plan = await record();
    expect(plan.get("MonitorAlert", "alarms-database-disk").props).toMatchObject({
        type: "v1/dbaas/alerts/disk_utilization_alerts",
        entities: ["11111111-0000-4000-8000-000000000001"],
        compare: "GreaterThan",
        value: 85,
        window: "10m",
        description: `shop-staging: ${alarmText("databaseDisk", "database")}`,
    });
    expect(plan.get("MonitorAlert", "alarms-nodes-memory").props).toMatchObject({
        type: "v1/insights/droplet/memory_utilization_percent",
        tags: ["k8s:33333333-0000-4000-8000-000000000003"],
    });
});

test("a host is asked from four places, and its certificate is looked at", async () => {
    const plan = await record();
    expect(plan.get("UptimeCheck", "alarms-check-shop.example.org").props).toMatchObject({
        target: "https://shop.example.org/healthz/ready",
        type: "https",
        regions: ["eu_west", "us_east", "us_west", "se_asia"],
    });
    // As the provider has the words, with underscores: its typings show others.
    expect(plan.get("UptimeAlert", "alarms-uptime-shop.example.org").props).toMatchObject({ type: "down_global" });
    expect(plan.get("UptimeAlert", "alarms-certificate-shop.example.org").props).toMatchObject({
        type: "ssl_expiry",
        comparison: "less_than",
        threshold: 14,
    });
    expect(plan.options.get("alarms-uptime-shop.example.org")).toMatchObject({ replaceOnChanges: ["checkId"] });
});

test("plain HTTP at another port has no certificate", async () => {
    const plan = await record({ hosts: [{ host: "shop.example.org", port: 8080, secure: false, path: "/" }] });
    expect(plan.get("UptimeCheck", "alarms-check-shop.example.org").props).toMatchObject({
        target: "http://shop.example.org:8080/",
        type: "http",
    });
    expect(plan.created.filter((name) => name.includes("certificate"))).toEqual([]);
});

test("another app's server is told from the environment's; what is elsewhere is not watched", async () => {
    const plan = await recordDigitalOcean((opts) => {
        const { clusterId: _, ...others } = everything();
        const databases = { "blog-database": output("44444444-0000-4000-8000-000000000004") };
        new DigitalOceanAlarms("alarms", { ...others, databases, caches: {}, hosts: [] }, opts);
        return {};
    });
    expect(plan.created).toEqual([
        "DigitalOcean alarms",
        "MonitorAlert alarms-database-cpu-blog",
        "MonitorAlert alarms-database-disk-blog",
        "MonitorAlert alarms-database-memory-blog",
    ]);
});

test("a first preview, in which no id is known, has them all", async () => {
    const known = await record();
    const preview = await recordDigitalOcean((opts) => {
        new DigitalOceanAlarms("alarms", everything(), opts);
        return {};
    }, true);
    expect(preview.created).toEqual(known.created);
});
