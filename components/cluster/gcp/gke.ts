// A GKE cluster with private nodes, Dataplane V2, Workload Identity and secrets encrypted by a key of ours (R49, R54, R56).
import * as pulumi from "@pulumi/pulumi";
import { Cluster as GkeResource, type ClusterArgs } from "@pulumi/gcp/container/cluster.js";
import { CryptoKeyIAMMember } from "@pulumi/gcp/kms/cryptoKeyIAMMember.js";
import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { ServiceIdentity } from "@pulumi/gcp/projects/serviceIdentity.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import { withNative } from "../../../lib/native.ts";
import { pause } from "../../../lib/pause.ts";
import type { DataPolicy } from "../../contract.ts";
import type { GcpVpc } from "../../vpc/contract.ts";
import type { Cluster, NetworkPolicySupport } from "../contract.ts";
import { gkeIdentifier, gkeKubeconfig } from "./kubeconfig.ts";
import { createNodePool, hardenedNode, type GkeNodePool } from "./node-pools.ts";

const controlPlaneLogs = ["APISERVER", "SCHEDULER", "CONTROLLER_MANAGER"] as const;
export type ControlPlaneLog = (typeof controlPlaneLogs)[number];

/** Who reaches the Kubernetes API (R54). */
export interface GkeApiAccess {
    /** With `dns`, Google's IAM says who, wherever they are. */
    readonly endpoint: "public" | "private" | "dns";
    readonly cidrs: readonly string[];
}

export interface MaintenanceWindow {
    /** UTC, as `HH:MM`. */
    readonly start: string;
    readonly hours: number;
    /** As RFC 5545 names them: MO, TU, ... */
    readonly days: readonly string[];
    /** Times without upgrades, by names that stay. */
    readonly exclusions: Readonly<Record<string, MaintenanceExclusion>>;
}

export interface MaintenanceExclusion {
    /** UTC, to the second, ending in Z: written otherwise, every preview would show a change. */
    readonly start: string;
    readonly end: string;
    readonly scope: "NO_UPGRADES" | "NO_MINOR_UPGRADES" | "NO_MINOR_OR_NODE_UPGRADES";
}

export interface GkeClusterArgs {
    readonly project: string;
    /** A region, or one of its zones. */
    readonly location: string;
    /** The environment's name among all of the project: the cluster's, for good. */
    readonly instance: string;
    readonly data: DataPolicy;
    readonly vpc: GcpVpc;
    /**
     * What the cluster, and nothing else of this, waits for: nodes without a way out reach no registry but Google's. Rights are
     * known everywhere some minutes after they are given; those that the cluster needs are given while that is made (R83).
     */
    readonly after: readonly pulumi.Resource[];
    /** Whether the network was there before: then nothing takes the minutes that rights need, and the cluster is made later. */
    readonly networkIsThere: boolean;
    /** Google makes nodes for pods, or autoscaled pools by names that stay. */
    readonly nodes:
        | { readonly variant: "autopilot" }
        | { readonly variant: "pools"; readonly pools: Readonly<Record<string, GkeNodePool>> };
    readonly apiAccess: GkeApiAccess;
    /** A key of Cloud KMS in the cluster's region. @default Google's own key alone */
    readonly databaseKey?: pulumi.Input<string>;
    /**
     * Whether GKE's own account is let to that key. Not to one that other clusters of the project use: it is the account of all
     * of them, and the stack that goes first would take it from the others.
     */
    readonly admitToKey: boolean;
    readonly releaseChannel: "RAPID" | "REGULAR" | "STABLE" | "EXTENDED";
    readonly maintenance: MaintenanceWindow;
    /** What of the control plane is logged besides the system and the pods. */
    readonly controlPlaneLogs: readonly ControlPlaneLog[];
    /** The class of volumes for in-cluster stores. */
    readonly storageClass: string;
    /** Over the cluster's arguments. @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

/**
 * Milliseconds. A right is known everywhere after so long, as a rule; GKE asks for the one to the key first of all.
 *
 * @see https://docs.cloud.google.com/iam/docs/access-change-propagation
 */
export const propagation = 120_000;

/** A wait of its own, when the right is given and at no other time. */
export async function untilKnown(): Promise<void> {
    await pause(propagation);
}

/** By what its measurements are told from those of others of the project. */
export interface GkePlace {
    readonly name: string;
    /** A region, or a zone. */
    readonly location: string;
}

export class GkeCluster extends pulumi.ComponentResource implements Cluster {
    readonly kubeconfig: pulumi.Output<string>;
    readonly identifier: string;
    readonly ready: readonly pulumi.Resource[];
    readonly networkPolicy: NetworkPolicySupport = { enforced: true };
    readonly storageClass: string;
    /** As IAM names it: who pulls images. */
    readonly nodesMember: pulumi.Output<string>;
    readonly place: GkePlace;
    /** After it the project's workload pool is there, by which pods are accounts of Google's: before the nodes are. */
    readonly workloadPool: readonly pulumi.Resource[];

    constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:GkeCluster", name, {}, opts);
        // Known before the cluster is: the provider's identifier has the name in it.
        const clusterName = cloudName([args.instance], 40);
        this.place = { name: clusterName, location: args.location };
        this.identifier = gkeIdentifier(args.project, args.location, clusterName);
        this.storageClass = args.storageClass;

        const [account, role] = this.createAccount(name, args);
        this.nodesMember = account.member;
        const encryption =
            args.databaseKey === undefined || !args.admitToKey ? [] : this.admitKey(name, args.databaseKey, args);
        const cluster = this.createCluster(name, clusterName, args, account, [...args.after, role, ...encryption]);
        this.workloadPool = [cluster];
        this.ready = this.createPools(name, args, cluster, account);
        this.kubeconfig = this.kubeconfigOf(args, cluster);

        this.registerOutputs({ identifier: this.identifier });
    }

    /** The default account may do nearly anything in the project; this one writes logs and metrics. */
    private createAccount(name: string, { project, instance }: GkeClusterArgs): [Account, IAMMember] {
        const account = new Account(
            `${name}-nodes`,
            { accountId: cloudName([instance, "nodes"], 30), displayName: `Nodes of ${instance}` },
            { parent: this },
        );
        const role = new IAMMember(
            `${name}-nodes-role`,
            { project, role: "roles/container.defaultNodeServiceAccount", member: account.member },
            { parent: this },
        );
        return [account, role];
    }

    /** GKE encrypts by an account of its own in the project. */
    private admitKey(name: string, key: pulumi.Input<string>, { networkIsThere }: GkeClusterArgs): pulumi.Resource[] {
        const agent = new ServiceIdentity(`${name}-agent`, { service: "container.googleapis.com" }, { parent: this });
        return [
            new CryptoKeyIAMMember(
                `${name}-agent-key`,
                { cryptoKeyId: key, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: agent.member },
                { parent: this, ...(networkIsThere && { hooks: { afterCreate: [untilKnown] } }) },
            ),
        ];
    }

    private createCluster(
        name: string,
        clusterName: string,
        args: GkeClusterArgs,
        account: Account,
        dependsOn: pulumi.Resource[],
    ): GkeResource {
        const { project, location, data, vpc, nodes, databaseKey, native } = args;
        const cluster: ClusterArgs = {
            name: clusterName,
            location,
            network: vpc.network,
            subnetwork: vpc.subnetwork,
            networkingMode: "VPC_NATIVE",
            ipAllocationPolicy: {
                clusterSecondaryRangeName: vpc.podsRange,
                servicesSecondaryRangeName: vpc.servicesRange,
            },
            deletionProtection: data === "protected",
            workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
            // Said either way: a block that is left out keeps what it had (R92).
            databaseEncryption:
                databaseKey === undefined ? { state: "DECRYPTED" } : { state: "ENCRYPTED", keyName: databaseKey },
            ...this.access(args),
            // No requests without a login, except for health.
            anonymousAuthenticationConfig: { mode: "LIMITED" },
            releaseChannel: { channel: args.releaseChannel },
            maintenancePolicy: {
                recurringWindow: recurringWindow(args.maintenance),
                maintenanceExclusions: exclusionsOf(args.maintenance),
            },
            gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
            // The Gateway's controller is part of it.
            addonsConfig: { httpLoadBalancing: { disabled: false }, horizontalPodAutoscaling: { disabled: false } },
            loggingConfig: { enableComponents: loggedComponents(args.controlPlaneLogs) },
            monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS"], managedPrometheus: { enabled: true } },
            costManagementConfig: { enabled: true },
            ...(nodes.variant === "autopilot" ? this.autopilot(account) : this.standard(account)),
        };
        return new GkeResource(`${name}-cluster`, withNative(cluster, native), {
            parent: this,
            dependsOn,
            protect: data === "protected",
            // What GKE needed of its first pool, which is gone: a difference there would replace the cluster.
            ...(nodes.variant === "pools" && { ignoreChanges: ["initialNodeCount", "nodeConfig", "nodePools"] }),
        });
    }

    /**
     * All of it, whichever way in is chosen: what is left out of these blocks stays as it was, so that a way in would stay open
     * or shut for ever (R92).
     *
     * @see https://github.com/hashicorp/terraform-provider-google-beta/blob/main/google-beta/services/container/resource_container_cluster.go control_plane_endpoints_config
     */
    private access({ apiAccess: { endpoint, cidrs } }: GkeClusterArgs): Partial<ClusterArgs> {
        if (endpoint === "dns") {
            return { privateClusterConfig: { enablePrivateNodes: true }, ...endpoints({ dns: true, ip: false }) };
        }
        return {
            privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: endpoint === "private" },
            ...endpoints({ dns: false, ip: true }),
            masterAuthorizedNetworksConfig: {
                cidrBlocks: cidrs.map((cidrBlock) => ({ cidrBlock })),
                // Else machines of any customer of Google's, by their public addresses.
                gcpPublicCidrsAccessEnabled: false,
            },
        };
    }

    /** Autopilot has Dataplane V2 and hardened nodes, and refuses to be told so. */
    private autopilot(account: Account): Partial<ClusterArgs> {
        const { serviceAccount, oauthScopes } = hardenedNode(account.email);
        return {
            enableAutopilot: true,
            clusterAutoscaling: { autoProvisioningDefaults: { serviceAccount, oauthScopes } },
        };
    }

    private standard(account: Account): Partial<ClusterArgs> {
        return {
            datapathProvider: "ADVANCED_DATAPATH",
            enableShieldedNodes: true,
            // GKE makes a first pool whatever we say. Ours are resources of their own: one inside could not change.
            initialNodeCount: 1,
            removeDefaultNodePool: true,
            nodeConfig: hardenedNode(account.email),
        };
    }

    private createPools(
        name: string,
        { nodes, location }: GkeClusterArgs,
        cluster: GkeResource,
        account: Account,
    ): pulumi.Resource[] {
        if (nodes.variant === "autopilot") {
            return [cluster];
        }
        const place = { cluster, location, serviceAccount: account.email };
        return Object.entries(nodes.pools).map(([pool, args]) =>
            createNodePool(`${name}-${pool}`, args, place, { parent: this }),
        );
    }

    private kubeconfigOf({ apiAccess }: GkeClusterArgs, cluster: GkeResource): pulumi.Output<string> {
        const { identifier } = this;
        if (apiAccess.endpoint === "dns") {
            return cluster.controlPlaneEndpointsConfig.apply((endpoints) =>
                gkeKubeconfig({ identifier, endpoint: endpoints?.dnsEndpointConfig?.endpoint ?? "" }),
            );
        }
        // The certificate is public; it only stands beside a private key, which is why all of it is marked secret.
        const authority = pulumi.unsecret(cluster.masterAuth.apply((auth) => auth?.clusterCaCertificate));
        return pulumi
            .all([cluster.endpoint, authority])
            .apply(([endpoint, caCertificate]) => gkeKubeconfig({ identifier, endpoint, caCertificate }));
    }
}

function endpoints({ dns, ip }: { readonly dns: boolean; readonly ip: boolean }): Partial<ClusterArgs> {
    return {
        controlPlaneEndpointsConfig: {
            dnsEndpointConfig: { allowExternalTraffic: dns },
            ipEndpointsConfig: { enabled: ip },
        },
    };
}

/** In the order of Google's own list: the provider compares by position. */
function loggedComponents(chosen: readonly ControlPlaneLog[]): string[] {
    return ["SYSTEM_COMPONENTS", "WORKLOADS", ...controlPlaneLogs.filter((log) => chosen.includes(log))];
}

function exclusionsOf({ exclusions }: MaintenanceWindow) {
    return Object.entries(exclusions).map(([exclusionName, { start, end, scope }]) => ({
        exclusionName,
        startTime: start,
        endTime: end,
        exclusionOptions: { scope },
    }));
}

/** The date says when the first window was, and is the same for all: a later one would show up as a change. */
function recurringWindow({ start, hours, days }: MaintenanceWindow) {
    const startTime = new Date(`2025-01-01T${start}:00Z`);
    const endTime = new Date(startTime.getTime() + hours * 60 * 60 * 1000);
    const written = (time: Date) => time.toISOString().replace(".000Z", "Z");
    return {
        startTime: written(startTime),
        endTime: written(endTime),
        recurrence: days.length === 7 ? "FREQ=DAILY" : `FREQ=WEEKLY;BYDAY=${days.join(",")}`,
    };
}
