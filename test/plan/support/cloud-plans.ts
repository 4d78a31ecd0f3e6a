// Plans of clouds, written by hand: as little as keeps every rule, in the shape in which the engine shows it.
import type { Plan, PlannedResource } from "../../../commands/plan/plan.ts";

const project = "django-on-kubernetes";
export type TestedCloud = "gcp" | "aws" | "digitalocean";
export const testedClouds: readonly TestedCloud[] = ["gcp", "aws", "digitalocean"];

interface Options {
    /** Names of resources that are made before it. @default none */
    readonly after?: readonly string[];
    readonly protect?: boolean;
}

/** Collects the resources of one stack; names are unique in it. */
class StackUnderTest {
    readonly resources: PlannedResource[] = [];
    readonly kind: string;
    private readonly parent: string;

    constructor(kind: string) {
        this.kind = kind;
        this.parent = this.push(`${project}:test:Component`, "component", {}, {}, { custom: false }).urn;
    }

    get isProduction(): boolean {
        return this.kind === "production";
    }

    get isThrownAway(): boolean {
        return this.kind === "ephemeral" || this.kind === "local";
    }

    provider(cloud: string, after: readonly string[] = [], props: Record<string, unknown> = {}): void {
        this.push(`pulumi:providers:${cloud}`, cloud, props, { after }, {});
    }

    add(type: string, name: string, props: Record<string, unknown>, options: Options = {}): void {
        const provider = this.urnOf(type.slice(0, type.indexOf(":")));
        this.push(type, name, props, options, { parent: this.parent, provider: `${provider}::${"0".repeat(8)}` });
    }

    plan(): Plan {
        return { project, stack: this.kind, resources: this.resources, outputs: {}, warnings: [] };
    }

    private urnOf(name: string): string {
        const found = this.resources.find((resource) => resource.name === name);
        if (found === undefined) {
            throw new Error(`there is no ${name} yet`);
        }
        return found.urn;
    }

    private push(
        type: string,
        name: string,
        props: Record<string, unknown>,
        { after = [], protect = false }: Options,
        rest: Partial<PlannedResource>,
    ): PlannedResource {
        const urn = `urn:pulumi:${this.kind}::${project}::${project}:test:Component$${type}::${name}`;
        const dependencies = after.map((one) => this.urnOf(one));
        const resource = {
            urn,
            type,
            name,
            props,
            dependencies,
            protect,
            custom: true,
            replaceOnChanges: [],
            ignoreChanges: [],
            replaceWith: [],
            formerUrns: [],
            deleteBeforeReplace: false,
            customTimeouts: {},
            ...rest,
        };
        this.resources.push(resource);
        return resource;
    }
}

/** A platform and an environment in one stack: network, cluster, nodes, a controller, database, cache, buckets, zone, key. */
export function cloudPlan(cloud: TestedCloud, kind: "production" | "staging" | "ephemeral" = "production"): Plan {
    const stack = new StackUnderTest(kind);
    stack.provider(cloud, [], providerLabels[cloud]);
    const { ready, cluster, stores } = clouds[cloud](stack);
    onCluster(stack, cluster, ready, stores);
    return stack.plan();
}

interface Made {
    readonly cluster: string;
    /** What has to be there before anything is put on the cluster. */
    readonly ready: readonly string[];
    readonly stores: readonly string[];
}

/** As providers get what is no text. */
const providerLabels: Record<TestedCloud, Record<string, unknown>> = {
    gcp: { defaultLabels: '{"environment":"shop-production"}' },
    aws: { defaultTags: '{"tags":{"environment":"shop-production"}}' },
    digitalocean: {},
};

const clouds: Record<TestedCloud, (stack: StackUnderTest) => Made> = {
    gcp: onGcp,
    aws: onAws,
    digitalocean: onDigitalOcean,
};

function onGcp(stack: StackUnderTest): Made {
    const { isProduction: protect, isThrownAway } = stack;
    stack.add("gcp:compute/network:Network", "network", { autoCreateSubnetworks: false });
    stack.add("gcp:compute/subnetwork:Subnetwork", "subnetwork", {}, { after: ["network"] });
    stack.add("gcp:compute/routerNat:RouterNat", "nat", { natIps: [] }, { after: ["network", "subnetwork"] });
    stack.add("gcp:servicenetworking/connection:Connection", "peering", {}, { after: ["network"] });
    stack.add("gcp:kms/cryptoKey:CryptoKey", "key", {}, { protect });
    stack.add("gcp:serviceaccount/account:Account", "nodes-account", { accountId: "shop-nodes" });
    stack.add("gcp:projects/serviceIdentity:ServiceIdentity", "agent", { service: "container.googleapis.com" });
    stack.add(
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "agent-key",
        { role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: "agent" },
        { after: ["agent", "key"] },
    );
    stack.add(
        "gcp:container/cluster:Cluster",
        "cluster",
        {
            name: "shop",
            datapathProvider: "ADVANCED_DATAPATH",
            deletionProtection: protect,
            privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: false },
            controlPlaneEndpointsConfig: {
                dnsEndpointConfig: { allowExternalTraffic: false },
                ipEndpointsConfig: { enabled: true },
            },
            masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "192.0.2.0/24" }] },
            workloadIdentityConfig: { workloadPool: "project.svc.id.goog" },
            databaseEncryption: { state: "ENCRYPTED", keyName: "key" },
        },
        { after: ["subnetwork", "nat", "key", "nodes-account", "agent-key"], protect },
    );
    stack.add("gcp:container/nodePool:NodePool", "nodes", { name: "general" }, { after: ["cluster"] });
    stack.add("gcp:serviceaccount/account:Account", "app-identity", { accountId: "shop-app" });
    stack.add(
        "gcp:sql/databaseInstance:DatabaseInstance",
        "database",
        {
            databaseVersion: "POSTGRES_17",
            deletionProtection: protect,
            settings: {
                tier: "db-custom-2-7680",
                edition: "ENTERPRISE",
                availabilityType: "REGIONAL",
                deletionProtectionEnabled: protect,
                ipConfiguration: { ipv4Enabled: false, privateNetwork: "network", sslMode: "ENCRYPTED_ONLY" },
                backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
                finalBackupConfig: { enabled: protect, retentionDays: 30 },
                maintenanceWindow: { day: 7, hour: 3 },
                userLabels: { environment: "shop-production" },
            },
        },
        { after: ["network", "peering"], protect },
    );
    stack.add(
        "gcp:redis/instance:Instance",
        "cache",
        {
            memorySizeGb: 1,
            redisVersion: "REDIS_7_2",
            transitEncryptionMode: "SERVER_AUTHENTICATION",
            deletionProtection: protect,
            maintenancePolicy: { weeklyMaintenanceWindows: [{ day: "SUNDAY", startTime: { hours: 4 } }] },
        },
        { after: ["network", "peering"] },
    );
    const bucket = { location: "EU", uniformBucketLevelAccess: true, forceDestroy: isThrownAway };
    stack.add("gcp:storage/bucket:Bucket", "media", { ...bucket, publicAccessPrevention: "enforced" }, { protect });
    stack.add(
        "gcp:storage/bucket:Bucket",
        "static",
        {
            ...bucket,
            forceDestroy: !protect,
            cors: [{ methods: ["GET"], origins: ["https://shop.example.org"] }],
            lifecycleRules: [{ action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 30 } }],
        },
        { protect },
    );
    stack.add(
        "gcp:compute/backendBucket:BackendBucket",
        "cdn",
        { bucketName: "static", enableCdn: true },
        { after: ["static"] },
    );
    stack.add(
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "static-public",
        { member: "allUsers", role: "roles/storage.legacyObjectReader" },
        { after: ["static"] },
    );
    stack.add("gcp:compute/sSLPolicy:SSLPolicy", "tls", { minTlsVersion: "TLS_1_2", profile: "MODERN" });
    stack.add(
        "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
        "https",
        { sslPolicy: "tls" },
        { after: ["tls", "cdn"] },
    );
    stack.add(
        "gcp:dns/managedZone:ManagedZone",
        "zone",
        { dnsName: "shop.example.org.", forceDestroy: isThrownAway },
        { protect },
    );
    stack.add(
        "gcp:artifactregistry/repository:Repository",
        "registry",
        { format: "DOCKER", vulnerabilityScanningConfig: { enablementConfig: "INHERITED" } },
        { protect },
    );
    const userLabels = { environment: "shop-production" };
    stack.add("gcp:monitoring/notificationChannel:NotificationChannel", "channel", {
        type: "email",
        userLabels,
        forceDelete: isThrownAway,
    });
    stack.add("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", "check", { displayName: "shop", userLabels });
    stack.add("gcp:monitoring/alertPolicy:AlertPolicy", "alarm", { notificationChannels: ["channel"], userLabels });
    return { cluster: "cluster", ready: ["cluster", "nodes"], stores: ["database"] };
}

function onAws(stack: StackUnderTest): Made {
    const { isProduction: protect, isThrownAway } = stack;
    stack.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    stack.add("aws:ec2/internetGateway:InternetGateway", "internet", {}, { after: ["vpc"] });
    stack.add("aws:ec2/subnet:Subnet", "subnet", {}, { after: ["vpc"] });
    stack.add("aws:ec2/natGateway:NatGateway", "nat", {}, { after: ["subnet", "internet"] });
    stack.add("aws:ec2/route:Route", "route", {}, { after: ["nat"] });
    stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "association", {}, { after: ["subnet", "route"] });
    stack.add("aws:kms/key:Key", "key", {}, { protect });
    stack.add("aws:iam/role:Role", "role", {});
    stack.add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "permissions", {}, { after: ["role"] });
    stack.add("aws:cloudwatch/logGroup:LogGroup", "cluster-log", {
        name: "/aws/eks/shop/cluster",
        retentionInDays: 90,
        skipDestroy: protect,
    });
    stack.add(
        "aws:eks/cluster:Cluster",
        "cluster",
        {
            name: "shop",
            enabledClusterLogTypes: ["audit", "authenticator"],
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: protect,
            vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["192.0.2.0/24"] },
        },
        { after: ["role", "permissions", "subnet", "association", "key", "cluster-log"], protect },
    );
    stack.add(
        "aws:eks/addon:Addon",
        "network-addon",
        { addonName: "vpc-cni", configurationValues: '{"enableNetworkPolicy":"true"}' },
        { after: ["cluster"] },
    );
    stack.add("aws:ec2/launchTemplate:LaunchTemplate", "template", {
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    });
    stack.add(
        "aws:eks/nodeGroup:NodeGroup",
        "nodes",
        { launchTemplate: { version: "1" } },
        { after: ["cluster", "role", "permissions", "subnet", "template", "network-addon"] },
    );
    stack.add(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "controller-identity",
        { namespace: "controller" },
        { after: ["cluster"] },
    );
    stack.add("aws:rds/parameterGroup:ParameterGroup", "parameters", {
        family: "postgres17",
        parameters: [{ name: "rds.force_ssl", value: "1" }],
    });
    stack.add("aws:cloudwatch/logGroup:LogGroup", "database-log", {
        name: "/aws/rds/instance/shop/postgresql",
        retentionInDays: 30,
        skipDestroy: protect,
    });
    stack.add(
        "aws:rds/instance:Instance",
        "database",
        {
            engine: "postgres",
            engineVersion: "17.6",
            instanceClass: "db.t4g.medium",
            storageEncrypted: true,
            multiAz: true,
            backupRetentionPeriod: 7,
            allocatedStorage: 20,
            maxAllocatedStorage: 40,
            engineLifecycleSupport: "open-source-rds-extended-support-disabled",
            enabledCloudwatchLogsExports: ["postgresql"],
            backupWindow: "02:00-03:00",
            maintenanceWindow: "sun:03:00-sun:04:00",
            deletionProtection: protect,
            skipFinalSnapshot: isThrownAway,
            ...(!isThrownAway && { finalSnapshotIdentifier: "shop-final" }),
        },
        { after: ["subnet", "parameters", "key", "database-log"], protect },
    );
    stack.add(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cache",
        {
            description: "cache",
            engine: "valkey",
            engineVersion: "8.0",
            transitEncryptionEnabled: true,
            transitEncryptionMode: "required",
            maintenanceWindow: "sun:04:00-sun:05:00",
        },
        { after: ["subnet"] },
    );
    for (const name of ["static", "media"]) {
        stack.add(
            "aws:s3/bucket:Bucket",
            name,
            { forceDestroy: name === "static" ? !protect : isThrownAway },
            { protect },
        );
        stack.add(
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            `${name}-block`,
            { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
            { after: [name] },
        );
        stack.add(
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            `${name}-owner`,
            { rule: { objectOwnership: "BucketOwnerEnforced" } },
            { after: [name] },
        );
        stack.add(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            `${name}-lifecycle`,
            {
                rules: [
                    {
                        id: "old",
                        status: "Enabled",
                        noncurrentVersionExpiration: { noncurrentDays: 30 },
                        expiration: { expiredObjectDeleteMarker: true },
                    },
                ],
            },
            { after: [name] },
        );
    }
    stack.add(
        "aws:cloudfront/distribution:Distribution",
        "cdn",
        {
            enabled: true,
            origins: [{ originId: "static", domainName: "static.s3.amazonaws.com", originAccessControlId: "E1" }],
            defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https", responseHeadersPolicyId: "cors" },
            viewerCertificate: {
                acmCertificateArn: "arn",
                sslSupportMethod: "sni-only",
                minimumProtocolVersion: "TLSv1.2_2021",
            },
        },
        { after: ["static"] },
    );
    stack.add("aws:route53/zone:Zone", "zone", { name: "shop.example.org", forceDestroy: isThrownAway }, { protect });
    stack.add(
        "aws:ecr/repository:Repository",
        "registry",
        { forceDelete: isThrownAway, imageScanningConfiguration: { scanOnPush: true } },
        { protect },
    );
    stack.add("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", { alarmActions: ["topic"] });
    return {
        cluster: "cluster",
        ready: ["cluster", "nodes", "network-addon", "controller-identity"],
        stores: ["database"],
    };
}

function onDigitalOcean(stack: StackUnderTest): Made {
    const { isProduction: protect, isThrownAway } = stack;
    stack.add("digitalocean:index/vpc:Vpc", "vpc", { region: "fra1" });
    stack.add(
        "digitalocean:index/kubernetesCluster:KubernetesCluster",
        "cluster",
        {
            name: "shop",
            tags: ["shop"],
            ha: true,
            controlPlaneFirewall: { enabled: true, allowedAddresses: ["192.0.2.0/24"] },
        },
        { after: ["vpc"], protect },
    );
    stack.add(
        "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
        "nodes",
        { name: "general", tags: ["shop"] },
        { after: ["cluster"] },
    );
    stack.add(
        "digitalocean:index/databaseCluster:DatabaseCluster",
        "database",
        {
            engine: "pg",
            version: "17",
            nodeCount: 2,
            privateNetworkUuid: "vpc",
            storageAutoscale: { enabled: true },
            tags: ["shop"],
            maintenanceWindows: [{ day: "sunday", hour: "03:00" }],
        },
        { after: ["vpc"], protect },
    );
    stack.add(
        "digitalocean:index/databaseFirewall:DatabaseFirewall",
        "database-sources",
        { rules: [{ type: "k8s", value: "cluster" }] },
        { after: ["database", "cluster"] },
    );
    for (const name of ["static", "media"]) {
        stack.add(
            "digitalocean:index/spacesBucket:SpacesBucket",
            name,
            { acl: "private", forceDestroy: name === "static" ? !protect : isThrownAway },
            { protect },
        );
    }
    stack.add(
        "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration",
        "static-cors",
        { corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["https://shop.example.org"] }] },
        { after: ["static"] },
    );
    stack.add(
        "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy",
        "static-policy",
        { policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}' },
        { after: ["static"] },
    );
    stack.add("digitalocean:index/cdn:Cdn", "cdn", { origin: "static", ttl: 604_800 }, { after: ["static"] });
    stack.add("digitalocean:index/domain:Domain", "zone", { name: "shop.example.org" }, { protect });
    stack.add("digitalocean:index/monitorAlert:MonitorAlert", "alarm", { alerts: { emails: ["a@example.org"] } });
    stack.add("digitalocean:index/uptimeAlert:UptimeAlert", "host", { notifications: [{ emails: ["a@example.org"] }] });
    return { cluster: "cluster", ready: ["cluster", "nodes"], stores: ["database"] };
}

/** A controller in a namespace of its own; the environment's namespace with a way in, and what of the database is in it. */
function onCluster(stack: StackUnderTest, cluster: string, ready: readonly string[], stores: readonly string[]): void {
    stack.provider("kubernetes", [cluster], {
        clusterIdentifier: "shop",
        kubeconfig: "users:\n- user:\n    exec: {command: aws}\n",
    });
    const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
    const inShop = (name: string) => ({ name, namespace: "shop" });
    stack.add(
        "kubernetes:core/v1:Namespace",
        "controller-namespace",
        { metadata: { name: "controller", labels: { ...restricted, "app.kubernetes.io/component": "addon" } } },
        { after: ready },
    );
    stack.add(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "controller-network",
        {
            metadata: { name: "controller", namespace: "controller" },
            spec: {
                podSelector: {},
                policyTypes: ["Ingress", "Egress"],
                egress: [{ ports: [{ protocol: "TCP", port: 443 }] }],
            },
        },
        { after: ["controller-namespace"] },
    );
    stack.add(
        "kubernetes:helm.sh/v3:Release",
        "controller",
        { chart: "external-dns", name: "controller", namespace: "controller", values: {} },
        { after: ["controller-namespace", "zone", ...ready] },
    );
    const platform = [...ready, "controller"];
    const ttl = stack.kind === "ephemeral" ? { "django-on-kubernetes/ttl": "72h" } : {};
    stack.add(
        "kubernetes:core/v1:Namespace",
        "namespace",
        {
            metadata: {
                name: "shop",
                labels: { ...restricted, "django-on-kubernetes/environment": stack.kind, ...ttl },
            },
        },
        { after: platform, protect: stack.isProduction },
    );
    stack.add(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "deny-all",
        { metadata: inShop("deny-all"), spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
        { after: ["namespace"] },
    );
    if (stack.kind === "ephemeral") {
        stack.add(
            "kubernetes:core/v1:ResourceQuota",
            "quota",
            { metadata: inShop("quota"), spec: {} },
            { after: ["namespace"] },
        );
        stack.add(
            "kubernetes:core/v1:LimitRange",
            "limits",
            { metadata: inShop("limits"), spec: {} },
            { after: ["namespace"] },
        );
    }
    stack.add(
        "kubernetes:core/v1:Service",
        "database-service",
        { metadata: inShop("database"), spec: { type: "ExternalName", externalName: "database.example" } },
        { after: ["namespace", ...stores] },
    );
    stack.add(
        "kubernetes:core/v1:ServiceAccount",
        "account",
        { metadata: inShop("shop"), automountServiceAccountToken: false },
        { after: ["namespace"] },
    );
    stack.add(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "names",
        {
            metadata: inShop("names"),
            spec: {
                podSelector: {},
                policyTypes: ["Egress"],
                egress: [
                    {
                        ports: [
                            { protocol: "UDP", port: 53 },
                            { protocol: "TCP", port: 53 },
                        ],
                    },
                ],
            },
        },
        { after: ["namespace"] },
    );
    stack.add(
        "kubernetes:batch/v1:Job",
        "release",
        {
            metadata: inShop("release"),
            spec: {
                backoffLimit: 0,
                activeDeadlineSeconds: 600,
                template: {
                    metadata: {
                        annotations: {
                            "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                            "karpenter.sh/do-not-disrupt": "true",
                        },
                    },
                    spec: {
                        restartPolicy: "Never",
                        serviceAccountName: "shop",
                        automountServiceAccountToken: false,
                        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                        containers: [
                            {
                                name: "release",
                                image: "registry.example.org/shop:4f2a91c",
                                securityContext: {
                                    allowPrivilegeEscalation: false,
                                    readOnlyRootFilesystem: true,
                                    capabilities: { drop: ["ALL"] },
                                },
                                resources: {
                                    requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
                                    limits: { memory: "128Mi", "ephemeral-storage": "64Mi" },
                                },
                            },
                        ],
                    },
                },
            },
        },
        { after: ["namespace", "account"] },
    );
    stack.add(
        "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        "gateway",
        {
            metadata: inShop("gateway"),
            spec: {
                gatewayClassName: "class",
                listeners: [
                    {
                        name: "https",
                        protocol: "HTTPS",
                        port: 443,
                        tls: { certificateRefs: [{ name: "certificate" }] },
                    },
                ],
            },
        },
        { after: ["namespace", "controller", "release"] },
    );
}
