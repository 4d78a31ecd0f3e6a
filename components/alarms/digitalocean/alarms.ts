// DigitalOcean's alerts of one environment: databases, nodes, and hosts asked from outside. It measures no pods.
import * as pulumi from "@pulumi/pulumi";
import { MonitorAlert } from "@pulumi/digitalocean/monitorAlert.js";
import { UptimeAlert } from "@pulumi/digitalocean/uptimeAlert.js";
import { UptimeCheck } from "@pulumi/digitalocean/uptimeCheck.js";
import {
    alarmText,
    alarmTexts,
    dashed,
    type AlarmNatives,
    type digitalOceanAlarms,
} from "../../../lib/alarms/names.ts";
import { withNative } from "../../../lib/native.ts";
import type { CheckedHost } from "../contract.ts";

export interface DigitalOceanAlarmsArgs {
    /** The environment's name among all of the account. */
    readonly instance: string;
    /** Of members of the team, confirmed: others are refused. */
    readonly emails: readonly string[];
    /** Ids of database clusters, by the stores' names. */
    readonly databases: Readonly<Record<string, pulumi.Output<string>>>;
    readonly caches: Readonly<Record<string, pulumi.Output<string>>>;
    /** Whose nodes are watched. @default none, as for a cluster elsewhere */
    readonly clusterId?: pulumi.Input<string>;
    /** Asked from outside. */
    readonly hosts: readonly CheckedHost[];
    /** Arguments over ours of digitalocean.MonitorAlert, and of digitalocean.UptimeAlert for those of hosts, by the alarm's name. */
    readonly native: AlarmNatives<AlarmName>;
}

type AlarmName = (typeof digitalOceanAlarms)[number];

interface Measured {
    readonly alarm: AlarmName;
    readonly type: string;
    readonly value: number;
}

/** Percent. @see https://docs.digitalocean.com/products/databases/postgresql/how-to/monitor-clusters/ */
const ofDatabases: readonly Measured[] = [
    { alarm: "databaseDisk", type: "v1/dbaas/alerts/disk_utilization_alerts", value: 85 },
    { alarm: "databaseCpu", type: "v1/dbaas/alerts/cpu_alerts", value: 90 },
    { alarm: "databaseMemory", type: "v1/dbaas/alerts/memory_utilization_alerts", value: 90 },
];

const ofCaches: readonly Measured[] = [
    { alarm: "cacheCpu", type: "v1/dbaas/alerts/cpu_alerts", value: 90 },
    { alarm: "cacheMemory", type: "v1/dbaas/alerts/memory_utilization_alerts", value: 95 },
];

/** Percent. @see https://docs.digitalocean.com/products/monitoring/how-to/set-up-alerts/ */
const ofNodes: readonly Measured[] = [
    { alarm: "nodesCpu", type: "v1/insights/droplet/cpu", value: 90 },
    { alarm: "nodesMemory", type: "v1/insights/droplet/memory_utilization_percent", value: 90 },
    { alarm: "nodesDisk", type: "v1/insights/droplet/disk_utilization_percent", value: 85 },
];

export class DigitalOceanAlarms extends pulumi.ComponentResource {
    constructor(name: string, args: DigitalOceanAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:alarms:DigitalOcean", name, {}, opts);
        for (const [store, id] of Object.entries(args.databases)) {
            const suffix = suffixOf(store, "database");
            ofDatabases.forEach((measured) =>
                this.createAlert(name, measured, { of: store, suffix, entities: [id] }, args),
            );
        }
        for (const [store, id] of Object.entries(args.caches)) {
            const suffix = suffixOf(store, "cache");
            ofCaches.forEach((measured) =>
                this.createAlert(name, measured, { of: store, suffix, entities: [id] }, args),
            );
        }
        if (args.clusterId !== undefined) {
            // Every node's Droplet has it, those to come as well.
            const tags = [pulumi.interpolate`k8s:${args.clusterId}`];
            ofNodes.forEach((measured) =>
                this.createAlert(name, measured, { of: "the cluster", suffix: "", tags }, args),
            );
        }
        for (const host of args.hosts) {
            this.createCheck(name, host, args);
        }
        this.registerOutputs({});
    }

    private createAlert(
        name: string,
        { alarm, type, value }: Measured,
        { of, suffix, ...whose }: Pick<Whose, "of" | "suffix"> & Partial<Whose>,
        { instance, emails, native }: DigitalOceanAlarmsArgs,
    ): void {
        new MonitorAlert(
            `${name}-${dashed(alarm)}${suffix}`,
            withNative(
                {
                    type,
                    description: `${instance}: ${alarmText(alarm, of)}`,
                    compare: "GreaterThan",
                    value,
                    window: "10m",
                    enabled: true,
                    alerts: { emails: [...emails] },
                    ...whose,
                },
                native[alarm],
            ),
            { parent: this },
        );
    }

    private createCheck(name: string, host: CheckedHost, { instance, emails, native }: DigitalOceanAlarmsArgs): void {
        const { host: hostName, secure, port, path } = host;
        const check = new UptimeCheck(
            `${name}-check-${hostName}`,
            {
                name: `${instance}: ${hostName}`,
                target: `${secure ? "https" : "http"}://${hostName}${port === (secure ? 443 : 80) ? "" : `:${port}`}${path}`,
                type: secure ? "https" : "http",
                regions: ["eu_west", "us_east", "us_west", "se_asia"],
                enabled: true,
            },
            { parent: this },
        );
        // The provider's own words, with underscores; its typings show them without.
        const alerts: ReadonlyArray<readonly [AlarmName, object]> = [
            ["uptime", { type: "down_global", period: "2m" }],
            ["uptimeLatency", { type: "latency", comparison: "greater_than", threshold: 2000, period: "15m" }],
            ...(secure
                ? [
                      [
                          "certificate",
                          { type: "ssl_expiry", comparison: "less_than", threshold: 14, period: "1h" },
                      ] as const,
                  ]
                : []),
        ];
        for (const [alarm, measured] of alerts) {
            new UptimeAlert(
                `${name}-${dashed(alarm)}-${hostName}`,
                withNative(
                    {
                        checkId: check.id,
                        name: `${instance}: ${alarmTexts[alarm].title} (${hostName})`,
                        notifications: [{ emails: [...emails] }],
                        ...(measured as { readonly type: string }),
                    },
                    native[alarm],
                ),
                // The provider would look for the alert among those of the new check, and find none.
                { parent: this, replaceOnChanges: ["checkId"] },
            );
        }
    }
}

interface Whose {
    readonly of: string;
    readonly suffix: string;
    readonly entities: Array<pulumi.Input<string>>;
    readonly tags: Array<pulumi.Input<string>>;
}

/** Of the environment's own store there is no need to say which; others are named. */
function suffixOf(store: string, kind: string): string {
    return store === kind ? "" : `-${store.replace(new RegExp(`-${kind}$`), "")}`;
}
