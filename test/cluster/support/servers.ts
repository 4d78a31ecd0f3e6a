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
}
