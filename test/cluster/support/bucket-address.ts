// An https address of the lab's object storage, under a name that pods know: pgBackRest speaks TLS alone, and holds the name against the
// certificate.
import { connect } from "node:net";
import { createServer, type Server } from "node:tls";
import { nodeAddress } from "../../../lab/cluster/index.ts";
import { certificateFor } from "../../support/certificate.ts";
import type { Cluster } from "./kubernetes.ts";

export interface BucketAddress {
    readonly endpoint: string;
    /** PEM. */
    readonly ca: string;
    /** Where it is, for NetworkPolicies. */
    readonly cidrs: readonly string[];
    close(): Promise<void>;
}

const port = 7443;
const name = "bucket";

/** @param behind the plain address that it stands before; the namespace is there already, and goes with its Service */
export async function bucketAddress(cluster: Cluster, namespace: string, behind: string): Promise<BucketAddress> {
    const host = `${name}.${namespace}.svc`;
    const { chain, key } = certificateFor([host]);
    const { hostname, port: plain } = new URL(behind);
    const server = createServer({ cert: chain, key }, (client) => {
        const upstream = connect(Number(plain), hostname);
        client.on("error", () => upstream.destroy());
        upstream.on("error", () => client.destroy());
        client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, nodeAddress, resolve);
    });
    await cluster.core.createNamespacedService({
        namespace,
        body: { metadata: { name }, spec: { clusterIP: "None", ports: [{ name: "https", port }] } },
    });
    await cluster.discovery.createNamespacedEndpointSlice({
        namespace,
        body: {
            metadata: { name, labels: { "kubernetes.io/service-name": name } },
            addressType: "IPv4",
            ports: [{ name: "https", port, protocol: "TCP" }],
            endpoints: [{ addresses: [nodeAddress] }],
        },
    });
    return {
        endpoint: `https://${host}:${port}`,
        ca: chain,
        cidrs: [`${nodeAddress}/32`],
        close: () => closed(server),
    };
}

function closed(server: Server): Promise<void> {
    return new Promise((resolve) => {
        server.close(() => resolve());
    });
}
