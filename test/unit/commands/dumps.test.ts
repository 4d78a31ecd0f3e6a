// What a state says of dumps, and the Job that is made of a CronJob. Not proved: that a cluster runs it (test/prove/dumps.test.ts).
import type { V1CronJob } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { dumpsIn, oneOf } from "../../../commands/dumps/found.ts";
import { jobFrom } from "../../../commands/dumps/job.ts";
import { lastDumps } from "../../../commands/dumps/take.ts";
import type { ResourceState } from "../../../commands/repair/deployment.ts";

const urn = (type: string, name: string): string => `urn:pulumi:staging::shop::${type}::${name}`;

const provider = (kubeconfig: unknown): ResourceState => ({
    urn: urn("pulumi:providers:kubernetes", "kubernetes"),
    type: "pulumi:providers:kubernetes",
    id: "1a2b",
    inputs: { kubeconfig, context: "staging" },
});

function cronJob(store: string, atEnd: string, changes: Partial<ResourceState> = {}): ResourceState {
    const metadata = {
        name: `${store}-dump`,
        namespace: "shop-staging",
        labels: { "app.kubernetes.io/component": "database-dump", "django-on-kubernetes/store": store },
        annotations: { "django-on-kubernetes/at-end": atEnd },
    };
    return {
        urn: urn("kubernetes:batch/v1:CronJob", `${store}-dump`),
        type: "kubernetes:batch/v1:CronJob",
        inputs: { metadata },
        outputs: { metadata },
        provider: `${urn("pulumi:providers:kubernetes", "kubernetes")}::1a2b`,
        ...changes,
    };
}

const connected = { kubeconfig: ".local/kubeconfig", context: "staging" };

describe("what a state says of dumps", () => {
    it("each, with the way to its cluster", () => {
        const resources = [
            provider(".local/kubeconfig"),
            cronJob("database", "dump"),
            cronJob("blog-database", "nothing"),
        ];
        expect(dumpsIn(resources)).toEqual([
            { namespace: "shop-staging", name: "database-dump", store: "database", atEnd: true, connection: connected },
            {
                namespace: "shop-staging",
                name: "blog-database-dump",
                store: "blog-database",
                atEnd: false,
                connection: connected,
            },
        ]);
    });

    it("a kubeconfig that is a secret is read where secrets are shown", () => {
        const shown = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"{}"' };
        expect(dumpsIn([provider(shown), cronJob("database", "dump")])[0]!.connection.kubeconfig).toBe("{}");
    });

    it("not what another has taken the place of, and no other CronJob", () => {
        const other = cronJob("database", "dump", { inputs: { metadata: { labels: {} } } });
        expect(dumpsIn([cronJob("database", "dump", { delete: true }), other])).toEqual([]);
    });

    it("of several one has to be named", () => {
        const found = dumpsIn([cronJob("database", "dump"), cronJob("blog-database", "dump")]);
        expect(oneOf(found, "staging", "blog-database").store).toBe("blog-database");
        expect(oneOf(found.slice(0, 1), "staging").store).toBe("database");
        expect(() => oneOf(found, "staging")).toThrow(
            "STORE is not set. Allowed for the stack staging: database, blog-database. Fix: add STORE=database.",
        );
        expect(() => oneOf(found, "staging", "cache")).toThrow("STORE is cache. Allowed");
        expect(() => oneOf([], "staging")).toThrow("Fix: set database.backups in Pulumi.staging.yaml");
    });
});

const template: V1CronJob = {
    metadata: { name: "database-dump", namespace: "shop-staging", uid: "0815" },
    spec: {
        schedule: "17 2 * * *",
        jobTemplate: {
            metadata: { labels: { a: "b" } },
            spec: {
                backoffLimit: 2,
                template: {
                    spec: {
                        initContainers: [{ name: "dump", env: [{ name: "REASON", value: "schedule" }] }],
                        containers: [{ name: "upload", env: [] }],
                    },
                },
            },
        },
    },
};

describe("a Job of a CronJob", () => {
    it("is its template's, told what is asked, and goes with it", () => {
        const job = jobFrom(template, { dump: { REASON: "end" } });
        expect(job.spec!.template.spec!.initContainers![0]!.env).toEqual([{ name: "REASON", value: "end" }]);
        expect(job.spec!.backoffLimit).toBe(2);
        expect(job.metadata).toMatchObject({ generateName: "database-dump-", labels: { a: "b" } });
        expect(job.metadata!.ownerReferences).toEqual([
            { apiVersion: "batch/v1", kind: "CronJob", name: "database-dump", uid: "0815", controller: true },
        ]);
        expect(template.spec!.jobTemplate.spec!.template.spec!.initContainers![0]!.env![0]!.value).toBe("schedule");
    });

    it("of another release, which reads no such variable, is not made", () => {
        expect(() => jobFrom(template, { upload: { REASON: "end" } })).toThrow("The container upload reads no REASON");
    });
});

describe("the last dumps", () => {
    it("where none is wanted, none is missed, and no cluster is asked", async () => {
        expect(
            await lastDumps([provider("/nowhere"), cronJob("database", "nothing")], () => undefined),
        ).toBeUndefined();
    });

    it("where the cluster is out of reach, the end is refused", async () => {
        const said: string[] = [];
        const unreachable = JSON.stringify({
            clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
            contexts: [{ name: "staging", context: { cluster: "c", user: "u" } }],
            users: [{ name: "u", user: {} }],
        });
        expect(await lastDumps([provider(unreachable), cronJob("database", "dump")], (line) => said.push(line))).toBe(
            "There is no last dump of database, so nothing was destroyed. Mend the cause above, or destroy without: add NODUMP=1.",
        );
        expect(said.join("\n")).toMatch(/ECONNREFUSED|fetch failed|connect/);
    });
});
