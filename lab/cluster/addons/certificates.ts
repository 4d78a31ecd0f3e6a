// Certificates by ACME, on request: cert-manager, and pebble as the authority that it asks. Pebble proves a name as any authority
// does: it looks the name up and fetches the answer through the Gateway, at port 80.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { authority, keyPair } from "../certificates.ts";
import { writeFileOnce } from "../files.ts";
import { answers } from "../health.ts";
import { kubeconfigOf } from "../kubeconfig.ts";
import { acmeIssuer, nodeAddress, places, ports, publicPorts } from "../layout.ts";
import { acmeSolverImage } from "../node-images.ts";
import type { Server } from "../processes.ts";
import { rights, type Addon, type AnyObject } from "./addon.ts";
import { readDefinitions } from "./definitions.ts";

const acmeUrl = `https://${nodeAddress}:${ports.acme}`;
const managementUrl = `https://${nodeAddress}:${ports.acmeManagement}`;
const nameServer = `${nodeAddress}:${ports.dns}`;

/** Where pebble tells its root certificate, which it makes anew at each start. */
export const acmeRootUrl = `${managementUrl}/roots/0`;

/** The authority. It keeps nothing: after a restart it knows no account and no certificate, and cert-manager begins anew. */
export async function acmeAuthority(executable: string): Promise<Server> {
    const path = join(places.config, "pebble.json");
    const { certificate, key } = keyPair("acme");
    const text = JSON.stringify(
        {
            pebble: {
                listenAddress: `${nodeAddress}:${ports.acme}`,
                managementListenAddress: `${nodeAddress}:${ports.acmeManagement}`,
                certificate,
                privateKey: key,
                httpPort: publicPorts.http,
                tlsPort: publicPorts.https,
                keyAlgorithm: "ecdsa",
                retryAfter: { authz: 1, order: 1 },
            },
        },
        undefined,
        2,
    );
    await writeFileOnce(path, text);
    return {
        name: "pebble",
        command: executable,
        args: [`-config=${path}`, `-dnsserver=${nameServer}`],
        reads: [text],
        // By default it waits up to fifteen seconds, and refuses some requests, so that clients are tried out.
        env: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
        // Not its directory, which an ACME server refuses to clients that do not say who they are.
        ready: () => answers(acmeRootUrl),
    };
}

/** @param definitions the directory with cert-manager's resource definitions */
export async function certificates(executable: string, definitions: string): Promise<Addon> {
    const health = `${nodeAddress}:${ports.certificatesHealth}`;
    return {
        server: {
            name: "cert-manager",
            command: executable,
            args: [
                `--kubeconfig=${kubeconfigOf("certificates")}`,
                `--solver-image=${acmeSolverImage}`,
                `--nameservers=${nameServer}`,
                `--health=${health}`,
            ],
            ready: () => answers(`http://${health}/healthz`),
        },
        objects: [
            { apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } },
            ...(await readDefinitions(definitions)),
            ...rights("certificates", [
                { apiGroups: ["cert-manager.io", "acme.cert-manager.io"], resources: ["*"], verbs: ["*"] },
                {
                    apiGroups: [""],
                    resources: ["secrets", "pods", "services"],
                    verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
                },
                { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] },
                { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
                {
                    apiGroups: ["gateway.networking.k8s.io"],
                    resources: ["gateways", "httproutes"],
                    verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
                },
                {
                    apiGroups: ["networking.k8s.io"],
                    resources: ["ingresses"],
                    verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
                },
            ]),
        ],
    };
}

/** Made after the definitions are in force. Its challenges are answered through the Gateway that the program calls `edge`. */
export async function acmeIssuerObject(): Promise<AnyObject> {
    const ca = await readFile(authority("ca").certificate);
    return {
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: { name: acmeIssuer },
        spec: {
            acme: {
                server: `${acmeUrl}/dir`,
                caBundle: ca.toString("base64"),
                privateKeySecretRef: { name: "acme-account" },
                solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ kind: "Gateway", name: "edge" }] } } }],
            },
        },
    };
}

export const certificateDefinitions = [
    ...["certificaterequests", "certificates", "clusterissuers", "issuers"].map((name) => `${name}.cert-manager.io`),
    ...["challenges", "orders"].map((name) => `${name}.acme.cert-manager.io`),
];
