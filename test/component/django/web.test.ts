// The web pods. Does not prove that no request fails during a rollout: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { processes, recordDjango, recordProcesses } from "../../support/django.ts";

const { web } = processes;
const selector = { "app.kubernetes.io/name": "shop-web", "app.kubernetes.io/instance": "shop-staging" };

const deployment = async (changes: Partial<typeof web> = {}) =>
    (await recordProcesses({ web: { ...web, ...changes } })).get("Deployment", "shop-web");
const pod = async (changes: Partial<typeof web> = {}) => (await deployment(changes)).props["spec"].template.spec;

test("the Service leads to the port that the server listens on, and is not awaited", async () => {
    const plan = await recordProcesses({ web: { ...web, port: 8080 } });
    const service = plan.get("Service", "shop-web-service").props;
    expect(service["metadata"]).toMatchObject({
        name: "shop-web",
        namespace: "shop-staging",
        annotations: { "pulumi.com/skipAwait": "true" },
    });
    expect(service["spec"]).toEqual({ selector, ports: [{ name: "http", port: 80, targetPort: "http" }] });
    expect(plan.get("Deployment", "shop-web").props["spec"].template.spec.containers[0].ports).toEqual([
        { name: "http", containerPort: 8080 },
    ]);
});

describe("a rollout", () => {
    test("starts a new pod before it stops an old one (R7)", async () => {
        expect((await deployment()).props["spec"].strategy).toEqual({
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
        });
    });

    test.each([
        { gracefulTimeout: 20, grace: 30 },
        { gracefulTimeout: 60, grace: 70 },
    ])(
        "serves on for five seconds, and then $gracefulTimeout for open requests (R5, R6)",
        async ({ gracefulTimeout, grace }) => {
            const spec = await pod({ gracefulTimeout });
            expect(spec.containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
            expect(spec.terminationGracePeriodSeconds).toBe(grace);
        },
    );

    test("has more time than the ten minutes that Pulumi gives", async () => {
        expect((await deployment()).customTimeouts).toEqual({ create: "30m", update: "30m" });
    });
});

describe("probes", () => {
    test("ask with a Host header that the app allows, of the pod itself (R1-R4)", async () => {
        const [container] = (await pod({ probes: { live: "/live", ready: "/ready" } })).containers;
        const get = (path: string) => ({
            path,
            port: "http",
            httpHeaders: [{ name: "Host", value: "shop.example.org" }],
        });
        expect(container.startupProbe.httpGet).toEqual(get("/live"));
        expect(container.livenessProbe.httpGet).toEqual(get("/live"));
        expect(container.readinessProbe.httpGet).toEqual(get("/ready"));
    });

    test("give the app two minutes to start, and take a pod off the Service before they kill it", async () => {
        const [{ startupProbe, readinessProbe, livenessProbe }] = (await pod()).containers;
        expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(120);
        expect(readinessProbe.periodSeconds * readinessProbe.failureThreshold).toBeLessThan(
            livenessProbe.periodSeconds * livenessProbe.failureThreshold,
        );
    });

    test("do not kill a pod whose threads are taken by requests that may take so long", async () => {
        const plan = await recordProcesses({ web: { ...web, gracefulTimeout: 600 } });
        const [{ livenessProbe }] = plan.get("Deployment", "shop-web").props["spec"].template.spec.containers;
        expect(livenessProbe.periodSeconds * livenessProbe.failureThreshold).toBe(630);
        const [usual] = (await pod()).containers;
        expect(usual.livenessProbe.periodSeconds * usual.livenessProbe.failureThreshold).toBe(60);
    });
});

describe("behind a load balancer that asks pods by their own address", () => {
    const variables = async (more: { readonly askedByAddress?: boolean }) => {
        const plan = await recordDjango((args) => ({ ...args, ...more }));
        const of = (kind: string, name: string): Record<string, unknown>[] =>
            plan.get(kind, name).props["spec"].template.spec.containers[0].env;
        return { web: of("Deployment", "shop-web"), worker: of("Deployment", "shop-worker-mail") };
    };

    test("web takes its own for a host, whatever kind of address it is", async () => {
        const { web, worker } = await variables({ askedByAddress: true });
        expect(web).toEqual([
            { name: "HOME", value: "/tmp" },
            // Before the variable that names it: Kubernetes puts in what stands above.
            { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "DJANGO_APP_ALLOWED_HOSTS", value: "shop.example.org,www.shop.example.org,$(POD_IP),[$(POD_IP)]" },
        ]);
        expect(JSON.stringify(worker)).not.toContain("POD_IP");
    });

    test("and no other web does", async () => {
        expect(JSON.stringify((await variables({})).web)).not.toContain("POD_IP");
    });
});

describe("scaling", () => {
    test("is the autoscaler's: the Deployment sets no replicas (R9)", async () => {
        const plan = await recordProcesses({ web: { ...web, replicas: { min: 3, max: 9 }, targetCpu: 55 } });
        const target = plan.get("Deployment", "shop-web");
        expect(target.props["spec"]).not.toHaveProperty("replicas");
        const autoscaler = plan.get("HorizontalPodAutoscaler", "shop-web-autoscaler");
        expect(autoscaler.type).toBe("kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
        expect(autoscaler.props["spec"]).toEqual({
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop-web" },
            minReplicas: 3,
            maxReplicas: 9,
            metrics: [
                {
                    type: "Resource",
                    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 55 } },
                },
            ],
        });
        expect(autoscaler.dependencies).toContain(target.urn);
    });

    test("over zones and hosts, counted within a release (R13)", async () => {
        const constraints = (await pod()).topologySpreadConstraints as object[];
        expect(constraints).toHaveLength(2);
        expect(constraints[0]).toMatchObject({
            labelSelector: { matchLabels: selector },
            matchLabelKeys: ["pod-template-hash"],
        });
    });

    test("several pods have a budget, of which one may be away (R10-R12)", async () => {
        const plan = await recordProcesses({ web: { ...web, replicas: { min: 1, max: 2 } } });
        expect(plan.get("PodDisruptionBudget", "shop-web-budget").props["spec"]).toEqual({
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: selector },
        });
    });

    test("a single pod has none: it would stop a node from being drained", async () => {
        const plan = await recordProcesses({ web: { ...web, replicas: { min: 1, max: 1 } } });
        expect(plan.created).not.toContain("PodDisruptionBudget shop-web-budget");
        expect(plan.created).toContain("HorizontalPodAutoscaler shop-web-autoscaler");
    });
});

test("the server is started without a shell, so that SIGTERM reaches it", async () => {
    const [container] = (await pod({ command: ["gunicorn", "shop.wsgi:application"] })).containers;
    expect(container).toMatchObject({ name: "web", command: ["gunicorn", "shop.wsgi:application"] });
    expect(container).not.toHaveProperty("args");
});

describe("who may call the web pods (R46)", () => {
    const ingress = async (ingressFrom?: { namespaces: string[]; cidrs: string[] }) => {
        const plan = await recordDjango(() => (ingressFrom === undefined ? {} : { ingressFrom }));
        return plan.get("NetworkPolicy", "shop-web-from-gateway").props;
    };
    const ports = [{ protocol: "TCP", port: 8000 }];

    test("anyone, at the server's port only, where nobody says from where requests come", async () => {
        const { metadata, spec } = await ingress();
        expect(metadata).toMatchObject({ name: "shop-web-from-gateway", namespace: "shop-staging" });
        expect(spec).toEqual({
            podSelector: { matchLabels: selector },
            policyTypes: ["Ingress"],
            ingress: [{ ports }],
        });
    });

    test("only the namespaces and addresses that are named", async () => {
        const { spec } = await ingress({ namespaces: ["traefik"], cidrs: ["10.0.0.0/8"] });
        expect(spec.ingress).toEqual([
            {
                from: [
                    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } },
                    { ipBlock: { cidr: "10.0.0.0/8" } },
                ],
                ports,
            },
        ]);
    });
});

describe("what the app may reach besides its stores (R46)", () => {
    const egress = async (publicHttps: boolean, addresses: { cidr: string; port: number }[]) =>
        recordDjango(() => ({ egress: { publicHttps, addresses } }));

    test("nothing, when nothing is named: there is no policy", async () => {
        expect((await egress(false, [])).created).not.toContain("NetworkPolicy shop-to-outside");
    });

    test("HTTPS at public addresses, never at those where a cloud keeps a machine's credentials", async () => {
        const { spec } = (await egress(true, [])).get("NetworkPolicy", "shop-to-outside").props;
        expect(spec.podSelector.matchLabels).toEqual({
            "app.kubernetes.io/instance": "shop-staging",
            "app.kubernetes.io/component": "django",
            "app.kubernetes.io/managed-by": "pulumi",
            "app.kubernetes.io/part-of": "shop",
        });
        expect(spec.policyTypes).toEqual(["Egress"]);
        expect(spec.egress).toEqual([
            {
                to: [
                    {
                        ipBlock: {
                            cidr: "0.0.0.0/0",
                            except: [
                                "10.0.0.0/8",
                                "100.64.0.0/10",
                                "127.0.0.0/8",
                                "168.63.129.16/32",
                                "169.254.0.0/16",
                                "172.16.0.0/12",
                                "192.0.0.0/24",
                                "192.168.0.0/16",
                            ],
                        },
                    },
                ],
                ports: [{ protocol: "TCP", port: 443 }],
            },
        ]);
    });

    test("buckets, and what hands out the login for them, where files are in buckets", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: { ...stores, assets: { ...stores.assets, egress: [{ cidr: "169.254.170.23/32", port: 80 }] } },
        }));
        expect(plan.get("NetworkPolicy", "shop-to-outside").props["spec"].egress).toEqual([
            { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
        ]);
    });

    const bucket = { protocol: "s3", mediaBucket: "shop-media" } as const;
    const withBuckets = (reach?: { readonly cidrs?: readonly string[]; readonly port: number }, publicHttps = false) =>
        recordDjango(({ stores }) => ({
            stores: { ...stores, assets: { ...stores.assets, buckets: { ...bucket, ...(reach && { reach }) } } },
            egress: { publicHttps, addresses: [] },
        }));
    const openings = async (...given: Parameters<typeof withBuckets>) => {
        const { egress } = (await withBuckets(...given)).get("NetworkPolicy", "shop-to-outside").props["spec"];
        return (egress as { to: [{ ipBlock: { cidr: string } }]; ports: { port: number }[] }[]).map(({ to, ports }) => [
            to[0].ipBlock.cidr,
            ports.map(({ port }) => port),
        ]);
    };

    test("public buckets, at the port of their server", async () => {
        expect(await openings()).toEqual([["0.0.0.0/0", [443]]]);
        expect(await openings({ port: 443 }, true)).toEqual([["0.0.0.0/0", [443]]]);
        expect(await openings({ port: 9000 })).toEqual([["0.0.0.0/0", [9000]]]);
        expect(await openings({ port: 9000 }, true)).toEqual([["0.0.0.0/0", [443, 9000]]]);
    });

    test("private buckets, and nothing else", async () => {
        expect(await openings({ port: 9000, cidrs: ["10.20.0.0/24", "10.30.0.7/32"] })).toEqual([
            ["10.20.0.0/24", [9000]],
            ["10.30.0.7/32", [9000]],
        ]);
    });

    test("the addresses that are named, each at its port, and a job waits for that", async () => {
        const plan = await egress(false, [{ cidr: "10.20.0.0/16", port: 9200 }]);
        const policy = plan.get("NetworkPolicy", "shop-to-outside");
        expect(policy.props["spec"].egress).toEqual([
            { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 9200 }] },
        ]);
        expect(plan.get("Job", "shop-migrate").dependencies).toContain(policy.urn);
    });
});
