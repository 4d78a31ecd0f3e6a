// Servers as somebody else runs them: pods in a namespace of their own that nothing of the program's knows, by name.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1PodSpec } from "@kubernetes/client-node";
import { execa } from "execa";
import { loadImages } from "../../../lab/cluster/index.ts";
import { buildImages } from "../../../lab/images/index.ts";
import { eventually, type Cluster } from "./kubernetes.ts";

export interface ServerPod {
    readonly name: string;
    readonly port: number;
    readonly image: string;
    readonly args: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    /** For TLS, at /tls: tls.crt and tls.key, and whom it trusts in ca.crt. */
    readonly certificate?: Omit<SignedCertificate, "ca"> & { readonly ca?: string };
    /** Beside these, by their names. */
    readonly files?: Readonly<Record<string, string>>;
}

/** A certificate and its key, and the CA that signed it, as PEM. */
export interface SignedCertificate {
    readonly ca: string;
    readonly chain: string;
    readonly key: string;
}

export interface RunningServer {
    readonly host: string;
    readonly address: string;
}

export function hostOf(namespace: string, name: string): string {
    return `${name}.${namespace}.svc.cluster.local`;
}

/** Images that no stack's file names. */
export async function bringImages(...names: readonly string[]): Promise<void> {
    const images = await buildImages(console.log, names);
    await loadImages(
        images.map(({ archive }) => archive),
        console.log,
    );
}

/** The name leads to the pod itself. */
export async function startServer(cluster: Cluster, namespace: string, server: ServerPod): Promise<RunningServer> {
    const { name, port, certificate, files } = server;
    const labels = { server: name };
    if (certificate !== undefined) {
        await cluster.core.createNamespacedSecret({
            namespace,
            body: {
                metadata: { name },
                stringData: {
                    "tls.crt": certificate.chain,
                    "tls.key": certificate.key,
                    ...(certificate.ca !== undefined && { "ca.crt": certificate.ca }),
                    ...files,
                },
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
    }, 120);
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
                    { name: "data", mountPath: dataPath(image) },
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

function dataPath(image: string): string {
    const [name] = /postgres|rabbitmq/.exec(image) ?? [];
    return name === undefined ? "/data" : `/var/lib/${name === "postgres" ? "postgresql" : name}`;
}

/** A CA and a certificate for one name that it signed. */
export async function certificateFor(name: string): Promise<SignedCertificate> {
    return (await certificatesFor([name]))[0]!;
}

/**
 * A certificate for each of the names, all signed by one CA that is theirs alone.
 *
 * @param options `saysItsUse`: whether the CA says what its key is for, without which RFC 5280 does not take it. @default true
 */
export async function certificatesFor(
    names: readonly string[],
    { saysItsUse = true }: { readonly saysItsUse?: boolean } = {},
): Promise<readonly SignedCertificate[]> {
    const directory = await mkdtemp(join(tmpdir(), "certificate-"));
    const openssl = (...args: string[]) => execa("openssl", args, { cwd: directory });
    const read = (file: string) => readFile(join(directory, file), "utf8");
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const authority = ["-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=A CA of a test"];
    const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
    try {
        const use = saysItsUse ? ["-addext", "keyUsage=critical,keyCertSign,cRLSign"] : [];
        await openssl("req", "-x509", ...key, ...authority, ...use);
        const certificates: SignedCertificate[] = [];
        for (const name of names) {
            await openssl("req", ...key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=server");
            await writeFile(join(directory, "names"), `subjectAltName=DNS:${name}\nauthorityKeyIdentifier=keyid\n`);
            await openssl("x509", "-req", "-in", "tls.csr", "-out", "tls.crt", ...signing);
            certificates.push({ ca: await read("ca.pem"), chain: await read("tls.crt"), key: await read("tls.key") });
        }
        return certificates;
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
