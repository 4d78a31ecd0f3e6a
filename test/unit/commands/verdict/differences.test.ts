// What differs between two sets of inputs, what of it is shown, and what makes another resource. Not proved: that a provider agrees;
// lab/test and docs/verdict.md say how far the rules go.
import { describe, expect, test } from "vitest";
import { differencesOf, Hidden } from "../../../../commands/verdict/differences.ts";
import { readable, readPlan, isPlan } from "../../../../commands/verdict/plan-document.ts";
import { comparePlans } from "../../../../commands/verdict/planned-changes.ts";
import { shownValue } from "../../../../commands/verdict/showable.ts";
import { marking } from "../../../../commands/plan/fingerprints.ts";
import type { Plan } from "../../../../commands/plan/plan.ts";
import { SecretValue, UnknownValue } from "../../../../commands/plan/plan.ts";

const shown = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
    differencesOf(before, after).map((difference) => difference.shown);

describe("differences", () => {
    test("are as deep as they go, and quote what is no name", () => {
        expect(shown({ a: { b: 1, "c.d": 2 }, e: null }, { a: { b: 1, "c.d": 3 }, f: 1 })).toEqual(['a["c.d"]', "f"]);
    });

    test("of named elements are by their names, of others by their places, of plain values one", () => {
        const named = (...names: string[]) => names.map((name) => ({ name, value: 1 }));
        expect(shown({ env: named("a", "b") }, { env: named("x", "a", "b") })).toEqual(["env[x]"]);
        expect(shown({ env: named("a", "a") }, { env: named("x", "a", "a") })).toEqual(["env[0].name", "env[2]"]);
        expect(shown({ rules: [{ p: 1 }, { p: 2 }] }, { rules: [{ p: 1 }, { p: 3 }] })).toEqual(["rules[1].p"]);
        expect(shown({ hosts: ["a"] }, { hosts: ["a", "b"] })).toEqual(["hosts"]);
    });

    test("of secrets are told by marks; where one side has none, not at all, unless one is new", () => {
        const [a, b, none] = [new Hidden("1"), new Hidden("2"), new Hidden()];
        expect(shown({ s: a }, { s: new Hidden("1") })).toEqual([]);
        expect(shown({ s: a }, { s: b })).toEqual(["s"]);
        expect(shown({ s: none }, { s: b })).toEqual([]);
        expect(shown({ s: none }, { s: { key: b } })).toEqual([]);
        expect(shown({}, { s: none })).toEqual(["s"]);
        expect(shown({ u: new UnknownValue() }, { u: new UnknownValue() })).toEqual([]);
    });
});

describe("marks", () => {
    const printed = (value: unknown, key: string | undefined): unknown =>
        JSON.parse(JSON.stringify({ value }, marking(key) as Parameters<typeof JSON.stringify>[1]));

    test("are the same for the same secret and key, others for others, and none without a key", () => {
        const one = printed(new SecretValue("s"), "k");
        expect(one).toEqual({ value: expect.stringMatching(/^\[secret [0-9a-f]{16}\]$/) as string });
        expect(printed(new SecretValue("s"), "k")).toEqual(one);
        expect(printed(new SecretValue("t"), "k")).not.toEqual(one);
        expect(printed(new SecretValue("s"), "l")).not.toEqual(one);
        expect(printed(new SecretValue("s"), undefined)).toEqual({ value: "[secret]" });
    });

    test("of a map are by key, of what is inside of a secret too", () => {
        const map = (value: string) =>
            printed(new SecretValue({ a: "1", b: new SecretValue([new SecretValue(value)]) }), "k");
        expect(map("x")).toEqual(map("x"));
        expect(map("x")).not.toEqual(map("y"));
        expect(map("x")).toMatchObject({ value: { a: expect.stringContaining("[secret ") as string } });
        expect(readable(map("x"))).toMatchObject({ value: { a: expect.any(Hidden) as Hidden } });
    });
});

describe("of values", () => {
    const at = (path: string, value: unknown) =>
        shownValue({ path: path.split("."), shown: path, before: value, after: value }, value);

    test.each([
        ["spec.replicas", 3, "3"],
        ["spec.suspend", true, "true"],
        ["spec.resources.requests.memory", "512Mi", "512Mi"],
        ["spec.resources.requests.cpu", "250m", "250m"],
        ["settings.tier", "db-custom-4-15360", "db-custom-4-15360"],
        ["spec.hostnames", ["a.example.org", "b.example.org"], "a.example.org, b.example.org"],
        ["containers.image", "shop@sha256:abc", "shop@sha256:abc"],
        ["containers.image", "user:word@registry/shop:1", "***@registry/shop:1"],
        ["spec.gone", undefined, "nothing"],
    ])("%s is shown", (path, value, text) => {
        expect(at(path, value)).toBe(text);
    });

    test.each([
        ["data.PIN", 1234],
        ["data.image", "shop:1"],
        ["stringData.size", "10Gi"],
        ["containers.env.value", "512Mi"],
        ["metadata.annotations.version", "1"],
        ["containers.args", ["--token", "x"]],
        ["spec.password", "text"],
        ["spec.note", "any text"],
        ["spec.pin", "12345678"],
        ["masterPassword", new Hidden("1")],
    ])("%s is not", (path, value) => {
        expect(at(path, value)).toBeUndefined();
    });
});

const made = (type: string, name: string, props: Record<string, unknown>, more: object = {}) => ({
    urn: `urn:pulumi:test::shop::${type}::${name}`,
    type,
    name,
    custom: true,
    props,
    ...more,
});

function planOf(resources: readonly object[]): Plan {
    const document = readPlan(JSON.stringify({ project: "shop", stack: "test", resources }), "it");
    if (!isPlan(document)) {
        throw new Error("no plan");
    }
    return document.plan;
}

async function opsOf(base: readonly object[], head: readonly object[]) {
    const { changes } = await comparePlans(planOf(base), planOf(head));
    return Object.fromEntries(changes.map(({ name, op }) => [name, op]));
}

describe("another resource is made", () => {
    const sql = "gcp:sql/databaseInstance:DatabaseInstance";
    test.each([
        ["by a type's own rule", sql, { region: "a" }, { region: "b" }, {}, "replace"],
        ["not by another input", sql, { settings: { tier: "a" } }, { settings: { tier: "b" } }, {}, "update"],
        [
            "by what a version is",
            "digitalocean:index/kubernetesCluster:KubernetesCluster",
            { version: "1.34" },
            { version: "1.33" },
            {},
            "replace",
        ],
        [
            "not by a newer one",
            "digitalocean:index/kubernetesCluster:KubernetesCluster",
            { version: "1.33" },
            { version: "1.34" },
            {},
            "update",
        ],
        [
            "by a field that Kubernetes keeps",
            "kubernetes:apps/v1:Deployment",
            { spec: { selector: { a: 1 } } },
            { spec: { selector: { a: 2 } } },
            {},
            "replace",
        ],
        [
            "by data of a ConfigMap",
            "kubernetes:core/v1:ConfigMap",
            { data: { a: "1" } },
            { data: { a: "2" } },
            {},
            "replace",
        ],
        [
            "by what the program says",
            "kubernetes:x.io/v1:Thing",
            { spec: { a: 1 } },
            { spec: { a: 2 } },
            { replaceOnChanges: ["spec.a"] },
            "replace",
        ],
        [
            "by each input of a random value",
            "random:index/randomPassword:RandomPassword",
            { length: 1 },
            { length: 2 },
            {},
            "replace",
        ],
        [
            "not by what is ignored",
            "kubernetes:apps/v1:Deployment",
            { spec: { replicas: 1 } },
            { spec: { replicas: 2 } },
            { ignoreChanges: ["spec.replicas"] },
            undefined,
        ],
        [
            "not by what a cloud fills in",
            "digitalocean:index/vpc:Vpc",
            { ipRange: "10.0.0.0/16", region: "fra1" },
            { region: "fra1" },
            {},
            undefined,
        ],
    ])("%s", async (_, type, before, after, more, op) => {
        expect((await opsOf([made(type, "it", before, more)], [made(type, "it", after, more)]))["it"]).toBe(op);
    });

    test("with what it is in, and who names it is changed", async () => {
        const map = (data: string) =>
            made(
                "kubernetes:core/v1:ConfigMap",
                "settings",
                { metadata: { namespace: "shop" }, data: { data } },
                { generatedName: "settings-1a2b" },
            );
        const job = made("kubernetes:batch/v1:Job", "migrate", {
            metadata: { namespace: "shop" },
            spec: { template: { from: "settings-1a2b" } },
        });
        const web = made("kubernetes:apps/v1:Deployment", "web", {
            metadata: { namespace: "shop" },
            spec: { template: { from: "settings-1a2b" } },
        });
        const other = made("kubernetes:apps/v1:Deployment", "other", { metadata: { namespace: "shop" }, spec: {} });
        expect(await opsOf([map("1"), job, web, other], [map("2"), job, web, other])).toEqual({
            settings: "replace",
            migrate: "replace",
            web: "update",
        });
        const space = (name: string) => made("kubernetes:core/v1:Namespace", "space", { metadata: { name } });
        expect(await opsOf([space("shop"), web], [space("else"), web])).toEqual({ space: "replace", web: "replace" });
    });

    test("not where it was called something else before", async () => {
        const old = made(sql, "database", { region: "a" });
        const renamed = made(sql, "orders", { region: "a" }, { formerUrns: [old.urn] });
        expect(await opsOf([old], [renamed])).toEqual({});
        expect(await opsOf([old], [{ ...renamed, formerUrns: [] }])).toEqual({ database: "delete", orders: "create" });
    });
});
