// A DOKS cluster that is there already: only its address is used, and nothing about it is changed.
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, NetworkPolicySupport } from "../contract.ts";
import { doksKubeconfig, type DoksConnection } from "./kubeconfig.ts";

export class ExistingDoksCluster extends pulumi.ComponentResource implements Cluster {
    readonly kubeconfig: pulumi.Output<string>;
    readonly identifier: string;
    readonly ready: readonly pulumi.Resource[] = [];
    readonly networkPolicy: NetworkPolicySupport = { enforced: true };
    readonly clusterId: pulumi.Output<string>;

    constructor(name: string, args: DoksConnection, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:ExistingDoks", name, {}, opts);
        this.identifier = args.name;
        this.clusterId = pulumi.output(args.id);
        this.kubeconfig = pulumi.output(doksKubeconfig(args));
        this.registerOutputs({ kubeconfig: this.kubeconfig, clusterId: this.clusterId });
    }
}
