// Google Cloud. Ids are the import formats of the Terraform provider, self links those of each API.
import { recordedAuthority, recordedAuthorityBase64 } from "./certificate.ts";
import type { Answer, AnswerTable, Question } from "./question.ts";

const computeLink = "https://www.googleapis.com/compute/v1/";

function project(q: Question): string {
    return q.text("project", q.account.id);
}

function region(q: Question): string {
    return lastOf(q.text("region", q.account.region));
}

/** `projects/P/global/networks/N` or a link to it: N */
function lastOf(reference: string): string {
    return reference.split("/").at(-1)!;
}

const globalCompute =
    (collection: string, more: (q: Question) => Answer["outputs"] = () => ({})) =>
    (q: Question): Answer => {
        const id = `projects/${project(q)}/global/${collection}/${q.name}`;
        return { id, outputs: { project: project(q), selfLink: computeLink + id, ...more(q) } };
    };

const regionalCompute =
    (collection: string, more: (q: Question) => Answer["outputs"] = () => ({})) =>
    (q: Question): Answer => {
        const id = `projects/${project(q)}/regions/${region(q)}/${collection}/${q.name}`;
        return { id, outputs: { project: project(q), region: region(q), selfLink: computeLink + id, ...more(q) } };
    };

/** Of an API whose resources are below a location. */
const located =
    (
        collection: string,
        options: {
            name?: string;
            place?: (q: Question) => string;
            more?: (q: Question, id: string) => Answer["outputs"];
        } = {},
    ) =>
    (q: Question): Answer => {
        const place = options.place?.(q) ?? q.text("location", "global");
        const id = `projects/${project(q)}/locations/${place}/${collection}/${q.text(options.name ?? "name", q.resourceName)}`;
        return { id, outputs: { project: project(q), ...options.more?.(q, id) } };
    };

const member =
    (resource: (q: Question) => string) =>
    (q: Question): Answer => ({
        id: `${resource(q)}/${q.text("role")}/${q.text("member")}`,
        outputs: { etag: q.hex(12) },
    });

/** Their names are ids. */
const monitoring =
    (collection: string) =>
    (q: Question): Answer => {
        const name = `projects/${project(q)}/${collection}/${q.digits(19)}`;
        return { id: name, outputs: { name, project: project(q) } };
    };

export const gcpOutputs: AnswerTable = {
    "gcp:compute/network:Network": globalCompute("networks", (q) => ({
        networkId: q.digits(19),
        numericId: q.digits(19),
        gatewayIpv4: "",
        routingMode: "REGIONAL",
        mtu: 1460,
    })),
    "gcp:compute/subnetwork:Subnetwork": regionalCompute("subnetworks", (q) => ({
        gatewayAddress: q.text("ipCidrRange").replace(/\d+\/\d+$/, "1"),
        subnetworkId: Number(q.digits(15)),
        fingerprint: q.hex(11),
        purpose: "PRIVATE",
        stackType: "IPV4_ONLY",
        privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
    })),
    "gcp:compute/router:Router": regionalCompute("routers"),
    "gcp:compute/routerNat:RouterNat": (q) => ({
        id: `${project(q)}/${region(q)}/${lastOf(q.text("router"))}/${q.name}`,
        outputs: { project: project(q), region: region(q) },
    }),
    "gcp:compute/address:Address": regionalCompute("addresses", (q) => ({
        address: q.publicAddress(),
        networkTier: "PREMIUM",
    })),
    "gcp:compute/globalAddress:GlobalAddress": globalCompute("addresses", (q) => ({
        address:
            q.text("purpose") === "VPC_PEERING" ? q.privateAddress("10.64").replace(/\.\d+$/, ".0") : q.publicAddress(),
        labelFingerprint: q.hex(11),
    })),
    "gcp:compute/backendBucket:BackendBucket": globalCompute("backendBuckets"),
    "gcp:compute/uRLMap:URLMap": globalCompute("urlMaps", (q) => ({
        mapId: Number(q.digits(15)),
        fingerprint: q.hex(11),
    })),
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": globalCompute("targetHttpsProxies", (q) => ({
        proxyId: Number(q.digits(15)),
    })),
    "gcp:compute/targetHttpProxy:TargetHttpProxy": globalCompute("targetHttpProxies", (q) => ({
        proxyId: Number(q.digits(15)),
    })),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": globalCompute("forwardingRules", (q) => ({
        forwardingRuleId: Number(q.digits(15)),
        ipAddress: q.publicAddress(),
        ipProtocol: "TCP",
    })),
    "gcp:compute/sSLPolicy:SSLPolicy": globalCompute("sslPolicies", (q) => ({ fingerprint: q.hex(11) })),
    "gcp:compute/securityPolicy:SecurityPolicy": globalCompute("securityPolicies", (q) => ({
        fingerprint: q.hex(11),
    })),
    "gcp:servicenetworking/connection:Connection": (q) => ({
        id: `${encodeURIComponent(q.text("network"))}:${q.text("service")}`,
        outputs: { peering: q.text("service").replaceAll(".", "-").replace(/-com$/, "-com") },
    }),
    "gcp:container/cluster:Cluster": (q) => {
        const location = q.text("location", q.account.region);
        const id = `projects/${project(q)}/locations/${location}/clusters/${q.name}`;
        const version = q.text("minMasterVersion", "1.34.1-gke.3355000");
        return {
            id,
            outputs: {
                project: project(q),
                location,
                selfLink: `https://container.googleapis.com/v1/${id}`,
                endpoint: q.publicAddress(),
                masterVersion: version,
                nodeVersion: version,
                labelFingerprint: q.hex(8),
                servicesIpv4Cidr: "10.2.0.0/20",
                clusterIpv4Cidr: "10.1.0.0/16",
                // Two levels: what the program gives of it stays.
                masterAuth: {
                    clientCertificateConfig: { issueClientCertificate: false },
                    clusterCaCertificate: recordedAuthorityBase64,
                    clientCertificate: "",
                    clientKey: "",
                },
                controlPlaneEndpointsConfig: {
                    dnsEndpointConfig: {
                        endpoint: `gke-${q.hex(36)}.${location}.gke.goog`,
                        allowExternalTraffic: false,
                    },
                    ipEndpointsConfig: { enabled: true },
                },
                privateClusterConfig: {
                    privateEndpoint: q.privateAddress("10.0"),
                    publicEndpoint: q.publicAddress(),
                    peeringName: "",
                },
            },
        };
    },
    "gcp:container/nodePool:NodePool": (q) => {
        const cluster = q.text("cluster");
        const location = q.text("location", /locations\/([^/]+)/.exec(cluster)?.[1] ?? q.account.region);
        const group = `${computeLink}projects/${project(q)}/zones/${location}-b/instanceGroupManagers/gke-${lastOf(cluster)}-${q.name}-${q.hex(8)}-grp`;
        return {
            id: `projects/${project(q)}/locations/${location}/clusters/${lastOf(cluster)}/nodePools/${q.name}`,
            outputs: {
                project: project(q),
                location,
                version: "1.34.1-gke.3355000",
                instanceGroupUrls: [group],
                managedInstanceGroupUrls: [group.replace("instanceGroupManagers", "instanceGroups")],
            },
        };
    },
    "gcp:kms/keyRing:KeyRing": located("keyRings"),
    "gcp:kms/cryptoKey:CryptoKey": (q) => ({
        id: `${q.text("keyRing")}/cryptoKeys/${q.name}`,
        outputs: { destroyScheduledDuration: "2592000s" },
    }),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": member((q) => q.text("cryptoKeyId")),
    "gcp:sql/databaseInstance:DatabaseInstance": (q) => {
        const hasPublic = q.at("settings.ipConfiguration.ipv4Enabled") !== false;
        const hasPrivate = q.text("settings.ipConfiguration.privateNetwork") !== "";
        const addresses = [
            ...(hasPublic ? [{ type: "PRIMARY", ipAddress: q.publicAddress(), timeToRetire: "" }] : []),
            ...(hasPrivate ? [{ type: "PRIVATE", ipAddress: q.privateAddress("10.64"), timeToRetire: "" }] : []),
        ];
        return {
            id: q.name,
            outputs: {
                project: project(q),
                region: region(q),
                selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/projects/${project(q)}/instances/${q.name}`,
                connectionName: `${project(q)}:${region(q)}:${q.name}`,
                ipAddresses: addresses,
                firstIpAddress: addresses[0]?.ipAddress ?? "",
                publicIpAddress: hasPublic ? q.publicAddress() : "",
                privateIpAddress: hasPrivate ? q.privateAddress("10.64") : "",
                serviceAccountEmailAddress: `p${q.digits(12)}-${q.hex(6)}@gcp-sa-cloud-sql.iam.gserviceaccount.com`,
                instanceType: "CLOUD_SQL_INSTANCE",
                serverCaCerts: [
                    {
                        cert: recordedAuthority,
                        commonName: `C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA,dnQualifier=${q.uuid()}`,
                        createTime: "2026-11-21T08:00:00Z",
                        expirationTime: "2036-11-18T08:01:00Z",
                        sha1Fingerprint: q.hex(40),
                    },
                ],
            },
        };
    },
    "gcp:sql/database:Database": (q) => ({
        id: `projects/${project(q)}/instances/${q.text("instance")}/databases/${q.name}`,
        outputs: {
            project: project(q),
            selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/projects/${project(q)}/instances/${q.text("instance")}/databases/${q.name}`,
        },
    }),
    "gcp:sql/user:User": (q) => ({
        id: `${q.name}/${q.text("host")}/${q.text("instance")}`,
        outputs: { project: project(q) },
    }),
    "gcp:redis/instance:Instance": (q) => {
        const tls = q.text("transitEncryptionMode") === "SERVER_AUTHENTICATION";
        const host = q.privateAddress("10.64");
        const reads = q.text("readReplicasMode") === "READ_REPLICAS_ENABLED";
        return {
            id: `projects/${project(q)}/locations/${region(q)}/instances/${q.name}`,
            outputs: {
                project: project(q),
                region: region(q),
                host,
                port: tls ? 6378 : 6379,
                readEndpoint: reads ? q.privateAddress("10.64", "read") : "",
                readEndpointPort: reads ? (tls ? 6378 : 6379) : 0,
                authString: q.isTrue("authEnabled") ? q.uuid("auth") : "",
                currentLocationId: q.text("locationId", `${region(q)}-b`),
                persistenceIamIdentity: `serviceAccount:service-${q.digits(12)}@cloud-redis.iam.gserviceaccount.com`,
                nodes: Array.from({ length: q.number("replicaCount", 0) + 1 }, (_, index) => ({
                    id: `node-${index}`,
                    zone: `${region(q)}-${"bcd"[index] ?? "b"}`,
                })),
                serverCaCerts: tls
                    ? [
                          {
                              cert: recordedAuthority,
                              serialNumber: "",
                              createTime: "2026-11-21T08:00:00Z",
                              expireTime: "2036-11-18T08:01:00Z",
                              sha1Fingerprint: q.hex(40),
                          },
                      ]
                    : [],
            },
        };
    },
    "gcp:storage/bucket:Bucket": (q) => ({
        id: q.name,
        outputs: {
            project: project(q),
            url: `gs://${q.name}`,
            selfLink: `https://www.googleapis.com/storage/v1/b/${q.name}`,
            projectNumber: Number(q.digits(12)),
        },
    }),
    "gcp:storage/bucketIAMMember:BucketIAMMember": member((q) => `b/${q.text("bucket")}`),
    "gcp:storage/hmacKey:HmacKey": (q) => {
        const accessId = `GOOG1E${q.capitals(55)}`;
        return {
            id: `projects/${project(q)}/hmacKeys/${accessId}`,
            outputs: { project: project(q), accessId, secret: q.password(40, "secret"), state: "ACTIVE" },
        };
    },
    "gcp:serviceaccount/account:Account": (q) => {
        const email = `${q.text("accountId", q.resourceName)}@${project(q)}.iam.gserviceaccount.com`;
        const id = `projects/${project(q)}/serviceAccounts/${email}`;
        return {
            id,
            outputs: {
                project: project(q),
                email,
                name: id,
                member: `serviceAccount:${email}`,
                uniqueId: q.digits(21),
            },
        };
    },
    "gcp:serviceaccount/iAMMember:IAMMember": member((q) => q.text("serviceAccountId")),
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": (q) => {
        const path = `locations/global/workloadIdentityPools/${q.text("workloadIdentityPoolId")}`;
        return {
            id: `projects/${project(q)}/${path}`,
            outputs: { project: project(q), name: `projects/${q.digits(12)}/${path}`, state: "ACTIVE" },
        };
    },
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": (q) => {
        const pool = q.text("workloadIdentityPoolId");
        const path = `locations/global/workloadIdentityPools/${pool}/providers/${q.text("workloadIdentityPoolProviderId")}`;
        return {
            id: `projects/${project(q)}/${path}`,
            outputs: { project: project(q), name: `projects/${q.digits(12)}/${path}`, state: "ACTIVE" },
        };
    },
    "gcp:projects/service:Service": (q) => ({
        id: `${project(q)}/${q.text("service")}`,
        outputs: { project: project(q) },
    }),
    "gcp:projects/serviceIdentity:ServiceIdentity": (q) => {
        const email = `service-${q.digits(12)}@gcp-sa-${q.text("service").split(".")[0]!}.iam.gserviceaccount.com`;
        return {
            id: `projects/${project(q)}/services/${q.text("service")}`,
            outputs: { project: project(q), email, member: `serviceAccount:${email}` },
        };
    },
    "gcp:projects/iAMMember:IAMMember": member(project),
    "gcp:dns/managedZone:ManagedZone": (q) => ({
        id: `projects/${project(q)}/managedZones/${q.name}`,
        outputs: {
            project: project(q),
            managedZoneId: q.digits(19),
            nameServers: [1, 2, 3, 4].map((number) => `ns-cloud-c${number}.googledomains.com.`),
        },
    }),
    "gcp:dns/recordSet:RecordSet": (q) => ({
        id: `projects/${project(q)}/managedZones/${q.text("managedZone")}/rrsets/${q.name}/${q.text("type")}`,
        outputs: { project: project(q) },
    }),
    "gcp:certificatemanager/certificate:Certificate": located("certificates", {
        more: (q) => ({ sanDnsnames: q.at("managed.domains") ?? [] }),
    }),
    "gcp:certificatemanager/certificateMap:CertificateMap": located("certificateMaps", { place: () => "global" }),
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": (q) => ({
        id: `projects/${project(q)}/locations/global/certificateMaps/${lastOf(q.text("map"))}/certificateMapEntries/${q.name}`,
        outputs: { project: project(q), state: "ACTIVE" },
    }),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": located("dnsAuthorizations", {
        more: (q) => ({
            dnsResourceRecords: [
                {
                    name: `_acme-challenge.${q.text("domain")}.`,
                    type: "CNAME",
                    data: `${q.uuid()}.${q.digits(2)}.authorize.certificatemanager.goog.`,
                },
            ],
        }),
    }),
    "gcp:artifactregistry/repository:Repository": located("repositories", {
        name: "repositoryId",
        place: (q) => q.text("location", q.account.region),
        more: (q) => ({
            name: q.text("repositoryId"),
            location: q.text("location", q.account.region),
            registryUri: `${q.text("location", q.account.region)}-docker.pkg.dev/${project(q)}/${q.text("repositoryId")}`,
        }),
    }),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": member(
        (q) =>
            `projects/${project(q)}/locations/${q.text("location", q.account.region)}/repositories/${lastOf(q.text("repository"))}`,
    ),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": located("buckets", {
        name: "bucketId",
        more: (_, id) => ({ name: id, lifecycleState: "ACTIVE" }),
    }),
    "gcp:monitoring/notificationChannel:NotificationChannel": monitoring("notificationChannels"),
    "gcp:monitoring/alertPolicy:AlertPolicy": monitoring("alertPolicies"),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": (q) => {
        const check = `${q.resourceName.replaceAll(".", "-")}-${q.hex(11)}`;
        const name = `projects/${project(q)}/uptimeCheckConfigs/${check}`;
        return { id: name, outputs: { name, uptimeCheckId: check, project: project(q) } };
    },
    "gcp:billing/budget:Budget": (q) => {
        const name = `billingAccounts/${q.text("billingAccount")}/budgets/${q.uuid()}`;
        return { id: name, outputs: { name } };
    },
    "gcp:logging/projectSink:ProjectSink": (q) => ({
        id: `projects/${project(q)}/sinks/${q.name}`,
        outputs: { project: project(q), writerIdentity: "" },
    }),
    "gcp:logging/projectExclusion:ProjectExclusion": (q) => ({
        id: `projects/${project(q)}/exclusions/${q.name}`,
        outputs: { project: project(q) },
    }),
};
