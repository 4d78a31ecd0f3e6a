// What a move makes in the cluster: which pod gets what, and which ways are opened. Not proved: that Kubernetes takes it
// (test/prove/move-in.test.ts).
import { describe, expect, test } from "vitest";
import {
    addressSecret,
    job,
    scriptsMap,
    volumeClaim,
    waysOut,
    type Move,
    type Outside,
} from "../../../../commands/move/objects.ts";

const server = {
    labels: { "app.kubernetes.io/name": "database", "app.kubernetes.io/instance": "shop-staging" },
    image: "postgres:17",
};

const move: Move = {
    namespace: "shop-staging",
    direction: "in",
    mode: "dump",
    database: {
        instance: "shop-staging",
        store: "database",
        secret: "shop-secret-1",
        clientLabels: { "django-on-kubernetes/reaches-database": "true" },
        certificates: [
            {
                volume: { name: "certificates", configMap: { name: "shop-certificates" } },
                mount: { name: "certificates", mountPath: "/etc/django-on-kubernetes/certificates", readOnly: true },
            },
        ],
        server,
    },
    image: "docker.io/library/postgres:17",
    readOnly: "auto",
    jobs: 2,
    storage: "20Gi",
};

const outside: Outside = {
    address: {
        url: "postgresql://u@h:6543/d?sslmode=require",
        password: "geheim",
        host: "h",
        port: 6543,
        database: "d",
    },
    ranges: ["192.0.2.7/32"],
};

function environment(of: Move): Record<string, unknown> {
    const container = job(of).spec!.template.spec!.containers[0]!;
    return Object.fromEntries(
        container.env!.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef]),
    );
}

describe("the Job", () => {
    test("reads the stack's address of the app's Secret, and nothing else of it", () => {
        expect(environment(move)).toMatchObject({
            TARGET_URL: { name: "shop-secret-1", key: "DATABASE_URL" },
            SOURCE_URL: { name: "database-move", key: "URL" },
            SOURCE_PASSWORD: { name: "database-move", key: "PASSWORD" },
        });
        expect(job(move).spec!.template.spec!.containers[0]!.envFrom).toBeUndefined();
    });

    test("the other way round when it moves out", () => {
        const out = environment({ ...move, direction: "out" });
        expect(out).toMatchObject({
            SOURCE_URL: { name: "shop-secret-1", key: "DATABASE_URL" },
            TARGET_URL: { name: "database-move", key: "URL" },
            TARGET_PASSWORD: { name: "database-move", key: "PASSWORD" },
        });
        expect(out).not.toHaveProperty("SOURCE_PASSWORD");
    });

    test("has no password in it", () => {
        expect(JSON.stringify([job(move), scriptsMap(move), waysOut(move, outside)])).not.toContain("geheim");
        expect(addressSecret(move, outside).stringData).toEqual({ URL: outside.address.url, PASSWORD: "geheim" });
    });

    test("goes on in another pod after a kill, and not after a failure", () => {
        const { backoffLimit, podFailurePolicy, template } = job(move).spec!;
        expect(backoffLimit).toBeGreaterThan(0);
        expect(podFailurePolicy!.rules[0]).toEqual({
            action: "FailJob",
            onExitCodes: { containerName: "move", operator: "In", values: [1] },
        });
        expect(template.spec!.restartPolicy).toBe("Never");
        expect(template.spec!.volumes!.find(({ name }) => name === "move")).toEqual({
            name: "move",
            persistentVolumeClaim: { claimName: "database-move" },
        });
        expect(volumeClaim(move).spec!.resources!.requests).toEqual({ storage: "20Gi" });
    });

    test("is let through to the database, with the certificates that the app has, and is none of the database's own pods", () => {
        const { metadata, spec } = job(move).spec!.template;
        expect(metadata!.labels).toMatchObject({
            "django-on-kubernetes/reaches-database": "true",
            "app.kubernetes.io/component": "database-move",
            "django-on-kubernetes/store": "database",
        });
        expect(spec!.containers[0]!.volumeMounts).toContainEqual(move.database.certificates[0]!.mount);
        expect(spec!.volumes).toContainEqual(move.database.certificates[0]!.volume);
    });

    test("keeps what every pod keeps: restricted, a read-only root, no token, an account of its own", () => {
        const { spec } = job(move).spec!.template;
        expect(spec).toMatchObject({
            automountServiceAccountToken: false,
            serviceAccountName: "database-move",
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        });
        expect(spec!.containers[0]).toMatchObject({
            securityContext: {
                readOnlyRootFilesystem: true,
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
            },
            resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "512Mi" } },
        });
    });

    test("has every script of the folder", () => {
        const { data } = scriptsMap(move);
        expect(Object.keys(data!)).toEqual(
            expect.arrayContaining(["move.sh", "steps.sh", "empty.sql", "replication.sh"]),
        );
        // What a ConfigMap holds.
        expect(JSON.stringify(data).length).toBeLessThan(900_000);
    });
});

describe("the ways out", () => {
    test("lead the mover to the one server, at its port", () => {
        const [policy, ...others] = waysOut(move, outside);
        expect(others).toEqual([]);
        expect(policy!.spec).toEqual({
            podSelector: {
                matchLabels: {
                    "app.kubernetes.io/name": "database-move",
                    "app.kubernetes.io/instance": "shop-staging",
                },
            },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "192.0.2.7/32" } }], ports: [{ protocol: "TCP", port: 6543 }] }],
        });
    });

    test("with replication lead the database's server there too, where it is in the namespace", () => {
        const [, policy] = waysOut({ ...move, mode: "replicate" }, outside);
        expect(policy!.spec!.podSelector).toEqual({ matchLabels: server.labels });
        const { server: _, ...managed } = move.database;
        expect(waysOut({ ...move, mode: "replicate", database: managed }, outside)).toHaveLength(1);
    });
});
