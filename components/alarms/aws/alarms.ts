// CloudWatch's alarms of one environment, and whom they tell: a topic with an address each, or topics that are there.
import * as pulumi from "@pulumi/pulumi";
import { Budget } from "@pulumi/aws/budgets/budget.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { EventSubscription } from "@pulumi/aws/rds/eventSubscription.js";
import { HealthCheck } from "@pulumi/aws/route53/healthCheck.js";
import { alarmText, dashed, type AlarmNatives, type awsAlarms } from "../../../lib/alarms/names.ts";
import { withNative } from "../../../lib/native.ts";
import type { CheckedHost } from "../contract.ts";
import {
    cdnAlarms,
    certificateAlarms,
    clusterAlarms,
    elastiCacheAlarms,
    hostAlarms,
    loadBalancerAlarms,
    rdsAlarms,
    type AwsAlarm,
    type WatchedElastiCache,
    type WatchedRds,
} from "./metrics.ts";
import { alarmTopics, type AlarmTopics } from "./topics.ts";

export interface AwsAlarmsArgs {
    /** The environment's name among all of the account: alarms and topics begin with it. */
    readonly instance: string;
    readonly account: string;
    readonly region: string;
    /** Each gets a letter of AWS's, and is told nothing until it has followed its link. */
    readonly emails: readonly string[];
    /** ARNs of topics that are there; an alarm tells those of its own region. */
    readonly topics: readonly string[];
    /** By the stores' names. */
    readonly databases: Readonly<Record<string, WatchedRds>>;
    readonly caches: Readonly<Record<string, WatchedElastiCache>>;
    /** @default none is watched, as for a cluster elsewhere */
    readonly cluster?: { readonly name: string; readonly containerInsights: boolean };
    /** What CloudWatch calls an application load balancer: `app/<name>/<id>`. @default none is watched */
    readonly loadBalancer?: pulumi.Input<string>;
    /** Ids of CloudFront's distributions, by the stores' names. */
    readonly distributions: Readonly<Record<string, pulumi.Input<string>>>;
    /** ARNs in `region`. */
    readonly certificates: ReadonlyArray<pulumi.Input<string>>;
    /** Asked from outside. */
    readonly hosts: readonly CheckedHost[];
    /** US dollars, of the whole account. @default no budget */
    readonly monthlyBudget?: number;
    /** Arguments of aws.cloudwatch.MetricAlarm over ours, by the alarm's name. */
    readonly native: AlarmNatives<(typeof awsAlarms)[number]>;
}

/** Where AWS measures what is of no region: checks from outside, CloudFront. */
const globalRegion = "us-east-1";

const noTopics: AlarmTopics = { arns: [], ready: [] };

/**
 * Of a server: what the metrics do not show, or show too late.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
const serverEvents = ["availability", "deletion", "failover", "failure", "low storage", "recovery"];

export class AwsAlarms extends pulumi.ComponentResource {
    constructor(name: string, args: AwsAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:alarms:Aws", name, {}, opts);
        const { loadBalancer, cluster, databases } = args;
        const regional = [
            ...Object.entries(databases).flatMap(([store, server]) => rdsAlarms(store, server)),
            ...Object.entries(args.caches).flatMap(([store, group]) => elastiCacheAlarms(store, group)),
            ...(cluster === undefined ? [] : clusterAlarms(cluster)),
            ...(loadBalancer === undefined ? [] : loadBalancerAlarms(loadBalancer)),
            ...certificateAlarms(args.certificates),
        ];
        const elsewhere = [
            ...Object.entries(args.distributions).map(([store, distribution]) => cdnAlarms(store, distribution)),
            ...args.hosts.map((host) => hostAlarms(host.host, this.createCheck(name, host))),
        ];
        // An alarm tells topics of its own region alone. Where there is none of a region, its addresses get no letter.
        const topicsIn = (region: string, alarms: readonly AwsAlarm[]): AlarmTopics =>
            alarms.length === 0
                ? noTopics
                : alarmTopics(name, { ...args, region, home: args.region }, { parent: this });
        const here = topicsIn(args.region, args.region === globalRegion ? [...regional, ...elsewhere] : regional);
        const global = args.region === globalRegion ? here : topicsIn(globalRegion, elsewhere);
        for (const alarm of regional) {
            this.createAlarm(name, alarm, args, here);
        }
        for (const alarm of elsewhere) {
            this.createAlarm(name, { ...alarm, region: globalRegion }, args, global);
        }
        this.createEvents(name, databases, here);
        this.createBudget(name, args);
        this.registerOutputs({});
    }

    private createAlarm(
        name: string,
        { alarm, of, suffix, ...measured }: AwsAlarm,
        { instance, native }: AwsAlarmsArgs,
        { arns, ready }: AlarmTopics,
    ): void {
        const key = `${dashed(alarm)}${suffix}`;
        new MetricAlarm(
            `${name}-${key}`,
            withNative(
                {
                    // Its name is what the message's subject says.
                    name: `${instance}-${key}`,
                    alarmDescription: alarmText(alarm, of),
                    // Nobody comes at night, and there is nothing to say then. What is silent because it is gone says so itself.
                    treatMissingData: "notBreaching",
                    ...measured,
                    alarmActions: [...arns],
                    okActions: [...arns],
                },
                native[alarm],
            ),
            { parent: this, dependsOn: [...ready] },
        );
    }

    /** From several regions of the world, over HTTPS where the host has it. */
    private createCheck(name: string, host: CheckedHost): pulumi.Output<string> {
        return new HealthCheck(
            `${name}-check-${host.host}`,
            {
                type: host.secure ? "HTTPS" : "HTTP",
                fqdn: host.host,
                port: host.port,
                resourcePath: host.path,
                requestInterval: 30,
                failureThreshold: 3,
                ...(host.secure && { enableSni: true }),
                tags: { Name: host.host },
            },
            { parent: this },
        ).id;
    }

    private createEvents(name: string, databases: AwsAlarmsArgs["databases"], { arns, ready }: AlarmTopics): void {
        for (const [store, { identifier }] of Object.entries(databases)) {
            for (const [index, snsTopic] of arns.entries()) {
                new EventSubscription(
                    `${name}-${store}-events${index === 0 ? "" : `-${index + 1}`}`,
                    { snsTopic, sourceType: "db-instance", sourceIds: [identifier], eventCategories: serverEvents },
                    { parent: this, dependsOn: [...ready] },
                );
            }
        }
    }

    private createBudget(name: string, { instance, monthlyBudget, emails, topics }: AwsAlarmsArgs): void {
        if (monthlyBudget === undefined) {
            return;
        }
        // Ten addresses, or one topic, is what a notification takes.
        const subscribers =
            emails.length > 0
                ? { subscriberEmailAddresses: emails.slice(0, 10) }
                : { subscriberSnsTopicArns: topics.slice(0, 1) };
        const at = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
            comparisonOperator: "GREATER_THAN",
            notificationType,
            threshold,
            thresholdType: "PERCENTAGE",
            ...subscribers,
        });
        new Budget(
            `${name}-budget`,
            {
                name: `${instance}-monthly`,
                budgetType: "COST",
                timeUnit: "MONTHLY",
                limitAmount: String(monthlyBudget),
                limitUnit: "USD",
                notifications: [at("ACTUAL", 80), at("ACTUAL", 100), at("FORECASTED", 100)],
            },
            { parent: this },
        );
    }
}
