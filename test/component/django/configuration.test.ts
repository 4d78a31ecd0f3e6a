// ConfigMaps, Secrets and the variables in them. Does not prove that Django reads them: that is the sample app's tests' and
// the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { DjangoArgs } from "../../../components/django/contract.ts";
import { environmentContract, variableName } from "../../../lib/environment-contract.ts";
import { SecretValue } from "../../../commands/plan/plan.ts";
import { isUnknownSecret, secretData, type RecordedComponent } from "../../support/component.ts";
import { recordDjango, worker } from "../../support/django.ts";

type Change = (args: DjangoArgs) => Partial<DjangoArgs>;

const plain = (plan: RecordedComponent) =>
    plan.get("ConfigMap", "shop-environment").props["data"] as Record<string, string>;
const secret = (plan: RecordedComponent) => secretData(plan.get("Secret", "shop-secret-environment"));
const webPod = (plan: RecordedComponent) => plan.get("Deployment", "shop-web").props["spec"].template.spec;

const superuser = { username: "admin", email: "admin@example.org" };

describe("the environment contract (G2, G3, G5)", () => {
    test("plain variables", async () => {
        expect(plain(await recordDjango())).toEqual({
            DJANGO_APP_DB_ENGINE: "django.db.backends.postgresql",
            DJANGO_APP_DB_NAME: "shop",
            DJANGO_APP_DB_USER: "shop",
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_DB_PORT: "5432",
            DJANGO_APP_CACHE_BACKEND: "django.core.cache.backends.redis.RedisCache",
            DJANGO_APP_BROKER_VISIBILITY_TIMEOUT: "3600",
            DJANGO_APP_STATIC_URL: "/static/",
            DJANGO_APP_STATIC_ROOT: "/srv/static",
            DJANGO_APP_ALLOWED_HOSTS: "shop.example.org,www.shop.example.org",
            DJANGO_APP_CSRF_TRUSTED_ORIGINS: "https://shop.example.org,https://www.shop.example.org",
            DJANGO_APP_BEHIND_TLS: "true",
            FEATURE: "on",
        });
    });

    test("secret variables, passwords escaped in URLs, the cache's primary first (R34)", async () => {
        const plan = await recordDjango(({ secrets }) => ({
            secrets: { ...secrets, secretKey: pulumi.secret("key") },
        }));
        const cache = "redis://:cache%2Fp%40ss@cache:6379/0";
        expect(secret(plan)).toEqual({
            DJANGO_APP_SECRET_KEY: "key",
            DJANGO_APP_DB_PASSWORD: "db:p@ss",
            DJANGO_APP_CACHE_LOCATION: `${cache} redis://:cache%2Fp%40ss@cache-replica:6379/0`,
            DATABASE_URL: "postgresql://shop:db%3Ap%40ss@database:5432/shop",
            REDIS_URL: cache,
            CELERY_BROKER_URL: "redis://:broker@broker:6379/0",
        });
    });

    test("without cache and broker none of their variables is there: the app falls back to its own memory", async () => {
        const plan = await recordDjango(({ stores: { database, assets } }) => ({ stores: { database, assets } }));
        const names = [...Object.keys(plain(plan)), ...Object.keys(secret(plan))];
        expect(names.filter((name) => /CACHE|REDIS|CELERY|BROKER/.test(name))).toEqual([]);
    });

    test("the broker's visibility time-out is longer than the longest task, and those in hand before it (R89)", async () => {
        const plan = await recordDjango(({ processes }) => ({
            processes: {
                ...processes,
                workers: [60, 7200].map((taskTimeLimit, index) => ({
                    name: `worker-${index}`,
                    kind: "celery" as const,
                    command: ["celery"],
                    size: { cpu: "50m", memory: "256Mi" },
                    replicas: { min: 1, max: 1 },
                    taskTimeLimit,
                })),
            },
        }));
        expect(plain(plan)["DJANGO_APP_BROKER_VISIBILITY_TIMEOUT"]).toBe("36000");
    });

    test("only those that take Celery's tasks count for it, and Django Q2 is told its own (R89)", async () => {
        const plan = await recordDjango(({ processes }) => ({
            processes: {
                ...processes,
                workers: [
                    { ...worker, taskTimeLimit: 100 },
                    { ...worker, name: "tasks", kind: "db-worker" as const, taskTimeLimit: 9000 },
                    { ...worker, name: "short", kind: "django-q2" as const, taskTimeLimit: 200, concurrency: 4 },
                    { ...worker, name: "long", kind: "django-q2" as const, taskTimeLimit: 8000, concurrency: 2 },
                ],
            },
        }));
        expect(plain(plan)).toMatchObject({
            DJANGO_APP_BROKER_VISIBILITY_TIMEOUT: "3600",
            DJANGO_APP_Q_TIMEOUT: "8000",
            // Four processes, each with four before it, and one in hand besides.
            DJANGO_APP_Q_RETRY: "48060",
        });
        const variables = (name: string) =>
            plan.get("Deployment", `shop-worker-${name}`).props["spec"].template.spec.containers[0].env as unknown;
        expect(variables("short")).toEqual([
            { name: "HOME", value: "/tmp" },
            { name: "DJANGO_APP_Q_WORKERS", value: "4" },
        ]);
        expect(variables("mail")).toEqual([{ name: "HOME", value: "/tmp" }]);
    });

    test.each([
        [["uvicorn", "shop.asgi:application"], {}, "0"],
        [["daphne", "shop.asgi:application"], {}, "0"],
        [["gunicorn", "shop.asgi", "-k", "uvicorn.workers.UvicornWorker"], {}, "0"],
        [["gunicorn", "shop.asgi"], { GUNICORN_CMD_ARGS: "--worker-class=asgi" }, "0"],
        [["granian", "--interface", "wsgi", "shop.wsgi"], {}, undefined],
        [["gunicorn", "shop.wsgi:application"], {}, undefined],
        [["/run"], {}, undefined],
    ])("%j keeps connections to the database or, under ASGI, none (R105)", async (command, environment, age) => {
        const plan = await recordDjango(({ processes }) => ({
            processes: { ...processes, web: { ...processes.web, command } },
            environment,
        }));
        expect(plain(plan)["DJANGO_APP_DB_CONN_MAX_AGE"]).toBe(age);
    });

    test("memcached: every server, and no address of a Redis", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: {
                ...stores,
                cache: {
                    protocol: "memcached" as const,
                    backend: "django.core.cache.backends.memcached.PyMemcacheCache",
                    servers: [
                        { host: "cache-0", port: 11211 },
                        { host: "cache-1", port: 11211 },
                    ],
                    clientLabels: stores.cache!.clientLabels,
                },
            },
        }));
        expect(plain(plan)["DJANGO_APP_CACHE_BACKEND"]).toBe("django.core.cache.backends.memcached.PyMemcacheCache");
        expect(secret(plan)).toMatchObject({ DJANGO_APP_CACHE_LOCATION: "cache-0:11211 cache-1:11211" });
        expect(Object.keys(secret(plan))).not.toContain("REDIS_URL");
    });

    test("a broker that is not Redis has neither a visibility time-out nor a prefix of keys", async () => {
        const plan = await recordDjango(({ stores }) => ({
            prefixes: { broker: "blog:" },
            stores: { ...stores, broker: { ...stores.broker!, protocol: "amqp" as const } },
        }));
        expect(Object.keys(plain(plan)).filter((name) => name.includes("BROKER"))).toEqual([]);
    });

    test("a store outside is reached with TLS, in both forms", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: { ...stores, database: { ...stores.database, sslMode: "verify-full" as const } },
        }));
        expect(plain(plan)["DJANGO_APP_DB_SSLMODE"]).toBe("verify-full");
        expect(secret(plan)["DATABASE_URL"]).toMatch(/\/shop\?sslmode=verify-full$/);
    });

    test.each<{ url: string; origins: string; tls: string | undefined }>([
        { url: "http://localhost:8080", origins: "http://a.org:8080,http://b.org:8080", tls: undefined },
        { url: "https://localhost:8443", origins: "https://a.org:8443,https://b.org:8443", tls: "true" },
        { url: "https://localhost", origins: "https://a.org,https://b.org", tls: "true" },
    ])("at $url forms are trusted from every host, at its port", async ({ url, origins, tls }) => {
        const variables = plain(await recordDjango(() => ({ url, hosts: ["a.org", "b.org"] })));
        expect(variables["DJANGO_APP_CSRF_TRUSTED_ORIGINS"]).toBe(origins);
        expect(variables["DJANGO_APP_BEHIND_TLS"]).toBe(tls);
    });

    test("without an address nothing is trusted", async () => {
        const plan = await recordDjango((args) => {
            const { url: _, ...others } = args;
            return { ...others, url: undefined };
        });
        expect(Object.keys(plain(plan)).filter((name) => /CSRF|TLS/.test(name))).toEqual([]);
    });

    test("the prefix is settable, and libraries' names have none", async () => {
        const plan = await recordDjango(() => ({ environmentPrefix: "SHOP_" }));
        expect(plain(plan)).toMatchObject({ SHOP_DB_HOST: "database", FEATURE: "on" });
        expect(Object.keys(secret(plan)).sort()).toEqual([
            "CELERY_BROKER_URL",
            "DATABASE_URL",
            "REDIS_URL",
            "SHOP_CACHE_LOCATION",
            "SHOP_DB_PASSWORD",
            "SHOP_SECRET_KEY",
        ]);
    });

    test("the names that lib/environment-contract.ts keeps from the owner's use are all that pods are given, and no other", async () => {
        const all =
            (protocol: "redis" | "amqp") =>
            ({ stores, processes }: DjangoArgs) => ({
                processes: { ...processes, workers: [{ ...worker, kind: "django-q2" as const }] },
                stores: {
                    ...stores,
                    broker: {
                        ...stores.broker!,
                        protocol,
                        ...(protocol === "amqp" && {
                            queueType: "quorum" as const,
                            tls: { mode: "verify-ca" as const, ca: pulumi.output("PEM") },
                        }),
                    },
                    database: {
                        ...stores.database,
                        sslMode: "verify-ca" as const,
                        ca: pulumi.output("PEM"),
                        pooled: true,
                        replica: { ...replica, ca: pulumi.output("PEM") },
                    },
                    assets: {
                        ...stores.assets,
                        media: { claim: pulumi.output("assets-media"), path: "/srv/media", url: "/media/" },
                        buckets: {
                            ...buckets,
                            addressing: "path" as const,
                            ca: "PEM",
                            accessKey: { id: pulumi.secret("ID"), secret: pulumi.secret("KEY") },
                        },
                    },
                },
                prefixes: { cache: "blog", broker: "blog:", files: "blog/" },
                environment: {},
                maxBodySize: 52_428_800,
                superuser,
                rotations: { secretKey: 1 },
            });
        const plan = await recordDjango(all("redis"));
        const given = [
            ...new Set([...Object.keys(plain(plan)), ...Object.keys(plain(await recordDjango(all("amqp"))))]),
            ...Object.keys(secret(plan)),
            ...Object.keys(secretData(plan.get("Secret", "shop-superuser"))),
            ...(
                plan.get("Deployment", "shop-worker-mail").props["spec"].template.spec.containers[0].env as {
                    name: string;
                }[]
            ).map(({ name }) => name),
        ];
        const reserved = environmentContract.map((variable) => variableName(variable, "DJANGO_APP_"));
        expect(given.sort()).toEqual([...reserved].sort());
    });
});

const replica = {
    host: "database-replica",
    port: 5432,
    name: "shop",
    sslMode: "verify-ca" as const,
    clientLabels: { "django-on-kubernetes/reaches-database-replica": "true" },
};

const buckets = {
    protocol: "s3" as const,
    staticBucket: "shop-static",
    mediaBucket: "shop-media",
    region: "fra1",
    endpoint: "https://fra1.digitaloceanspaces.com",
    staticAcl: "public-read" as const,
};

describe("stores outside the cluster", () => {
    test("their CAs are files of every pod, and the URLs name them", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: {
                ...stores,
                database: { ...stores.database, sslMode: "verify-ca" as const, ca: pulumi.output("DATABASE PEM") },
                cache: { ...stores.cache!, user: "default", tls: { ca: pulumi.output("CACHE PEM") } },
            },
        }));
        const directory = "/etc/django-on-kubernetes/certificates";
        expect(plan.get("ConfigMap", "shop-certificates").props["data"]).toEqual({
            "database.pem": "DATABASE PEM",
            "cache.pem": "CACHE PEM",
        });
        expect(webPod(plan).containers[0].volumeMounts).toContainEqual({
            name: "certificates",
            mountPath: directory,
            readOnly: true,
        });
        expect(plain(plan)).toMatchObject({
            DJANGO_APP_DB_SSLMODE: "verify-ca",
            DJANGO_APP_DB_SSLROOTCERT: `${directory}/database.pem`,
        });
        expect(secret(plan)["DATABASE_URL"]).toMatch(
            new RegExp(`\\?sslmode=verify-ca&sslrootcert=${directory}/database.pem$`),
        );
        expect(secret(plan)["REDIS_URL"]).toBe(
            `rediss://default:cache%2Fp%40ss@cache:6379/0?ssl_cert_reqs=required&ssl_ca_certs=${directory}/cache.pem&ssl_check_hostname=false`,
        );
    });

    test("a read replica is told with what differs from the database, and every pod may reach it", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: {
                ...stores,
                // Behind a pooler of the namespace, which has no certificate.
                database: {
                    ...stores.database,
                    host: "database-pooler",
                    port: 6432,
                    replica: { ...replica, ca: pulumi.output("REPLICA PEM") },
                },
            },
        }));
        const file = "/etc/django-on-kubernetes/certificates/database-replica.pem";
        expect(plain(plan)).toMatchObject({
            DJANGO_APP_DB_HOST: "database-pooler",
            DJANGO_APP_DB_REPLICA_HOST: "database-replica",
            DJANGO_APP_DB_REPLICA_PORT: "5432",
            DJANGO_APP_DB_REPLICA_NAME: "shop",
            DJANGO_APP_DB_REPLICA_SSLMODE: "verify-ca",
            DJANGO_APP_DB_REPLICA_SSLROOTCERT: file,
        });
        expect(plain(plan)).not.toHaveProperty("DJANGO_APP_DB_SSLMODE");
        expect(secret(plan)["DATABASE_REPLICA_URL"]).toBe(
            `postgresql://shop:db%3Ap%40ss@database-replica:5432/shop?sslmode=verify-ca&sslrootcert=${file}`,
        );
        expect(plan.get("ConfigMap", "shop-certificates").props["data"]).toEqual({
            "database-replica.pem": "REPLICA PEM",
        });
        for (const [kind, name] of [
            ["Deployment", "shop-web"],
            ["Deployment", "shop-worker-mail"],
            ["Job", "shop-migrate"],
        ] as const) {
            expect(plan.get(kind, name).props["spec"].template.metadata.labels).toMatchObject(replica.clientLabels);
        }
    });

    test("without one nothing is told of it", async () => {
        const plan = await recordDjango(() => ({}));
        const names = [...Object.keys(plain(plan)), ...Object.keys(secret(plan))];
        expect(names.filter((name) => name.includes("REPLICA"))).toEqual([]);
    });

    test("buckets are named, and their keys are secrets", async () => {
        const accessKey = { id: pulumi.secret("ID"), secret: pulumi.secret("KEY") };
        const plan = await recordDjango(({ stores }) => ({
            stores: {
                ...stores,
                assets: { url: "https://cdn.example.org/", collects: true, buckets: { ...buckets, accessKey } },
            },
        }));
        expect(plain(plan)).toMatchObject({
            DJANGO_APP_STATIC_URL: "https://cdn.example.org/",
            DJANGO_APP_STATIC_BUCKET: "shop-static",
            DJANGO_APP_MEDIA_BUCKET: "shop-media",
            DJANGO_APP_STORAGE_PROTOCOL: "s3",
        });
        expect(secret(plan)).toMatchObject({ AWS_ACCESS_KEY_ID: "ID", AWS_SECRET_ACCESS_KEY: "KEY" });
        expect(plain(plan)).not.toHaveProperty("AWS_SECRET_ACCESS_KEY");
    });

    test("of a server that speaks S3: how it is called, and the CA that it is known by", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: {
                ...stores,
                assets: {
                    url: "/static/",
                    collects: false,
                    buckets: {
                        protocol: "s3",
                        mediaBucket: "shop-media",
                        endpoint: "https://s3.example.org:9000",
                        region: "eu-1",
                        addressing: "path",
                        ca: "PEM",
                    },
                },
            },
            prefixes: { files: "blog/" },
        }));
        const variables = plain(plan);
        expect(variables).toMatchObject({
            // The pods serve it themselves: no folder of a bucket is in it.
            DJANGO_APP_STATIC_URL: "/static/",
            DJANGO_APP_MEDIA_BUCKET: "shop-media",
            DJANGO_APP_STORAGE_PROTOCOL: "s3",
            DJANGO_APP_STORAGE_ENDPOINT: "https://s3.example.org:9000",
            DJANGO_APP_STORAGE_REGION: "eu-1",
            DJANGO_APP_STORAGE_ADDRESSING: "path",
            DJANGO_APP_STORAGE_PREFIX: "blog/",
            AWS_CA_BUNDLE: "/etc/django-on-kubernetes/certificates/assets.pem",
            AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
        });
        expect(variables).not.toHaveProperty("DJANGO_APP_STATIC_BUCKET");
        expect(plan.get("ConfigMap", "shop-certificates").props["data"]).toEqual({ "assets.pem": "PEM" });
        expect(webPod(plan).containers[0].volumeMounts).toContainEqual({
            name: "certificates",
            mountPath: "/etc/django-on-kubernetes/certificates",
            readOnly: true,
        });
    });

    test("an app beside the main one has its own folder, keys and queues", async () => {
        const plan = await recordDjango(({ stores }) => ({
            stores: { ...stores, assets: { url: "https://cdn.example.org/", collects: true, buckets } },
            prefixes: { cache: "blog", broker: "blog:", files: "blog/" },
        }));
        expect(plain(plan)).toMatchObject({
            DJANGO_APP_STATIC_URL: "https://cdn.example.org/blog/",
            DJANGO_APP_STORAGE_PREFIX: "blog/",
            DJANGO_APP_CACHE_KEY_PREFIX: "blog",
            DJANGO_APP_BROKER_KEY_PREFIX: "blog:",
        });
    });
});

describe("objects", () => {
    test("are immutable and have no name of their own: pods roll over when one changes, and keep the old one until then", async () => {
        const plan = await recordDjango(({ secrets }) => ({
            files: { "/etc/a.ini": "a" },
            secrets: { ...secrets, files: { "/etc/b.pem": pulumi.secret("b") } },
            registry: { server: "registry.example.org", username: "ci", password: pulumi.secret("pw") },
            superuser,
        }));
        const objects = plan.resources.filter(({ type }) => /:(ConfigMap|Secret)$/.test(type));
        expect(objects).toHaveLength(6);
        for (const { name, props } of objects) {
            expect(props["immutable"], name).toBe(true);
            expect(props["metadata"], name).not.toHaveProperty("name");
            expect(props["metadata"].namespace, name).toBe("shop-staging");
        }
    });

    test("no secret is in a ConfigMap, a pod or an annotation (R50)", async () => {
        const canary = "canary-f00d";
        const plan = await recordDjango(({ stores, secrets }) => ({
            stores: { ...stores, database: { ...stores.database, password: pulumi.secret(canary) } },
            secrets: {
                ...secrets,
                secretKey: pulumi.secret(canary),
                environment: { API_KEY: pulumi.secret(canary) },
                files: { "/etc/key.pem": pulumi.secret(canary) },
            },
            registry: { server: "registry.example.org", username: "ci", password: pulumi.secret(canary) },
            superuser: { ...superuser, password: pulumi.secret(canary) },
        }));
        expect(secret(plan)["API_KEY"]).toBe(canary);
        expect(JSON.stringify(plan.resources)).not.toContain(canary);
        const marked = plan.resources.filter(({ props }) => JSON.stringify(props).includes("[secret]"));
        expect(new Set(marked.map(({ type }) => type))).toEqual(new Set(["kubernetes:core/v1:Secret"]));
    });

    test("in a preview the Secret is secret, though nobody knows a generated key yet", async () => {
        const plan = await recordDjango(undefined, { preview: true });
        expect(isUnknownSecret(plan.get("Secret", "shop-secret-environment"))).toBe(true);
        expect(plain(plan)["DJANGO_APP_DB_HOST"]).toBe("database");
    });

    test("Django's key is generated with 64 characters, unless one is given", async () => {
        const generated = await recordDjango();
        expect(generated.get("RandomPassword", "shop-secret-key").props).toEqual({ length: 64 });
        expect(secret(generated)["DJANGO_APP_SECRET_KEY"]).toHaveLength(64);
        const given = await recordDjango(({ secrets }) => ({
            secrets: { ...secrets, secretKey: pulumi.secret("key") },
        }));
        expect(given.created).not.toContain("RandomPassword shop-secret-key");
    });

    test("the owner's variables stand with the others, secret ones in the Secret", async () => {
        const plan = await recordDjango(({ secrets }) => ({
            environment: { FEATURE: "off" },
            secrets: { ...secrets, environment: { API_KEY: pulumi.secret("s3cret") } },
        }));
        expect(plain(plan)["FEATURE"]).toBe("off");
        expect(plain(plan)).not.toHaveProperty("API_KEY");
        expect(secret(plan)["API_KEY"]).toBe("s3cret");
    });
});

describe("whole files (E6)", () => {
    const mounts = (plan: RecordedComponent, volume: string) =>
        (webPod(plan).containers[0].volumeMounts as { name: string; mountPath: string; subPath: string }[]).filter(
            ({ name }) => name === volume,
        );

    test("none make no object and no volume", async () => {
        const plan = await recordDjango();
        expect(plan.created.filter((name) => name.includes("files"))).toEqual([]);
        expect(mounts(plan, "files")).toEqual([]);
    });

    test("plain ones come from a ConfigMap, each at its path, also two of one name", async () => {
        const files = { "/etc/a/app.ini": "one", "/etc/b/app.ini": "two" };
        const plan = await recordDjango(() => ({ files }));
        const data = plan.get("ConfigMap", "shop-files").props["data"] as Record<string, string>;
        expect(Object.keys(data)).toHaveLength(2);
        expect(plan.created).not.toContain("Secret shop-secret-files");
        for (const { mountPath, subPath, ...mount } of mounts(plan, "files")) {
            expect(data[subPath]).toBe(files[mountPath as keyof typeof files]);
            expect(subPath).toMatch(/^[0-9a-f]{8}-app\.ini$/);
            expect(mount).toEqual({ name: "files", readOnly: true });
        }
        expect(mounts(plan, "files").map(({ mountPath }) => mountPath)).toEqual(Object.keys(files));
        expect(webPod(plan).volumes).toContainEqual({
            name: "files",
            configMap: { name: expect.stringMatching(/^shop-files-/) as string },
        });
    });

    test("secret ones come from a Secret", async () => {
        const plan = await recordDjango(({ secrets }) => ({
            secrets: { ...secrets, files: { "/etc/key.pem": pulumi.secret("key") } },
        }));
        expect(plan.created).not.toContain("ConfigMap shop-files");
        const [mount] = mounts(plan, "secret-files");
        expect(mount).toMatchObject({ mountPath: "/etc/key.pem", readOnly: true });
        expect(secretData(plan.get("Secret", "shop-secret-files"))).toEqual({ [mount!.subPath]: "key" });
        expect(webPod(plan).volumes).toContainEqual({
            name: "secret-files",
            secret: { secretName: expect.stringMatching(/^shop-secret-files-/) as string },
        });
    });

    test("are in every pod, so that a task finds what a view finds", async () => {
        const plan = await recordDjango(() => ({ files: { "/etc/a.ini": "a" } }));
        for (const { name, props } of plan.resources.filter(({ type }) =>
            /:(Deployment|StatefulSet|Job)$/.test(type),
        )) {
            const [container] = props["spec"].template.spec.containers;
            expect(container.volumeMounts, name).toContainEqual(expect.objectContaining({ mountPath: "/etc/a.ini" }));
        }
    });
});

describe("a registry with a login", () => {
    const registry: Change = () => ({
        registry: { server: "registry.example.org", username: "ci", password: pulumi.secret("p:w") },
    });

    test("is given to every pod, and its password is secret", async () => {
        const plan = await recordDjango(registry);
        const pull = plan.get("Secret", "shop-registry");
        expect(pull.props["type"]).toBe("kubernetes.io/dockerconfigjson");
        expect(JSON.parse(secretData(pull)[".dockerconfigjson"]!)).toEqual({
            auths: { "registry.example.org": { username: "ci", password: "p:w", auth: "Y2k6cDp3" } },
        });
        for (const { name, props } of plan.resources.filter(({ type }) =>
            /:(Deployment|StatefulSet|Job)$/.test(type),
        )) {
            expect(props["spec"].template.spec.imagePullSecrets, name).toEqual([
                { name: expect.stringMatching(/^shop-registry-/) as string },
            ]);
        }
    });

    test("of DigitalOcean's is the cluster's: every pod names the Secret that DOKS makes", async () => {
        const plan = await recordDjango(() => ({ image: "registry.digitalocean.com/acme/shop:4f2a91c" }));
        expect(plan.created).not.toContain("Secret shop-registry");
        const workloads = plan.resources.filter(({ type }) => /:(Deployment|StatefulSet|Job)$/.test(type));
        expect(workloads.length).toBeGreaterThan(3);
        for (const { name, props } of workloads) {
            expect(props["spec"].template.spec.imagePullSecrets, name).toEqual([{ name: "acme" }]);
        }
        const own = await recordDjango((args) => ({
            ...registry(args),
            image: "registry.digitalocean.com/acme/shop:4f2a91c",
        }));
        expect(webPod(own).imagePullSecrets).toEqual([{ name: expect.stringMatching(/^shop-registry-/) as string }]);
    });

    test("is not there without one", async () => {
        const plan = await recordDjango();
        expect(plan.created).not.toContain("Secret shop-registry");
        expect(webPod(plan).imagePullSecrets).toEqual([]);
    });
});

describe("a superuser", () => {
    test("its name and password are given to the job that makes it, and to no other pod", async () => {
        const plan = await recordDjango(() => ({ superuser: { ...superuser, password: pulumi.secret("pw") } }));
        expect(secretData(plan.get("Secret", "shop-superuser"))).toEqual({
            DJANGO_SUPERUSER_USERNAME: "admin",
            DJANGO_SUPERUSER_EMAIL: "admin@example.org",
            DJANGO_SUPERUSER_PASSWORD: "pw",
        });
        const holders = plan.resources
            .filter(({ type }) => /:(Deployment|StatefulSet|Job)$/.test(type))
            .filter(({ props }) => JSON.stringify(props).includes("shop-superuser-"));
        expect(holders.map(({ name }) => name)).toEqual(["shop-createsuperuser"]);
        expect(plan.created).not.toContain("RandomPassword shop-superuser-password");
    });

    test("its password is generated when none is given", async () => {
        const plan = await recordDjango(() => ({ superuser }));
        expect(plan.get("RandomPassword", "shop-superuser-password").props).toEqual({ length: 32 });
        expect(plan.get("Secret", "shop-superuser").props["stringData"]).toBeInstanceOf(SecretValue);
    });

    test("there is none unless it was asked for", async () => {
        expect((await recordDjango()).created.filter((name) => name.includes("superuser"))).toEqual([
            "Job shop-createsuperuser",
        ]);
    });
});
