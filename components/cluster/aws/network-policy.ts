// On Auto Mode, NetworkPolicies are written down and mean nothing until this ConfigMap is there (R49).
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { objectLabels } from "../../../lib/labels.ts";

/** @see https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html */
export class AutoModeNetworkPolicy extends pulumi.ComponentResource {
    readonly ready: pulumi.Resource;

    constructor(name: string, { instance }: { readonly instance: string }, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:AutoModeNetworkPolicy", name, {}, opts);
        this.ready = new ConfigMap(
            `${name}-controller`,
            {
                metadata: {
                    name: "amazon-vpc-cni",
                    namespace: "kube-system",
                    labels: objectLabels(instance, "platform"),
                },
                data: { "enable-network-policy-controller": "true" },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
