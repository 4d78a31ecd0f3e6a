// Amazon Web Services. ARNs as in the service authorisation reference; ids as EC2 makes them: a prefix and 17 digits.
import { recordedAuthorityBase64 } from "./certificate.ts";
import type { Answer, AnswerTable, Question } from "./question.ts";

type Outputs = Answer["outputs"];

function region(q: Question): string {
    return q.text("region", q.account.region);
}

function arn(q: Question, service: string, resource: string): string {
    return `arn:aws:${service}:${region(q)}:${q.account.id}:${resource}`;
}

/** Of a service without regions. */
function globalArn(q: Question, service: string, resource: string): string {
    return `arn:aws:${service}::${q.account.id}:${resource}`;
}

const ec2 =
    (prefix: string, kind: string, more: (q: Question, id: string) => Outputs = () => ({})) =>
    (q: Question): Answer => {
        const id = `${prefix}-0${q.hex(16)}`;
        return { id, outputs: { arn: arn(q, "ec2", `${kind}/${id}`), region: region(q), ...more(q, id) } };
    };

/** Identified by the name of what it belongs to. */
const partOf =
    (...inputs: string[]) =>
    (q: Question): Answer => ({ id: inputs.map((input) => q.text(input)).join(","), outputs: { region: region(q) } });

const named =
    (service: string, kind: string, more: (q: Question) => Outputs = () => ({})) =>
    (q: Question): Answer => ({
        id: q.name,
        outputs: { arn: arn(q, service, `${kind}${q.name}`), region: region(q), ...more(q) },
    });

const iam =
    (kind: string, prefix: string) =>
    (q: Question): Answer => ({
        id: q.name,
        outputs: {
            arn: globalArn(q, "iam", `${kind}${q.text("path", "/")}${q.name}`),
            uniqueId: `${prefix}${q.capitals(17)}`,
        },
    });

const cloudfront =
    (kind: string, prefix: string) =>
    (q: Question): Answer => {
        const id = prefix === "" ? q.uuid() : `${prefix}${q.capitals(13)}`;
        return {
            id,
            outputs: { arn: globalArn(q, "cloudfront", `${kind}/${id}`), etag: `E${q.capitals(13, "etag")}` },
        };
    };

const bucketPart = (q: Question): Answer => ({ id: q.text("bucket"), outputs: { region: region(q) } });

function rds(q: Question): Answer {
    const identifier = q.text("identifier", `${q.resourceName}-${q.hex(7)}`);
    const address = `${identifier}.${q.hex(12)}.${region(q)}.rds.amazonaws.com`;
    const port = q.number("port", { postgres: 5432, mysql: 3306, mariadb: 3306 }[q.text("engine")] ?? 5432);
    return {
        id: `db-${q.capitals(26)}`,
        outputs: {
            region: region(q),
            identifier,
            address,
            port,
            endpoint: `${address}:${port}`,
            hostedZoneId: "Z1RLNUO7B9Q6NB",
            arn: arn(q, "rds", `db:${identifier}`),
            resourceId: `db-${q.capitals(26)}`,
            status: "available",
            engineVersionActual: q.text("engineVersion"),
            availabilityZone: `${region(q)}a`,
            caCertIdentifier: "rds-ca-rsa2048-g1",
            masterUserSecrets: q.isTrue("manageMasterUserPassword")
                ? [
                      {
                          secretArn: arn(q, "secretsmanager", `secret:rds!db-${q.uuid()}-${q.capitals(6)}`),
                          secretStatus: "active",
                          kmsKeyId: "",
                      },
                  ]
                : [],
        },
    };
}

function replicationGroup(q: Question): Answer {
    const id = q.text("replicationGroupId", q.resourceName).toLowerCase();
    const suffix = `${q.hex(6)}.${region(q).replaceAll(/([a-z])[a-z]*-?/g, "$1")}.cache.amazonaws.com`;
    const sharded = q.number("numNodeGroups", 1) > 1 || q.text("clusterMode") === "enabled";
    const encrypted = q.isTrue("transitEncryptionEnabled");
    const host = (part: string): string =>
        encrypted ? `${part}.${id}.${suffix}` : `${id}${part === "master" ? ".ng.0001" : "-ro"}.${suffix}`;
    const nodes = q.number("numCacheClusters", q.number("replicasPerNodeGroup", 0) + 1);
    return {
        id,
        outputs: {
            region: region(q),
            replicationGroupId: id,
            arn: arn(q, "elasticache", `replicationgroup:${id}`),
            clusterEnabled: sharded,
            primaryEndpointAddress: sharded ? "" : host("master"),
            readerEndpointAddress: sharded ? "" : host("replica"),
            configurationEndpointAddress: sharded ? `clustercfg.${id}.${suffix}` : "",
            engineVersionActual: `${q.text("engineVersion", "8.0")}.0`,
            memberClusters: Array.from({ length: nodes }, (_, index) => `${id}-00${index + 1}`),
        },
    };
}

export const awsOutputs: AnswerTable = {
    "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", (q) => ({
        defaultNetworkAclId: `acl-0${q.hex(16, "acl")}`,
        defaultRouteTableId: `rtb-0${q.hex(16, "rtb")}`,
        mainRouteTableId: `rtb-0${q.hex(16, "rtb")}`,
        defaultSecurityGroupId: `sg-0${q.hex(16, "sg")}`,
        dhcpOptionsId: `dopt-0${q.hex(16, "dopt")}`,
    })),
    "aws:ec2/subnet:Subnet": ec2("subnet", "subnet", (q) => ({
        availabilityZone: `${region(q)}a`,
        availabilityZoneId: "euc1-az2",
    })),
    "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table"),
    "aws:ec2/route:Route": (q) => ({
        id: `r-${q.text("routeTableId")}${q.digits(10)}`,
        outputs: { region: region(q), origin: "CreateRoute", state: "active" },
    }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (q) => ({
        id: `rtbassoc-0${q.hex(16)}`,
        outputs: { region: region(q) },
    }),
    "aws:ec2/natGateway:NatGateway": (q) => ({
        id: `nat-0${q.hex(16)}`,
        outputs: {
            region: region(q),
            associationId: `eipassoc-0${q.hex(16, "association")}`,
            networkInterfaceId: `eni-0${q.hex(16, "interface")}`,
            publicIp: q.publicAddress(),
            privateIp: q.privateAddress(),
        },
    }),
    "aws:ec2/eip:Eip": (q) => ({
        id: `eipalloc-0${q.hex(16)}`,
        outputs: {
            region: region(q),
            allocationId: `eipalloc-0${q.hex(16)}`,
            arn: arn(q, "ec2", `elastic-ip/eipalloc-0${q.hex(16)}`),
            publicIp: q.publicAddress(),
            publicDns: `ec2-${q.publicAddress().replaceAll(".", "-")}.${region(q)}.compute.amazonaws.com`,
            domain: "vpc",
        },
    }),
    "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", (q) => ({
        state: "available",
        prefixListId: `pl-${q.hex(8)}`,
    })),
    "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group", () => ({
        name: "default",
        description: "default VPC security group",
    })),
    "aws:ec2/launchTemplate:LaunchTemplate": ec2("lt", "launch-template", () => ({
        latestVersion: 1,
        defaultVersion: 1,
    })),
    "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule", (_, id) => ({
        securityGroupRuleId: id,
    })),
    "aws:eks/cluster:Cluster": named("eks", "cluster/", (q) => ({
        endpoint: `https://${q.hex(32).toUpperCase()}.gr7.${region(q)}.eks.amazonaws.com`,
        certificateAuthority: { data: recordedAuthorityBase64 },
        identities: [
            { oidcs: [{ issuer: `https://oidc.eks.${region(q)}.amazonaws.com/id/${q.hex(32).toUpperCase()}` }] },
        ],
        status: "ACTIVE",
        platformVersion: "eks.1",
        version: "1.34",
        createdAt: "2026-11-21T08:00:00Z",
        // Two levels: what the program gives of these stays.
        vpcConfig: { clusterSecurityGroupId: `sg-0${q.hex(16, "cluster")}`, vpcId: `vpc-0${q.hex(16, "vpc")}` },
        kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16", ipFamily: "ipv4" },
    })),
    "aws:eks/nodeGroup:NodeGroup": (q) => {
        const name = q.text("nodeGroupName", `${q.resourceName}-${q.hex(7)}`);
        const id = `${q.text("clusterName")}:${name}`;
        const group = `eks-${name}-${q.uuid()}`;
        return {
            id,
            outputs: {
                region: region(q),
                nodeGroupName: name,
                arn: arn(q, "eks", `nodegroup/${q.text("clusterName")}/${name}/${q.uuid()}`),
                status: "ACTIVE",
                resources: [{ autoscalingGroups: [{ name: group }], remoteAccessSecurityGroupId: "" }],
            },
        };
    },
    "aws:eks/addon:Addon": (q) => ({
        id: `${q.text("clusterName")}:${q.text("addonName")}`,
        outputs: {
            region: region(q),
            arn: arn(q, "eks", `addon/${q.text("clusterName")}/${q.text("addonName")}/${q.uuid()}`),
        },
    }),
    "aws:eks/accessEntry:AccessEntry": (q) => ({
        id: `${q.text("clusterName")}:${q.text("principalArn")}`,
        outputs: {
            region: region(q),
            accessEntryArn: arn(
                q,
                "eks",
                `access-entry/${q.text("clusterName")}/role/${q.account.id}/${q.text("principalArn").split("/").at(-1)!}/${q.uuid()}`,
            ),
        },
    }),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (q) => ({
        id: [q.text("clusterName"), q.text("principalArn"), q.text("policyArn")].join("#"),
        outputs: { region: region(q) },
    }),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (q) => {
        const id = `a-${q.hex(17)}`;
        return {
            id,
            outputs: {
                region: region(q),
                associationId: id,
                associationArn: arn(q, "eks", `podidentityassociation/${q.text("clusterName")}/${id}`),
            },
        };
    },
    "aws:iam/role:Role": iam("role", "AROA"),
    "aws:iam/user:User": iam("user", "AIDA"),
    "aws:iam/rolePolicy:RolePolicy": (q) => ({ id: `${q.text("role")}:${q.name}`, outputs: {} }),
    "aws:iam/userPolicy:UserPolicy": (q) => ({ id: `${q.text("user")}:${q.name}`, outputs: {} }),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (q) => ({
        id: `${q.text("role")}/${q.text("policyArn")}`,
        outputs: {},
    }),
    "aws:iam/accessKey:AccessKey": (q) => ({
        id: `AKIA${q.capitals(16)}`,
        outputs: { secret: q.password(40, "secret"), sesSmtpPasswordV4: q.password(44, "smtp"), status: "Active" },
    }),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (q) => {
        const id = `arn:aws:iam::${q.account.id}:oidc-provider/${q.text("url").replace("https://", "")}`;
        return { id, outputs: { arn: id, thumbprintLists: [q.hex(40)] } };
    },
    "aws:rds/instance:Instance": rds,
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (q) => ({
        id: arn(q, "rds", `auto-backup:ab-${q.hex(30)}`),
        outputs: { region: region(q) },
    }),
    "aws:rds/parameterGroup:ParameterGroup": named("rds", "pg:"),
    "aws:rds/subnetGroup:SubnetGroup": named("rds", "subgrp:", () => ({ supportedNetworkTypes: ["IPV4"] })),
    "aws:elasticache/replicationGroup:ReplicationGroup": replicationGroup,
    "aws:elasticache/parameterGroup:ParameterGroup": named("elasticache", "parametergroup:"),
    "aws:elasticache/subnetGroup:SubnetGroup": named("elasticache", "subnetgroup:"),
    "aws:s3/bucket:Bucket": (q) => {
        const bucket = q.text("bucket", `${q.resourceName}-${q.hex(7)}`);
        return {
            id: bucket,
            outputs: {
                region: region(q),
                bucket,
                arn: `arn:aws:s3:::${bucket}`,
                bucketDomainName: `${bucket}.s3.amazonaws.com`,
                bucketRegionalDomainName: `${bucket}.s3.${region(q)}.amazonaws.com`,
                bucketRegion: region(q),
                hostedZoneId: "Z21DNDUVLTQW6Q",
            },
        };
    },
    "aws:s3/bucketPolicy:BucketPolicy": bucketPart,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart,
    "aws:s3/bucketVersioning:BucketVersioning": bucketPart,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": bucketPart,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart,
    "aws:cloudfront/distribution:Distribution": (q) => {
        const id = `E${q.capitals(13)}`;
        return {
            id,
            outputs: {
                arn: globalArn(q, "cloudfront", `distribution/${id}`),
                domainName: `d${q.hex(13)}.cloudfront.net`,
                hostedZoneId: "Z2FDTNDATAQYW2",
                status: "Deployed",
                etag: `E${q.capitals(13, "etag")}`,
                callerReference: `terraform-${q.digits(26)}`,
            },
        };
    },
    "aws:cloudfront/originAccessControl:OriginAccessControl": cloudfront("origin-access-control", "E"),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": cloudfront("response-headers-policy", ""),
    "aws:acm/certificate:Certificate": (q) => {
        const id = arn(q, "acm", `certificate/${q.uuid()}`);
        const names = [q.text("domainName"), ...q.texts("subjectAlternativeNames")].filter((name) => name !== "");
        // A wildcard and its domain are proved by one record.
        const domains = [...new Set(names)];
        return {
            id,
            outputs: {
                region: region(q),
                arn: id,
                status: "PENDING_VALIDATION",
                type: "AMAZON_ISSUED",
                keyAlgorithm: "RSA_2048",
                domainValidationOptions: domains.map((domainName) => {
                    const bare = domainName.replace("*.", "");
                    return {
                        domainName,
                        resourceRecordName: `_${q.hex(32, `name ${bare}`)}.${bare}.`,
                        resourceRecordType: "CNAME",
                        resourceRecordValue: `_${q.hex(32, `value ${bare}`)}.jkddzztszm.acm-validations.aws.`,
                    };
                }),
            },
        };
    },
    "aws:wafv2/webAcl:WebAcl": (q) => {
        const id = q.uuid();
        return {
            id,
            outputs: {
                region: region(q),
                arn: arn(q, "wafv2", `regional/webacl/${q.name}/${id}`),
                lockToken: q.uuid("lock"),
            },
        };
    },
    "aws:acm/certificateValidation:CertificateValidation": (q) => ({
        id: q.text("certificateArn"),
        outputs: { region: region(q) },
    }),
    "aws:route53/zone:Zone": (q) => {
        const id = `Z0${q.capitals(19)}`;
        const servers = [1, 2, 3, 4].map(
            (number) => `ns-${number * 512 - 1}.awsdns-0${number}.${["com", "net", "org", "co.uk"][number - 1]!}`,
        );
        return {
            id,
            outputs: {
                zoneId: id,
                arn: `arn:aws:route53:::hostedzone/${id}`,
                nameServers: servers,
                primaryNameServer: servers[0]!,
            },
        };
    },
    "aws:route53/record:Record": (q) => ({
        id: [q.text("zoneId"), q.text("name"), q.text("type"), q.text("setIdentifier")]
            .filter((part) => part !== "")
            .join("_"),
        outputs: { fqdn: q.text("name").replace(/\.$/, "") },
    }),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": (q) => ({ id: q.text("hostedZoneId"), outputs: {} }),
    "aws:route53/keySigningKey:KeySigningKey": (q) => {
        const [digest, tag] = [q.hex(64).toUpperCase(), parseInt(q.hex(4), 16)];
        return {
            id: `${q.text("hostedZoneId")},${q.name}`,
            outputs: {
                keyTag: tag,
                flag: 257,
                digestValue: digest,
                digestAlgorithmMnemonic: "SHA-256",
                digestAlgorithmType: 2,
                signingAlgorithmMnemonic: "ECDSAP256SHA256",
                signingAlgorithmType: 13,
                dsRecord: `${tag} 13 2 ${digest}`,
            },
        };
    },
    "aws:ecr/repository:Repository": named("ecr", "repository/", (q) => ({
        registryId: q.account.id,
        repositoryUrl: `${q.account.id}.dkr.ecr.${region(q)}.amazonaws.com/${q.name}`,
    })),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": partOf("repository"),
    "aws:kms/key:Key": (q) => ({
        id: q.uuid(),
        outputs: { region: region(q), keyId: q.uuid(), arn: arn(q, "kms", `key/${q.uuid()}`) },
    }),
    "aws:kms/alias:Alias": (q) => ({
        id: q.name,
        outputs: {
            region: region(q),
            arn: arn(q, "kms", q.name),
            targetKeyArn: arn(q, "kms", `key/${q.text("targetKeyId")}`),
        },
    }),
    "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
    "aws:sns/topic:Topic": (q) => {
        const topic = arn(q, "sns", q.name);
        return { id: topic, outputs: { arn: topic, region: region(q), owner: q.account.id } };
    },
    "aws:sns/topicPolicy:TopicPolicy": (q) => ({
        id: q.text("arn"),
        outputs: { region: region(q), owner: q.account.id },
    }),
    "aws:sns/topicSubscription:TopicSubscription": (q) => {
        const subscription = `${q.text("topic")}:${q.uuid()}`;
        return { id: subscription, outputs: { arn: subscription, region: region(q), pendingConfirmation: true } };
    },
    "aws:rds/eventSubscription:EventSubscription": named("rds", "es:", (q) => ({ customerAwsId: q.account.id })),
    "aws:route53/healthCheck:HealthCheck": (q) => {
        const id = q.uuid();
        return { id, outputs: { arn: `arn:aws:route53:::healthcheck/${id}` } };
    },
    "aws:budgets/budget:Budget": (q) => ({
        id: `${q.account.id}:${q.name}`,
        outputs: { accountId: q.account.id, arn: `arn:aws:budgets::${q.account.id}:budget/${q.name}` },
    }),
};
