// DigitalOcean. UUIDs, and URNs as its API writes them.
import { recordedAuthorityBase64 } from "./certificate.ts";
import type { Answer, AnswerTable, Question } from "./question.ts";

type Outputs = Answer["outputs"];

const identified =
    (more: (q: Question, id: string) => Outputs = () => ({})) =>
    (q: Question): Answer => {
        const id = q.uuid();
        return { id, outputs: more(q, id) };
    };

/** Ports of managed databases, by engine. */
const ports: Readonly<Record<string, number>> = {
    pg: 25060,
    mysql: 25060,
    valkey: 25061,
    redis: 25061,
    kafka: 25073,
    opensearch: 25060,
    mongodb: 27017,
};

/** Default database and user of an engine. */
const defaults: Readonly<Record<string, readonly [database: string, user: string, scheme: string]>> = {
    pg: ["defaultdb", "doadmin", "postgres"],
    mysql: ["defaultdb", "doadmin", "mysql"],
    valkey: ["", "default", "rediss"],
    redis: ["", "default", "rediss"],
};

function databaseCluster(q: Question): Answer {
    const id = q.uuid();
    const engine = q.text("engine");
    const [database, user, scheme] = defaults[engine] ?? ["defaultdb", "doadmin", engine];
    const port = ports[engine] ?? 25060;
    const domain = `${q.name}-do-user-${q.digits(7)}-0.${q.hex(1)}.db.ondigitalocean.com`;
    const password = `AVNS_${q.password(19, "password").replaceAll("-", "_")}`;
    const uri = (host: string): string =>
        `${scheme}://${user}:${password}@${host}:${port}${database === "" ? "" : `/${database}?sslmode=require`}`;
    return {
        id,
        outputs: {
            clusterUrn: `do:dbaas:${id}`,
            host: domain,
            privateHost: `private-${domain}`,
            port,
            database,
            user,
            password,
            uri: uri(domain),
            privateUri: uri(`private-${domain}`),
            projectId: q.uuid("project"),
            privateNetworkUuid: q.uuid("default network"),
            storageSizeMib: "10240",
        },
    };
}

export const digitaloceanOutputs: AnswerTable = {
    "digitalocean:index/vpc:Vpc": identified((_, id) => ({
        vpcUrn: `do:vpc:${id}`,
        default: false,
        ipRange: "10.110.0.0/20",
    })),
    "digitalocean:index/kubernetesCluster:KubernetesCluster": identified((q, id) => {
        const endpoint = `https://${id}.k8s.ondigitalocean.com`;
        return {
            clusterUrn: `do:kubernetes:${id}`,
            endpoint,
            ipv4Address: q.publicAddress(),
            status: "running",
            clusterSubnet: "10.108.0.0/16",
            serviceSubnet: "10.109.0.0/19",
            vpcUuid: q.uuid("default network"),
            kubeConfigs: [
                {
                    host: endpoint,
                    clusterCaCertificate: recordedAuthorityBase64,
                    token: `dop_v1_${q.hex(64, "token")}`,
                    clientCertificate: "",
                    clientKey: "",
                    expiresAt: "2026-11-28T08:00:00Z",
                    rawConfig: "",
                },
            ],
            // One level: what the program gives of it stays.
            nodePool: {
                id: q.uuid("pool"),
                actualNodeCount: q.number("nodePool.nodeCount", q.number("nodePool.minNodes", 1)),
                nodes: [],
            },
        };
    }),
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": identified((q) => ({
        actualNodeCount: q.number("nodeCount", q.number("minNodes", 1)),
    })),
    "digitalocean:index/databaseCluster:DatabaseCluster": databaseCluster,
    "digitalocean:index/databaseReplica:DatabaseReplica": (q) => {
        const host = `${q.name}-do-user-${q.digits(7)}-0.${q.hex(1)}.db.ondigitalocean.com`;
        const password = `AVNS_${q.password(19, "password").replaceAll("-", "_")}`;
        const uri = (at: string): string => `postgres://doadmin:${password}@${at}:25060/defaultdb?sslmode=require`;
        return {
            id: `${q.text("clusterId")}/replicas/${q.name}`,
            outputs: {
                uuid: q.uuid(),
                host,
                privateHost: `private-${host}`,
                port: 25060,
                database: "defaultdb",
                user: "doadmin",
                password,
                uri: uri(host),
                privateUri: uri(`private-${host}`),
                storageSizeMib: "10240",
            },
        };
    },
    "digitalocean:index/databaseDb:DatabaseDb": (q) => ({
        id: `${q.text("clusterId")}/database/${q.name}`,
        outputs: {},
    }),
    "digitalocean:index/databaseUser:DatabaseUser": (q) => ({
        id: `${q.text("clusterId")}/user/${q.name}`,
        outputs: {
            password: `AVNS_${q.password(19, "password").replaceAll("-", "_")}`,
            role: "normal",
            accessCert: "",
            accessKey: "",
        },
    }),
    "digitalocean:index/databaseFirewall:DatabaseFirewall": (q) => ({
        id: `${q.text("clusterId")}-${q.digits(26)}`,
        outputs: {},
    }),
    "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": (q) => {
        const host = `pool-${q.hex(8)}.db.ondigitalocean.com`;
        const password = `AVNS_${q.password(19, "password").replaceAll("-", "_")}`;
        const uri = (at: string): string =>
            `postgres://${q.text("user", "doadmin")}:${password}@${at}:25061/${q.name}?sslmode=require`;
        return {
            id: `${q.text("clusterId")}/${q.name}`,
            outputs: {
                host,
                privateHost: `private-${host}`,
                port: 25061,
                password,
                uri: uri(host),
                privateUri: uri(`private-${host}`),
            },
        };
    },
    "digitalocean:index/spacesBucket:SpacesBucket": (q) => {
        const region = q.text("region", "nyc3");
        return {
            id: q.name,
            outputs: {
                bucketUrn: `do:space:${q.name}`,
                bucketDomainName: `${q.name}.${region}.digitaloceanspaces.com`,
                endpoint: `${region}.digitaloceanspaces.com`,
            },
        };
    },
    "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration": (q) => ({
        id: q.text("bucket"),
        outputs: {},
    }),
    "digitalocean:index/spacesKey:SpacesKey": (q) => {
        const accessKey = `DO00${q.capitals(16)}`;
        return { id: accessKey, outputs: { accessKey, secretKey: q.password(43, "secret") } };
    },
    "digitalocean:index/cdn:Cdn": identified((q) => ({
        endpoint: q.text("origin").replace(".digitaloceanspaces", ".cdn.digitaloceanspaces"),
    })),
    "digitalocean:index/certificate:Certificate": (q) => ({
        id: q.name,
        outputs: { uuid: q.uuid(), state: "verified", sha1Fingerprint: q.hex(40), notAfter: "2027-02-19T08:00:00Z" },
    }),
    "digitalocean:index/domain:Domain": (q) => ({
        id: q.name,
        outputs: { domainUrn: `do:domain:${q.name}`, ttl: 1800 },
    }),
    "digitalocean:index/dnsRecord:DnsRecord": (q) => ({
        id: q.digits(10),
        outputs: { fqdn: q.name === "@" ? q.text("domain") : `${q.name}.${q.text("domain")}`, ttl: 1800 },
    }),
    "digitalocean:index/containerRegistry:ContainerRegistry": (q) => ({
        id: q.name,
        outputs: {
            endpoint: `registry.digitalocean.com/${q.name}`,
            serverUrl: "registry.digitalocean.com",
            region: q.text("region", "fra1"),
        },
    }),
    "digitalocean:index/monitorAlert:MonitorAlert": (q) => {
        const uuid = q.uuid();
        return { id: uuid, outputs: { uuid } };
    },
    "digitalocean:index/uptimeCheck:UptimeCheck": identified(),
    "digitalocean:index/uptimeAlert:UptimeAlert": identified(),
};
