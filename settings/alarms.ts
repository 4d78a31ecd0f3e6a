// Who is told when something is about to fail, or to cost more than was thought.
import { z } from "zod";
import { alarmTexts, awsAlarms, digitalOceanAlarms, gcpAlarms, type AlarmName } from "../lib/alarms/names.ts";
import { text } from "./fields.ts";
import { native } from "./native/native.ts";
import type { NativeType } from "./native/types.ts";

/** One for each alarm. */
function natives<Name extends AlarmName>(names: readonly Name[], type: (name: Name) => NativeType) {
    const entries = names.map((name) => [name, native(type(name), alarmTexts[name].title)] as const);
    return z.strictObject(Object.fromEntries(entries) as unknown as Record<Name, ReturnType<typeof native>>);
}

/** Of a host, where DigitalOcean asks it from outside. */
const ofHosts: readonly AlarmName[] = ["certificate", "uptime", "uptimeLatency"];

const unique = (values: readonly string[]) => new Set(values).size === values.length;

/** What a month may cost before somebody is told. */
const budget = z
    .number()
    .positive({ error: "more than 0" })
    .max(10_000_000)
    .meta({ alsoCalled: ["budget", "budgetLimit", "monthlyLimit"] });

const topic = text(
    "the ARN of an SNS topic, for example arn:aws:sns:eu-central-1:123456789012:on-call",
    /^arn:aws:sns:[a-z]{2}(-[a-z]+)+-[0-9]:[0-9]{12}:[\w-]{1,256}$/,
);

const channel = text(
    "the name of a notification channel, for example projects/example-shop/notificationChannels/1234567890",
    /^projects\/[a-z][a-z0-9:.-]{4,62}\/notificationChannels\/[0-9]+$/,
);

export const alarmsSchema = z.strictObject({
    emails: z
        .array(z.email({ error: "an address for mail, for example operations@example.org" }))
        .refine(unique, { error: "each address once" })
        .default([])
        .meta({ alsoCalled: ["email", "mail", "to", "recipients", "notify"] })
        .describe(
            "Addresses that every cloud of the stack writes to. AWS asks each to confirm; DigitalOcean takes those of the team's members alone.",
        ),
    aws: z
        .strictObject({
            topics: z
                .array(topic)
                .refine(unique, { error: "each topic once" })
                .default([])
                .meta({ alsoCalled: ["snsTopics", "topic", "snsTopic"] })
                .describe(
                    "SNS topics that are there, whose policy lets CloudWatch publish: for PagerDuty, Slack, Opsgenie. An alarm uses those of its own region; uptime and the CDN have theirs in us-east-1.",
                ),
            monthlyBudget: budget.optional().meta({
                unit: "US dollars",
                description: "Of the whole account; told at 80 % and 100 %, and when the forecast is above it.",
                defaultsTo: "no budget",
            }),
            native: natives(awsAlarms, () => "aws.cloudwatch.MetricAlarm")
                .default({})
                .describe("Another threshold: `databaseCpu: { threshold: 95 }`. Off: `{ actionsEnabled: false }`."),
        })
        .prefault({})
        .describe("CloudWatch."),
    gcp: z
        .strictObject({
            channels: z
                .array(channel)
                .refine(unique, { error: "each channel once" })
                .default([])
                .meta({ alsoCalled: ["notificationChannels", "channel", "notificationChannel"] })
                .describe("Notification channels that are there: PagerDuty, Slack, Pub/Sub."),
            monthlyBudget: budget.int({ error: "a whole number" }).optional().meta({
                unit: "the billing account's currency",
                description: "Of the project; told at 80 % and 100 %, and when the forecast is above it.",
                defaultsTo: "no budget",
            }),
            billingAccount: text(
                "a billing account's id, for example 012345-567890-ABCDEF: gcloud billing accounts list",
                /^[0-9A-F]{6}(-[0-9A-F]{6}){2}$/,
            )
                .optional()
                .meta({ description: "That pays for the project. Budgets are its.", defaultsTo: "no budget" }),
            native: natives(gcpAlarms, () => "gcp.monitoring.AlertPolicy")
                .default({})
                .describe("Another policy: `databaseCpu: { enabled: false }` for off."),
        })
        .prefault({})
        .describe("Cloud Monitoring."),
    digitalocean: z
        .strictObject({
            native: natives(digitalOceanAlarms, (name) =>
                ofHosts.includes(name) ? "digitalocean.UptimeAlert" : "digitalocean.MonitorAlert",
            )
                .default({})
                .describe(
                    "Another threshold: `databaseCpu: { value: 95 }`. Off, but for those of hosts: `{ enabled: false }`.",
                ),
        })
        .prefault({})
        .describe("DigitalOcean's monitoring. It has no budgets: billing alerts are set in its control panel."),
});

export type AlarmsSettings = z.output<typeof alarmsSchema>;
