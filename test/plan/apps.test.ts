// Several apps in one environment, and environments on the platform of another stack: what is shared, what is one's own, and
// that adding, removing or reordering one touches nothing of the others.
// Does not prove that they serve, or that one cannot reach the other's data: the cluster layer does.
import { describe, expect, it } from "vitest";
import { bytes, millicores } from "../../lib/quantities.ts";
import type { Size } from "../../lib/resources.ts";
import { SettingsError } from "../../settings/problems.ts";
import type { Plan, PlannedResource } from "../../commands/plan/plan.ts";
import { broken, changed, planOf, type Sections } from "./support/plans.ts";

const get = ({ resources }: Plan, kind: string, name: string): PlannedResource => {
    const found = resources.filter((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
    expect(found, `${kind} ${name}`).toHaveLength(1);
    return found[0]!;
};

/** Everything of a plan by URN, as it would be compared with the state. */
/** The Gateway waits for the jobs of every app's release (R111), so what it waits for is not told of it. */
const byUrn = ({ resources }: Plan): Map<string, string> =>
    new Map(
        resources.map(({ urn, props, dependencies }) => [
            urn,
            JSON.stringify({ props, dependencies: urn.endsWith("::edge-gateway") ? [] : dependencies.toSorted() }),
        ]),
    );

describe("several apps", () => {
    const blog = {
        name: "blog",
        contract: "django",
        module: "sample",
        image: "localhost/django-sample:blue",
        hosts: ["blog.localhost"],
        workers: { default: { queues: ["celery"] } },
    };
    const wiki = { ...blog, name: "wiki", hosts: ["wiki.localhost"] };
    const withApps = async (...apps: object[]): Promise<Sections> =>
        changed("local", (sections) => {
            sections["environment"].mainApp = "sample";
            sections["apps"].push(...apps);
        });

    it("keep every rule, also in a first preview", async () => {
        const sections = await withApps(blog, wiki);
        expect(broken(await planOf(sections))).toEqual([]);
        expect(broken(await planOf(sections, { preview: true }))).toEqual([]);
    });

    it("one more adds resources and changes none but the certificate's and the Gateway's", async () => {
        const [before, after] = [
            byUrn(await planOf(await withApps(blog))),
            byUrn(await planOf(await withApps(blog, wiki))),
        ];
        for (const [urn, inputs] of before) {
            expect(after.get(urn), urn).toBe(inputs);
        }
        const added = [...after.keys()].filter((urn) => !before.has(urn));
        expect(added.length).toBeGreaterThan(10);
        expect(added.filter((urn) => !/wiki/.test(urn))).toEqual([]);
    });

    it("the first one of two is as it would be alone", async () => {
        const [before, after] = [
            byUrn(await planOf(await changed("local", () => undefined))),
            byUrn(await planOf(await withApps(blog))),
        ];
        for (const [urn, inputs] of before) {
            expect(after.get(urn), urn).toBe(inputs);
        }
    });

    it("in another order are the same", async () => {
        const reversed = await withApps(blog, wiki);
        (reversed["apps"] as unknown[]).reverse();
        expect([...byUrn(await planOf(reversed))].toSorted()).toEqual(
            [...byUrn(await planOf(await withApps(blog, wiki)))].toSorted(),
        );
    });

    it("share a server, and not a database: a job makes one for each but the main app, before its migrations", async () => {
        const plan = await planOf(await withApps(blog));
        const job = get(plan, "Job", "blog-database-create");
        const environment = Object.fromEntries(
            (job.props["spec"].template.spec.containers[0].env as { name: string; value: string }[]).map(
                ({ name, value }) => [name, value],
            ),
        );
        expect(environment).toMatchObject({
            PGHOST: "database",
            PGUSER: "sample",
            NEW_ROLE: "blog",
            NEW_DATABASE: "blog",
        });
        expect(get(plan, "Job", "blog-migrate").dependencies).toContain(job.urn);
        expect(get(plan, "ConfigMap", "blog-environment").props["data"]).toMatchObject({
            DJANGO_APP_DB_NAME: "blog",
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_CACHE_KEY_PREFIX: "blog",
            DJANGO_APP_BROKER_KEY_PREFIX: "blog:",
        });
        expect(get(plan, "ConfigMap", "sample-environment").props["data"]).not.toHaveProperty(
            "DJANGO_APP_CACHE_KEY_PREFIX",
        );
    });

    it("may have stores of their own", async () => {
        const stores = {
            database: { variant: "in-cluster", version: "15", image: "localhost/postgres:15", storage: "1Gi" },
            cache: { variant: "none" },
            broker: { variant: "redis", engine: "redis", image: "localhost/redis:7", storage: "1Gi" },
            assets: { variant: "whitenoise" },
        };
        const plan = await planOf(await withApps({ ...blog, stores }));
        expect(broken(plan)).toEqual([]);
        get(plan, "StatefulSet", "blog-database-server");
        get(plan, "StatefulSet", "blog-broker-server");
        expect(get(plan, "ConfigMap", "blog-environment").props["data"]).toMatchObject({
            DJANGO_APP_DB_HOST: "blog-database",
        });
        expect(get(plan, "ConfigMap", "blog-environment").props["data"]).not.toHaveProperty("DJANGO_APP_CACHE_BACKEND");
        const labels = (name: string) =>
            Object.keys(get(plan, "Deployment", name).props["spec"].template.metadata.labels as object);
        const reaches = (name: string) => labels(name).flatMap((label) => /reaches-(.*)/.exec(label)?.[1] ?? []);
        expect(reaches("blog-web").toSorted()).toEqual(["blog-broker", "blog-database"]);
        expect(reaches("sample-web").toSorted()).toEqual(["broker", "cache", "database"]);
    });
});

describe("an ephemeral environment", () => {
    const platform = async (change: (sections: Sections) => void = () => undefined): Promise<Sections> =>
        changed("local", (sections) => {
            sections["environment"] = { kind: "staging" };
            sections["lends"] = { domain: "preview.localhost", database: true };
            change(sections);
        });
    const ephemeral = async (change: (sections: Sections) => void = () => undefined): Promise<Sections> =>
        changed("local", (sections) => {
            sections["environment"] = { kind: "ephemeral", timeToLive: "48h" };
            sections["platform"] = { variant: "stack", stack: "staging" };
            sections["exposure"] = { variant: "platform" };
            sections["apps"][0].hosts = ["pr-1.preview.localhost"];
            sections["database"] = { variant: "platform", template: "sample", image: "localhost/postgres:15" };
            change(sections);
        });

    it("keeps every rule, on a platform that keeps them too", async () => {
        expect(broken(await planOf(await platform(), { stack: "staging" }))).toEqual([]);
        expect(broken(await planOf(await ephemeral(), { stack: "pr-1", platform: await platform() }))).toEqual([]);
    });

    it("is limited, says how long it may live, and is let in where it borrows", async () => {
        const plan = await planOf(await ephemeral(), { stack: "pr-1", platform: await platform() });
        expect(get(plan, "Namespace", "namespace").props["metadata"].labels).toMatchObject({
            "django-on-kubernetes/environment": "ephemeral",
            "django-on-kubernetes/ttl": "48h",
            "django-on-kubernetes/gateway-of": "sample-staging",
            "django-on-kubernetes/database-of": "sample-staging",
        });
        expect(get(plan, "ResourceQuota", "namespace-quota").props["spec"].hard).toMatchObject({
            pods: "40",
            "services.loadbalancers": "0",
        });
        get(plan, "LimitRange", "namespace-limits");
        expect(plan.resources.filter(({ protect }) => protect)).toEqual([]);
        expect(plan.outputs["apps"]).toMatchObject({ sample: { url: "http://pr-1.preview.localhost:8080" } });
    });

    it("may have a Gateway of its own, and then the one load balancer that its controller makes beside it", async () => {
        const own = await changed(
            "local",
            (sections) => (sections["environment"] = { kind: "ephemeral", timeToLive: "48h" }),
        );
        const { hard } = get(await planOf(own, { stack: "pr-1" }), "ResourceQuota", "namespace-quota").props["spec"];
        expect(hard).toMatchObject({ "services.loadbalancers": "1", "services.nodeports": "10" });
    });

    it("of the local stack's size fits into its quota, also while all of it rolls over", async () => {
        const own = await ephemeral((sections) => {
            sections["database"] = {
                variant: "in-cluster",
                version: "15",
                image: "localhost/postgres:15",
                storage: "10Gi",
            };
        });
        const { resources } = await planOf(own, { stack: "pr-1", platform: await platform() });
        const total = { cpu: 0, memory: 0, pods: 0 };
        for (const { type, props } of resources) {
            const { spec } = props as {
                spec?: { replicas?: number; template?: { spec: { containers: { resources: { requests: Size } }[] } } };
            };
            if (spec?.template === undefined || !/:(Deployment|StatefulSet|Job)$/.test(type)) {
                continue;
            }
            // One more than the most of them, for a pod of the next release.
            const pods = /:Job$/.test(type) ? 1 : (spec.replicas ?? (own["apps"][0].web.replicas.max as number)) + 1;
            for (const {
                resources: { requests },
            } of spec.template.spec.containers) {
                total.cpu += pods * millicores(requests.cpu);
                total.memory += pods * bytes(requests.memory);
            }
            total.pods += pods;
        }
        const { hard } = resources.find(({ name }) => name === "namespace-quota")!.props["spec"] as {
            hard: Record<string, string>;
        };
        expect(total.pods).toBeGreaterThan(8);
        expect(total.cpu).toBeLessThanOrEqual(millicores(hard["requests.cpu"] as "1"));
        expect(total.memory).toBeLessThanOrEqual(bytes(hard["requests.memory"] as "1Gi"));
        expect(total.pods).toBeLessThanOrEqual(Number(hard["pods"]));
    });

    it("has a database and a role of its own on the platform's server, under the name that the app always uses", async () => {
        const plan = await planOf(await ephemeral(), { stack: "pr-1", platform: await platform() });
        expect(get(plan, "Service", "database-service").props["spec"]).toEqual({
            type: "ExternalName",
            externalName: "database.sample-staging.svc.cluster.local",
        });
        expect(get(plan, "ConfigMap", "sample-environment").props["data"]).toMatchObject({
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_DB_NAME: "sample_sample_pr_1",
            DJANGO_APP_DB_USER: "sample_sample_pr_1",
        });
        const lender = await planOf(await platform(), { stack: "staging" });
        expect(get(lender, "NetworkPolicy", "database-from-borrowers").props["spec"].ingress[0].from).toEqual([
            {
                namespaceSelector: { matchLabels: { "django-on-kubernetes/database-of": "sample-staging" } },
                podSelector: { matchLabels: { "django-on-kubernetes/borrows-database": "true" } },
            },
        ]);
    });

    it("of several apps has a database for each, made by the lender's administrator: a borrowed role may make none", async () => {
        const two = await ephemeral((sections) => {
            const [first] = sections["apps"];
            sections["environment"].mainApp = "sample";
            sections["apps"].push({ ...first, name: "blog", hosts: ["blog-pr-1.preview.localhost"] });
        });
        for (const preview of [false, true]) {
            const plan = await planOf(two, { stack: "pr-1", platform: await platform(), preview });
            expect(broken(plan)).toEqual([]);
            const jobOf = (name: string) =>
                get(plan, "Job", name).props["spec"].template.spec.containers[0].env as {
                    name: string;
                    value: string;
                }[];
            const environment = (name: string) =>
                Object.fromEntries(jobOf(name).map((variable) => [variable.name, variable.value]));
            expect(environment("database-create")).toMatchObject({
                PGUSER: "sample",
                NEW_ROLE: "sample_sample_pr_1",
                NEW_TEMPLATE: "sample",
            });
            expect(environment("blog-database-create")).toMatchObject({
                PGHOST: "blog-database",
                PGUSER: "sample",
                NEW_ROLE: "blog_sample_pr_1",
                NEW_DATABASE: "blog_sample_pr_1",
                NEW_TEMPLATE: "",
            });
            expect(get(plan, "ConfigMap", "blog-environment").props["data"]).toMatchObject({
                DJANGO_APP_DB_HOST: "blog-database",
                DJANGO_APP_DB_NAME: "blog_sample_pr_1",
            });
            const labels = get(plan, "Deployment", "blog-web").props["spec"].template.metadata.labels as object;
            expect(Object.keys(labels)).toContain("django-on-kubernetes/borrows-database");
            expect(Object.keys(labels)).not.toContain("django-on-kubernetes/reaches-database");
        }
    });

    it("may have everything in its own namespace", async () => {
        const own = await ephemeral((sections) => {
            sections["database"] = {
                variant: "in-cluster",
                version: "15",
                image: "localhost/postgres:15",
                storage: "1Gi",
            };
        });
        const plan = await planOf(own, { stack: "pr-1", platform: await platform() });
        expect(broken(plan)).toEqual([]);
        expect(get(plan, "Namespace", "namespace").props["metadata"].labels).not.toHaveProperty(
            "django-on-kubernetes/database-of",
        );
    });

    const refusal = async (sections: Sections, on: Sections): Promise<unknown> =>
        planOf(sections, { stack: "pr-1", platform: on }).then(
            () => "nothing",
            (error: unknown) => (error instanceof SettingsError ? error.problems : error),
        );

    it("is refused with the fix when the platform lends nothing", async () => {
        const nothing = await platform((sections) => delete sections["lends"]);
        // Both at once.
        expect(await refusal(await ephemeral(), nothing)).toMatchObject([
            { path: "exposure.variant", fix: expect.stringContaining("lends.domain") },
            { path: "database.variant", fix: expect.stringContaining("lends.database") },
        ]);
        const inCluster = await ephemeral((sections) => {
            sections["database"] = { variant: "in-cluster", version: "15", storage: "1Gi" };
        });
        expect(await refusal(inCluster, nothing)).toMatchObject([
            { path: "exposure.variant", fix: expect.stringContaining("lends.domain") },
        ]);
    });

    it("is refused with the fix when a host is not directly below the lent domain", async () => {
        for (const host of ["pr-1.localhost", "a.pr-1.preview.localhost", "preview.localhost"]) {
            const elsewhere = await ephemeral((sections) => (sections["apps"][0].hosts = [host]));
            expect(await refusal(elsewhere, await platform())).toEqual([
                {
                    path: "apps[0].hosts[0]",
                    found: JSON.stringify(host),
                    allowed: "a name directly below preview.localhost, the domain that the platform's stack lends",
                    fix: "pulumi config set --path 'apps[0].hosts[0]' NAME.preview.localhost",
                },
            ]);
        }
    });
});
