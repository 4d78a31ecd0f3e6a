// Does not prove that PostgreSQL starts with these arguments or keeps its rows: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { InClusterDatabase, type InClusterDatabaseArgs } from "../../components/database/in-cluster.ts";
import { postgresImages } from "../../components/database/versions.ts";
import {
    dataPolicies,
    expectOneFamily,
    isUnknownSecret,
    placement,
    recordComponent,
    secretData,
} from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const defaults: InClusterDatabaseArgs = {
    ...placement,
    version: "17",
    size: { cpu: "250m", memory: "1Gi" },
    storage: "10Gi",
    maxConnections: 120,
    owner: "shop",
};

const record = remembered((changes: Partial<InClusterDatabaseArgs> = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const database = new InClusterDatabase("database", { ...defaults, ...changes }, opts);
            const { host, port, name, user, password, clientLabels, maxConnections } = database;
            const isSecret = pulumi.isSecret(password);
            return { host, port, name, user, password, isSecret, clientLabels, maxConnections };
        },
        { preview },
    ),
);

const pod = async (changes: Partial<InClusterDatabaseArgs> = {}) =>
    (await record(changes)).get("StatefulSet", "database-server").props["spec"].template;

const selector = { "app.kubernetes.io/name": "database", "app.kubernetes.io/instance": "shop-staging" };

test("one server with a Service, an account, a login, a generated password and two openings", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "ConfigMap database-data-scripts",
        "InCluster database",
        "NetworkPolicy database-from-clients",
        "NetworkPolicy database-to-store",
        "PersistentVolumeClaimPatch database-disk-0",
        "RandomPassword database-password",
        "Secret database-login",
        "Service database-service",
        "ServiceAccount database-account",
        "StatefulSet database-server",
    ]);
    expectOneFamily(plan, ["InCluster", "database"]);
    expect(plan.get("InCluster", "database").type).toBe("django-on-kubernetes:database:InCluster");
    expect(plan.get("StatefulSet", "database-server").type).toBe("kubernetes:apps/v1:StatefulSet");
});

test("keeps the contract of every database: the app talks to a Service of its own namespace (E4)", async () => {
    const { outputs } = await record({ password: pulumi.secret("given") });
    expect(outputs).toEqual({
        host: "database",
        port: 5432,
        name: "shop",
        user: "shop",
        password: "given",
        isSecret: true,
        clientLabels: { "django-on-kubernetes/reaches-database": "true" },
        maxConnections: 120,
    });
});

describe("the password", () => {
    test("is generated with 32 characters", async () => {
        const plan = await record();
        expect(plan.get("RandomPassword", "database-password").props).toEqual({ length: 32 });
        expect(plan.outputs).toMatchObject({ password: expect.stringMatching(/^.{32}$/) as string, isSecret: true });
    });

    test("is not generated when it is given, and stands in the login, secret", async () => {
        const plan = await record({ password: pulumi.secret("p'@:/ü") });
        expect(plan.created).not.toContain("RandomPassword database-password");
        expect(secretData(plan.get("Secret", "database-login"))).toEqual({ POSTGRES_PASSWORD: "p'@:/ü" });
    });

    test("is secret in a preview too, where nobody knows it yet", async () => {
        const plan = await record({}, true);
        expect(isUnknownSecret(plan.get("Secret", "database-login"))).toBe(true);
    });

    test("its Secret is made anew when it changes: it is immutable and has no name of its own", async () => {
        const login = (await record()).get("Secret", "database-login").props;
        expect(login["immutable"]).toBe(true);
        expect(login["metadata"]).not.toHaveProperty("name");
        expect(login["metadata"].namespace).toBe("shop-staging");
    });
});

test("the Service leads to the server's pods, and is not awaited beside the StatefulSet", async () => {
    const plan = await record();
    const service = plan.get("Service", "database-service").props;
    const template = plan.get("StatefulSet", "database-server").props["spec"].template;
    expect(service["metadata"]).toMatchObject({
        name: "database",
        namespace: "shop-staging",
        annotations: { "pulumi.com/skipAwait": "true" },
    });
    expect(service["spec"]).toEqual({
        selector,
        ports: [{ name: "postgresql", port: 5432, targetPort: "postgresql" }],
    });
    expect(template.metadata.labels).toMatchObject(selector);
    expect(template.metadata.annotations).toMatchObject({ "karpenter.sh/do-not-disrupt": "true" });
    expect(template.spec.containers[0].ports).toEqual([{ name: "postgresql", containerPort: 5432 }]);
});

describe("the server", () => {
    test("is one, and selects its own pods", async () => {
        const { spec, metadata } = (await record()).get("StatefulSet", "database-server").props;
        expect(metadata).toMatchObject({ name: "database", namespace: "shop-staging" });
        expect(spec).toMatchObject({ serviceName: "database", replicas: 1, selector: { matchLabels: selector } });
    });

    test("takes its memory and connections from the settings", async () => {
        const { spec } = await pod();
        expect(spec.containers[0].args).toEqual([
            "postgres",
            "-c",
            "max_connections=120",
            "-c",
            "shared_buffers=256MB",
            "-c",
            "effective_cache_size=614MB",
            "-c",
            "huge_pages=off",
        ]);
        expect(spec.containers[0].resources).toEqual({
            requests: { cpu: "250m", memory: "1Gi" },
            limits: { memory: "1Gi" },
        });
    });

    test.each(["15", "16", "17", "18"] as const)(
        "version %s has its data below the image's own volume",
        async (version) => {
            const { image, volumePath } = postgresImages[version];
            const [container] = (await pod({ version })).spec.containers;
            expect(container.image).toBe(image);
            expect(image).toMatch(new RegExp(`^docker\\.io/library/postgres:${version}\\.`));
            expect(container.volumeMounts).toContainEqual({ name: "data", mountPath: volumePath });
            expect(container.env).toContainEqual({ name: "PGDATA", value: `${volumePath}/pgdata` });
            expect(volumePath).toBe(version === "18" ? "/var/lib/postgresql" : "/var/lib/postgresql/data");
        },
    );

    test("runs an image of the user's own", async () => {
        expect((await pod({ image: "localhost/postgres:17" })).spec.containers[0].image).toBe("localhost/postgres:17");
    });

    test("passes Pod Security 'restricted' and writes only where it must (R36, R38, R44, R45)", async () => {
        const { spec } = await pod();
        expect(spec).toMatchObject({
            serviceAccountName: "database",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 999,
                fsGroup: 999,
                seccompProfile: { type: "RuntimeDefault" },
            },
        });
        expect(spec.containers[0].securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
        expect(spec.containers[0].volumeMounts.map((mount: { mountPath: string }) => mount.mountPath)).toEqual([
            "/var/lib/postgresql/data",
            "/var/run/postgresql",
            "/tmp",
            "/dev/shm",
        ]);
        const written = spec.volumes.filter((volume: { configMap?: object }) => volume.configMap === undefined);
        expect(written.every((volume: { emptyDir: { sizeLimit?: string } }) => volume.emptyDir.sizeLimit)).toBe(true);
    });

    test("is asked over TCP, and has hours to recover after a crash", async () => {
        const [container] = (await pod()).spec.containers;
        const command = ["pg_isready", "--quiet", "--host=127.0.0.1", "--username=shop"];
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
            expect(container[probe].exec.command).toEqual(command);
        }
        const { periodSeconds, failureThreshold } = container.startupProbe;
        expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(6 * 3600);
    });

    test("takes the password from the Secret that was made; the names are no secret", async () => {
        const { spec } = await pod({ password: pulumi.secret("canary-f00d") });
        expect(JSON.stringify(spec)).not.toContain("canary-f00d");
        expect(spec.containers[0].env).toEqual(
            expect.arrayContaining([
                { name: "POSTGRES_USER", value: "shop" },
                { name: "POSTGRES_DB", value: "shop" },
            ]),
        );
        expect(spec.containers[0].envFrom).toEqual([
            { secretRef: { name: expect.stringMatching(/^database-login-/) as string } },
        ]);
    });
});

describe("the volume", () => {
    const claim = async (changes: Partial<InClusterDatabaseArgs>) =>
        (await record(changes)).get("StatefulSet", "database-server").props["spec"].volumeClaimTemplates;

    test("has the size and class that were set", async () => {
        expect(await claim({ storage: "20Gi", storageClass: "fast" })).toEqual([
            {
                metadata: { name: "data" },
                spec: {
                    accessModes: ["ReadWriteOnce"],
                    storageClassName: "fast",
                    resources: { requests: { storage: "20Gi" } },
                },
            },
        ]);
    });

    test("grows where it is: the claim is given its size, and the claim template keeps its own", async () => {
        const plan = await record({ storage: "20Gi" });
        expect(plan.get("StatefulSet", "database-server").ignoreChanges).toEqual([
            "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
        ]);
        const disk = plan.get("PersistentVolumeClaimPatch", "database-disk-0");
        expect(disk.props).toEqual({
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: {
                name: "data-database-0",
                namespace: "shop-staging",
                annotations: { "pulumi.com/patchForce": "true" },
            },
            spec: { resources: { requests: { storage: "20Gi" } } },
        });
        const server = plan.get("StatefulSet", "database-server").urn;
        expect(disk.dependencies).toContain(server);
        // Taken back it would leave a claim without a size, which is refused; and it has nothing of its own to protect.
        expect(disk).toMatchObject({ retainOnDelete: true, protect: false, replaceWith: [server] });
    });

    test("is of the cluster's default class when none is set", async () => {
        expect((await claim({}))[0].spec).not.toHaveProperty("storageClassName");
    });

    test.each(dataPolicies)("is treated as $data data", async ({ data, whenDeleted, protect }) => {
        const server = (await record({ data })).get("StatefulSet", "database-server");
        expect(server.protect).toBe(protect);
        expect(server.props["spec"].persistentVolumeClaimRetentionPolicy).toEqual({
            whenDeleted,
            whenScaled: "Retain",
        });
    });
});

describe("before the server starts", () => {
    interface Step {
        readonly name: string;
        readonly image: string;
        readonly command: readonly string[];
        readonly env: ReadonlyArray<{ readonly name: string; readonly value: string }>;
        readonly volumeMounts: ReadonlyArray<{ readonly name: string; readonly mountPath: string }>;
        readonly securityContext: unknown;
        readonly resources: unknown;
    }
    const steps = async (changes: Partial<InClusterDatabaseArgs> = {}): Promise<readonly Step[]> =>
        (await pod(changes)).spec.initContainers as Step[];
    const variables = ({ env }: Step): Record<string, string> =>
        Object.fromEntries(env.map(({ name, value }) => [name, value]));
    const scripts = async (changes: Partial<InClusterDatabaseArgs> = {}): Promise<string[]> => {
        const { props } = (await record(changes)).get("ConfigMap", "database-data-scripts");
        expect(props["immutable"]).toBe(true);
        return Object.keys(props["data"] as object).toSorted();
    };
    const from = { version: "15", image: "registry.example.org/postgis:15", original: "kept" } as const;
    const upgrade = { version: "18", upgradeFrom: from } as const;
    const directory = async (changes: Partial<InClusterDatabaseArgs>): Promise<string | undefined> =>
        (await pod(changes)).spec.containers[0].env.find(({ name }: { name: string }) => name === "PGDATA")
            .value as string;

    test("its image looks whether it fits the data", async () => {
        const [check, ...others] = await steps();
        expect(others).toEqual([]);
        expect(check).toMatchObject({ name: "check-data", command: ["bash", "/scripts/check.sh"] });
        expect(check!.image).toBe((await pod()).spec.containers[0].image);
        expect(variables(check!)).toEqual({
            POSTGRES_USER: "shop",
            VOLUME: "/var/lib/postgresql/data",
            BASE: "pgdata",
            DIRECTORY: "pgdata",
            VERSION: "17",
            COLLATIONS: "stop",
        });
        expect(variables((await steps({ changedCollations: "reindex" }))[0]!)).toMatchObject({ COLLATIONS: "reindex" });
        expect(await scripts()).toEqual(["check.sh", "server.sh"]);
    });

    test("an upgrade reads by the old image, writes by the new one, and has each see the volume where it declares it", async () => {
        const all = await steps(upgrade);
        const { image } = postgresImages["18"];
        expect(all.map(({ name, image, volumeMounts }) => [name, image, volumeMounts[0]!.mountPath])).toEqual([
            ["dump", "registry.example.org/postgis:15", "/var/lib/postgresql/data"],
            ["restore-dump", image, "/var/lib/postgresql"],
            ["check-data", image, "/var/lib/postgresql"],
        ]);
        expect(variables(all[0]!)).toMatchObject({ FROM: "15", TO: "18", VOLUME: "/var/lib/postgresql/data" });
        expect(variables(all[1]!)).toMatchObject({ FROM: "15", TO: "18", VOLUME: "/var/lib/postgresql" });
        expect(variables(all[2]!)).toMatchObject({
            DIRECTORY: "pgdata-18",
            VERSION: "18",
            FROM: "15",
            ORIGINAL: "kept",
        });
        expect(await directory(upgrade)).toBe("/var/lib/postgresql/pgdata-18");
        expect(await scripts(upgrade)).toEqual(["check.sh", "dump.sh", "restore.sh", "server.sh"]);
        const { spec } = await pod(upgrade);
        for (const { securityContext, resources } of all) {
            expect([securityContext, resources]).toEqual([
                spec.containers[0].securityContext,
                spec.containers[0].resources,
            ]);
        }
    });

    test("the old version's official image reads where none is named", async () => {
        const [dump] = await steps({ version: "18", upgradeFrom: { version: "16", original: "kept" } });
        expect(dump!.image).toBe(postgresImages["16"].image);
    });

    test("at the end of an upgrade the data has the name that it has without one", async () => {
        const ended = { version: "18", upgradeFrom: { ...from, original: "removed" } } as const;
        expect(await directory(ended)).toBe("/var/lib/postgresql/pgdata");
        expect(await directory({ version: "18" })).toBe("/var/lib/postgresql/pgdata");
        expect(variables((await steps(ended)).at(-1)!)).toMatchObject({ DIRECTORY: "pgdata", ORIGINAL: "removed" });
    });

    test("an upgrade is waited for as long as it may take", async () => {
        const update = async (changes: Partial<InClusterDatabaseArgs>) =>
            (await record(changes)).get("StatefulSet", "database-server").customTimeouts.update;
        expect([await update({}), await update(upgrade)]).toEqual(["10m", "12h"]);
    });
});

test("lets in only those that carry its label, at its port, and lets them out to it (R46, R48)", async () => {
    const plan = await record();
    const clients = { "django-on-kubernetes/reaches-database": "true" };
    const ports = [{ protocol: "TCP", port: 5432 }];
    expect(plan.get("NetworkPolicy", "database-from-clients").props).toMatchObject({
        metadata: { name: "database-from-clients", namespace: "shop-staging" },
        spec: {
            podSelector: { matchLabels: selector },
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: { matchLabels: clients } }], ports }],
        },
    });
    expect(plan.get("NetworkPolicy", "database-to-store").props).toMatchObject({
        metadata: { name: "database-to-store", namespace: "shop-staging" },
        spec: {
            podSelector: { matchLabels: clients },
            policyTypes: ["Egress"],
            egress: [{ to: [{ podSelector: { matchLabels: selector } }], ports }],
        },
    });
});

test("lets in borrowers' pods, of namespaces that say so, and only when it is lent", async () => {
    expect((await record()).created).not.toContain("NetworkPolicy database-from-borrowers");
    const { spec } = (await record({ lent: true })).get("NetworkPolicy", "database-from-borrowers").props as {
        spec: { ingress: object[] };
    };
    expect(spec.ingress).toEqual([
        {
            from: [
                {
                    namespaceSelector: { matchLabels: { "django-on-kubernetes/database-of": "shop-staging" } },
                    podSelector: { matchLabels: { "django-on-kubernetes/borrows-database": "true" } },
                },
            ],
            ports: [{ protocol: "TCP", port: 5432 }],
        },
    ]);
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
