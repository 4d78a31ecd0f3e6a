// What tells people: CloudWatch's alarms, SNS, budgets, health checks, events of databases.
// @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
// @see https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
// @see https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import { renamed, type Translations } from "./translation.ts";

/** Attributes of SNS are called like the provider's inputs, in capitals. */
function attributes(input: PlainMap): PlainMap {
    return Object.fromEntries(
        Object.entries(input).map(([name, value]) => [
            `${name[0]!.toUpperCase()}${name.slice(1)}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]),
    );
}

/** One for each threshold, with who is told. */
function notification(given: PlainMap): PlainMap {
    const { subscriberEmailAddresses, subscriberSnsTopicArns, ...Notification } = given;
    const subscribers = (SubscriptionType: string, addresses: unknown): PlainMap[] =>
        ((addresses ?? []) as string[]).map((Address) => ({ SubscriptionType, Address }));
    return {
        Notification,
        Subscribers: [...subscribers("EMAIL", subscriberEmailAddresses), ...subscribers("SNS", subscriberSnsTopicArns)],
    };
}

/** What is added up, or a sum of others. */
function query({ metric, ...given }: PlainMap): PlainMap {
    if (metric === undefined) {
        return given;
    }
    const { period, stat, unit, ...Metric } = metric as PlainMap;
    return { ...given, metricStat: { Metric, period, stat, ...(unit !== undefined && { unit }) } };
}

export const watch: Translations = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        up: async ({ call, input, text }) => {
            const { metricQueries, ...given } = input("name");
            await call("cloudwatch.PutMetricAlarm", {
                ...renamed(given, { evaluateLowSampleCountPercentiles: "evaluateLowSampleCountPercentile" }),
                ...(metricQueries !== undefined && { metrics: (metricQueries as PlainMap[]).map(query) }),
                alarmName: text("name"),
            });
            return undefined;
        },
        down: ({ call, text }) => call("cloudwatch.DeleteAlarms", { alarmNames: [text("name")] }),
    },
    "aws:sns/topic:Topic": {
        up: async ({ call, input, text }) => {
            const { tags } = input();
            const made = await call("sns.CreateTopic", {
                name: text("name"),
                ...(tags !== undefined && { tags }),
                attributes: attributes(input("name", "tags")),
            });
            const arn = made?.["TopicArn"] as string;
            return { id: arn, arn };
        },
        down: ({ call, asked }) => call("sns.DeleteTopic", { topicArn: asked.id }),
    },
    "aws:sns/topicPolicy:TopicPolicy": {
        up: async ({ call, text }) => {
            await call("sns.SetTopicAttributes", {
                topicArn: text("arn"),
                attributeName: "Policy",
                attributeValue: text("policy"),
            });
            return undefined;
        },
    },
    "aws:sns/topicSubscription:TopicSubscription": {
        up: async ({ call, input, text }) => {
            const made = await call("sns.Subscribe", {
                topicArn: text("topic"),
                protocol: text("protocol"),
                endpoint: text("endpoint"),
                returnSubscriptionArn: true,
                attributes: attributes(
                    input("topic", "protocol", "endpoint", "endpointAutoConfirms", "confirmationTimeoutInMinutes"),
                ),
            });
            return { id: made?.["SubscriptionArn"] as string };
        },
        down: ({ call, asked }) => call("sns.Unsubscribe", { subscriptionArn: asked.id }),
    },
    "aws:budgets/budget:Budget": {
        up: async ({ asked, call, input, text }) => {
            const { costFilters, limitAmount, limitUnit, notifications, tags, ...budget } = input("name");
            const filters = (costFilters ?? []) as { readonly name: string; readonly values: string[] }[];
            await call("budgets.CreateBudget", {
                accountId: asked.account.id,
                budget: {
                    ...budget,
                    budgetName: text("name"),
                    ...(limitAmount !== undefined && { budgetLimit: { amount: limitAmount, unit: limitUnit } }),
                    ...(filters.length > 0 && {
                        costFilters: Object.fromEntries(filters.map(({ name, values }) => [name, values])),
                    }),
                },
                ...(notifications !== undefined && {
                    notificationsWithSubscribers: (notifications as PlainMap[]).map(notification),
                }),
                ...(tags !== undefined && { resourceTags: tags }),
            });
            return undefined;
        },
        down: ({ asked, call, text }) =>
            call("budgets.DeleteBudget", { accountId: asked.account.id, budgetName: text("name") }),
    },
    "aws:route53/healthCheck:HealthCheck": {
        up: async ({ asked, call, input }) => {
            const { tags, ...config } = input("referenceName");
            const made = await call("route53.CreateHealthCheck", {
                callerReference: asked.name,
                healthCheckConfig: renamed(config, { fqdn: "fullyQualifiedDomainName" }),
            });
            const id = made?.["HealthCheck"].Id as string;
            if (tags !== undefined) {
                await call("route53.ChangeTagsForResource", {
                    resourceType: "healthcheck",
                    resourceId: id,
                    addTags: tags,
                });
            }
            return { id };
        },
        down: ({ call, asked }) => call("route53.DeleteHealthCheck", { healthCheckId: asked.id }),
    },
    "aws:rds/eventSubscription:EventSubscription": {
        up: async ({ call, input, text }) => {
            await call("rds.CreateEventSubscription", {
                ...renamed(input("name"), { snsTopic: "snsTopicArn" }),
                subscriptionName: text("name"),
            });
            return undefined;
        },
        down: ({ call, text }) => call("rds.DeleteEventSubscription", { subscriptionName: text("name") }),
    },
};
