// Where EKS writes what its control plane did, and who asked for it (R53).
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import type { RetentionDays } from "../../../lib/aws-log-retention.ts";
import type { DataPolicy } from "../../contract.ts";

export interface ControlPlaneLogsArgs {
    readonly data: DataPolicy;
    readonly clusterName: string;
    readonly retentionDays: RetentionDays;
}

export class ControlPlaneLogs extends pulumi.ComponentResource {
    /** Made before the cluster: else EKS makes it, and keeps everything for ever. */
    readonly group: pulumi.Resource;

    constructor(
        name: string,
        { data, clusterName, retentionDays }: ControlPlaneLogsArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("django-on-kubernetes:logs:ControlPlane", name, {}, opts);
        this.group = new LogGroup(
            `${name}-group`,
            {
                // EKS has no setting for it.
                name: `/aws/eks/${clusterName}/cluster`,
                retentionInDays: retentionDays,
                // An audit log outlives what it tells about.
                skipDestroy: data === "protected",
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
