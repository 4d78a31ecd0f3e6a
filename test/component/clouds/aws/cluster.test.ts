// Does not prove that EKS takes the arguments together or that nodes join: only an account does.
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { describe, expect, test } from "vitest";
import { clusterAutoscalerPolicy } from "../../../../components/cluster/aws/cluster-autoscaler-policy.ts";
import { ControllerIdentity } from "../../../../components/cluster/aws/controller-identity.ts";
import { EksCluster, type EksClusterArgs, type EksNodes } from "../../../../components/cluster/aws/eks.ts";
import { externalDnsPolicy } from "../../../../components/cluster/aws/external-dns-policy.ts";
import { eksKubeconfig } from "../../../../components/cluster/aws/kubeconfig.ts";
import { loadBalancerControllerPolicy } from "../../../../components/cluster/aws/load-balancer-controller-policy.ts";
import { AutoModeNetworkPolicy } from "../../../../components/cluster/aws/network-policy.ts";
import type { NodeGroupArgs } from "../../../../components/cluster/aws/node-groups.ts";
import { EbsStorageClass } from "../../../../components/cluster/aws/storage-class.ts";
import { dataPolicies, type RecordedComponent } from "../../../support/component.ts";
import { account, region } from "./place.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const deploy = `arn:aws:iam::${account}:role/deploy`;

const defaults: Omit<EksClusterArgs, "after" | "logGroup"> = {
    data: "kept",
    account,
    region,
    clusterName: "shop-staging",
    version: "1.36",
    privateSubnetIds: ["subnet-a", "subnet-b"],
    serviceCidr: "172.20.0.0/16",
    apiCidrs: ["203.0.113.0/24"],
    admins: [deploy],
    nodes: { variant: "auto", pools: ["general-purpose", "system"] },
    secretsKeyArn: `arn:aws:kms:${region}:${account}:key/1`,
};

const group: NodeGroupArgs = {
    instanceTypes: ["m7i.large"],
    architecture: "amd64",
    spot: false,
    min: 2,
    max: 5,
    diskGigabytes: 50,
    labels: {},
};
const managed = (groups: Readonly<Record<string, NodeGroupArgs>> = { general: group }): EksNodes => ({
    variant: "managed",
    groups,
});

const record = remembered((changes: Partial<EksClusterArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const logGroup = new LogGroup(
                "log",
                { name: "/aws/eks/shop-staging/cluster" },
                { provider: (opts.providers as pulumi.ProviderResource[]).at(-1)! },
            );
            const cluster = new EksCluster("cluster", { ...defaults, after: [], logGroup, ...changes }, opts);
            const { kubeconfig, identifier, networkPolicy, securityGroupId } = cluster;
            const ready = cluster.ready.map(({ urn }) => urn.apply((text) => text.split("::").at(-1)!));
            return {
                kubeconfig,
                secret: pulumi.isSecret(kubeconfig),
                identifier,
                networkPolicy,
                securityGroupId,
                ready,
            };
        },
        { preview },
    ),
);

const clusterOf = async (changes: Partial<EksClusterArgs> = {}) =>
    (await record(changes)).get("Cluster", "cluster-cluster");
const roleOf = (plan: RecordedComponent, name: string) => plan.get("Role", name).props;
const policiesOf = (plan: RecordedComponent, prefix: string) =>
    plan.resources
        .filter(({ type, name }) => type.endsWith(":RolePolicyAttachment") && name.startsWith(prefix))
        .map(({ props }) => (props["policyArn"] as unknown as string).replace("arn:aws:iam::aws:policy/", ""))
        .sort();

describe("the control plane", () => {
    test("stays in the zones of its beginning: EKS refuses subnets of another set of zones", async () => {
        expect((await record()).options.get("cluster-cluster")?.ignoreChanges).toEqual(["vpcConfig.subnetIds"]);
    });

    test("lets in admins by access entries, and neither the creator nor a ConfigMap", async () => {
        const plan = await record();
        expect(plan.get("Cluster", "cluster-cluster").props["accessConfig"]).toEqual({
            authenticationMode: "API",
            bootstrapClusterCreatorAdminPermissions: false,
        });
        const key = `cluster-admin-${account}-role/deploy`;
        expect(plan.get("AccessEntry", key).props).toMatchObject({ principalArn: deploy, type: "STANDARD" });
        expect(plan.get("AccessPolicyAssociation", key).props).toMatchObject({
            principalArn: deploy,
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
        });
    });

    test("writes all of its logs, into a group that is there before it (R53)", async () => {
        const plan = await record();
        const cluster = plan.get("Cluster", "cluster-cluster");
        expect(cluster.props["enabledClusterLogTypes"]).toEqual([
            "api",
            "audit",
            "authenticator",
            "controllerManager",
            "scheduler",
        ]);
        expect(cluster.dependencies).toContain(plan.get("LogGroup", "log").urn);
    });

    test("is reached from inside, and from the ranges that were named (R54)", async () => {
        expect((await clusterOf()).props["vpcConfig"]).toEqual({
            subnetIds: ["subnet-a", "subnet-b"],
            endpointPrivateAccess: true,
            endpointPublicAccess: true,
            publicAccessCidrs: ["203.0.113.0/24"],
        });
        expect((await clusterOf({ apiCidrs: [] })).props["vpcConfig"]).toEqual({
            subnetIds: ["subnet-a", "subnet-b"],
            endpointPrivateAccess: true,
            endpointPublicAccess: false,
        });
    });

    test("lets ranges inside reach its private address, which takes its members alone otherwise", async () => {
        const plan = await record({ apiCidrs: [], privateApiCidrs: ["10.8.0.0/16"] });
        expect(plan.get("SecurityGroupIngressRule", "cluster-api-from-10.8.0.0/16").props).toMatchObject({
            cidrIpv4: "10.8.0.0/16",
            ipProtocol: "tcp",
            fromPort: 443,
            toPort: 443,
        });
        expect((await record()).created.filter((one) => one.startsWith("SecurityGroupIngressRule"))).toEqual([]);
    });

    test("encrypts Secrets, keeps its version, and is upgraded before it costs six times as much", async () => {
        expect((await clusterOf()).props).toMatchObject({
            name: "shop-staging",
            version: "1.36",
            upgradePolicy: { supportType: "STANDARD" },
            bootstrapSelfManagedAddons: false,
            encryptionConfig: { provider: { keyArn: defaults.secretsKeyArn }, resources: ["secrets"] },
        });
    });

    test.each(dataPolicies)("is protected as $data data", async ({ data }) => {
        const cluster = await clusterOf({ data });
        expect(cluster.protect).toBe(data === "protected");
        expect(cluster.props["deletionProtection"]).toBe(data === "protected");
    });

    test("takes arguments by AWS's own names", async () => {
        const { props } = await clusterOf({ native: { zonalShiftConfig: { enabled: true } } });
        expect(props).toMatchObject({ zonalShiftConfig: { enabled: true }, version: "1.36" });
    });
});

describe("the way to it", () => {
    test("has no credential in it, and is known by a name for ever (R73)", async () => {
        const { outputs } = await record();
        expect(outputs).toMatchObject({
            identifier: `arn:aws:eks:${region}:${account}:cluster/shop-staging`,
            secret: false,
        });
        const { users } = JSON.parse(outputs["kubeconfig"] as string) as { users: [{ user: object }] };
        expect(Object.keys(users[0].user)).toEqual(["exec"]);
    });

    test("asks the AWS CLI for a token", () => {
        const config = eksKubeconfig({
            name: "shop",
            region,
            endpoint: "https://shop.eks.amazonaws.com",
            certificateAuthority: "Q0E=",
        });
        expect(JSON.parse(config)).toMatchObject({
            clusters: [
                {
                    name: "shop",
                    cluster: { server: "https://shop.eks.amazonaws.com", "certificate-authority-data": "Q0E=" },
                },
            ],
            "current-context": "shop",
            users: [
                {
                    user: {
                        exec: {
                            apiVersion: "client.authentication.k8s.io/v1beta1",
                            command: "aws",
                            args: [
                                "eks",
                                "get-token",
                                "--cluster-name",
                                "shop",
                                "--region",
                                region,
                                "--output",
                                "json",
                            ],
                        },
                    },
                },
            ],
        });
    });
});

describe("with Auto Mode", () => {
    test("EKS makes nodes, disks and network; the add-on that it lacks is put there", async () => {
        const plan = await record();
        expect(plan.created).toEqual([
            `AccessEntry cluster-admin-${account}-role/deploy`,
            `AccessPolicyAssociation cluster-admin-${account}-role/deploy`,
            "Addon cluster-metrics-server",
            "Cluster cluster-cluster",
            "Eks cluster",
            "LogGroup log",
            "Role cluster-control-plane-role",
            "Role cluster-nodes-role",
            "RolePolicyAttachment cluster-control-plane-AmazonEKSBlockStoragePolicy",
            "RolePolicyAttachment cluster-control-plane-AmazonEKSClusterPolicy",
            "RolePolicyAttachment cluster-control-plane-AmazonEKSComputePolicy",
            "RolePolicyAttachment cluster-control-plane-AmazonEKSLoadBalancingPolicy",
            "RolePolicyAttachment cluster-control-plane-AmazonEKSNetworkingPolicy",
            "RolePolicyAttachment cluster-nodes-AmazonEC2ContainerRegistryPullOnly",
            "RolePolicyAttachment cluster-nodes-AmazonEKSWorkerNodeMinimalPolicy",
        ]);
        expect(plan.get("Cluster", "cluster-cluster").props).toMatchObject({
            computeConfig: { enabled: true, nodePools: ["general-purpose", "system"] },
            kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16", elasticLoadBalancing: { enabled: true } },
            storageConfig: { blockStorage: { enabled: true } },
        });
    });

    test("is there when its admins may ask and metrics are measured", async () => {
        const { outputs } = await record();
        expect(outputs["ready"]).toEqual([`cluster-admin-${account}-role/deploy`, "cluster-metrics-server"]);
        expect(outputs["networkPolicy"]).toEqual({ enforced: true });
    });
});

describe("with managed node groups", () => {
    test("switches Auto Mode off in all three places", async () => {
        expect((await clusterOf({ nodes: managed() })).props).toMatchObject({
            computeConfig: { enabled: false },
            kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: false } },
            storageConfig: { blockStorage: { enabled: false } },
        });
    });

    test("nodes and add-ons have the policies that AWS asks for, and no more", async () => {
        const plan = await record({ nodes: managed() });
        expect(policiesOf(plan, "cluster-control-plane-")).toEqual(["AmazonEKSClusterPolicy"]);
        expect(policiesOf(plan, "cluster-nodes-")).toEqual([
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonEKSWorkerNodePolicy",
        ]);
        expect(policiesOf(plan, "cluster-vpc-cni-")).toEqual(["AmazonEKS_CNI_Policy"]);
        expect(policiesOf(plan, "cluster-aws-ebs-csi-driver-")).toEqual(["service-role/AmazonEBSCSIDriverPolicy"]);
        expect(JSON.parse(roleOf(plan, "cluster-vpc-cni-role")["assumeRolePolicy"] as unknown as string)).toEqual({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Service: "pods.eks.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                },
            ],
        });
    });

    test("NetworkPolicies hold (R49)", async () => {
        const plan = await record({ nodes: managed() });
        const { configurationValues, podIdentityAssociations } = plan.get("Addon", "cluster-vpc-cni").props;
        expect(JSON.parse(configurationValues as unknown as string)).toEqual({ enableNetworkPolicy: "true" });
        expect(podIdentityAssociations).toMatchObject([{ serviceAccount: "aws-node" }]);
    });

    test("first the network, then nodes, then what runs on them; deleted the other way round", async () => {
        const plan = await record({ nodes: managed() });
        const urn = (name: string) => plan.get("Addon", name).urn;
        const nodes = plan.get("NodeGroup", "cluster-nodes-general");
        expect(nodes.dependencies).toEqual(
            expect.arrayContaining([
                urn("cluster-vpc-cni"),
                urn("cluster-kube-proxy"),
                urn("cluster-eks-pod-identity-agent"),
            ]),
        );
        for (const late of ["cluster-coredns", "cluster-aws-ebs-csi-driver", "cluster-metrics-server"]) {
            expect(plan.get("Addon", late).dependencies).toContain(nodes.urn);
        }
        expect(plan.outputs["ready"]).toEqual(
            expect.arrayContaining([
                "cluster-nodes-general",
                "cluster-vpc-cni",
                "cluster-coredns",
                "cluster-metrics-server",
            ]),
        );
    });

    test("a pod gets no credentials of its node, and disks are encrypted (R55)", async () => {
        const { props } = (await record({ nodes: managed() })).get("LaunchTemplate", "cluster-nodes-general-template");
        expect(props["metadataOptions"]).toEqual({
            httpEndpoint: "enabled",
            httpTokens: "required",
            httpPutResponseHopLimit: 1,
        });
        expect(props["blockDeviceMappings"]).toEqual([
            {
                deviceName: "/dev/xvda",
                ebs: { volumeType: "gp3", volumeSize: 50, encrypted: "true", deleteOnTermination: "true" },
            },
        ]);
    });

    test("a group is what was set", async () => {
        const spot = {
            ...group,
            spot: true,
            architecture: "arm64",
            instanceTypes: ["m7g.large"],
            labels: { tier: "spot" },
        } as const;
        const { props } = (await record({ nodes: managed({ spot }) })).get("NodeGroup", "cluster-nodes-spot");
        expect(props).toMatchObject({
            amiType: "AL2023_ARM_64_STANDARD",
            capacityType: "SPOT",
            instanceTypes: ["m7g.large"],
            labels: { tier: "spot" },
            scalingConfig: { minSize: 2, maxSize: 5, desiredSize: 2 },
            subnetIds: ["subnet-a", "subnet-b"],
            updateConfig: { maxUnavailablePercentage: 33 },
            nodeRepairConfig: { enabled: true },
        });
    });

    test("add-ons keep the versions that were set", async () => {
        const plan = await record({ nodes: managed(), addonVersions: { coredns: "v1.12.4-eksbuild.1" } });
        expect(plan.get("Addon", "cluster-coredns").props["addonVersion"]).toBe("v1.12.4-eksbuild.1");
        expect(plan.get("Addon", "cluster-kube-proxy").props).not.toHaveProperty("addonVersion");
    });
});

test("another group, admin, and another order of them, change nothing of the others", async () => {
    const other = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b`;
    const one = await record({ nodes: managed({ general: group }) });
    const two = await record({
        nodes: managed({ batch: { ...group, min: 0 }, general: group }),
        admins: [other, deploy],
    });
    for (const { type, name, props } of one.resources.filter((resource) => resource.type.startsWith("aws:"))) {
        expect(two.resources.find((resource) => resource.type === type && resource.name === name)?.props, name).toEqual(
            props,
        );
    }
    expect(two.created).toContain(
        `AccessEntry cluster-admin-${account}-role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b`,
    );
});

describe("inside", () => {
    test("on Auto Mode, a ConfigMap makes NetworkPolicies hold (R49)", async () => {
        const plan = await recordAws((opts) => {
            new AutoModeNetworkPolicy("network-policy", { instance: "shop-staging" }, opts);
            return {};
        });
        expect(plan.get("ConfigMap", "network-policy-controller").props).toMatchObject({
            metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
            data: { "enable-network-policy-controller": "true" },
        });
    });

    test.each([
        { driver: "auto", provisioner: "ebs.csi.eks.amazonaws.com", name: "auto-gp3-encrypted" },
        { driver: "add-on", provisioner: "ebs.csi.aws.com", name: "gp3-encrypted" },
    ] as const)(
        "volumes of the $driver driver are encrypted, and in the pod's zone",
        async ({ driver, provisioner, name }) => {
            const plan = await recordAws((opts) => ({
                name: new EbsStorageClass("storage", { instance: "shop", driver }, opts).className,
            }));
            expect(plan.outputs["name"]).toBe(name);
            expect(plan.get("StorageClass", "storage-class").props).toMatchObject({
                metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
                provisioner,
                parameters: { type: "gp3", encrypted: "true" },
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
            });
        },
    );
});

describe("controllers", () => {
    test("get their permissions by the ServiceAccount that their pods run as", async () => {
        const plan = await recordAws((opts) => {
            const identity = { namespace: "external-dns", serviceAccount: "external-dns" };
            const policy = pulumi.output(externalDnsPolicy("Z1"));
            const made = new ControllerIdentity(
                "dns",
                { clusterName: "shop", identity, description: "external-dns", policy },
                opts,
            );
            return { ready: made.ready.urn };
        });
        expect(plan.get("PodIdentityAssociation", "dns-association").props).toMatchObject({
            clusterName: "shop",
            namespace: "external-dns",
            serviceAccount: "external-dns",
        });
        const { Statement } = JSON.parse(plan.get("Role", "dns-role").props["assumeRolePolicy"]) as {
            Statement: [{ Condition: object }];
        };
        expect(Statement[0].Condition).toEqual({
            StringEquals: {
                "aws:RequestTag/kubernetes-namespace": "external-dns",
                "aws:RequestTag/kubernetes-service-account": "external-dns",
            },
        });
        expect(plan.get("PodIdentityAssociation", "dns-association").dependencies).toContain(
            plan.get("RolePolicy", "dns-policy").urn,
        );
        expect(JSON.parse(plan.get("RolePolicy", "dns-policy").props["policy"] as unknown as string)).toEqual(
            externalDnsPolicy("Z1"),
        );
    });

    test("ExternalDNS changes records of one zone", () => {
        const [change] = externalDnsPolicy("Z1").Statement;
        expect(change).toEqual({
            Effect: "Allow",
            Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
            Resource: "arn:aws:route53:::hostedzone/Z1",
        });
    });

    test("the autoscaler changes groups of its own cluster", () => {
        const [change] = clusterAutoscalerPolicy("shop").Statement;
        expect(change!.Condition).toEqual({
            StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/shop": "owned" },
        });
    });

    test("the load balancer controller deletes and changes only what it made", () => {
        const marked = { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } };
        for (const action of [
            "ec2:DeleteSecurityGroup",
            "elasticloadbalancing:DeleteLoadBalancer",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:DeleteTargetGroup",
        ]) {
            const statements = loadBalancerControllerPolicy.Statement.filter((statement) =>
                statement.Action.includes(action),
            );
            expect(
                statements.map(({ Condition }) => Condition),
                action,
            ).toEqual([marked]);
        }
        const all = loadBalancerControllerPolicy.Statement.flatMap(({ Action }) => Action);
        expect(all.filter((action) => action.includes("*"))).toEqual([]);
        // What a LoadBalancerConfiguration may ask for: a web ACL, Shield.
        expect(all).toEqual(
            expect.arrayContaining([
                "elasticloadbalancing:SetWebAcl",
                "wafv2:AssociateWebACL",
                "wafv2:DisassociateWebACL",
                "wafv2:GetWebACLForResource",
                "shield:CreateProtection",
            ]),
        );
        // An inline policy of a role has 10,240 characters at most.
        expect(JSON.stringify(loadBalancerControllerPolicy).length).toBeLessThan(10_240);
    });
});

test.each([defaults.nodes, managed()])("a preview plans the same ($variant)", async (nodes) => {
    expect((await record({ nodes }, true)).created).toEqual((await record({ nodes })).created);
});
