// At the clouds: what of a type is open by the catalogue, firewalls, addresses that reach a cluster's API, encryption.
import { resourceType, takesInEveryone } from "../../../lib/catalogue/index.ts";
import type { PlanView } from "../../../policy/plan-view.ts";
import { SecretValue, UnknownValue, type PolicyResource } from "../../../policy/resource.ts";
import { inputOf } from "../../../policy/setting.ts";
import { words } from "../words.ts";
import { opens, portWords, protects, protectsItself, type Fact } from "./fact.ts";

export function cloudFacts(view: PlanView): Fact[] {
    const closings = new Set(
        view.resources.flatMap(({ type, props }) => resourceType(type, props)?.closedBy?.type ?? []),
    );
    return view.resources.flatMap((resource) => [
        ...openings(resource),
        ...(closings.has(resource.type) || guards(resource)
            ? [protects(resource, words`${resource.name} (${kindOf(resource)}) closes what is open without it`, true)]
            : []),
        ...firewall(resource),
        ...apiRanges(resource),
        ...switches.flatMap((row) => switched(row, resource)),
    ]);
}

function kindOf({ type }: PolicyResource): string {
    return type.split(":").at(-1)!;
}

function openings(resource: PolicyResource): Fact[] {
    const { openings: all = [], guards: guarded } = resourceType(resource.type, resource.props) ?? {};
    return all
        .filter(({ path, byDefault, isOpen }) => {
            const given = inputOf(resource, path);
            return !isHidden(given) && isOpen(given ?? byDefault);
        })
        .map(({ path, allowed }) => {
            const what = guarded === undefined ? resource.name : `${resource.name}, which guards a ${guarded}`;
            return opens(resource, words`${what} is public by ${path} (allowed: ${allowed})`, true);
        });
}

/** What refuses access to a bucket or a database when it is there. */
function guards({ type }: PolicyResource): boolean {
    return /:(BucketPublicAccessBlock|DatabaseFirewall|WebAcl|SecurityPolicy)$/.test(type);
}

interface Let {
    readonly sources: readonly unknown[];
    readonly from?: unknown;
    readonly to?: unknown;
}

/** The rules of a firewall, in whatever words a cloud has them. */
function firewall(resource: PolicyResource): Fact[] {
    return letIn(resource).flatMap(({ sources, from, to }) =>
        sources
            .filter((source): source is string => typeof source === "string")
            .map((source) =>
                opens(
                    resource,
                    words`${source} may come in by ${resource.name} at ${portWords(from, to)}`,
                    takesInEveryone([source]),
                ),
            ),
    );
}

function letIn({ type, props }: PolicyResource): readonly Let[] {
    switch (type) {
        case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
            return [
                {
                    sources: [
                        props["cidrIpv4"],
                        props["cidrIpv6"],
                        props["referencedSecurityGroupId"],
                        props["prefixListId"],
                    ],
                    from: props["fromPort"],
                    to: props["toPort"],
                },
            ];
        case "aws:ec2/securityGroup:SecurityGroup":
        case "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":
            return maps(props["ingress"]).map((rule) => ({
                sources: [
                    ...list(rule["cidrBlocks"]),
                    ...list(rule["ipv6CidrBlocks"]),
                    ...list(rule["securityGroups"]),
                ],
                from: rule["fromPort"],
                to: rule["toPort"],
            }));
        case "gcp:compute/firewall:Firewall":
            return maps(props["allows"]).flatMap((rule) => {
                const sources = list(props["sourceRanges"]);
                const ports = list(rule["ports"]);
                return ports.length === 0 ? [{ sources }] : ports.map((port) => ({ sources, from: port }));
            });
        case "digitalocean:index/firewall:Firewall":
            return maps(props["inboundRules"]).map((rule) => ({
                sources: list(rule["sourceAddresses"]),
                from: rule["portRange"],
            }));
        case "digitalocean:index/databaseFirewall:DatabaseFirewall":
            return maps(props["rules"]).map((rule) => ({ sources: [rule["value"]] }));
        case "gcp:sql/databaseInstance:DatabaseInstance": {
            const networks = maps(valueAt(props, "settings.ipConfiguration.authorizedNetworks"));
            return networks.map((network) => ({ sources: [network["value"]], from: 5432 }));
        }
        default:
            return [];
    }
}

/** Whence a cluster's API is reached. */
function apiRanges(resource: PolicyResource): Fact[] {
    const { type, props } = resource;
    const ranges: readonly unknown[] =
        type === "gcp:container/cluster:Cluster"
            ? maps(valueAt(props, "masterAuthorizedNetworksConfig.cidrBlocks")).map((block) => block["cidrBlock"])
            : type === "aws:eks/cluster:Cluster" && valueAt(props, "vpcConfig.endpointPublicAccess") === true
              ? list(valueAt(props, "vpcConfig.publicAccessCidrs") ?? ["0.0.0.0/0"])
              : type === "digitalocean:index/kubernetesCluster:KubernetesCluster"
                ? list(valueAt(props, "controlPlaneFirewall.allowedAddresses"))
                : [];
    return ranges
        .filter((range) => typeof range === "string")
        .map((range) =>
            opens(resource, words`${range} may call the API of the cluster ${resource.name}`, takesInEveryone([range])),
        );
}

/** An input that protects while it has such a value. */
interface Switch {
    readonly type: string;
    readonly path: string;
    readonly says: string;
    /** @default it is true */
    readonly isOn?: (value: unknown) => boolean;
}

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

const switches: readonly Switch[] = [
    {
        type: "gcp:sql/databaseInstance:DatabaseInstance",
        path: "settings.ipConfiguration.sslMode",
        says: "takes connections by TLS alone",
        isOn: (value) => typeof value === "string" && value !== "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
    },
    {
        type: "gcp:redis/instance:Instance",
        path: "transitEncryptionMode",
        says: "takes connections by TLS alone",
        isOn: (value) => value === "SERVER_AUTHENTICATION",
    },
    { type: "gcp:redis/instance:Instance", path: "authEnabled", says: "asks for a password" },
    {
        type: "aws:elasticache/replicationGroup:ReplicationGroup",
        path: "transitEncryptionEnabled",
        says: "takes connections by TLS alone",
    },
    {
        type: "aws:elasticache/replicationGroup:ReplicationGroup",
        path: "atRestEncryptionEnabled",
        says: "is encrypted",
    },
    { type: "aws:rds/instance:Instance", path: "storageEncrypted", says: "is encrypted" },
    { type: "aws:eks/cluster:Cluster", path: "encryptionConfig", says: "encrypts its Secrets", isOn: given },
    {
        type: "gcp:container/cluster:Cluster",
        path: "databaseEncryption.keyName",
        says: "encrypts its Secrets",
        isOn: given,
    },
    {
        type: "gcp:container/cluster:Cluster",
        path: "privateClusterConfig.enablePrivateNodes",
        says: "has nodes without public addresses",
    },
    {
        type: "gcp:compute/sSLPolicy:SSLPolicy",
        path: "minTlsVersion",
        says: "takes TLS 1.2 and newer alone",
        isOn: (value) => value === "TLS_1_2" || value === "TLS_1_3",
    },
    {
        type: "aws:ecr/repository:Repository",
        path: "imageTagMutability",
        says: "never changes what a tag names",
        isOn: (value) => typeof value === "string" && value.startsWith("IMMUTABLE"),
    },
    {
        type: "gcp:artifactregistry/repository:Repository",
        path: "dockerConfig.immutableTags",
        says: "never changes what a tag names",
    },
];

function switched({ type, path, says, isOn = (value) => value === true }: Switch, resource: PolicyResource): Fact[] {
    return resource.type === type && isOn(inputOf(resource, path))
        ? [protectsItself(resource, words`${resource.name} ${[says]} (${path})`)]
        : [];
}

function isHidden(value: unknown): boolean {
    return value instanceof SecretValue || value instanceof UnknownValue;
}

function valueAt(value: unknown, path: string): unknown {
    return path
        .split(".")
        .reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], value);
}

function list(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : [];
}

function maps(value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> {
    return list(value).filter(
        (one): one is Readonly<Record<string, unknown>> => typeof one === "object" && one !== null,
    );
}
