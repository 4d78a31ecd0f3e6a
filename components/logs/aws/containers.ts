// What containers write, in CloudWatch: an add-on of EKS that runs on every node.
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Addon } from "@pulumi/aws/eks/addon.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type { RetentionDays } from "../../../lib/aws-log-retention.ts";
import type { DataPolicy } from "../../contract.ts";

export interface ContainerLogsArgs {
    readonly data: DataPolicy;
    readonly clusterName: string;
    readonly retentionDays: RetentionDays;
    /** @default what EKS has as default when the add-on is made */
    readonly addonVersion?: string;
    /** Nodes, and what makes pods run on them. */
    readonly after: readonly pulumi.Resource[];
}

/**
 * The names that the add-on writes to.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html
 */
const groups = ["application", "dataplane", "host", "performance"];

export const containerLogsAddon = "amazon-cloudwatch-observability";

const trust = {
    Version: "2012-10-17",
    Statement: [
        {
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
        },
    ],
};

/**
 * From version 5 on, Application Signals is on unless this says otherwise: a webhook puts an init container into the pods of
 * every Service, which namespaces under Pod Security 'restricted' refuse.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html#Opting-out-App-Signals
 */
const configuration = { manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } } };

export class ContainerLogs extends pulumi.ComponentResource {
    readonly ready: pulumi.Resource;

    constructor(
        name: string,
        { data, clusterName, retentionDays, addonVersion, after }: ContainerLogsArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("django-on-kubernetes:logs:Containers", name, {}, opts);
        // Before the add-on, which would make them without an end to their retention.
        const made = groups.map(
            (group) =>
                new LogGroup(
                    `${name}-${group}`,
                    {
                        name: `/aws/containerinsights/${clusterName}/${group}`,
                        retentionInDays: retentionDays,
                        // They tell what the apps did last.
                        skipDestroy: data === "protected",
                    },
                    { parent: this },
                ),
        );
        const role = new Role(
            `${name}-role`,
            { description: `EKS add-on ${containerLogsAddon}`, assumeRolePolicy: JSON.stringify(trust) },
            { parent: this },
        );
        const attachment = new RolePolicyAttachment(
            `${name}-CloudWatchAgentServerPolicy`,
            { role: role.name, policyArn: "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy" },
            { parent: this },
        );
        this.ready = new Addon(
            `${name}-addon`,
            {
                clusterName,
                addonName: containerLogsAddon,
                ...(addonVersion !== undefined && { addonVersion }),
                configurationValues: JSON.stringify(configuration),
                podIdentityAssociations: [{ serviceAccount: "cloudwatch-agent", roleArn: role.arn }],
                resolveConflictsOnCreate: "OVERWRITE",
                resolveConflictsOnUpdate: "OVERWRITE",
            },
            { parent: this, dependsOn: [attachment, ...made, ...after] },
        );
        this.registerOutputs({});
    }
}
