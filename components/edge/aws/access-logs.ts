// A line for each request that the load balancer takes, in a bucket, for as many days as were asked for.
import * as pulumi from "@pulumi/pulumi";
import { bucketPolicy, privateBucket, type Statement } from "../../bucket/aws/bucket.ts";
import type { DataPolicy } from "../../contract.ts";

export interface AccessLogsArgs {
    readonly instance: string;
    readonly data: DataPolicy;
    /** Whose load balancer it is. */
    readonly account: string;
    readonly days: number;
}

export class AccessLogs extends pulumi.ComponentResource {
    /** Attributes of the load balancer that writes them, known once it may. */
    readonly attributes: Readonly<Record<string, pulumi.Output<string>>>;

    constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:AwsAccessLogs", name, {}, opts);
        const { instance, data, account, days } = args;
        const made = privateBucket(
            `${name}-bucket`,
            {
                data,
                tags: { "django-on-kubernetes/instance": instance },
                // KMS is refused by who writes here: S3's own keys.
                expireDays: days,
                // Nothing but lines that go anyway: only a protected one stops a destroy.
                native: { forceDestroy: data !== "protected" },
            },
            this,
        );
        const policy = bucketPolicy(`${name}-bucket`, made, [writing(made.bucket.arn, account)], this);
        // The load balancer writes a file at once to see whether it may: the policy is there before its name is known.
        this.attributes = {
            "access_logs.s3.enabled": pulumi.output("true"),
            "access_logs.s3.bucket": pulumi.all([made.bucket.bucket, policy.id]).apply(([bucket]) => bucket),
        };
        this.registerOutputs({});
    }
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html#attach-bucket-policy */
function writing(bucketArn: pulumi.Output<string>, account: string): Statement {
    return {
        Sid: "LoadBalancersOfTheAccount",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${account}/*`,
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:*:${account}:loadbalancer/*` } },
    };
}
