// DNS records that follow the host names of HTTPRoutes.
import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { objectLabels } from "../../lib/labels.ts";
import { containerSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import type { PodIdentity } from "../identity/contract.ts";
import {
    addonNamespace,
    apiPorts,
    installChart,
    podIdentityPorts,
    podSecurityFor,
    type InstalledChart,
} from "./chart.ts";
import type { Addon, AddonArgs } from "./contract.ts";

export interface ExternalDnsArgs extends AddonArgs {
    readonly provider: ExternalDnsProvider;
    /** The zones that it may change, for example `shop.example.org`; at least one. */
    readonly domains: readonly string[];
}

export type ExternalDnsProvider =
    /** Permissions by Pod Identity. */
    | {
          readonly cloud: "aws";
          readonly region: string;
          /** @default any public zone of `domains` */ readonly zoneId?: pulumi.Input<string>;
      }
    /** A token with the scopes `domain:read`, `domain:create`, `domain:update` and `domain:delete`, and no others. */
    | { readonly cloud: "digitalocean"; readonly token: pulumi.Output<string> };

/** Version 0.21 of ExternalDNS. */
export const externalDnsChart: InstalledChart["chart"] = {
    chart: "external-dns",
    repository: "https://kubernetes-sigs.github.io/external-dns/",
    version: "1.21.1",
};

/** The key in the Secret. */
const tokenKey = "token";

/** One pod, whatever the data policy: it has no leader election, and two would undo each other's work. */
export class ExternalDns extends pulumi.ComponentResource implements Addon {
    /** What IAM gives its permissions to. */
    static readonly identity = {
        namespace: "external-dns",
        serviceAccount: "external-dns",
    } as const satisfies PodIdentity;

    readonly ready: Release;

    constructor(name: string, args: ExternalDnsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:addons:ExternalDns", name, {}, opts);
        if (args.domains.length === 0) {
            // Without a filter it would manage every zone that its permissions reach.
            throw new Error(
                `ExternalDns ${name}: domains is empty. Allowed: at least one zone, for example shop.example.org.`,
            );
        }
        const place = { namespace: ExternalDns.identity.namespace, chart: externalDnsChart };
        const egress = args.provider.cloud === "aws" ? podIdentityPorts : apiPorts;
        const namespace = addonNamespace(name, { ...place, values: {}, egress }, args, this);
        const environment = this.createEnvironment(name, args, namespace.metadata.name);
        const installed: InstalledChart = { ...place, values: chartValues(args, environment), egress };
        this.ready = installChart(name, installed, args, namespace, { parent: this });

        this.registerOutputs({});
    }

    private createEnvironment(
        name: string,
        { provider, instance }: ExternalDnsArgs,
        namespace: pulumi.Output<string>,
    ): unknown[] {
        if (provider.cloud === "aws") {
            return [{ name: "AWS_DEFAULT_REGION", value: provider.region }];
        }
        const secret = new Secret(
            `${name}-token`,
            {
                metadata: { namespace, labels: objectLabels(instance, "addon") },
                immutable: true,
                stringData: { [tokenKey]: provider.token },
            },
            { parent: this },
        );
        return [{ name: "DO_TOKEN", valueFrom: { secretKeyRef: { name: secret.metadata.name, key: tokenKey } } }];
    }
}

function chartValues(
    { provider, domains, instance }: ExternalDnsArgs,
    environment: unknown[],
): InstalledChart["values"] {
    return {
        provider: { name: provider.cloud },
        env: environment,
        sources: ["gateway-httproute"],
        domainFilters: domains,
        // It deletes what it made once the route is gone; `txtOwnerId` keeps it from the records of others in the zone.
        policy: "sync",
        registry: "txt",
        txtOwnerId: instance,
        // With a dot, so that the mark of the zone's own name is inside the zone: `mark-a.example.org`, not `a-example.org`.
        txtPrefix: "mark-%{record_type}.",
        extraArgs: {
            "txt-wildcard-replacement": "wildcard",
            ...(provider.cloud === "aws" && {
                "aws-zone-type": "public",
                ...(provider.zoneId !== undefined && { "zone-id-filter": provider.zoneId }),
            }),
        },
        triggerLoopOnEvent: true,
        serviceAccount: { create: true, name: ExternalDns.identity.serviceAccount },
        podSecurityContext: podSecurityFor(65532),
        securityContext: containerSecurity,
        resources: resourcesOf({ cpu: "25m", memory: "128Mi" }),
    };
}
