// Where a stack's database is, told by what its pods are told.
import { describe, expect, test } from "vitest";
import { stackDatabase, type AppWorkload, type Found } from "../../../../commands/move/stack-database.ts";

function workload(
    app: string,
    kind: AppWorkload["kind"],
    name: string,
    secrets: string[],
    labels: Record<string, string> = {},
): AppWorkload {
    return {
        kind,
        name,
        template: {
            metadata: {
                labels: {
                    "app.kubernetes.io/part-of": app,
                    "app.kubernetes.io/instance": "shop-staging",
                    "django-on-kubernetes/reaches-cache": "true",
                    "django-on-kubernetes/reaches-database": "true",
                    ...labels,
                },
            },
            spec: {
                containers: [
                    {
                        name: "web",
                        envFrom: [
                            { configMapRef: { name: "plain" } },
                            ...secrets.map((name) => ({ secretRef: { name } })),
                        ],
                        volumeMounts: [
                            { name: "tmp", mountPath: "/tmp" },
                            { name: "certificates", mountPath: "/etc/c" },
                        ],
                    },
                ],
                volumes: [{ name: "tmp" }, { name: "certificates", configMap: { name: "certificates" } }],
            },
        },
    };
}

const secretKeys = new Map([
    ["own", ["SECRET_KEY", "DATABASE_URL"]],
    ["direct", ["DATABASE_URL"]],
    ["superuser", ["DJANGO_SUPERUSER_PASSWORD"]],
]);

function found(workloads: AppWorkload[], statefulSets: Found["statefulSets"] = []): Found {
    return { workloads, statefulSets, secretKeys };
}

describe("the database of a stack", () => {
    test("is that of the job that migrates, which goes past a pooler", () => {
        const database = stackDatabase(
            found([
                workload("shop", "Deployment", "shop-web", ["own"]),
                workload("shop", "Job", "shop-migrate", ["own", "direct", "superuser"]),
            ]),
            undefined,
        );
        expect(database.secret).toBe("direct");
    });

    test("is the pods' own without one", () => {
        expect(stackDatabase(found([workload("shop", "Deployment", "shop-web", ["own"])]), undefined)).toEqual({
            instance: "shop-staging",
            store: "database",
            secret: "own",
            clientLabels: { "django-on-kubernetes/reaches-database": "true" },
            certificates: [
                {
                    volume: { name: "certificates", configMap: { name: "certificates" } },
                    mount: { name: "certificates", mountPath: "/etc/c" },
                },
            ],
        });
    });

    test("has its server where that is in the namespace", () => {
        const labels = { "app.kubernetes.io/name": "database" };
        const template = { spec: { containers: [{ name: "postgresql", image: "localhost/postgres:15" }] } };
        const server = {
            metadata: { name: "database" },
            spec: { serviceName: "database", selector: { matchLabels: labels }, template },
        };
        const { server: it } = stackDatabase(
            found([workload("shop", "Deployment", "shop-web", ["own"])], [server]),
            "shop",
        );
        expect(it).toEqual({ labels, image: "localhost/postgres:15" });
    });

    test("an app's own store comes before the shared one", () => {
        const own = {
            "django-on-kubernetes/reaches-blog-database": "true",
            "django-on-kubernetes/borrows-database": "true",
        };
        const { store, clientLabels } = stackDatabase(
            found([
                workload("shop", "Deployment", "shop-web", ["own"]),
                workload("blog", "Deployment", "blog-web", ["own"], own),
            ]),
            "blog",
        );
        expect(store).toBe("blog-database");
        expect(Object.keys(clientLabels)).toEqual([
            "django-on-kubernetes/reaches-database",
            "django-on-kubernetes/reaches-blog-database",
            "django-on-kubernetes/borrows-database",
        ]);
    });

    test.each([
        [[], undefined, "bring the stack up first"],
        [
            [workload("shop", "Deployment", "a", ["own"]), workload("blog", "Deployment", "b", ["own"])],
            undefined,
            "APP=blog, APP=shop",
        ],
        [[workload("shop", "Deployment", "a", ["own"])], "blog", "has no app blog"],
        [[workload("shop", "Deployment", "a", ["superuser"])], "shop", "told a DATABASE_URL"],
    ])("is not guessed (%#)", (workloads, app, message) => {
        expect(() => stackDatabase(found(workloads), app)).toThrow(message);
    });
});
