// Makes an application load balancer of every Gateway of its class (EKS without Auto Mode).
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { objectLabels } from "../../lib/labels.ts";
import { containerSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import type { PodIdentity } from "../identity/contract.ts";
import {
    addonNamespace,
    controllerReplicas,
    installChart,
    podIdentityPorts,
    podSecurityFor,
    type InstalledChart,
} from "./chart.ts";
import type { Addon, AddonArgs } from "./contract.ts";

export interface AwsLoadBalancerControllerArgs extends AddonArgs {
    readonly clusterName: pulumi.Input<string>;
    readonly region: string;
    readonly vpcId: pulumi.Input<string>;
    /** Whether load balancers get public addresses; a Gateway's own LoadBalancerConfiguration may say otherwise. @default "internet-facing" */
    readonly scheme?: "internet-facing" | "internal";
    /** Where load balancers are. @default those of the network that carry the tag `kubernetes.io/role/elb` (`internal-elb`) */
    readonly subnetIds?: ReadonlyArray<pulumi.Input<string>>;
}

/** The controller's version is the chart's. 3.4 is built for Gateway API 1.5. */
export const awsLoadBalancerControllerChart: InstalledChart["chart"] = {
    chart: "aws-load-balancer-controller",
    repository: "https://aws.github.io/eks-charts",
    version: "3.4.2",
};

const webhookPort = 9443;

/**
 * What a load balancer goes back to. The controller leaves an attribute that nobody names any more as it is: one without access logs would
 * write on to a bucket whose name is anybody's by then, and wait as long as a setting once said. A Gateway's own stand over these.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/pkg/deploy/elbv2/load_balancer_attributes_reconciler.go
 */
const usualAttributes = [
    { key: "access_logs.s3.enabled", value: "false" },
    { key: "idle_timeout.timeout_seconds", value: "60" },
] as const;

/**
 * Its Pod Identity association has to hold before (`dependsOn`): pods get their credentials when they are created, and this controller is
 * ready without any. The Gateway API's definitions too: it looks for them once, when it starts.
 */
export class AwsLoadBalancerController extends pulumi.ComponentResource implements Addon {
    /** What IAM gives its permissions to. */
    static readonly identity = {
        namespace: "aws-load-balancer-controller",
        serviceAccount: "aws-load-balancer-controller",
    } as const satisfies PodIdentity;

    /** The GatewayClass. */
    readonly className: string = "aws-alb";
    readonly ready: CustomResource;

    constructor(name: string, args: AwsLoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:addons:AwsLoadBalancerController", name, {}, opts);
        const { namespace: namespaceName } = AwsLoadBalancerController.identity;
        const installed: InstalledChart = {
            namespace: namespaceName,
            chart: awsLoadBalancerControllerChart,
            values: chartValues(args),
            ingress: [webhookPort],
            egress: podIdentityPorts,
        };
        const namespace = addonNamespace(name, installed, args, this);
        const release = installChart(name, installed, args, namespace, { parent: this });
        const configuration = this.createConfiguration(name, args, namespace.metadata.name, release);
        this.ready = this.createClass(name, args, configuration);

        this.registerOutputs({});
    }

    /** Without it, load balancers are internal. */
    private createConfiguration(
        name: string,
        { instance, scheme = "internet-facing", subnetIds }: AwsLoadBalancerControllerArgs,
        namespace: pulumi.Output<string>,
        release: Release,
    ): CustomResource {
        return new CustomResource(
            `${name}-configuration`,
            {
                apiVersion: "gateway.k8s.aws/v1beta1",
                kind: "LoadBalancerConfiguration",
                metadata: { name: this.className, namespace, labels: objectLabels(instance, "addon") },
                spec: {
                    mergingMode: "prefer-gateway",
                    scheme,
                    loadBalancerAttributes: [...usualAttributes],
                    ...(subnetIds && { loadBalancerSubnets: subnetIds.map((identifier) => ({ identifier })) }),
                },
            },
            { parent: this, dependsOn: [release] },
        );
    }

    private createClass(
        name: string,
        { instance }: AwsLoadBalancerControllerArgs,
        configuration: CustomResource,
    ): CustomResource {
        return new CustomResource(
            `${name}-class`,
            {
                apiVersion: "gateway.networking.k8s.io/v1",
                kind: "GatewayClass",
                metadata: {
                    name: this.className,
                    labels: objectLabels(instance, "addon"),
                    annotations: { "pulumi.com/waitFor": "condition=Accepted" },
                },
                spec: {
                    controllerName: "gateway.k8s.aws/alb",
                    parametersRef: {
                        group: "gateway.k8s.aws",
                        kind: "LoadBalancerConfiguration",
                        name: configuration.metadata.name,
                        namespace: configuration.metadata.namespace,
                    },
                },
            },
            { parent: this },
        );
    }
}

function chartValues(args: AwsLoadBalancerControllerArgs): InstalledChart["values"] {
    const { clusterName, region, vpcId } = args;
    return {
        clusterName,
        // Given: the instance metadata service, its other source, is closed to pods (R55).
        region,
        vpcId,
        replicaCount: controllerReplicas(args),
        podDisruptionBudget: { maxUnavailable: 1 },
        serviceAccount: { create: true, name: AwsLoadBalancerController.identity.serviceAccount },
        podSecurityContext: podSecurityFor(65534),
        securityContext: containerSecurity,
        resources: resourcesOf({ cpu: "100m", memory: "256Mi" }),
        // Gateways only. Else it would look at every Ingress, and its webhook would claim every Service of type LoadBalancer.
        createIngressClassResource: false,
        ingressClassParams: { create: false },
        enableServiceMutatorWebhook: false,
        controllerConfig: { featureGates: { ALBGatewayAPI: true, NLBGatewayAPI: false } },
        // To pods, not to node ports: one hop less, and NetworkPolicies see the load balancer's address.
        defaultTargetType: "ip",
        // Each where a LoadBalancerConfiguration asks for it; the first generation of WAF has no field there.
        enableShield: true,
        enableWaf: false,
        enableWafv2: true,
        // Else every upgrade of the chart makes another certificate, and the webhook fails until all pods have it.
        keepTLSSecret: true,
    };
}
