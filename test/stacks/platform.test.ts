// A cluster that is there: how it is reached, what it is said to do, and what other stacks learn of it.
// Does not prove that the clusters answer (test/cluster), nor what is made in a cloud (test/stacks/clouds).
import { describe, expect, it } from "vitest";
import { type Change, inCluster, refusal, shop, stackOf, type Sections, type Stack } from "./support/stack.ts";

const provider = ({ resources }: Stack, cloud: string) =>
    resources.find(({ type }) => type === `pulumi:providers:${cloud}`)?.props;
const platformOutputs = ({ outputs }: Stack) => outputs["platform"];

/** Names in this cluster end in the environment's name, so that several of a stack are told apart. */
const borrowing = (...changes: readonly Change[]) =>
    inCluster(["platform", { variant: "stack", stack: "lender" }], ["exposure", { variant: "none" }], ...changes);

describe("a cluster that is there", () => {
    it("is reached by its context, under its context's name", async () => {
        const stack = await stackOf(inCluster());
        expect(provider(stack, "kubernetes")).toEqual({
            context: "staging",
            clusterIdentifier: "staging",
            enableServerSideApply: "true",
        });
        expect(platformOutputs(stack)).toEqual({
            connection: { clusterIdentifier: "staging", context: "staging" },
            networkPolicy: { enforced: true },
        });
    });

    const everything = inCluster(
        ["platform.kubeconfig", "some/kubeconfig"],
        ["platform.clusterIdentifier", "the-cluster"],
        ["platform.storageClass", "fast"],
        ["platform.gateway.from", { namespaces: ["traefik"], cidrs: ["10.1.0.0/24"] }],
    );

    it("is reached by the file and known by the name that are set, and other stacks are told all of it", async () => {
        const stack = await stackOf(everything);
        expect(provider(stack, "kubernetes")).toEqual({
            context: "staging",
            kubeconfig: "some/kubeconfig",
            clusterIdentifier: "the-cluster",
            enableServerSideApply: "true",
        });
        expect(platformOutputs(stack)).toEqual({
            connection: { clusterIdentifier: "the-cluster", context: "staging", kubeconfig: "some/kubeconfig" },
            networkPolicy: { enforced: true },
            storageClass: "fast",
            webFrom: { namespaces: ["traefik"], cidrs: ["10.1.0.0/24"] },
        });
    });

    it("is the same for an environment on another stack's platform, which tells it on", async () => {
        const [lender, borrower] = [
            await stackOf(everything, { stack: "lender" }),
            await stackOf(borrowing(), { platform: everything }),
        ];
        expect(provider(borrower, "kubernetes")).toEqual(provider(lender, "kubernetes"));
        expect(platformOutputs(borrower)).toEqual(platformOutputs(lender));
        expect(borrower.get("StatefulSet", "database-server").props["spec"]).toMatchObject({
            volumeClaimTemplates: [{ spec: { storageClassName: "fast" } }],
        });
        expect(borrower.get("NetworkPolicy", "shop-web-from-gateway").props["spec"]).toMatchObject({
            ingress: [
                {
                    from: [
                        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } },
                        { ipBlock: { cidr: "10.1.0.0/24" } },
                    ],
                },
            ],
        });
    });

    it("without more than a context stays so for the borrower", async () => {
        const borrower = await stackOf(borrowing(), { platform: inCluster() });
        expect(platformOutputs(borrower)).toEqual({
            connection: { clusterIdentifier: "staging", context: "staging" },
            networkPolicy: { enforced: true },
        });
        expect(borrower.get("NetworkPolicy", "shop-web-from-gateway").props["spec"]).toMatchObject({
            ingress: [{ ports: [{ port: 8000 }] }],
        });
        expect(JSON.stringify(borrower.get("NetworkPolicy", "shop-web-from-gateway").props)).not.toContain('"from"');
    });
});

describe("NetworkPolicies that do not hold (R49)", () => {
    const warned = async (sections: Sections, options: { readonly platform?: Sections } = {}) =>
        (await stackOf(sections, options)).warnings.filter((text) => text.includes("NetworkPolicies do not hold"));

    const aws = {
        variant: "aws",
        network: {
            variant: "existing",
            id: "vpc-0a1b2c3d",
            privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
        },
        cluster: {
            variant: "existing",
            name: "main",
            endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
            ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
            securityGroup: "sg-0a1b2c3d",
        },
        gateway: { variant: "none" },
        secretsKey: { variant: "none" },
    };
    const gcp = {
        variant: "gcp",
        network: { variant: "none" },
        keys: { variant: "none" },
        cluster: {
            variant: "existing",
            location: "europe-west1",
            name: "main",
            endpoint: "10.0.0.2",
            caCertificate: "A".repeat(100),
        },
    };
    const clouds = {
        aws: { account: "123456789012", region: "eu-central-1" },
        gcp: { project: "example-shop", region: "europe-west1" },
    };
    const on = (platform: object, kind: string): Sections =>
        inCluster(
            ["environment.kind", kind],
            ["clouds", clouds],
            ["platform", platform],
            ["exposure", { variant: "none" }],
            ["apps[0].image", `${shop.image}@sha256:${"0".repeat(64)}`],
        );

    const clusters: [string, object, string][] = [
        ["EKS", aws, "platform.cluster.enforcesNetworkPolicy"],
        ["GKE", gcp, "platform.cluster.enforcesNetworkPolicy"],
    ];
    const enforced = (platform: object) => ({
        ...platform,
        cluster: { ...(platform as typeof aws).cluster, enforcesNetworkPolicy: true },
    });

    it.each(clusters)("production is refused on an adopted %s cluster", async (_, platform, setting) => {
        const problems = await refusal(on(platform, "production"));
        expect(problems).toHaveLength(1);
        expect(problems[0]!.path).toMatch(/^platform/);
        expect(JSON.stringify(problems)).toMatch(/NetworkPolic/);
        expect(JSON.stringify(problems)).toContain(setting);
        expect(await refusal(on(enforced(platform), "production"))).toEqual([]);
    });

    it.each(clusters)("staging on an adopted %s cluster is warned", async (_, platform) => {
        expect(await warned(on(platform, "staging"))).toHaveLength(1);
        expect(await warned(on(enforced(platform), "staging"))).toEqual([]);
    });

    it("one's own machine is neither refused nor warned", async () => {
        expect(
            await warned(inCluster(["environment.kind", "local"], ["platform.enforcesNetworkPolicy", false])),
        ).toEqual([]);
    });

    it("staging on a cluster that is there is warned, for a reason", async () => {
        expect(await warned(inCluster(["platform.enforcesNetworkPolicy", false]))).toEqual([
            "platform.enforcesNetworkPolicy: found false; better: true: NetworkPolicies do not hold on this cluster, so its pods reach each other's stores; production would be refused (R49); fix: let the cluster's network enforce NetworkPolicies (Cilium, Calico), then pulumi config set --path 'platform.enforcesNetworkPolicy' true",
        ]);
    });

    it("on another stack's platform count as that stack says", async () => {
        const production = borrowing(
            ["environment.kind", "production"],
            ["apps[0].image", `${shop.image}@sha256:${"0".repeat(64)}`],
        );
        const open = inCluster(["platform.enforcesNetworkPolicy", false]);
        const problems = await refusal(production, { platform: open });
        expect(problems).toHaveLength(1);
        expect(JSON.stringify(problems)).toMatch(/NetworkPolic/);
        expect(await warned(borrowing(), { platform: open })).toEqual([
            "NetworkPolicies do not hold on this cluster, so its pods reach each other's stores: platform.enforcesNetworkPolicy does not say that this cluster's network does. Production would be refused.",
        ]);
        expect(await refusal(production, { platform: inCluster() })).toEqual([]);
    });
});

describe("the namespace", () => {
    it("has the name that is set, and is limited where the environment is thrown away", async () => {
        const own = await stackOf(inCluster(["environment", { kind: "staging", name: "green", namespace: "shops" }]));
        expect(own.get("Namespace", "namespace").props["metadata"]).toMatchObject({
            name: "shops",
            labels: { "django-on-kubernetes/environment": "staging", "app.kubernetes.io/instance": "shops" },
        });
        expect(own.all("ResourceQuota")).toEqual([]);
        expect(own.outputs["environment"]).toEqual({ kind: "staging", name: "green", instance: "shops" });

        const quota = { cpu: "3", memory: "5Gi", storage: "13Gi", pods: 11 };
        const thrownAway = await stackOf(
            inCluster(["environment", { kind: "ephemeral", timeToLive: "5d" }], ["operator.quota", quota]),
        );
        expect(thrownAway.get("Namespace", "namespace").props["metadata"]).toMatchObject({
            labels: { "django-on-kubernetes/environment": "ephemeral", "django-on-kubernetes/ttl": "5d" },
        });
        expect(thrownAway.get("ResourceQuota", "namespace-quota").props["spec"]).toMatchObject({
            hard: {
                "requests.cpu": "3",
                "requests.memory": "5Gi",
                "requests.storage": "13Gi",
                pods: "11",
                // The one that a controller puts beside the Gateway.
                "services.loadbalancers": "1",
            },
        });
        const closed = await stackOf(
            inCluster(["environment", { kind: "ephemeral" }], ["exposure", { variant: "none" }]),
        );
        expect(closed.get("ResourceQuota", "namespace-quota").props["spec"]).toMatchObject({
            hard: { "services.loadbalancers": "0" },
        });
    });

    it("says whose pull request it is, and so do the outputs", async () => {
        const pullRequest = {
            number: 123,
            url: "https://github.com/example/shop/pull/123",
            lastPush: "2026-12-01T10:20:30Z",
        };
        const kept = await stackOf(inCluster(["environment", { kind: "ephemeral", keep: true, pullRequest }]));
        expect(kept.get("Namespace", "namespace").props["metadata"]).toMatchObject({
            labels: { "django-on-kubernetes/pull-request": "123", "django-on-kubernetes/keep": "true" },
            annotations: {
                "django-on-kubernetes/pull-request-url": pullRequest.url,
                "django-on-kubernetes/last-push": pullRequest.lastPush,
            },
        });
        expect(kept.outputs["pullRequest"]).toEqual(pullRequest);
        const own = await stackOf(inCluster(["environment", { kind: "ephemeral" }]));
        const { labels, ...metadata } = own.get("Namespace", "namespace").props["metadata"] as Record<string, object>;
        expect(metadata).not.toHaveProperty("annotations");
        expect(Object.keys(labels!)).not.toContain("django-on-kubernetes/pull-request");
        expect(own.outputs).not.toHaveProperty("pullRequest");
    });
});
