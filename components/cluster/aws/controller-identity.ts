// What a controller in the cluster may do in the account: its ServiceAccount's pods, and nobody else.
import * as pulumi from "@pulumi/pulumi";
import { podIdentityAssociation } from "../../pod-identity/aws/pod-identity.ts";
import type { PodIdentity } from "../../identity/contract.ts";
import type { PolicyDocument } from "./policy-document.ts";
import { serviceRole } from "./role.ts";

export interface ControllerIdentityArgs {
    readonly clusterName: pulumi.Input<string>;
    readonly identity: PodIdentity;
    readonly description: string;
    readonly policy: pulumi.Input<PolicyDocument>;
}

export class ControllerIdentity extends pulumi.ComponentResource {
    /** Holds when it is there. Pods that start before get no credentials, and never ask again. */
    readonly ready: pulumi.Resource;

    constructor(name: string, args: ControllerIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:ControllerIdentity", name, {}, opts);
        const role = serviceRole(
            name,
            {
                service: "pods.eks.amazonaws.com",
                description: args.description,
                pods: args.identity,
                policy: pulumi.output(args.policy).apply((document) => JSON.stringify(document)),
            },
            { parent: this },
        );
        this.ready = podIdentityAssociation(
            `${name}-association`,
            {
                clusterName: args.clusterName,
                namespace: args.identity.namespace,
                serviceAccount: args.identity.serviceAccount,
                roleArn: role.arn,
            },
            { parent: this, dependsOn: [...role.permissions] },
        );
        this.registerOutputs({});
    }
}
