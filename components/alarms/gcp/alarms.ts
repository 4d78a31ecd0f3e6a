// Cloud Monitoring's alert policies of one environment, and the channels that they tell.
import * as pulumi from "@pulumi/pulumi";
import { Budget } from "@pulumi/gcp/billing/budget.js";
import { AlertPolicy, type AlertPolicyArgs } from "@pulumi/gcp/monitoring/alertPolicy.js";
import { NotificationChannel } from "@pulumi/gcp/monitoring/notificationChannel.js";
import { UptimeCheckConfig } from "@pulumi/gcp/monitoring/uptimeCheckConfig.js";
import { getProjectOutput } from "@pulumi/gcp/organizations/getProject.js";
import { alarmTexts, dashed, type AlarmNatives, type gcpAlarms } from "../../../lib/alarms/names.ts";
import { costLabel } from "../../../lib/cost-label.ts";
import { withNative } from "../../../lib/native.ts";
import { answered } from "../../answered.ts";
import type { Placement } from "../../contract.ts";
import type { CheckedHost } from "../contract.ts";
import {
    cloudSqlAlarms,
    gkeAlarms,
    gkeGatewayAlarms,
    hostAlarms,
    memorystoreAlarms,
    type GcpAlarm,
    type WatchedCloudSql,
    type WatchedGke,
} from "./conditions.ts";

export interface GcpAlarmsArgs extends Pick<Placement, "data"> {
    readonly project: string;
    /** The environment's name among all of the project, and its namespace's. */
    readonly instance: string;
    readonly emails: readonly string[];
    /** Names of channels that are there. */
    readonly channels: readonly string[];
    /** By the stores' names. */
    readonly databases: Readonly<Record<string, WatchedCloudSql>>;
    /** Ids of Memorystore's instances, `projects/P/locations/R/instances/I`. */
    readonly caches: Readonly<Record<string, pulumi.Output<string>>>;
    /** @default none is watched, as for a cluster elsewhere */
    readonly cluster?: WatchedGke;
    /** Whether GKE's own controller makes the way in. */
    readonly gateway: boolean;
    /** Asked from outside. */
    readonly hosts: readonly CheckedHost[];
    /** In the billing account's currency, of the project. @default no budget */
    readonly budget?: { readonly amount: number; readonly billingAccount: string };
    /** Arguments of gcp.monitoring.AlertPolicy over ours, by the alarm's name. */
    readonly native: AlarmNatives<(typeof gcpAlarms)[number]>;
}

export class GcpAlarms extends pulumi.ComponentResource {
    constructor(name: string, args: GcpAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:alarms:Gcp", name, {}, opts);
        const channels = this.createChannels(name, args);
        const { cluster, instance } = args;
        const alarms = [
            ...Object.entries(args.databases).flatMap(([store, server]) => cloudSqlAlarms(store, server)),
            ...Object.entries(args.caches).flatMap(([store, id]) => memorystoreAlarms(store, id)),
            ...(cluster === undefined ? [] : gkeAlarms(cluster, instance)),
            ...(args.gateway ? gkeGatewayAlarms(instance) : []),
            ...args.hosts.flatMap((host) => hostAlarms(host.host, host.secure, this.createCheck(name, args, host))),
        ];
        for (const alarm of alarms) {
            this.createPolicy(name, alarm, args, channels);
        }
        this.createBudget(name, args, channels);
        this.registerOutputs({});
    }

    private createChannels(
        name: string,
        { emails, channels, instance, data }: GcpAlarmsArgs,
    ): ReadonlyArray<pulumi.Input<string>> {
        const made = emails.map(
            (email) =>
                new NotificationChannel(
                    `${name}-to-${email}`,
                    {
                        displayName: `${instance} to ${email}`,
                        type: "email",
                        labels: { email_address: email },
                        userLabels: labelled(instance),
                        // Without it a policy that somebody made by hand stops the teardown.
                        forceDelete: data !== "protected",
                    },
                    { parent: this },
                ),
        );
        return [...made.map((channel) => channel.name), ...channels];
    }

    private createPolicy(
        name: string,
        { alarm, of, suffix, condition }: GcpAlarm,
        { instance, native }: GcpAlarmsArgs,
        channels: ReadonlyArray<pulumi.Input<string>>,
    ): void {
        const { title, action } = alarmTexts[alarm];
        const displayName = `${title} (${of})`;
        new AlertPolicy(
            `${name}-${dashed(alarm)}${suffix}`,
            withNative<AlertPolicyArgs>(
                {
                    displayName: `${instance}: ${displayName}`,
                    combiner: "OR",
                    conditions: [{ displayName, ...conditionOf(condition) }],
                    documentation: {
                        content: action,
                        mimeType: "text/markdown",
                        subject: `${instance}: ${displayName}`,
                    },
                    notificationChannels: [...channels],
                    alertStrategy: {
                        // What nobody measures any more, such as a node that is gone, is over after a while.
                        autoClose: "86400s",
                        // A log's line tells once for all of its like.
                        ...(condition.kind === "log" && { notificationRateLimit: { period: "3600s" } }),
                    },
                    userLabels: labelled(instance),
                },
                native[alarm],
            ),
            { parent: this },
        );
    }

    /** From all of Google's places. The certificate is checked too: one that is not of the host is a failure. */
    private createCheck(
        name: string,
        { instance }: GcpAlarmsArgs,
        { host, port, secure, path }: CheckedHost,
    ): pulumi.Output<string> {
        const check = new UptimeCheckConfig(
            `${name}-check-${host}`,
            {
                displayName: host,
                period: "60s",
                timeout: "10s",
                httpCheck: { path, port, useSsl: secure, validateSsl: secure },
                monitoredResource: { type: "uptime_url", labels: { host } },
                userLabels: labelled(instance),
            },
            { parent: this },
        );
        return check.uptimeCheckId;
    }

    private createBudget(
        name: string,
        { budget, instance, project }: GcpAlarmsArgs,
        channels: ReadonlyArray<pulumi.Input<string>>,
    ): void {
        if (budget === undefined) {
            return;
        }
        const { amount, billingAccount } = budget;
        // The API answers with the number; the id would differ from it for ever.
        const { number } = answered(getProjectOutput({ projectId: project }, { parent: this }));
        new Budget(
            `${name}-budget`,
            {
                billingAccount,
                displayName: `${instance} monthly`,
                budgetFilter: { projects: [pulumi.interpolate`projects/${number}`], calendarPeriod: "MONTH" },
                amount: { specifiedAmount: { units: String(amount) } },
                thresholdRules: [
                    { thresholdPercent: 0.8, spendBasis: "CURRENT_SPEND" },
                    { thresholdPercent: 1, spendBasis: "CURRENT_SPEND" },
                    { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
                ],
                // Five channels are the most that one takes.
                allUpdatesRule: { monitoringNotificationChannels: channels.slice(0, 5) },
            },
            { parent: this },
        );
    }
}

/** The provider's default labels do not reach these. */
function labelled(instance: string): Readonly<Record<string, string>> {
    return { [costLabel]: instance };
}

function conditionOf(condition: GcpAlarm["condition"]): object {
    if (condition.kind === "log") {
        return { conditionMatchedLog: { filter: condition.filter } };
    }
    const { filter, aligner, reducer, groupBy, period, duration, comparison, value, denominator } = condition;
    const aggregation = (per: string, across: string | undefined) => ({
        alignmentPeriod: `${period}s`,
        perSeriesAligner: per,
        ...(across !== undefined && { crossSeriesReducer: across }),
        ...(groupBy && { groupByFields: [...groupBy] }),
    });
    return {
        conditionThreshold: {
            filter,
            aggregations: [aggregation(aligner, reducer)],
            comparison,
            thresholdValue: value,
            duration: `${duration}s`,
            ...(denominator && {
                denominatorFilter: denominator.filter,
                denominatorAggregations: [aggregation(denominator.aligner, denominator.reducer)],
            }),
        },
    };
}
