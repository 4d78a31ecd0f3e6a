// What a real cloud refuses to delete, and why. Each line says which resources of a stack hold another; what this does not
// know (objects in buckets, images, records of others, what Kubernetes made) is listed in docs/lab/provider-recording.md.
import type { PlainMap, PlainValue } from "../provider-host/index.ts";

export interface Subject {
    readonly type: string;
    readonly id: string;
    readonly urn: string;
    readonly inputs: PlainMap;
    readonly outputs: PlainMap;
}

/** What is read of everything else that exists. */
export interface Existing {
    readonly type: string;
    readonly id: string;
    readonly urn: string;
    readonly inputs: object;
}

/** @returns why it cannot be deleted, in the words of the cloud; undefined: it can */
export function refusal(subject: Subject, existing: readonly Existing[]): string | undefined {
    // Google's provider: nothing is asked of the cloud, or it never is.
    const policy = subject.inputs["deletionPolicy"];
    if (policy === "ABANDON") {
        return undefined;
    }
    if (policy === "PREVENT") {
        return `${subject.id} cannot be deleted: deletionPolicy is PREVENT. ${switchedOff}`;
    }
    return protectedBy(subject) ?? heldBy(subject, existing);
}

interface Protection {
    readonly when: (inputs: PlainMap) => boolean;
    readonly reason: string;
}

const switchedOff = "Fix: switch it off, `pulumi up`, then delete.";

const protections: Readonly<Record<string, readonly Protection[]>> = {
    "gcp:sql/databaseInstance:DatabaseInstance": [
        {
            when: unlessFalse("deletionProtection"),
            reason: `deletionProtection is on, which it is unless set to false. ${switchedOff}`,
        },
        {
            when: isTrue("settings.deletionProtectionEnabled"),
            reason: `The instance is protected (settings.deletionProtectionEnabled). ${switchedOff}`,
        },
    ],
    "gcp:container/cluster:Cluster": [
        {
            when: unlessFalse("deletionProtection"),
            reason: `deletionProtection is on, which it is unless set to false. ${switchedOff}`,
        },
    ],
    "gcp:redis/instance:Instance": [
        {
            when: unlessFalse("deletionProtection"),
            reason: `deletionProtection is on, which it is unless set to false. ${switchedOff}`,
        },
    ],
    "aws:rds/instance:Instance": [
        {
            when: isTrue("deletionProtection"),
            reason: `Cannot delete protected DB Instance, please disable deletion protection and try again. ${switchedOff}`,
        },
        {
            when: (inputs) =>
                at(inputs, "skipFinalSnapshot") !== true && at(inputs, "finalSnapshotIdentifier") === undefined,
            reason: "finalSnapshotIdentifier is required when skipFinalSnapshot is false. Fix: set either, `pulumi up`, then delete.",
        },
    ],
    "aws:eks/cluster:Cluster": [
        { when: isTrue("deletionProtection"), reason: `Cluster has deletion protection enabled. ${switchedOff}` },
    ],
    "aws:cloudwatch/logGroup:LogGroup": [
        {
            when: isTrue("deletionProtectionEnabled"),
            reason: `The log group has deletion protection enabled. ${switchedOff}`,
        },
    ],
};

function isTrue(path: string): Protection["when"] {
    return (inputs) => at(inputs, path) === true;
}

function unlessFalse(path: string): Protection["when"] {
    return (inputs) => at(inputs, path) !== false;
}

function protectedBy({ type, id, inputs }: Subject): string | undefined {
    const found = protections[type]?.find(({ when }) => when(inputs));
    return found === undefined ? undefined : `${id} cannot be deleted: ${found.reason}`;
}

interface Hold {
    /** What cannot be deleted... */
    readonly held: string;
    /** ... while one of these is there, ... */
    readonly by: string;
    /** ... and names it in one of these inputs. */
    readonly in: readonly string[];
    /** What the input names. @default the id, the name or the link of what is held */
    readonly of?: (subject: Subject) => readonly (PlainValue | undefined)[];
    /** Not when this holds of the holder. */
    readonly unless?: (inputs: PlainMap) => boolean;
}

const gcpNetwork = "gcp:compute/network:Network";
const gcpConnection = "gcp:servicenetworking/connection:Connection";
const awsSubnet = "aws:ec2/subnet:Subnet";
const awsSecurityGroup = "aws:ec2/securityGroup:SecurityGroup";
const distribution = "aws:cloudfront/distribution:Distribution";
const doVpc = "digitalocean:index/vpc:Vpc";

const holds: readonly Hold[] = [
    ...[
        "gcp:compute/subnetwork:Subnetwork",
        "gcp:compute/router:Router",
        "gcp:compute/globalAddress:GlobalAddress",
        "gcp:redis/instance:Instance",
        "gcp:container/cluster:Cluster",
        gcpConnection,
    ].map((by): Hold => ({ held: gcpNetwork, by, in: ["network", "authorizedNetwork"] })),
    { held: "gcp:compute/subnetwork:Subnetwork", by: "gcp:container/cluster:Cluster", in: ["subnetwork"] },
    { held: "gcp:compute/router:Router", by: "gcp:compute/routerNat:RouterNat", in: ["router"] },
    // Producers go on using the peering for as long as they exist.
    {
        held: gcpConnection,
        by: "gcp:sql/databaseInstance:DatabaseInstance",
        in: ["settings.ipConfiguration.privateNetwork"],
        of: ({ inputs }) => [inputs["network"]],
    },
    {
        held: gcpConnection,
        by: "gcp:redis/instance:Instance",
        in: ["authorizedNetwork"],
        of: ({ inputs }) => [inputs["network"]],
        unless: (inputs) => inputs["connectMode"] !== "PRIVATE_SERVICE_ACCESS",
    },
    { held: "gcp:compute/globalAddress:GlobalAddress", by: gcpConnection, in: ["reservedPeeringRanges"] },
    {
        held: "gcp:compute/globalAddress:GlobalAddress",
        by: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        in: ["ipAddress"],
        of: addresses,
    },
    {
        held: "gcp:compute/backendBucket:BackendBucket",
        by: "gcp:compute/uRLMap:URLMap",
        in: ["defaultService", "pathMatchers.defaultService"],
    },
    { held: "gcp:compute/uRLMap:URLMap", by: "gcp:compute/targetHttpsProxy:TargetHttpsProxy", in: ["urlMap"] },
    { held: "gcp:compute/uRLMap:URLMap", by: "gcp:compute/targetHttpProxy:TargetHttpProxy", in: ["urlMap"] },
    {
        held: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
        by: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        in: ["target"],
    },
    {
        held: "gcp:compute/targetHttpProxy:TargetHttpProxy",
        by: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        in: ["target"],
    },
    { held: "gcp:compute/sSLPolicy:SSLPolicy", by: "gcp:compute/targetHttpsProxy:TargetHttpsProxy", in: ["sslPolicy"] },
    {
        held: "gcp:certificatemanager/certificate:Certificate",
        by: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
        in: ["certificates"],
    },
    {
        held: "gcp:certificatemanager/certificateMap:CertificateMap",
        by: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
        in: ["map"],
    },
    {
        held: "gcp:certificatemanager/certificateMap:CertificateMap",
        by: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
        in: ["certificateMap"],
    },
    {
        held: "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
        by: "gcp:certificatemanager/certificate:Certificate",
        in: ["managed.dnsAuthorizations"],
    },
    {
        held: "gcp:dns/managedZone:ManagedZone",
        by: "gcp:dns/recordSet:RecordSet",
        in: ["managedZone"],
    },
    ...[
        "subnet:Subnet",
        "internetGateway:InternetGateway",
        "securityGroup:SecurityGroup",
        "routeTable:RouteTable",
        "vpcEndpoint:VpcEndpoint",
    ].map((by): Hold => ({ held: "aws:ec2/vpc:Vpc", by: `aws:ec2/${by}`, in: ["vpcId"] })),
    { held: awsSubnet, by: "aws:ec2/natGateway:NatGateway", in: ["subnetId"] },
    { held: awsSubnet, by: "aws:ec2/vpcEndpoint:VpcEndpoint", in: ["subnetIds"] },
    { held: awsSubnet, by: "aws:eks/cluster:Cluster", in: ["vpcConfig.subnetIds"] },
    { held: awsSubnet, by: "aws:eks/nodeGroup:NodeGroup", in: ["subnetIds"] },
    { held: awsSubnet, by: "aws:rds/subnetGroup:SubnetGroup", in: ["subnetIds"] },
    { held: awsSubnet, by: "aws:elasticache/subnetGroup:SubnetGroup", in: ["subnetIds"] },
    {
        held: "aws:ec2/routeTable:RouteTable",
        by: "aws:ec2/routeTableAssociation:RouteTableAssociation",
        in: ["routeTableId"],
    },
    { held: "aws:ec2/eip:Eip", by: "aws:ec2/natGateway:NatGateway", in: ["allocationId"] },
    { held: awsSecurityGroup, by: "aws:rds/instance:Instance", in: ["vpcSecurityGroupIds"] },
    { held: awsSecurityGroup, by: "aws:elasticache/replicationGroup:ReplicationGroup", in: ["securityGroupIds"] },
    { held: awsSecurityGroup, by: "aws:eks/cluster:Cluster", in: ["vpcConfig.securityGroupIds"] },
    { held: awsSecurityGroup, by: "aws:ec2/vpcEndpoint:VpcEndpoint", in: ["securityGroupIds"] },
    {
        held: awsSecurityGroup,
        by: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        in: ["referencedSecurityGroupId"],
    },
    { held: "aws:eks/cluster:Cluster", by: "aws:eks/nodeGroup:NodeGroup", in: ["clusterName"] },
    { held: "aws:rds/subnetGroup:SubnetGroup", by: "aws:rds/instance:Instance", in: ["dbSubnetGroupName"] },
    { held: "aws:rds/parameterGroup:ParameterGroup", by: "aws:rds/instance:Instance", in: ["parameterGroupName"] },
    {
        held: "aws:elasticache/subnetGroup:SubnetGroup",
        by: "aws:elasticache/replicationGroup:ReplicationGroup",
        in: ["subnetGroupName"],
    },
    {
        held: "aws:elasticache/parameterGroup:ParameterGroup",
        by: "aws:elasticache/replicationGroup:ReplicationGroup",
        in: ["parameterGroupName"],
    },
    { held: "aws:iam/role:Role", by: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", in: ["role"] },
    { held: "aws:iam/role:Role", by: "aws:iam/rolePolicy:RolePolicy", in: ["role"] },
    { held: "aws:iam/user:User", by: "aws:iam/accessKey:AccessKey", in: ["user"] },
    { held: "aws:iam/user:User", by: "aws:iam/userPolicy:UserPolicy", in: ["user"] },
    {
        held: "aws:cloudfront/originAccessControl:OriginAccessControl",
        by: distribution,
        in: ["origins.originAccessControlId"],
    },
    {
        held: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        by: distribution,
        in: ["defaultCacheBehavior.responseHeadersPolicyId", "orderedCacheBehaviors.responseHeadersPolicyId"],
    },
    { held: "aws:acm/certificate:Certificate", by: distribution, in: ["viewerCertificate.acmCertificateArn"] },
    { held: "aws:route53/zone:Zone", by: "aws:route53/record:Record", in: ["zoneId"] },
    { held: doVpc, by: "digitalocean:index/kubernetesCluster:KubernetesCluster", in: ["vpcUuid"] },
    { held: doVpc, by: "digitalocean:index/databaseCluster:DatabaseCluster", in: ["privateNetworkUuid"] },
    { held: "digitalocean:index/certificate:Certificate", by: "digitalocean:index/cdn:Cdn", in: ["certificateName"] },
];

function addresses({ outputs }: Subject): (PlainValue | undefined)[] {
    return [outputs["address"], outputs["id"], outputs["selfLink"]];
}

function heldBy(subject: Subject, existing: readonly Existing[]): string | undefined {
    const { type, id } = subject;
    // A zone takes its records along.
    if (subject.inputs["forceDestroy"] === true) {
        return undefined;
    }
    for (const hold of holds.filter(({ held }) => held === type)) {
        const names = new Set(
            (hold.of ?? identitiesOf)(subject)
                .map(canonical)
                .filter((name) => name !== ""),
        );
        const holder = existing.find((other) => {
            const inputs = other.inputs as PlainMap;
            return (
                other.type === hold.by &&
                hold.unless?.(inputs) !== true &&
                hold.in.flatMap((path) => allAt(inputs, path.split("."))).some((value) => names.has(canonical(value)))
            );
        });
        if (holder !== undefined) {
            const kind = hold.by.split(":").at(-1)!;
            return `${id} cannot be deleted: ${kind} ${holder.id} (${holder.urn.split("::").at(-1)!}) still uses it. Fix: make that depend on this, so that it goes first.`;
        }
    }
    return undefined;
}

/** As others name a thing: by its id, name, link or ARN. */
function identitiesOf({ id, inputs, outputs }: Subject): (PlainValue | undefined)[] {
    return [
        id,
        inputs["name"],
        outputs["name"],
        outputs["selfLink"],
        outputs["arn"],
        outputs["zoneId"],
        outputs["uuid"],
    ];
}

/** `https://www.googleapis.com/compute/v1/projects/P/...` and `projects/P/...` are one. */
function canonical(name: PlainValue | undefined): string {
    return typeof name === "string" ? name.replace(/^https:\/\/[a-z]+\.googleapis\.com\/(compute\/)?v1\//, "") : "";
}

function at(inputs: PlainMap, path: string): PlainValue | undefined {
    return allAt(inputs, path.split("."))[0];
}

/** Every value at a path that goes through lists. */
function allAt(value: PlainValue | undefined, path: readonly string[]): PlainValue[] {
    if (Array.isArray(value)) {
        return value.flatMap((element) => allAt(element, path));
    }
    const [first, ...rest] = path;
    if (first === undefined) {
        return value === undefined || value === null ? [] : [value];
    }
    return typeof value === "object" && value !== null ? allAt(value[first], rest) : [];
}
