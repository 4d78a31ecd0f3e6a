// Which addresses talked to which, and what was refused.
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { RetentionDays } from "../../../lib/aws-log-retention.ts";
import type { DataPolicy } from "../../contract.ts";

export interface VpcFlowLogsArgs {
    /** What becomes of them when the stack goes. */
    readonly data: DataPolicy;
    readonly account: string;
    readonly vpcId: pulumi.Input<string>;
    readonly traffic: "ALL" | "ACCEPT" | "REJECT";
    readonly retentionDays: RetentionDays;
}

export class VpcFlowLogs extends pulumi.ComponentResource {
    constructor(name: string, args: VpcFlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:logs:VpcFlow", name, {}, opts);
        const group = new LogGroup(
            `${name}-group`,
            // Who tried to get in, is asked when the network is gone too.
            { retentionInDays: args.retentionDays, skipDestroy: args.data === "protected" },
            { parent: this },
        );
        const role = new Role(
            `${name}-role`,
            { description: "VPC flow logs", assumeRolePolicy: JSON.stringify(trustPolicy(args.account)) },
            { parent: this },
        );
        const policy = new RolePolicy(
            `${name}-policy`,
            { role: role.name, policy: group.arn.apply((arn) => JSON.stringify(writePolicy(arn))) },
            { parent: this },
        );
        new FlowLog(
            `${name}-flow`,
            { vpcId: args.vpcId, trafficType: args.traffic, iamRoleArn: role.arn, logDestination: group.arn },
            { parent: this, dependsOn: [policy] },
        );
        this.registerOutputs({});
    }
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function trustPolicy(account: string): object {
    const statement = {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
    };
    return { Version: "2012-10-17", Statement: [statement] };
}

function writePolicy(groupArn: string): object {
    const actions = ["CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams"];
    const statement = {
        Effect: "Allow",
        Action: actions.map((action) => `logs:${action}`),
        Resource: [groupArn, `${groupArn}:*`],
    };
    return { Version: "2012-10-17", Statement: [statement] };
}
