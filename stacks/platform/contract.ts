// What an environment needs of the cluster it is put on, whichever cloud that is in.
import type { Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { NetworkPolicySupport } from "../../components/cluster/contract.ts";
import type { DnsZone } from "../../components/dns/contract.ts";
import type { CiIdentity } from "../../components/identity/ci.ts";
import type { Registry } from "../../components/registry/contract.ts";
import type { Vpc } from "../../components/vpc/contract.ts";
import type { LentDatabase, LentGateway } from "../../settings/lender/outputs.ts";

export interface Platform {
    /** Reaches the cluster; every Kubernetes resource names it (R73, R76). */
    readonly kubernetes: ProviderResource;
    /** How other stacks reach it. */
    readonly connection: ClusterConnection;
    /** Nodes, network and controllers: what is put on the cluster is made after them and deleted before them (R72). */
    readonly ready: readonly Resource[];
    /**
     * What makes GKE's workload pool: rights of pods are given then, not when nodes are ready, for Google knows them everywhere some
     * minutes later (R83). @default it is there
     */
    readonly workloadPool?: readonly Resource[];
    readonly networkPolicy: NetworkPolicySupport;
    /** @default the cluster's default class */
    readonly storageClass?: string;
    /** @default there is no way in of an environment's own */
    readonly gateway?: PlatformGateway;
    /** Where requests to web pods come from, when it is not `gateway` that says so. @default any source */
    readonly webFrom?: Sources;
    /** Seconds, likewise. @default 5 */
    readonly webDrain?: number;
    /** Labels of a namespace that the Gateway's controller looks for. @default none */
    readonly namespaceLabels?: Readonly<Record<string, string>>;
    /** What another stack's environment on the same cluster lends. @default nothing */
    readonly lent?: {
        readonly gateway?: LentGateway;
        readonly database?: LentDatabase & { readonly password: Output<string> };
    };
    /** The network that stores outside the cluster are put in. @default unknown, as for an existing cluster */
    readonly vpc?: Vpc;
    /** @default host names are not managed here */
    readonly zone?: DnsZone;
    /** @default images come from elsewhere */
    readonly registry?: Registry;
    /** For alarms. @default its cloud, if any, measures nothing of it here */
    readonly watched?: WatchedCluster;
    /** A key for `pulumi stack change-secrets-provider` (G8), for example `gcpkms://...`. @default none */
    readonly secretsProvider?: Output<string>;
    /** @default CI has keys of its own, or none */
    readonly ci?: CiIdentity;
}

/** By what each cloud's measurements know a cluster. */
export type WatchedCluster =
    | {
          readonly cloud: "aws";
          readonly name: string;
          /** Whether the add-on is there that counts pods and nodes. */
          readonly containerInsights: boolean;
      }
    | { readonly cloud: "gcp"; readonly name: string; readonly location: string }
    | { readonly cloud: "digitalocean"; readonly clusterId: Output<string> };

/** No credential is in it: a kubeconfig names a file, or an `exec` plugin of the cloud. */
export interface ClusterConnection {
    readonly clusterIdentifier: string;
    /** A file's path, or content. @default what kubectl would read */
    readonly kubeconfig?: string | Output<string>;
    readonly context?: string;
}

/** What controller serves the Gateway API there, and so which way in an environment makes. */
export type PlatformGateway = ControllerGateway | GkeGateway | AwsGateway;

export interface Sources {
    readonly namespaces: readonly string[];
    readonly cidrs: readonly string[];
}

interface GatewaySources {
    /** Where requests to web pods come from. @default any source */
    readonly from?: Sources;
    /** Seconds until no request comes to a web pod that is going away. @default 5, as for a controller in the cluster */
    readonly drain?: number;
}

/** Any controller in the cluster (Traefik, Cilium), with certificates by cert-manager. */
export interface ControllerGateway extends GatewaySources {
    readonly kind: "controller";
    readonly className: string;
    readonly httpPort: number;
    readonly httpsPort: number;
    readonly publicHttpPort?: number;
    readonly publicHttpsPort?: number;
    /** For what the controller makes of the Gateway, such as a cloud's load balancer. @default none */
    readonly infrastructureAnnotations?: Readonly<Record<string, string>>;
    /** cert-manager's issuer. @default no certificates, so no HTTPS */
    readonly issuer?: {
        readonly kind: "ClusterIssuer" | "Issuer";
        readonly name: string;
        /** How it proves a name: `http-01` through whatever Gateway the certificate names. @default unknown, it knows the way itself */
        readonly challenge?: "http-01" | "dns-01";
    };
    /** Whether records of this zone's names come by themselves, from the routes. @default nobody here makes records */
    readonly recordsOf?: string;
    /** Whether a Gateway counts as programmed only once every listener has its certificate. @default true */
    readonly needsCertificates?: boolean;
    /** Whether it ever says that a Gateway is programmed: some do not where no load balancer has an address. @default true */
    readonly untilProgrammed?: boolean;
}

/** GKE's own controller: a global load balancer, certificates of Certificate Manager. */
export interface GkeGateway extends GatewaySources {
    readonly kind: "gke";
    /** The part of all requests that is logged, from 0 to 1. */
    readonly requestLogSampling: number;
    /** Over the Gateway's `spec`, and over `spec.default` of GCPBackendPolicies. @default nothing is changed */
    readonly native?: {
        readonly gateway?: Readonly<Record<string, unknown>>;
        readonly backendPolicy?: Readonly<Record<string, unknown>>;
    };
}

/** AWS Load Balancer Controller: an application load balancer, certificates of ACM. */
export interface AwsGateway extends GatewaySources {
    readonly kind: "aws";
    readonly className: string;
    /** Of ACM, for hosts that are in no zone of the platform. @default [] */
    readonly certificateArns?: readonly string[];
    /** Of the load balancers, by AWS's own names. @default AWS's, and those that components/edge/aws sets */
    readonly attributes?: Readonly<Record<string, string>>;
    /** Over the spec of each LoadBalancerConfiguration. @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}
