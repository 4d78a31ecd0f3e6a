// What the parts of the AWS platform are made with, and what they know of the cluster.
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { EksNodes } from "../../../components/cluster/aws/eks.ts";
import type { NetworkPolicySupport } from "../../../components/cluster/contract.ts";
import type { ResolvedAwsPlatform } from "../../../settings/clouds/aws/resolve.ts";
import type { PlatformContext } from "../../context.ts";

export interface AwsScope extends Pick<PlatformContext, "instance" | "data"> {
    readonly settings: ResolvedAwsPlatform;
    readonly account: string;
    readonly region: string;
    /** With AWS's provider. */
    readonly opts: ComponentResourceOptions;
}

/** The cluster, made or found. */
export interface AwsCluster {
    readonly name: string;
    readonly identifier: string;
    readonly kubeconfig: Output<string>;
    readonly securityGroupId: Input<string>;
    /** The control plane; of a cluster that is found, nothing has to be waited for. */
    readonly created: readonly Resource[];
    readonly ready: readonly Resource[];
    readonly networkPolicy: NetworkPolicySupport;
    /** Of a cluster that is found. */
    readonly storageClass?: string;
    /** Of a cluster that is made. */
    readonly nodes?: EksNodes;
}
