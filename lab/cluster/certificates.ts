// The cluster's own authorities and the certificates they sign: one identity per server, each with no more rights than it
// needs (the certificate's CN is the user and its O the group that RBAC knows).
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gatewayAddress, network, nodeAddress, nodeName, places } from "./layout.ts";
import { run } from "./shell.ts";

interface Request {
    readonly name: string;
    readonly authority: Authority;
    readonly user: string;
    readonly group?: string;
    /** For a server's certificate: the names and addresses it is reached by. */
    readonly serves?: readonly string[];
}

const authorities = ["ca", "etcd-ca", "front-proxy-ca"] as const;
type Authority = (typeof authorities)[number];

/** Identities that talk to the API server with a kubeconfig. */
export const clients = {
    admin: { user: "admin", group: "system:masters" },
    "controller-manager": { user: "system:kube-controller-manager" },
    scheduler: { user: "system:kube-scheduler" },
    proxy: { user: "system:kube-proxy" },
    kubelet: { user: `system:node:${nodeName}`, group: "system:nodes" },
    dns: { user: "system:coredns" },
    metrics: { user: "system:metrics-server" },
    volumes: { user: "system:local-path-provisioner" },
    gateway: { user: "system:traefik" },
    "network-policy": { user: "system:network-policy" },
    certificates: { user: "system:cert-manager" },
    "sealed-secrets": { user: "system:sealed-secrets" },
    "external-secrets": { user: "system:external-secrets" },
} as const satisfies Record<string, { user: string; group?: string }>;

export type Client = keyof typeof clients;

const apiNames = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    `kubernetes.default.svc.${network.domain}`,
];

const requests: readonly Request[] = [
    ...Object.entries(clients).map(([name, identity]): Request => ({ name, authority: "ca", ...identity })),
    {
        name: "apiserver",
        authority: "ca",
        user: "kube-apiserver",
        serves: [...apiNames, "localhost", nodeAddress, gatewayAddress, network.apiService],
    },
    { name: "kubelet-server", authority: "ca", user: `system:node:${nodeName}`, serves: [nodeName, nodeAddress] },
    { name: "apiserver-kubelet", authority: "ca", user: "kube-apiserver-kubelet-client", group: "system:masters" },
    { name: "front-proxy", authority: "front-proxy-ca", user: "front-proxy-client" },
    { name: "acme", authority: "ca", user: "acme", serves: [nodeAddress] },
    { name: "etcd", authority: "etcd-ca", user: "etcd", serves: [nodeAddress] },
    { name: "apiserver-etcd", authority: "etcd-ca", user: "kube-apiserver" },
];

export interface KeyPair {
    readonly certificate: string;
    readonly key: string;
}

export function keyPair(name: string): KeyPair {
    return { certificate: join(places.pki, `${name}.crt`), key: join(places.pki, `${name}.key`) };
}

export function authority(name: Authority): KeyPair {
    return keyPair(name);
}

/** Signs and checks the tokens of service accounts. */
export const serviceAccountKeys = {
    private: join(places.pki, "service-accounts.key"),
    public: join(places.pki, "service-accounts.pub"),
} as const;

/**
 * Makes whatever is not there. The authorities with all that they sign come at one stroke, so that no certificate survives its
 * authority; one that a newer version of this tool wants is signed by those that are there.
 */
export async function ensureCertificates(): Promise<void> {
    if (existsSync(places.pki)) {
        const missing = requests.filter(({ name }) => !existsSync(keyPair(name).certificate));
        await Promise.all(missing.map((request) => makeCertificate(places.pki, request)));
        return;
    }
    const unfinished = `${places.pki}.part`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await Promise.all(authorities.map((name) => makeAuthority(unfinished, name)));
    await Promise.all([
        ...requests.map((request) => makeCertificate(unfinished, request)),
        makeServiceAccountKeys(unfinished),
    ]);
    await rename(unfinished, places.pki);
}

const days = "3650";
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function makeAuthority(directory: string, name: Authority): Promise<void> {
    const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign"];
    await run("openssl", [
        "req",
        "-x509",
        ...newKey,
        ...["-keyout", join(directory, `${name}.key`), "-out", join(directory, `${name}.crt`)],
        ...["-days", days, "-subj", `/CN=${name}`, "-config", "/dev/null"],
        ...extensions.flatMap((extension) => ["-addext", extension]),
    ]);
}

async function makeCertificate(directory: string, request: Request): Promise<void> {
    const { name, authority: signer, user, group, serves } = request;
    const file = (suffix: string): string => join(directory, `${name}.${suffix}`);
    await writeFile(file("ext"), extensionsOf(serves));
    await run("openssl", [
        "req",
        ...newKey,
        ...["-keyout", file("key"), "-out", file("csr"), "-config", "/dev/null"],
        ...["-subj", `${group === undefined ? "" : `/O=${group}`}/CN=${user}`],
    ]);
    await run("openssl", [
        ...["x509", "-req", "-in", file("csr"), "-out", file("crt"), "-days", days, "-extfile", file("ext")],
        ...["-CA", join(directory, `${signer}.crt`), "-CAkey", join(directory, `${signer}.key`)],
        // Random, because a counter in a file would be shared by all that are signed at the same time.
        ...["-set_serial", `0x${crypto.randomUUID().replaceAll("-", "")}`],
    ]);
    await Promise.all([rm(file("csr")), rm(file("ext"))]);
}

function extensionsOf(serves: readonly string[] | undefined): string {
    const usage = serves === undefined ? "clientAuth" : "serverAuth,clientAuth";
    const names = (serves ?? []).map((name) => `${/^[\d.]+$/.test(name) ? "IP" : "DNS"}:${name}`);
    return [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        `extendedKeyUsage=${usage}`,
        ...(names.length > 0 ? [`subjectAltName=${names.join(",")}`] : []),
    ].join("\n");
}

async function makeServiceAccountKeys(directory: string): Promise<void> {
    const [key, publicKey] = ["service-accounts.key", "service-accounts.pub"].map((file) => join(directory, file)) as [
        string,
        string,
    ];
    await run("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key]);
    await run("openssl", ["pkey", "-in", key, "-pubout", "-out", publicKey]);
}
