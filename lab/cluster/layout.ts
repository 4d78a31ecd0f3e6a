// Addresses, ports and places of the embedded cluster.
import { join } from "node:path";
import { clusterDir } from "../support/paths.ts";

/** The Kubernetes release; servers/kubernetes/go.mod requires the same one. */
export const kubernetesVersion = "1.36.3";

export const nodeName = "local";

/**
 * The node's address lies on the loopback interface and is reserved for documentation (RFC 5737), so no network has it. All
 * servers listen on it alone: nobody outside the machine reaches them, and they meet no other server on 127.0.0.1 or
 * 0.0.0.0. (127.0.0.1 itself cannot be a node's address: it would mean the pod to a pod.)
 */
export const nodeAddress = "203.0.113.10";

export const network = {
    pods: "10.244.0.0/16",
    /** The first of the pods' addresses: the machine, as the pods see it. */
    gateway: "10.244.0.1",
    services: "10.96.0.0/16",
    apiService: "10.96.0.1",
    dnsService: "10.96.0.10",
    domain: "cluster.local",
} as const;

/** On the node address. */
export const ports = {
    etcd: 2379,
    etcdPeer: 2380,
    etcdHealth: 2381,
    api: 6443,
    kubelet: 10250,
    kubeletHealth: 10248,
    controllerManager: 10257,
    scheduler: 10259,
    proxyHealth: 10256,
    proxyMetrics: 10249,
    dns: 53,
    dnsHealth: 8080,
    dnsReady: 8181,
    objectStorage: 7070,
    metrics: 4443,
    gatewayHealth: 9000,
    networkPolicyHealth: 20244,
    certificatesHealth: 9403,
    acme: 14000,
    acmeManagement: 15000,
    sealedSecrets: 9405,
    externalSecretsMetrics: 9406,
} as const;

/**
 * The Gateway's ports on 127.0.0.1, HTTP and HTTPS. A listener of a Gateway must name one of these as its `port`: Traefik
 * takes the entry point that has the listener's port.
 */
export const gatewayPorts = {
    http: port("GATEWAY_HTTP_PORT", 8080),
    https: port("GATEWAY_HTTPS_PORT", 8443),
} as const;

export const gatewayAddress = "127.0.0.1";

/**
 * Where the Gateway is reached at the usual ports, from this machine: the node's address, as with the load balancer of a small
 * cluster. Names below this domain, which is nobody's (RFC 6761), lead there.
 */
export const publicPorts = { http: 80, https: 443 } as const;
export const publicDomain = "test";

/** Where images are pushed to, as their names have it: containerd takes plain HTTP from localhost alone. */
export const registryServer = "localhost:5000";

export const gatewayClass = "traefik";
export const storageClass = "local-path";
/** Of volumes that take ReadWriteMany. */
export const sharedStorageClass = "shared-path";
/** The ClusterIssuer, where certificates were asked for. */
export const acmeIssuer = "acme";

/** What is built and started only when somebody asks for it. */
export const extras = ["certificates", "sealed-secrets", "external-secrets"] as const;
export type Extra = (typeof extras)[number];

export const apiUrl = `https://${nodeAddress}:${ports.api}`;

export const places = {
    root: clusterDir,
    pids: join(clusterDir, "pids"),
    logs: join(clusterDir, "logs"),
    pki: join(clusterDir, "pki"),
    config: join(clusterDir, "config"),
    etcd: join(clusterDir, "etcd"),
    kubelet: join(clusterDir, "kubelet"),
    containerd: join(clusterDir, "containerd"),
    /** Sockets and other things that no reboot may leave behind. */
    run: join(clusterDir, "run"),
    cni: join(clusterDir, "cni"),
    volumes: join(clusterDir, "volumes"),
} as const;

/** Which boot of the machine the sockets and addresses in `run` are of. */
export const bootMark = join(clusterDir, "boot");

export const containerdSocket = join(places.run, "containerd.sock");

function port(variable: string, fallback: number): number {
    const text = process.env[variable];
    if (text === undefined || text === "") {
        return fallback;
    }
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 65535) {
        throw new Error(`${variable} is "${text}": give a port from 1 to 65535, or unset it for ${fallback}`);
    }
    return value;
}
