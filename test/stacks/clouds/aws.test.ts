// An environment in AWS: what settings of the platform and of stores reach which resource, and what stores learn of the platform.
// Does not prove that AWS accepts it: an account does.
import { describe, expect, it } from "vitest";
import { awsPasswords, awsStores, clouds, onAws, s3 } from "../support/clouds.ts";
import {
    egress,
    environmentOf,
    inCluster,
    refusal,
    secret,
    secretsOf,
    stackOf,
    type Change,
    type Stack,
    waitsFor,
} from "../support/stack.ts";

const stores = awsStores;
const full = () => stackOf(onAws(...stores, ["lends.domain", "preview.shop.example.org"]), { secrets: awsPasswords });

const provider = ({ resources }: Stack, name: string) =>
    resources.find(({ type }) => type === `pulumi:providers:${name}`)!;
const id = async (stack: Stack, kind: string, name: string) => {
    const { cloudOutputs } = await import("../../support/cloud-outputs.ts");
    return (
        await cloudOutputs(stack.get(kind, name), {
            allowedAccountIds: [clouds.aws.account],
            region: clouds.aws.region,
        })
    ).id;
};
describe("the platform with everything", () => {
    it("is in the account and the region that are set, and marks what it makes", async () => {
        expect(provider(await full(), "aws").props).toMatchObject({
            region: "eu-central-1",
            allowedAccountIds: '["123456789012"]',
            defaultTags: '{"tags":{"environment":"shop-test","managed-by":"pulumi"}}',
        });
    });

    it("has the network that is set", async () => {
        const stack = await full();
        expect(stack.get("Vpc", "network-vpc").props).toMatchObject({
            cidrBlock: "10.40.0.0/16",
            enableNetworkAddressUsageMetrics: true,
        });
        expect(
            stack
                .all("NatGateway")
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(["network-nat-a", "network-nat-b"]);
        expect(stack.get("VpcEndpoint", "network-ecr.api").props).toMatchObject({
            serviceName: "com.amazonaws.eu-central-1.ecr.api",
        });
        expect(stack.get("FlowLog", "flow-logs-flow").props).toMatchObject({ trafficType: "ALL" });
        expect(stack.get("LogGroup", "flow-logs-group").props).toMatchObject({ retentionInDays: 7 });
    });

    it("has the cluster that is set", async () => {
        const stack = await full();
        expect(stack.get("Cluster", "cluster-cluster").props).toMatchObject({
            version: "1.36",
            upgradePolicy: { supportType: "EXTENDED" },
            kubernetesNetworkConfig: { serviceIpv4Cidr: "172.21.0.0/16" },
            vpcConfig: { publicAccessCidrs: ["203.0.113.0/24"] },
            encryptionConfig: { provider: { keyArn: expect.stringContaining(":key/") as string } },
        });
        expect(stack.get("AccessEntry", "cluster-admin-123456789012-role/deploy").props).toMatchObject({
            principalArn: "arn:aws:iam::123456789012:role/deploy",
        });
        expect(stack.get("Addon", "cluster-vpc-cni").props).toMatchObject({ addonVersion: "v1.20.1-eksbuild.3" });
        expect(stack.get("NodeGroup", "cluster-nodes-one").props).toMatchObject({
            amiType: "AL2023_ARM_64_STANDARD",
            instanceTypes: ["m7g.large"],
            updateConfig: { maxUnavailable: 2 },
            scalingConfig: { minSize: 1, maxSize: 3 },
        });
        expect(stack.get("NodeGroup", "cluster-nodes-two").props).toMatchObject({
            instanceTypes: ["m5.large"],
            scalingConfig: { minSize: 0, maxSize: 2 },
        });
        expect(stack.get("LogGroup", "cluster-logs-group").props).toMatchObject({ retentionInDays: 30 });
        expect(stack.get("LogGroup", "container-logs-application").props).toMatchObject({ retentionInDays: 14 });
        expect(stack.get("StorageClass", "storage-class").props).toMatchObject({ provisioner: "ebs.csi.aws.com" });
        for (const key of ["cluster-key-key", "secrets-key-key"]) {
            expect(stack.get("Key", key).props, key).toMatchObject({ multiRegion: true });
        }
    });

    it("has the zone, the registry and the controllers that are set", async () => {
        const stack = await full();
        expect(stack.get("Zone", "zone-zone").props).toMatchObject({ name: "shop.example.org", comment: "native" });
        expect(stack.get("Record", "zone-caa").props).toMatchObject({ records: ['0 issue "amazon.com"'] });
        expect(stack.get("Record", "zone-delegation").props).toMatchObject({ zoneId: "Z0123456789ABCDEFGHIJ" });
        stack.get("HostedZoneDnsSec", "zone-dnssec");
        expect(stack.get("Repository", "registry-shop-repository").props).toMatchObject({
            name: "shop-test/shop",
            imageTagMutability: "MUTABLE",
        });
        expect(stack.get("LifecyclePolicy", "registry-shop-expiry").props["policy"]).toContain('"countNumber":77');
        const values = (name: string) => stack.get("Release", name).props["values"] as unknown;
        const vpcId = await id(stack, "Vpc", "network-vpc");
        expect(values("load-balancer-controller-release")).toMatchObject({
            clusterName: "shop-test",
            region: "eu-central-1",
            vpcId,
            replicaCount: 3,
        });
        expect(values("external-dns-release")).toMatchObject({
            domainFilters: ["shop.example.org"],
            extraArgs: { "zone-id-filter": await id(stack, "Zone", "zone-zone") },
            env: [{ value: "eu-central-1" }],
        });
        expect(values("cluster-autoscaler-release")).toMatchObject({
            autoDiscovery: { clusterName: "shop-test" },
            awsRegion: "eu-central-1",
        });
        const { loadBalancerSubnets } = stack.get("LoadBalancerConfiguration", "load-balancer-controller-configuration")
            .props["spec"] as {
            loadBalancerSubnets: { identifier: string }[];
        };
        expect(loadBalancerSubnets.map(({ identifier }) => identifier)).toEqual([
            await id(stack, "Subnet", "network-public-a"),
            await id(stack, "Subnet", "network-public-b"),
        ]);
    });

    it("tells the environment how it is reached, and is told on to others", async () => {
        const stack = await full();
        const arn = "arn:aws:eks:eu-central-1:123456789012:cluster/shop-test";
        const { kubeconfig, ...connection } = provider(stack, "kubernetes").props;
        expect(connection).toEqual({ clusterIdentifier: arn, enableServerSideApply: "true" });
        expect(stack.outputs["platform"]).toEqual({
            connection: { clusterIdentifier: arn, kubeconfig },
            networkPolicy: { enforced: true },
            storageClass: "gp3-encrypted",
            webFrom: { namespaces: [], cidrs: ["10.40.192.0/24", "10.40.193.0/24"] },
            webDrain: 25,
            namespaceLabels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
        });
        expect(stack.outputs["lends"]).toMatchObject({
            gateway: { section: "lent", domain: "preview.shop.example.org", secure: true, port: 443 },
        });
        expect(stack.outputs["nameServers"]).toHaveLength(4);
        expect(stack.outputs["registry"]).toBe("123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-test");
        expect(stack.outputs["secretsProvider"]).toMatch(/^awskms:\/\/\/.*\?region=eu-central-1$/);
    });

    it("waits in its namespace for what would have to clean up after it", async () => {
        const stack = await full();
        const names = waitsFor(stack, stack.get("Namespace", "namespace"));
        for (const ready of [
            "load-balancer-controller-class",
            "external-dns-release",
            "cluster-autoscaler-release",
            "storage-class",
            "container-logs-addon",
        ]) {
            expect(names).toContain(ready);
        }
    });
});

describe("the environment on it", () => {
    it("is let in by the load balancer alone, and drains as long as that takes", async () => {
        const stack = await full();
        for (const app of ["shop", "blog"]) {
            expect(stack.get("NetworkPolicy", `${app}-web-from-gateway`).props["spec"]).toMatchObject({
                ingress: [{ from: [{ ipBlock: { cidr: "10.40.192.0/24" } }, { ipBlock: { cidr: "10.40.193.0/24" } }] }],
            });
            expect(JSON.stringify(stack.get("Deployment", `${app}-web`).props)).toContain(
                '"preStop":{"sleep":{"seconds":25}}',
            );
        }
        expect(stack.get("Namespace", "namespace").props["metadata"]).toMatchObject({
            labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
        });
        expect((stack.outputs["apps"] as { shop: unknown }).shop).toMatchObject({ url: "https://shop.example.org" });
    });

    it("has a load balancer with certificates for all names, and the attributes that are set", async () => {
        const stack = await full();
        const domains = stack.all("Certificate").map(({ props }) => props["domainName"] as unknown);
        expect(domains.toSorted()).toEqual([
            "*.preview.shop.example.org",
            "blog.shop.example.org",
            "shop.example.org",
            "static.shop.example.org",
        ]);
        const { listenerConfigurations, loadBalancerAttributes } = stack.get(
            "LoadBalancerConfiguration",
            "edge-configuration",
        ).props["spec"] as {
            listenerConfigurations: { certificates: string[]; defaultCertificate: string }[];
            loadBalancerAttributes: { key: string; value: string }[];
        };
        expect(listenerConfigurations[0]!.certificates).toHaveLength(2);
        expect(loadBalancerAttributes).toContainEqual({ key: "idle_timeout.timeout_seconds", value: "99" });
        expect(stack.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({ gatewayClassName: "aws-alb" });
        expect(JSON.stringify(stack.get("TargetGroupConfiguration", "edge-target").props)).toContain(
            '"healthCheckPath":"/healthz/ready"',
        );
    });

    it("has its database in the platform's subnets, let in from the cluster, with its password", async () => {
        const stack = await full();
        const { props } = stack.get("Instance", "database-server");
        expect(props).toMatchObject({
            dbName: "shop",
            username: "shop",
            engineVersion: "17",
            allocatedStorage: 20,
            maxAllocatedStorage: 40,
        });
        expect(secret(props["password"])).toBe("given-rds-password");
        expect(stack.get("SubnetGroup", "database-subnets").props["subnetIds"]).toEqual([
            await id(stack, "Subnet", "network-store-a"),
            await id(stack, "Subnet", "network-store-b"),
        ]);
        expect(egress(stack, "database-to-store")).toEqual([["10.40.224.0/24", "10.40.225.0/24", 5432]]);
        expect(egress(stack, "cache-to-store")).toEqual([["10.40.224.0/24", "10.40.225.0/24", 6379]]);
        for (const store of ["database", "cache"]) {
            expect(stack.get("SecurityGroup", `${store}-firewall`).props["vpcId"]).toBe(
                await id(stack, "Vpc", "network-vpc"),
            );
            expect(
                stack.get("SecurityGroupIngressRule", `${store}-from-cluster`).props["referencedSecurityGroupId"],
            ).toMatch(/^sg-/);
        }
        expect(secret(stack.get("ReplicationGroup", "cache-nodes").props["authToken"])).toBe("given-elasticache-token");
        expect(secretsOf(stack, "shop")).toMatchObject({
            DJANGO_APP_DB_PASSWORD: "given-rds-password",
            REDIS_URL: expect.stringContaining("given-elasticache-token") as string,
        });
        expect(stack.get("ConfigMap", "shop-certificates").props["data"]).toMatchObject({
            "database.pem": expect.stringContaining("BEGIN") as string,
        });
    });

    it("has buckets that its pods, and no other, reach by their own identity", async () => {
        const stack = await full();
        const associations = ["shop", "blog"].map(
            (app) => stack.get("PodIdentityAssociation", `assets-for-${app}`).props,
        );
        expect(associations).toMatchObject([
            { clusterName: "shop-test", namespace: "shop-test", serviceAccount: "shop" },
            { clusterName: "shop-test", namespace: "shop-test", serviceAccount: "blog" },
        ]);
        // The agent that hands out their credentials.
        expect(egress(stack, "shop-to-outside")).toContainEqual(["169.254.170.23/32", 80]);
        expect(stack.get("BucketCorsConfiguration", "assets-static-cors").props).toMatchObject({
            corsRules: [{ allowedOrigins: ["https://shop.example.org", "https://blog.shop.example.org"] }],
        });
        expect(environmentOf(stack, "shop")).toMatchObject({
            DJANGO_APP_STATIC_URL: "https://static.shop.example.org/",
            DJANGO_APP_STORAGE_REGION: "eu-central-1",
        });
        expect(environmentOf(stack, "blog")).toMatchObject({ DJANGO_APP_STORAGE_PREFIX: "blog/" });
        const proof = stack.get("Record", "assets-certificate-proof").props["zoneId"] as unknown;
        expect(proof).toBe(await id(stack, "Zone", "zone-zone"));
    });
});

describe("the platform with less", () => {
    const adopted = {
        variant: "aws",
        network: {
            variant: "existing",
            id: "vpc-0a1b2c3d",
            publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
            publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
            privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
            storeSubnets: ["subnet-4a1b2c3d", "subnet-5a1b2c3d"],
            storeRanges: ["10.1.8.0/24", "10.1.9.0/24"],
        },
        cluster: {
            variant: "existing",
            name: "main",
            endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
            ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
            securityGroup: "sg-0a1b2c3d",
            storageClass: "gp3",
            enforcesNetworkPolicy: true,
        },
        registry: { variant: "existing", prefix: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shared" },
        dns: { variant: "existing", domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ" },
        gateway: { variant: "existing", className: "alb", attributes: { "idle_timeout.timeout_seconds": "88" } },
        secretsKey: { variant: "existing", id: "alias/shop" },
    };

    it("that is there already is used as it is", async () => {
        const stack = await stackOf(onAws(["platform", adopted], ...stores));
        const { kubeconfig } = provider(stack, "kubernetes").props;
        expect(kubeconfig).toContain("https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com");
        expect(stack.outputs["platform"]).toMatchObject({
            connection: { clusterIdentifier: "arn:aws:eks:eu-central-1:123456789012:cluster/main" },
            networkPolicy: { enforced: true },
            storageClass: "gp3",
            webFrom: { cidrs: ["10.1.0.0/24", "10.1.1.0/24"] },
            webDrain: 25,
        });
        expect(stack.outputs["registry"]).toBe("123456789012.dkr.ecr.eu-central-1.amazonaws.com/shared");
        expect(stack.outputs["nameServers"]).toEqual([]);
        expect(stack.outputs["secretsProvider"]).toBe("awskms:///alias/shop?region=eu-central-1");
        expect(stack.get("SubnetGroup", "database-subnets").props["subnetIds"]).toEqual([
            "subnet-4a1b2c3d",
            "subnet-5a1b2c3d",
        ]);
        expect(stack.get("SecurityGroup", "database-firewall").props["vpcId"]).toBe("vpc-0a1b2c3d");
        expect(stack.get("SecurityGroupIngressRule", "database-from-cluster").props["referencedSecurityGroupId"]).toBe(
            "sg-0a1b2c3d",
        );
        expect(egress(stack, "database-to-store")).toEqual([["10.1.8.0/24", "10.1.9.0/24", 5432]]);
        expect(stack.get("PodIdentityAssociation", "assets-for-shop").props).toMatchObject({ clusterName: "main" });
        expect(stack.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({ gatewayClassName: "alb" });
        expect(JSON.stringify(stack.get("LoadBalancerConfiguration", "edge-configuration").props)).toContain(
            '"value":"88"',
        );
        expect(stack.get("Release", "external-dns-release").props["values"]).toMatchObject({
            extraArgs: { "zone-id-filter": "Z0123456789ABCDEFGHIJ" },
        });
        expect(
            stack.all("Vpc").concat(stack.all("Cluster"), stack.all("Key"), stack.all("Zone"), stack.all("Repository")),
        ).toEqual([]);
    });

    it("without zone, registry, key and way in says nothing of them", async () => {
        const less = {
            ...adopted,
            registry: { variant: "none" },
            dns: { variant: "none" },
            secretsKey: { variant: "none" },
            gateway: { variant: "none" },
        };
        const stack = await stackOf(onAws(["platform", less], ["exposure", { variant: "none" }]));
        for (const output of ["registry", "nameServers", "secretsProvider", "dnsRecords"]) {
            expect(stack.outputs[output], output).toBeUndefined();
        }
        expect(stack.outputs["platform"]).not.toHaveProperty("webFrom");
        expect(stack.outputs["platform"]).not.toHaveProperty("namespaceLabels");
        expect(stack.all("Release")).toEqual([]);
    });

    it.each<[what: string, changes: readonly Change[], releases: string[]]>([
        [
            "records of hosts",
            [["platform.dns.hostRecords", false]],
            ["cluster-autoscaler-release", "gateway-api-release", "load-balancer-controller-release"],
        ],
        [
            "a way in",
            [
                ["platform.gateway", { variant: "none" }],
                ["exposure", { variant: "none" }],
            ],
            ["cluster-autoscaler-release"],
        ],
        [
            "nodes of its own",
            [["platform.cluster.nodes", undefined]],
            ["external-dns-release", "gateway-api-release", "load-balancer-controller-release"],
        ],
    ])("without %s has no controller for it", async (_, changes, releases) => {
        const stack = await stackOf(onAws(...changes));
        expect(
            stack
                .all("Release")
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(releases);
    });

    it("with the Gateway API's definitions present does not install them", async () => {
        const stack = await stackOf(onAws(["platform.gateway.definitions", "present"]));
        expect(stack.resources.filter(({ name }) => name.startsWith("gateway-api"))).toEqual([]);
    });

    it("warns of hosts outside of the zone, and makes no certificate", async () => {
        const stack = await stackOf(onAws(["apps[1].hosts", ["blog.elsewhere.org"]]));
        expect(stack.all("Certificate")).toEqual([]);
        expect(stack.warnings.join()).toContain(
            'apps[1].hosts[0]: found "blog.elsewhere.org", which is not in the zone shop.example.org: so no certificate is made for any host',
        );
        const none = await stackOf(onAws(["platform.dns", { variant: "none" }]));
        expect(none.all("Certificate")).toEqual([]);
        expect(none.warnings.join()).toContain(
            'platform.dns.variant: found "none"; better: a zone in which certificates are proved',
        );
    });

    it("with certificates that are there makes those of the zone beside them", async () => {
        const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
        const stack = await stackOf(
            onAws(["apps[1].hosts", ["blog.elsewhere.org"]], ["platform.gateway.certificateArns", [arn]]),
        );
        expect(stack.all("Certificate").map(({ name }) => name)).toEqual([
            "edge-certificate-shop.example.org-certificate",
        ]);
        const { listenerConfigurations } = stack.get("LoadBalancerConfiguration", "edge-configuration").props[
            "spec"
        ] as { readonly listenerConfigurations: readonly { readonly certificates: readonly string[] }[] };
        expect(listenerConfigurations[0]!.certificates).toEqual([arn]);
        expect(stack.warnings.filter((text) => text.includes("certificate"))).toEqual([]);
    });

    it("without a zone has no certificate of its own for static files", async () => {
        const problems = await refusal(onAws(["platform.dns", { variant: "none" }], ["assets", s3]));
        expect(problems).toMatchObject([{ path: "assets.zoneId" }]);
        const outside = await refusal(onAws(["assets", { ...s3, host: "static.elsewhere.org" }]));
        expect(outside).toMatchObject([{ path: "assets.zoneId" }]);
    });
});

it("an environment on another stack's EKS is let in by that one's load balancer, and drains as there", async () => {
    const borrower = inCluster(
        ["environment.kind", "ephemeral"],
        ["platform", { variant: "stack", stack: "lender" }],
        ["exposure", { variant: "platform" }],
        ["apps[0].hosts", ["pr-1.preview.shop.example.org"]],
    );
    const stack = await stackOf(borrower, { platform: onAws(["lends.domain", "preview.shop.example.org"]) });
    expect(stack.get("NetworkPolicy", "shop-web-from-gateway").props["spec"]).toMatchObject({
        ingress: [{ from: [{ ipBlock: { cidr: "10.40.192.0/24" } }, { ipBlock: { cidr: "10.40.193.0/24" } }] }],
    });
    expect(JSON.stringify(stack.get("Deployment", "shop-web").props)).toContain('"preStop":{"sleep":{"seconds":25}}');
    expect(JSON.stringify(stack.get("TargetGroupConfiguration", "edge-target").props)).toContain(
        '"key":"deregistration_delay.timeout_seconds","value":"45"',
    );
    expect(stack.get("Namespace", "namespace").props["metadata"]).toMatchObject({
        labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
    });
    expect(stack.get("HTTPRoute", "edge-route").props["spec"]).toMatchObject({
        parentRefs: [{ namespace: "shop-lender", sectionName: "lent" }],
    });
    expect(stack.get("StatefulSet", "database-server").props["spec"]).toMatchObject({
        volumeClaimTemplates: [{ spec: { storageClassName: "gp3-encrypted" } }],
    });
});

describe("CI's identity", () => {
    const ci = {
        variant: "gitlab",
        project: "example-org/shop",
        push: { branches: ["main"] },
        preview: {},
        deploy: { branches: ["main"], policies: ["arn:aws:iam::aws:policy/PowerUserAccess"] },
        stateBucket: "example-state",
    };

    it("may push to the registry, read, and deploy, in the cluster too, and is told to workflows", async () => {
        const stack = await stackOf(onAws(["platform.ci", ci]));
        const roles = stack.outputs["ci"] as Record<string, string>;
        expect(Object.keys(roles)).toEqual(["push", "preview", "deploy"]);
        const push = stack.get("RolePolicy", "ci-push-policy").props["policy"] as string;
        expect(push).toMatch(/arn:aws:ecr:eu-central-1:123456789012:repository\/shop-test\/shop"/);
        expect(stack.get("RolePolicy", "ci-preview-policy").props["policy"]).toContain("example-state");
        expect(stack.get("AccessPolicyAssociation", "ci-access-deploy").props).toMatchObject({
            principalArn: roles["deploy"],
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        });
        expect(stack.get("OpenIdConnectProvider", "ci-provider").props["url"]).toBe("https://gitlab.com");
    });

    it("decrypts the stack's secrets by the key that is made, or that is there", async () => {
        const policy = async (...changes: Change[]) =>
            (await stackOf(onAws(["platform.ci", ci], ...changes))).get("RolePolicy", "ci-preview-policy").props[
                "policy"
            ] as string;
        expect(await policy()).toMatch(/"kms:Decrypt"\],"Resource":"arn:aws:kms:/);
        expect(await policy(["platform.secretsKey", { variant: "existing", id: "alias/shop" }])).toContain(
            '"kms:ResourceAliases":"alias/shop"',
        );
        const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        expect(await policy(["platform.secretsKey", { variant: "existing", id }])).toContain(
            `arn:aws:kms:eu-central-1:123456789012:key/${id}`,
        );
        expect(await policy(["platform.secretsKey", { variant: "none" }])).not.toContain("kms:");
    });

    it("waits for no cluster, but to be let into it", async () => {
        const stack = await stackOf(onAws(["platform.ci", ci]));
        expect(waitsFor(stack, stack.get("Role", "ci-push-role"))).not.toContain("cluster-cluster");
        const waits = waitsFor(stack, stack.get("AccessEntry", "ci-access-deploy"));
        expect(waits.filter((name) => name.startsWith("cluster-"))).not.toEqual([]);
    });

    it("may push to repositories that are there", async () => {
        const prefix = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team";
        const stack = await stackOf(onAws(["platform.registry", { variant: "existing", prefix }], ["platform.ci", ci]));
        expect(stack.get("RolePolicy", "ci-push-policy").props["policy"]).toContain(
            "arn:aws:ecr:eu-central-1:123456789012:repository/team/*",
        );
    });

    it("is nobody's unless it is named", async () => {
        const stack = await stackOf(onAws());
        expect(stack.outputs).not.toHaveProperty("ci");
        expect(stack.all("OpenIdConnectProvider")).toEqual([]);
    });
});
