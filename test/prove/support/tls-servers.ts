// Servers of others that speak TLS, as who administers them starts them.
import type { ServerPod, SignedCertificate } from "../../cluster/support/servers.ts";

interface TlsServer {
    readonly name: string;
    readonly certificate: SignedCertificate;
}

/** The user's database has the user's name. */
export function tlsPostgres({
    name,
    certificate,
    ...login
}: TlsServer & { readonly user: string; readonly password: string }): ServerPod {
    return {
        name,
        port: 5432,
        image: "localhost/postgres:15",
        args: ["postgres", "-c", "ssl=on", "-c", "ssl_cert_file=/tls/tls.crt", "-c", "ssl_key_file=/tls/tls.key"],
        environment: { POSTGRES_USER: login.user, POSTGRES_PASSWORD: login.password },
        certificate,
    };
}

export interface TlsRedis extends TlsServer {
    readonly password: string;
    readonly policy: "allkeys-lru" | "noeviction";
    /** Where it speaks without TLS too. @default nowhere */
    readonly plainPort?: number;
    /** The primary whose copy it is, by TLS as well. */
    readonly copies?: string;
}

export function tlsRedis({ name, certificate, password, policy, plainPort = 0, copies }: TlsRedis): ServerPod {
    const tls = [
        "--tls-cert-file",
        "/tls/tls.crt",
        "--tls-key-file",
        "/tls/tls.key",
        "--tls-ca-cert-file",
        "/tls/ca.crt",
    ];
    return {
        name,
        port: 6379,
        image: "localhost/redis:7",
        args: [
            ...["--port", String(plainPort), "--tls-port", "6379", ...tls, "--tls-auth-clients", "no"],
            ...["--requirepass", password, "--maxmemory", "64mb", "--maxmemory-policy", policy],
            ...(copies === undefined
                ? []
                : ["--replicaof", copies, "6379", "--tls-replication", "yes", "--masterauth", password]),
        ],
        certificate,
    };
}

/** At 5672 it speaks without TLS. */
export function tlsRabbitmq({ name, certificate }: TlsServer): ServerPod {
    const settings = {
        "log.console": "true",
        "listeners.tcp.default": "5672",
        "listeners.ssl.default": "5671",
        "ssl_options.cacertfile": "/tls/ca.crt",
        "ssl_options.certfile": "/tls/tls.crt",
        "ssl_options.keyfile": "/tls/tls.key",
        "ssl_options.verify": "verify_none",
    };
    return {
        name,
        port: 5671,
        image: "localhost/rabbitmq:4",
        args: ["rabbitmq-server"],
        environment: { RABBITMQ_CONFIG_FILE: "/tls/rabbitmq.conf" },
        certificate,
        files: {
            "rabbitmq.conf": Object.entries(settings)
                .map(([setting, value]) => `${setting} = ${value}\n`)
                .join(""),
        },
    };
}
