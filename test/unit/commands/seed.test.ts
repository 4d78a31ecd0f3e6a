// What `make seed` finds in a stack's state, when it refuses, and what `make status` says of seeds. Not proved: that the cluster is read
// right (test/prove/seeds.test.ts).
import { describe, expect, test } from "vitest";
import { seedIn } from "../../../commands/seed/found.ts";
import { unfinished } from "../../../commands/seed/make.ts";
import type { ResourceState } from "../../../commands/repair/deployment.ts";
import { judgeSeed } from "../../../commands/status/seeds.ts";

const cronJob = (component: string, more: object = {}): ResourceState =>
    ({
        urn: `urn:pulumi:staging::django-on-kubernetes::kubernetes:batch/v1:CronJob::${component}-schedule`,
        type: "kubernetes:batch/v1:CronJob",
        custom: true,
        inputs: {
            metadata: {
                name: component,
                namespace: "shop-staging",
                labels: { "app.kubernetes.io/component": component },
            },
        },
        ...more,
    }) as unknown as ResourceState;

describe("the job of seeds", () => {
    test("is found among others", () => {
        const found = seedIn([cronJob("database-dump"), cronJob("database-seed")], "staging");
        expect(found).toMatchObject({ namespace: "shop-staging", name: "database-seed" });
    });

    test.each([
        ["none", []],
        ["other jobs", [cronJob("database-dump")]],
        ["one that is being replaced", [cronJob("database-seed", { delete: true })]],
    ])("of a stack with %s is refused, with the fix", (_, resources) => {
        expect(() => seedIn(resources, "staging")).toThrow(
            /staging makes no seeds.*set lends\.seed in Pulumi\.staging\.yaml/,
        );
    });
});

describe("a seed that is being made", () => {
    const owner = { apiVersion: "batch/v1", kind: "CronJob", name: "database-seed", uid: "1" };
    const job = (status: object, owners = [owner]) => ({ metadata: { name: "one", ownerReferences: owners }, status });
    const ended = (type: string) => ({ conditions: [{ type, status: "True" }] });

    test("stops another one", () => {
        expect(unfinished([job({})], "database-seed")?.metadata?.name).toBe("one");
        expect(unfinished([job(ended("Suspended"))], "database-seed")).toBeDefined();
    });

    test.each([
        ["that is complete", job(ended("Complete"))],
        ["that failed", job(ended("Failed"))],
        ["of another CronJob", job({}, [{ ...owner, name: "database-dump" }])],
        ["of nobody", job({}, [])],
    ])("is not one %s", (_, one) => {
        expect(unfinished([one], "database-seed")).toBeUndefined();
    });
});

describe("how old the newest is", () => {
    const now = new Date("2026-12-02T12:00:00Z");
    const hours = (count: number): Date => new Date(now.getTime() - count * 3600_000);

    test("stands in a line, with when the next is made", () => {
        const { line, broken } = judgeSeed(
            { schedule: "0 2 * * *", running: false, lastBegun: hours(10), lastGood: hours(9) },
            now,
        );
        expect(line).toBe('Seed: the newest was made 9 h ago, one is made at "0 2 * * *" UTC');
        expect(broken).toBeUndefined();
        expect(judgeSeed({ running: false }, now)).toEqual({ line: "Seed: none yet, made by `make seed` alone" });
    });

    test.each([
        ["failed", { lastBegun: hours(10), lastGood: hours(33) }],
        ["failed, and there is none", { lastBegun: hours(10) }],
    ])("of a schedule whose last one %s is told as broken", (_, state) => {
        expect(judgeSeed({ schedule: "0 2 * * *", running: false, ...state }, now).broken).toContain(
            "the one of 2026-12-02 02:00 was not made",
        );
    });

    test.each([
        ["runs", { schedule: "0 2 * * *", running: true, lastBegun: hours(0) }],
        ["has not been due", { schedule: "0 2 * * *", running: false }],
        ["has no schedule any more", { running: false, lastBegun: hours(10) }],
    ])("one that %s is not late", (_, state) => {
        expect(judgeSeed(state, now).broken).toBeUndefined();
    });
});
