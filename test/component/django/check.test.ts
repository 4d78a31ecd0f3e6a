// The release's first job: which stores it asks for, what it is told of them, how it runs, and what waits for it.
// Does not prove what it says of a server: test/unit/check.test.ts runs its program, test/prove/external*.test.ts the job itself.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Stores } from "../../../components/django/contract.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { expectOneFamily, type RecordedComponent } from "../../support/component.ts";
import { djangoArgs, recordDjango, type RecordOptions } from "../../support/django.ts";
import { remembered } from "../../support/remembered.ts";

const claims = (store: string) => ({
    setting: store,
    passwordSetting: `secrets.${store}Password`,
    hosts: [`${store}.example.org`],
    cidrs: ["10.20.0.0/24"],
});

type Kind = "database" | "cache" | "broker";

const allKinds: readonly Kind[] = ["database", "cache", "broker"];

/** An app whose stores of these kinds are there already. */
const withServersOf = remembered((kinds: readonly Kind[], options?: RecordOptions): Promise<RecordedComponent> =>
    recordDjango(({ stores }) => {
        const claimed = (kind: Kind): object => (kinds.includes(kind) ? { claims: claims(kind) } : {});
        const { database, cache, broker } = stores;
        return {
            stores: {
                ...stores,
                database: {
                    ...database,
                    ...(kinds.includes("database") && {
                        claims: { ...claims("database"), maxConnections: 200, pooled: true },
                    }),
                },
                cache: { ...cache!, ...claimed("cache") } as NonNullable<Stores["cache"]>,
                broker: { ...broker!, ...claimed("broker") },
            },
        };
    }, options),
);

const named = ({ created }: RecordedComponent): readonly string[] => created.filter((name) => name.includes("check"));

function toldOf(plan: RecordedComponent): unknown {
    const { data } = plan.get("ConfigMap", "shop-check-scripts").props as { data: Record<string, string> };
    return JSON.parse(data["stores.json"]!);
}

describe("the job that asks servers which nobody here made", () => {
    test("is not there where all stores are the environment's own", async () => {
        expect(named(await withServersOf([]))).toEqual([]);
    });

    test.each(allKinds)("is there for a %s alone, and asks for nothing else", async (kind) => {
        const plan = await withServersOf([kind]);
        expect(named(plan)).toEqual(["ConfigMap shop-check-scripts", "Job shop-check"]);
        expect(toldOf(plan)).toEqual([expect.objectContaining({ store: kind, hosts: [`${kind}.example.org`] })]);
    });

    test.each([false, true])(
        "is told what the settings say of each, and no password (preview: %s)",
        async (preview) => {
            const plan = await withServersOf(allKinds, { preview });
            expectOneFamily(plan, ["App", "shop"]);
            const common = { prefix: "DJANGO_APP_" };
            expect(toldOf(plan)).toEqual([
                {
                    ...common,
                    ...claims("database"),
                    store: "database",
                    protocol: "postgresql",
                    variable: "DATABASE_URL",
                    maxConnections: 200,
                    pooled: true,
                },
                {
                    ...common,
                    ...claims("cache"),
                    store: "cache",
                    protocol: "redis",
                    variable: "DJANGO_APP_CACHE_LOCATION",
                },
                { ...common, ...claims("broker"), store: "broker", protocol: "redis", variable: "CELERY_BROKER_URL" },
            ]);
            const scripts = plan.get("ConfigMap", "shop-check-scripts").props;
            expect(scripts["immutable"]).toBe(true);
            expect(JSON.stringify(scripts)).not.toMatch(/db:p@ss|cache\/p@ss|:broker@/);
        },
    );

    test("names Memcached and RabbitMQ by their own protocols", async () => {
        const { stores } = djangoArgs();
        const plan = await recordDjango(() => ({
            stores: {
                ...stores,
                cache: {
                    protocol: "memcached",
                    backend: "django.core.cache.backends.memcached.PyMemcacheCache",
                    servers: [{ host: "cache", port: 11211 }],
                    clientLabels: {},
                    claims: claims("cache"),
                },
                broker: { ...stores.broker!, protocol: "amqp", claims: claims("broker") },
            },
        }));
        expect(toldOf(plan)).toMatchObject([{ protocol: "memcached" }, { protocol: "amqp" }]);
    });

    test("has every file of its program, and reads them where they are mounted", async () => {
        const plan = await withServersOf(["cache"]);
        const { data } = plan.get("ConfigMap", "shop-check-scripts").props as { data: Record<string, string> };
        const folder = join(projectRoot, "components/django/check");
        const files = readdirSync(folder).filter((file) => file.endsWith(".py"));
        expect(Object.keys(data).toSorted()).toEqual([...files, "stores.json"].toSorted());
        for (const file of files) {
            expect(data[file], file).toBe(readFileSync(join(folder, file), "utf8"));
        }
        const { containers, volumes } = plan.get("Job", "shop-check").props["spec"].template.spec;
        expect(containers[0].command).toEqual(["python", "/etc/django-on-kubernetes/check/main.py"]);
        const mounted = containers[0].volumeMounts.find(
            ({ mountPath }: { mountPath: string }) => mountPath === "/etc/django-on-kubernetes/check",
        );
        expect(mounted).toMatchObject({ readOnly: true });
        expect(volumes.find(({ name }: { name: string }) => name === mounted.name)).toMatchObject({
            configMap: { name: expect.stringMatching(/^shop-check-scripts/) as string },
        });
    });

    test("is run as the image's contract runs Python", async () => {
        const plan = await recordDjango(({ processes, stores }) => ({
            processes: { ...processes, python: ["/venv/bin/python", "-u"] },
            stores: { ...stores, database: { ...stores.database, claims: claims("database") } },
        }));
        const [container] = plan.get("Job", "shop-check").props["spec"].template.spec.containers;
        expect(container.command).toEqual(["/venv/bin/python", "-u", "/etc/django-on-kubernetes/check/main.py"]);
    });

    test("runs once, says last what is wrong, and has the labels and secrets of the app's other pods", async () => {
        const plan = await withServersOf(allKinds);
        const check = plan.get("Job", "shop-check").props["spec"];
        const migrate = plan.get("Job", "shop-migrate").props["spec"];
        expect(check).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 180 });
        expect(check.template.spec.restartPolicy).toBe("Never");
        const [container] = check.template.spec.containers;
        expect(container.terminationMessagePolicy).toBe("FallbackToLogsOnError");
        expect(container.envFrom).toEqual(migrate.template.spec.containers[0].envFrom);
        for (const kind of allKinds) {
            expect(check.template.metadata.labels).toMatchObject({ [`django-on-kubernetes/reaches-${kind}`]: "true" });
        }
    });

    test("comes before the migration, which comes before all else", async () => {
        const plan = await withServersOf(allKinds);
        const check = plan.get("Job", "shop-check");
        expect(plan.get("Job", "shop-migrate").dependencies).toContain(check.urn);
        for (const other of plan.resources.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))) {
            expect(other.dependencies, other.name).toContain(check.urn);
        }
        const jobs = plan.resources.filter(({ type }) => type.endsWith(":Job")).map(({ urn }) => urn);
        expect(check.dependencies.filter((urn) => jobs.includes(urn))).toEqual([]);
    });
});
