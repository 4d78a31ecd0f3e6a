// What every add-on consists of. Each runs on the machine beside the node, not in a pod: it needs no image, and it is there
// as soon as its process is.
import type { KubernetesObject } from "@kubernetes/client-node";
import { clients, type Client } from "../certificates.ts";
import { nodeAddress, nodeName } from "../layout.ts";
import type { Server } from "../processes.ts";

export interface Addon {
    readonly server: Server;
    /** In the order in which they can be made. */
    readonly objects: readonly KubernetesObject[];
}

/** An object of any kind, with its content beside the usual fields. */
export type AnyObject = KubernetesObject & Readonly<Record<string, unknown>>;

export interface Rule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
}

const rbac = "rbac.authorization.k8s.io";

/** Gives an add-on's identity these rights in the whole cluster. */
export function rights(client: Client, rules: readonly Rule[]): AnyObject[] {
    const { user } = clients[client];
    return [
        { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: user }, rules },
        bindClusterRole(client, user, user),
    ];
}

export function bindClusterRole(client: Client, name: string, role: string): AnyObject {
    return {
        apiVersion: `${rbac}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
        subjects: [{ apiGroup: rbac, kind: "User", name: clients[client].user }],
    };
}

export function bindRole(client: Client, namespace: string, name: string, role: string): AnyObject {
    return {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name, namespace },
        roleRef: { apiGroup: rbac, kind: "Role", name: role },
        subjects: [{ apiGroup: rbac, kind: "User", name: clients[client].user }],
    };
}

export interface HostPort {
    readonly name: string;
    readonly protocol: "TCP" | "UDP";
    readonly port: number;
    readonly hostPort: number;
}

/** A Service in kube-system whose only endpoint is a server on the node address: it has no selector, for there is no pod. */
export function hostService(
    name: string,
    ports: readonly HostPort[],
    spec: Readonly<Record<string, unknown>> = {},
): AnyObject[] {
    return [
        {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name, namespace: "kube-system" },
            spec: { ...spec, ports: ports.map(({ hostPort, ...rest }) => ({ ...rest, targetPort: hostPort })) },
        },
        {
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            metadata: { name, namespace: "kube-system", labels: { "kubernetes.io/service-name": name } },
            addressType: "IPv4",
            endpoints: [{ addresses: [nodeAddress], nodeName, conditions: { ready: true } }],
            ports: ports.map((port) => ({ name: port.name, protocol: port.protocol, port: port.hostPort })),
        },
    ];
}
