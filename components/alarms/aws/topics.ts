// Where alarms of one region go. CloudWatch, RDS and Budgets may publish, for this account alone.
import type * as pulumi from "@pulumi/pulumi";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";

export interface AlarmTopicsArgs {
    readonly instance: string;
    readonly account: string;
    readonly region: string;
    readonly emails: readonly string[];
    /** ARNs of any region. */
    readonly topics: readonly string[];
    /** The provider's: names of resources in another say which. */
    readonly home: string;
}

export interface AlarmTopics {
    readonly arns: ReadonlyArray<pulumi.Input<string>>;
    /** Before the first alarm: what publishes earlier is refused, and says so to nobody. */
    readonly ready: readonly pulumi.Resource[];
}

/** Not encrypted by `alias/aws/sns`: that key's policy lets no alarm of CloudWatch publish. No alarm has a secret in it. */
export function alarmTopics(
    name: string,
    { instance, account, region, emails, topics, home }: AlarmTopicsArgs,
    opts: { readonly parent: pulumi.Resource },
): AlarmTopics {
    const given = topics.filter((arn) => arn.split(":")[3] === region);
    if (emails.length === 0) {
        return { arns: given, ready: [] };
    }
    const suffix = region === home ? "" : `-${region}`;
    const there = region === home ? {} : { region };
    const topic = new Topic(`${name}-topic${suffix}`, { name: `${instance}-alarms`, ...there }, opts);
    const policy = new TopicPolicy(
        `${name}-topic-policy${suffix}`,
        { arn: topic.arn, policy: topic.arn.apply((arn) => JSON.stringify(publishers(arn, account))), ...there },
        opts,
    );
    for (const email of emails) {
        new TopicSubscription(
            `${name}-to-${email}${suffix}`,
            { topic: topic.arn, protocol: "email", endpoint: email, ...there },
            opts,
        );
    }
    return { arns: [topic.arn, ...given], ready: [policy] };
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
function publishers(topic: string, account: string): object {
    const statement = {
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] },
        Action: "sns:Publish",
        Resource: topic,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
    };
    return { Version: "2012-10-17", Statement: [statement] };
}
