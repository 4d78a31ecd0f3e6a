// A GKE cluster that is there already. What reaching it takes is public, so it is told, not looked up (0021).
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, NetworkPolicySupport } from "../contract.ts";
import { gkeIdentifier, gkeKubeconfig } from "./kubeconfig.ts";

export interface ExistingGkeClusterArgs {
    readonly project: string;
    readonly location: string;
    readonly name: string;
    /** An address, or the DNS-based endpoint. */
    readonly endpoint: string;
    /** As base64. @default the endpoint is the DNS-based one, which every machine trusts */
    readonly caCertificate?: string;
    /** Whether it has Dataplane V2 or the network policy add-on. */
    readonly enforcesNetworkPolicy: boolean;
    /** @default the cluster's default class */
    readonly storageClass?: string;
}

export class ExistingGkeCluster extends pulumi.ComponentResource implements Cluster {
    readonly kubeconfig: pulumi.Output<string>;
    readonly identifier: string;
    readonly ready: readonly pulumi.Resource[] = [];
    readonly networkPolicy: NetworkPolicySupport;
    readonly storageClass?: string;
    readonly place: { readonly name: string; readonly location: string };

    constructor(name: string, args: ExistingGkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:ExistingGkeCluster", name, {}, opts);
        const { endpoint, caCertificate, storageClass } = args;
        this.place = { name: args.name, location: args.location };
        this.identifier = gkeIdentifier(args.project, args.location, args.name);
        this.kubeconfig = pulumi.output(
            gkeKubeconfig({ identifier: this.identifier, endpoint, ...(caCertificate && { caCertificate }) }),
        );
        this.networkPolicy = args.enforcesNetworkPolicy
            ? { enforced: true }
            : {
                  enforced: false,
                  reason: "platform.cluster.enforcesNetworkPolicy says that the cluster has neither Dataplane V2 nor the add-on",
              };
        if (storageClass !== undefined) {
            this.storageClass = storageClass;
        }
        this.registerOutputs({ identifier: this.identifier });
    }
}
