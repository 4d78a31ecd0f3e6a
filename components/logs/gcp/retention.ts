// How long the project keeps what the cluster, its pods and the load balancer log.
import * as pulumi from "@pulumi/pulumi";
import { ProjectBucketConfig } from "@pulumi/gcp/logging/projectBucketConfig.js";

export interface LogRetentionArgs {
    readonly project: string;
    readonly days: number;
}

/**
 * Google's own bucket `_Default` gets everything that is not an audit log. It is there in every project, and for all of the project:
 * one stack should say how long.
 */
export class LogRetention extends pulumi.ComponentResource {
    constructor(name: string, args: LogRetentionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:logs:LogRetention", name, {}, opts);
        const { project, days } = args;
        new ProjectBucketConfig(
            `${name}-default`,
            { project, location: "global", bucketId: "_Default", retentionDays: days },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
