// The resource definitions of the Gateway API, for clusters that do not bring them (EKS, kubeadm; GKE and DOKS do).
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { addonNamespace, installChart, type InstalledChart } from "./chart.ts";
import type { Addon, AddonArgs } from "./contract.ts";

/**
 * The chart's version is the Gateway API's. Envoy Gateway's chart with the same definitions cannot be used: with its own
 * ones it exceeds the 1 MiB that Helm may keep of a release (docs/decisions/0037).
 */
export const gatewayApiChart: InstalledChart["chart"] = {
    chart: "oci://ghcr.io/wiremind/wiremind-helm-charts/gateway-api-crds",
    version: "1.5.1",
};

export class GatewayApiCrds extends pulumi.ComponentResource implements Addon {
    readonly ready: Release;

    constructor(name: string, args: AddonArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:addons:GatewayApiCrds", name, {}, opts);
        // No pod runs there: only Helm's record of the release.
        const installed: InstalledChart = { namespace: "gateway-api", chart: gatewayApiChart, values: {}, egress: [] };
        const namespace = addonNamespace(name, installed, args, this);
        // With the definitions every Gateway and route goes. In production nothing uninstalls them, not even `definitions: present`, which
        // then finds them: they end with the cluster.
        const isProtected = args.data === "protected";
        this.ready = installChart(name, installed, args, namespace, {
            parent: this,
            protect: isProtected,
            retainOnDelete: isProtected,
        });

        this.registerOutputs({});
    }
}
