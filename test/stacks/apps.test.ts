// What an app's settings, the operator's sizes and the platform become in the objects of that app, and of no other.
// Does not prove that the objects do what they say: test/component and test/cluster do.
import { describe, expect, it } from "vitest";
import type { PlannedResource } from "../../commands/plan/plan.ts";
import { environmentOf, inCluster, podOf, shop, stackOf, type Stack, waitsFor } from "./support/stack.ts";

/** Each size is another one, so that none can stand for another. */
const sizes = Object.fromEntries(
    ["web", "worker", "beat", "shell", "database", "cache", "broker", "async"].map((use, index) => [
        `of-${use}`,
        { cpu: `${100 + index}m`, memory: `${256 + index}Mi` },
    ]),
);

const full = {
    ...shop,
    name: "shop",
    image: "registry.example.org/shop:1.2.3",
    hosts: ["shop.example.org", "www.shop.example.org"],
    environmentPrefix: "SHOP_",
    environment: { FEATURE: "on" },
    files: { "/etc/shop.ini": "[shop]" },
    runAs: { user: 2001, group: 3001 },
    egress: { publicHttps: true, addresses: [{ cidr: "10.20.0.0/16", port: 9200 }] },
    web: {
        size: "of-web",
        port: 8123,
        probes: { live: "/alive", ready: "/prepared" },
        replicas: { min: 3, max: 7 },
        targetCpu: 55,
    },
    workers: { mail: { size: "of-worker", queues: ["mail"], replicas: { min: 2, max: 5 }, taskTimeLimit: 77 } },
    beat: { size: "of-beat" },
    shell: { size: "of-shell" },
    release: { migrate: { timeout: 1234 } },
};
const other = { ...shop, name: "blog", image: "registry.example.org/blog:9", hosts: ["blog.example.org"] };

const sections = inCluster(
    ["environment.mainApp", "shop"],
    ["apps", [full, other]],
    ["operator.sizes", sizes],
    ["database.size", "of-database"],
    ["cache.size", "of-cache"],
    ["broker.size", "of-broker"],
    ["platform.gateway.from", { namespaces: ["traefik"], cidrs: ["10.1.0.0/24"] }],
    ["platform.storageClass", "fast"],
    ["assets.files", { from: "volume", storage: "3Gi", accessMode: "ReadWriteMany" }],
);
const record = () => stackOf(sections);

const workloads = (stack: Stack, app: string): readonly PlannedResource[] =>
    ["Deployment", "StatefulSet", "Job"]
        .flatMap((kind) => stack.all(kind))
        .filter(({ name }) => name.startsWith(`${app}-`) && !name.includes("database"));

describe("an app", () => {
    it("runs its own image as its own user, in every process and job", async () => {
        const stack = await record();
        const names = (app: string) =>
            workloads(stack, app)
                .map(({ name }) => name)
                .toSorted();
        expect(names("shop")).toEqual([
            "shop-beat",
            "shop-collectstatic",
            "shop-migrate",
            "shop-shell",
            "shop-web",
            "shop-worker-mail",
        ]);
        for (const workload of workloads(stack, "shop")) {
            const { containers, securityContext } = podOf(workload);
            expect(containers[0]!.image, workload.name).toBe("registry.example.org/shop:1.2.3");
            expect(securityContext, workload.name).toMatchObject({ runAsUser: 2001, runAsGroup: 3001 });
        }
        expect(names("blog")).toEqual(["blog-collectstatic", "blog-migrate", "blog-web"]);
        for (const workload of workloads(stack, "blog")) {
            const { containers, securityContext } = podOf(workload);
            expect(containers[0]!.image, workload.name).toBe("registry.example.org/blog:9");
            expect(securityContext, workload.name).toMatchObject({ runAsUser: 10001, runAsGroup: 10001 });
        }
    });

    it.each([
        ["Deployment", "shop-web", "of-web"],
        ["Deployment", "shop-worker-mail", "of-worker"],
        ["StatefulSet", "shop-beat", "of-beat"],
        ["Deployment", "shop-shell", "of-shell"],
        ["StatefulSet", "database-server", "of-database"],
        ["StatefulSet", "cache-primary", "of-cache"],
        ["StatefulSet", "broker-server", "of-broker"],
    ])("%s %s reserves what the operator means by its size", async (kind, name, size) => {
        const { requests } = podOf((await record()).get(kind, name)).containers[0]!.resources;
        expect(requests).toMatchObject(sizes[size]!);
    });

    it("has its own settings in its environment, and not another's", async () => {
        const stack = await record();
        expect(environmentOf(stack, "shop")).toMatchObject({
            FEATURE: "on",
            SHOP_ALLOWED_HOSTS: "shop.example.org,www.shop.example.org",
            SHOP_CSRF_TRUSTED_ORIGINS: "http://shop.example.org,http://www.shop.example.org",
            SHOP_DB_NAME: "shop",
            SHOP_DB_USER: "shop",
        });
        const blog = environmentOf(stack, "blog");
        expect(blog).toMatchObject({
            DJANGO_APP_ALLOWED_HOSTS: "blog.example.org",
            DJANGO_APP_DB_NAME: "blog",
            DJANGO_APP_DB_USER: "blog",
        });
        expect(Object.keys(blog).filter((name) => name.startsWith("SHOP_") || name === "FEATURE")).toEqual([]);
        expect(Object.values(stack.get("ConfigMap", "shop-files").props["data"] as object)).toEqual(["[shop]"]);
        expect(stack.all("ConfigMap").map(({ name }) => name)).not.toContain("blog-files");
    });

    it("reaches outside what it names, and admits the platform's gateway alone", async () => {
        const stack = await record();
        const ports = [{ protocol: "TCP", port: 443 }];
        expect(stack.get("NetworkPolicy", "shop-to-outside").props["spec"]).toMatchObject({
            egress: [
                { ports, to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] },
                { ports: [{ protocol: "TCP", port: 9200 }], to: [{ ipBlock: { cidr: "10.20.0.0/16" } }] },
            ],
        });
        expect(stack.all("NetworkPolicy").map(({ name }) => name)).not.toContain("blog-to-outside");
        for (const [app, port] of [
            ["shop", 8123],
            ["blog", 8000],
        ] as const) {
            expect(stack.get("NetworkPolicy", `${app}-web-from-gateway`).props["spec"], app).toMatchObject({
                ingress: [
                    {
                        from: [
                            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } },
                            { ipBlock: { cidr: "10.1.0.0/24" } },
                        ],
                        ports: [{ protocol: "TCP", port }],
                    },
                ],
            });
        }
    });

    it("is probed, scaled and released as its settings say", async () => {
        const stack = await record();
        const [container] = podOf(stack.get("Deployment", "shop-web")).containers;
        expect(container).toMatchObject({
            ports: [{ containerPort: 8123 }],
            readinessProbe: { httpGet: { path: "/prepared" } },
            livenessProbe: { httpGet: { path: "/alive" } },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
        });
        expect(stack.get("HorizontalPodAutoscaler", "shop-web-autoscaler").props["spec"]).toMatchObject({
            minReplicas: 3,
            maxReplicas: 7,
            metrics: [{ resource: { target: { averageUtilization: 55 } } }],
        });
        expect(stack.get("HorizontalPodAutoscaler", "shop-worker-mail-autoscaler").props["spec"]).toMatchObject({
            minReplicas: 2,
            maxReplicas: 5,
        });
        expect(stack.get("Job", "shop-migrate").props["spec"]).toMatchObject({ activeDeadlineSeconds: 1234 });
        expect(stack.get("Job", "blog-migrate").props["spec"]).toMatchObject({ activeDeadlineSeconds: 600 });
    });

    it("waits with its first job for its namespace and all of its stores", async () => {
        const stack = await record();
        const names = waitsFor(stack, stack.get("Job", "shop-migrate"));
        for (const made of [
            "namespace-deny-all",
            "database-server",
            "database-from-clients",
            "cache-primary",
            "broker-server",
        ]) {
            expect(names).toContain(made);
        }
        const blog = waitsFor(stack, stack.get("Job", "blog-migrate"));
        expect(blog).toContain("blog-database-create");
    });

    it("says in the outputs how it is reached", async () => {
        expect((await record()).outputs).toMatchObject({
            outputsVersion: 2,
            environment: { kind: "staging", name: "test", instance: "shop-test" },
            namespace: "shop-test",
            mainApp: "shop",
        });
        expect((await record()).outputs["apps"]).toEqual({
            shop: {
                image: "registry.example.org/shop:1.2.3",
                url: "http://shop.example.org",
                service: "shop-web",
                port: 80,
                shell: "shop-shell",
            },
            blog: {
                image: "registry.example.org/blog:9",
                url: "http://blog.example.org",
                service: "blog-web",
                port: 80,
            },
        });
    });
});

describe("an image that says itself how it is run", () => {
    const image = {
        contract: "init-run-async",
        name: "shop",
        image: "registry.example.org/shop:1",
        hosts: ["shop.example.org"],
        web: { size: "of-web" },
        async: { size: "of-async", replicas: { min: 2, max: 3 } },
        shell: { size: "of-shell" },
        release: { init: { timeout: 99 } },
    };

    it("has a process for each of its commands, of the size that is set for it", async () => {
        const stack = await stackOf(inCluster(["apps", [image]], ["operator.sizes", sizes]));
        const requests = (name: string) => podOf(stack.get("Deployment", name)).containers[0]!.resources.requests;
        expect(requests("shop-web")).toMatchObject(sizes["of-web"]!);
        expect(requests("shop-worker-async")).toMatchObject(sizes["of-async"]!);
        expect(requests("shop-shell")).toMatchObject(sizes["of-shell"]!);
        expect(stack.get("Job", "shop-init").props["spec"]).toMatchObject({ activeDeadlineSeconds: 99 });
    });

    it("has neither where it has none", async () => {
        const { async: _, shell: __, ...least } = image;
        const stack = await stackOf(inCluster(["apps", [least]], ["operator.sizes", sizes]));
        expect(stack.all("Deployment").map(({ name }) => name)).toEqual(["shop-web"]);
        expect(stack.outputs["apps"]).not.toHaveProperty("shop.shell");
    });
});
