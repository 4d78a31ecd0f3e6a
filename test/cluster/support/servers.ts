<<<<<<< HEAD
// Servers of a team's own, as far outside of an environment as this machine lets them be: in a namespace of theirs, and at the node's
// address, so that whoever wants to reach them leaves the pods' network. They speak TLS alone, with a certificate that signs itself.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Container, V1EnvVar } from "@kubernetes/client-node";
import { execa } from "execa";
import { nodeAddress } from "../../../lab/cluster/index.ts";
import { eventually, type Cluster } from "./kubernetes.ts";

export const servers = {
    namespace: "test-servers",
    host: nodeAddress,
    database: { port: 15432, name: "shop", user: "shop", password: "of the dätabase" },
    cache: { port: 16379, password: "of the cache" },
    broker: { port: 16380, password: "of the broker" },
} as const;

const certificate = { folder: "/certificate", chain: "/certificate/chain.pem", key: "/certificate/key.pem" } as const;

interface Program {
    readonly name: string;
    readonly image: string;
    readonly args: readonly string[];
    readonly env?: V1EnvVar[];
    readonly port: number;
}

/**
 * Starts PostgreSQL, Redis as a cache and Redis as a broker, and makes the app's role and database.
 *
 * @returns the certificate that theirs descends from, as PEM
 */
export async function startServers(cluster: Cluster): Promise<string> {
    const { namespace, host, database, cache, broker } = servers;
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    const { chain, key } = await certificateFor(host);
    await cluster.core.createNamespacedSecret({
        namespace,
        body: { metadata: { name: "certificate" }, stringData: { "chain.pem": chain, "key.pem": key } },
    });
    const redis = ({ port, password }: typeof cache | typeof broker, policy: string): readonly string[] => [
        "redis-server",
        "--port 0",
        `--tls-port ${port}`,
        `--tls-cert-file ${certificate.chain}`,
        `--tls-key-file ${certificate.key}`,
        `--tls-ca-cert-file ${certificate.chain}`,
        "--tls-auth-clients no",
        `--bind ${host}`,
        `--requirepass "${password}"`,
        "--maxmemory 64mb",
        `--maxmemory-policy ${policy}`,
    ];
    await start(cluster, {
        name: "database",
        image: "localhost/postgres:15",
        args: [
            "postgres",
            ...[
                `listen_addresses=${host}`,
                `port=${database.port}`,
                "ssl=on",
                `ssl_cert_file=${certificate.chain}`,
                `ssl_key_file=${certificate.key}`,
            ].flatMap((setting) => ["-c", setting]),
        ],
        env: [{ name: "POSTGRES_PASSWORD", value: "of the administrator" }],
        port: database.port,
    });
    await start(cluster, {
        name: "cache",
        image: "localhost/redis:7",
        args: redis(cache, "allkeys-lru"),
        port: cache.port,
    });
    await start(cluster, {
        name: "broker",
        image: "localhost/redis:7",
        args: redis(broker, "noeviction"),
        port: broker.port,
    });
    const [pod] = await cluster.pods(namespace, "database");
    for (const statement of [
        `CREATE ROLE ${database.user} LOGIN PASSWORD '${database.password}'`,
        `CREATE DATABASE ${database.name} OWNER ${database.user}`,
    ]) {
        await cluster.exec(pod!, ["psql", "-U", "postgres", "-p", String(database.port), "-c", statement]);
    }
    return chain;
}

async function certificateFor(address: string): Promise<{ readonly chain: string; readonly key: string }> {
    const folder = await mkdtemp(join(tmpdir(), "test-servers-"));
    const [chain, key] = [join(folder, "chain.pem"), join(folder, "key.pem")];
    try {
        const names = ["-subj", "/CN=test-servers", "-addext", `subjectAltName=IP:${address}`];
        const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"];
        await execa("openssl", ["req", ...kind, ...names, "-keyout", key, "-out", chain]);
        return { chain: await readFile(chain, "utf8"), key: await readFile(key, "utf8") };
    } finally {
        await rm(folder, { recursive: true });
    }
}

/** Also what a test that was killed has left. */
export async function stopServers(cluster: Cluster): Promise<void> {
    const { namespace: name } = servers;
    const gone = async (): Promise<string | undefined> => {
        const { items } = await cluster.core.listNamespace({ fieldSelector: `metadata.name=${name}` });
        return items.length === 0 ? undefined : `the namespace ${name} is there`;
    };
    if ((await gone()) !== undefined) {
        await cluster.core.deleteNamespace({ name });
    }
    await eventually(gone, 120);
}

async function start(cluster: Cluster, { name, image, args, env = [], port }: Program): Promise<void> {
    const { namespace } = servers;
    const container: V1Container = {
        name,
        image,
        imagePullPolicy: "IfNotPresent",
        args: [...args],
        env,
        readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
        volumeMounts: [{ name: "certificate", mountPath: certificate.folder, readOnly: true }],
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    };
    await cluster.core.createNamespacedPod({
        namespace,
        body: {
            metadata: { name, namespace, labels: { "app.kubernetes.io/name": name } },
            spec: {
                hostNetwork: true,
                automountServiceAccountToken: false,
                terminationGracePeriodSeconds: 5,
                // Whose key it is has to be this group, or root, and nobody else may read it.
                securityContext: { runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
                containers: [container],
                volumes: [{ name: "certificate", secret: { secretName: "certificate", defaultMode: 0o440 } }],
            },
        },
    });
    await eventually(async () => {
        const { status } = await cluster.core.readNamespacedPod({ namespace, name });
        const ready = status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
        return ready === true ? undefined : `${name} is ${status?.phase}`;
    }, 90);
=======
// PostgreSQL and Redis as somebody else runs them: pods in a namespace of their own that nothing of the program's knows, by name.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1PodSpec } from "@kubernetes/client-node";
import { execa } from "execa";
import { eventually, type Cluster } from "./kubernetes.ts";

export interface ServerPod {
    readonly name: string;
    readonly port: number;
    readonly image: string;
    readonly args: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    /** For TLS, at /tls: a certificate for its name, signed by `ca`. */
    readonly certificate?: { readonly chain: string; readonly key: string };
}

export interface RunningServer {
    readonly host: string;
    readonly address: string;
}

export function hostOf(namespace: string, name: string): string {
    return `${name}.${namespace}.svc.cluster.local`;
}

/** The name leads to the pod itself. */
export async function startServer(cluster: Cluster, namespace: string, server: ServerPod): Promise<RunningServer> {
    const { name, port, certificate } = server;
    const labels = { server: name };
    if (certificate !== undefined) {
        await cluster.core.createNamespacedSecret({
            namespace,
            body: {
                metadata: { name },
                stringData: { "tls.crt": certificate.chain, "tls.key": certificate.key },
            },
        });
    }
    await cluster.core.createNamespacedService({
        namespace,
        body: { metadata: { name }, spec: { clusterIP: "None", selector: labels, ports: [{ port }] } },
    });
    await cluster.core.createNamespacedPod({ namespace, body: { metadata: { name, labels }, spec: specOf(server) } });
    let address: string | undefined;
    await eventually(async () => {
        const { status } = await cluster.core.readNamespacedPod({ name, namespace });
        address = status?.podIP;
        return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True")
            ? undefined
            : `${name} is ${status?.phase}`;
    }, 60);
    return { host: hostOf(namespace, name), address: address! };
}

function specOf({ name, port, image, args, environment = {}, certificate }: ServerPod): V1PodSpec {
    return {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 5,
        securityContext: { runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
        containers: [
            {
                name: "server",
                image,
                imagePullPolicy: "IfNotPresent",
                args: [...args],
                env: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
                readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
                resources: { requests: { cpu: "10m", memory: "64Mi" } },
                volumeMounts: [
                    { name: "data", mountPath: image.includes("postgres") ? "/var/lib/postgresql" : "/data" },
                    ...(certificate === undefined ? [] : [{ name: "tls", mountPath: "/tls", readOnly: true }]),
                ],
            },
        ],
        volumes: [
            { name: "data", emptyDir: {} },
            // PostgreSQL takes a key that its group may read only if it is root's.
            ...(certificate === undefined ? [] : [{ name: "tls", secret: { secretName: name, defaultMode: 0o440 } }]),
        ],
    };
}

/** A CA and a certificate for one name that it signed. */
export async function certificateFor(
    name: string,
): Promise<{ readonly ca: string; readonly chain: string; readonly key: string }> {
    const directory = await mkdtemp(join(tmpdir(), "certificate-"));
    const openssl = (...args: string[]) => execa("openssl", args, { cwd: directory });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    try {
        await openssl(
            "req",
            "-x509",
            ...key,
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-days",
            "2",
            "-subj",
            "/CN=A CA of a test",
        );
        await openssl("req", ...key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=server");
        await writeFile(join(directory, "names"), `subjectAltName=DNS:${name}\nauthorityKeyIdentifier=keyid\n`);
        const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
        await openssl("x509", "-req", "-in", "tls.csr", "-out", "tls.crt", ...signing);
        const read = (file: string) => readFile(join(directory, file), "utf8");
        return { ca: await read("ca.pem"), chain: await read("tls.crt"), key: await read("tls.key") };
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
>>>>>>> integrate
}
