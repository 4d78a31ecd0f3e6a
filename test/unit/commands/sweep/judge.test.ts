// Which leftovers are due, told, kept or nobody's business. States are as the engine exported one (pr-1.json), changed by each case.
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { environmentIn, numberInName, timeToLiveOf } from "../../../../commands/backend/environment.ts";
import { daily, weightOf } from "../../../../commands/backend/weight.ts";
import type { Deployment, ResourceState } from "../../../../commands/repair/deployment.ts";
import { judge, type JudgeOptions } from "../../../../commands/sweep/judge.ts";
import type { FoundCluster, FoundNamespace } from "../../../../commands/sweep/cluster.ts";
import type { FoundVolume } from "../../../../commands/sweep/volumes.ts";
import type { FoundServer } from "../../../../commands/sweep/databases.ts";
import type { Observed, ObservedStack, PullRequestState } from "../../../../commands/sweep/observed.ts";

const recorded = JSON.parse(readFileSync(new URL("pr-1.json", import.meta.url), "utf8")) as { deployment: Deployment };
const identifier = "arn:aws:eks:eu-central-1:210987654321:cluster/shop-staging";
/** 75 hours after it was made. */
const later = new Date("2026-12-05T03:16:44Z");
/** An hour after. */
const soon = new Date("2026-12-02T01:16:44Z");

type Change = (resource: ResourceState) => ResourceState | undefined;

function deployment(change: Change = (resource) => resource): Deployment {
    const { resources = [] } = recorded.deployment;
    return {
        ...recorded.deployment,
        resources: resources.flatMap((resource) => change(structuredClone(resource)) ?? []),
    };
}

/** Of the kind that its outputs and its namespace say. */
function ofKind(kind: string, where: "both" | "outputs" = "both"): Change {
    return (resource) => {
        const text = JSON.stringify(resource)
            .replace('"kind":"ephemeral"', `"kind":"${kind}"`)
            .replace('"environment":"ephemeral"', `"environment":"${kind}"`);
        const labelled =
            where === "both"
                ? text.replace(
                      '"django-on-kubernetes/environment":"ephemeral"',
                      `"django-on-kubernetes/environment":"${kind}"`,
                  )
                : text;
        return JSON.parse(labelled) as ResourceState;
    };
}

function labelled(labels: Record<string, string>, annotations: Record<string, string> = {}): Change {
    return (resource) => {
        if (resource.type !== "kubernetes:core/v1:Namespace") {
            return resource;
        }
        const { metadata } = resource.inputs as { metadata: { labels: object } };
        return {
            ...resource,
            inputs: {
                ...resource.inputs,
                metadata: { ...metadata, labels: { ...metadata.labels, ...labels }, annotations },
            },
        };
    };
}

interface Case {
    readonly name?: string;
    readonly state?: Deployment | string;
    readonly file?: { readonly kind?: string; readonly pullRequest?: number; readonly tracked?: boolean } | "gone";
    readonly pull?: PullRequestState["state"] | readonly string[];
    readonly now?: Date;
    readonly locks?: ObservedStack["locks"];
}

function stackOf({ name = "pr-1", state = deployment(), locks = [] }: Case): ObservedStack {
    const read = typeof state === "string" ? { unreadable: state } : environmentIn(state);
    return {
        stack: { name, updating: false, lastUpdate: new Date("2026-12-02T00:16:46Z") },
        state: read,
        locks,
        ...("unreadable" in read ? {} : { weight: weightOf(read) }),
    };
}

function observed(one: Case, more: Partial<Observed> = {}): Observed {
    const { name = "pr-1", file = { kind: "ephemeral" }, pull = "open", now = soon } = one;
    const labels = Array.isArray(pull) ? (pull as readonly string[]) : [];
    const state: PullRequestState =
        pull === "unknown"
            ? { state: "unknown", why: "the forge has none of that number" }
            : { state: pull === "closed" ? "closed" : "open", labels, url: "https://forge.example/shop/pull/1" };
    return {
        now,
        stacks: [stackOf(one)],
        files:
            file === "gone"
                ? []
                : [{ stack: name, path: `/shop/Pulumi.${name}.yaml`, tracked: false, pullRequest: 1, ...file }],
        clusters: [],
        servers: [],
        unseen: [],
        pullRequests: new Map([[1, state]]),
        ...more,
    };
}

describe("a state says", () => {
    const found = environmentIn(recorded.deployment);

    it("what it is, where, since when, and how it is reached, without a secret", () => {
        expect(found).toMatchObject({
            kinds: ["ephemeral"],
            namespace: "shop-pr-1",
            timeToLive: "72h",
            kept: false,
            since: new Date("2026-12-02T00:16:40.828Z"),
            connection: { clusterIdentifier: identifier },
            apps: { shop: { url: "https://pr-1.preview.staging.shop.example.org" } },
        });
        expect(found.pullRequest).toBeUndefined();
    });

    it("whose pull request it is, in its outputs or on its namespace", () => {
        const outputs = deployment((resource) =>
            resource.type === "pulumi:pulumi:Stack"
                ? {
                      ...resource,
                      outputs: {
                          ...resource.outputs,
                          pullRequest: { number: 7, url: "https://forge.example/7", lastPush: "2026-12-01T10:00:00Z" },
                      },
                  }
                : resource,
        );
        expect(environmentIn(outputs)).toMatchObject({
            pullRequest: { number: 7, url: "https://forge.example/7" },
            lastPush: new Date("2026-12-01T10:00:00Z"),
        });
        const onNamespace = deployment(
            labelled(
                { "django-on-kubernetes/pull-request": "8", "django-on-kubernetes/keep": "true" },
                { "django-on-kubernetes/last-push": "2026-12-01T11:00:00+01:00" },
            ),
        );
        expect(environmentIn(onNamespace)).toMatchObject({
            pullRequest: { number: 8 },
            kept: true,
            lastPush: new Date("2026-12-01T10:00:00Z"),
        });
    });

    it("what it is where its first update was cut off, from what was being made", () => {
        const { resources = [] } = recorded.deployment;
        const namespace = resources.find(({ type }) => type === "kubernetes:core/v1:Namespace")!;
        const cut = environmentIn({
            resources: resources.filter(({ type }) => type === "pulumi:providers:kubernetes"),
            pending_operations: [{ type: "creating", resource: namespace }],
        });
        expect(cut).toMatchObject({
            kinds: ["ephemeral"],
            namespace: "shop-pr-1",
            connection: { clusterIdentifier: identifier },
        });
        expect(cut.resources).toEqual([]);
    });

    it("what it weighs: nothing of its own in a cloud, and what it reserves", () => {
        const { monthly, reserved, holds } = weightOf(found);
        expect(monthly).toBe(0);
        expect(reserved).toMatchObject({ pods: 5, millicores: 250, memory: 1280 * 2 ** 20, storage: 2 ** 30 });
        expect(holds).toEqual({ volume: 1 });
        expect(daily(73)).toBe(2.4);
    });
});

test.each([
    ["pr-1", 1],
    ["pr-0", undefined],
    ["pr-12a", undefined],
    ["apr-1", undefined],
    ["production", undefined],
])("the name %s is of pull request %s", (name, number) => {
    expect(numberInName(name)).toBe(number);
});

test.each([
    ["72h", 72 * 3_600_000],
    ["7d", 7 * 86_400_000],
    ["0h", undefined],
    ["1w", undefined],
    [undefined, undefined],
])("the label %s is a time to live of %s ms", (label, life) => {
    expect(timeToLiveOf(label)).toBe(life);
});

const protectedOne = deployment((resource) => ({
    ...resource,
    ...(resource.type === "kubernetes:core/v1:Namespace" && { protect: true }),
}));
const empty: Deployment = { resources: [] };
const withoutKind = deployment((resource) =>
    /Namespace$|pulumi:pulumi:Stack/.test(resource.type) ? undefined : resource,
);
const pushed = (moment: string, labels: Record<string, string> = {}): Deployment =>
    deployment(labelled(labels, { "django-on-kubernetes/last-push": moment }));

describe("a stack is", () => {
    test.each<[string, Case, string | undefined, RegExp?]>([
        ["in use while its pull request is open", {}, undefined],
        ["due when that is closed", { pull: "closed" }, "due", /pull request 1 is closed/],
        ["due when its file is gone too", { pull: "closed", file: "gone" }, "due", /its file is gone/],
        ["due when its time to live is over", { now: later }, "due", /was over 3 h ago/],
        ["in use when it was pushed to since", { now: later, state: pushed("2026-12-04T00:00:00Z") }, undefined],
        ["in use in the minute before", { now: new Date("2026-12-05T00:16:40Z") }, undefined],
        [
            "kept by its namespace's label",
            { now: later, state: deployment(labelled({ "django-on-kubernetes/keep": "true" })) },
            "kept",
        ],
        ["kept by the pull request's label", { now: later, pull: ["keep-environment"] }, "kept", /keep-environment/],
        ["due by another label", { now: later, pull: ["wip"] }, "due"],
        [
            "due once closed, kept or not",
            { pull: "closed", state: deployment(labelled({ "django-on-kubernetes/keep": "true" })) },
            "due",
        ],
        ["in use when the forge does not know its number", { pull: "unknown" }, undefined],
        ["due when its time is over and nobody knows its number", { pull: "unknown", now: later }, "due"],
        [
            "told when something of it is protected",
            { pull: "closed", state: protectedOne },
            "told",
            /Namespace namespace is protected/,
        ],
        [
            "untouched when it is staging",
            { pull: "closed", now: later, state: deployment(ofKind("staging")), file: "gone" },
            undefined,
        ],
        [
            "untouched when it is production",
            { pull: "closed", now: later, state: deployment(ofKind("production")), file: { kind: "production" } },
            undefined,
        ],
        [
            "told when its outputs say something else than its namespace",
            { pull: "closed", state: deployment(ofKind("production", "outputs")) },
            "told",
            /production and ephemeral/,
        ],
        [
            "told when its file says something else",
            { pull: "closed", file: { kind: "staging" } },
            "told",
            /ephemeral and staging/,
        ],
        ["due when there is nothing in it", { pull: "closed", state: empty, file: "gone" }, "due", /nothing in it/],
        ["in use when there is nothing in it yet", { state: empty, file: "gone" }, undefined],
        [
            "nobody's business when it is empty and of another name",
            { name: "trial", pull: "closed", state: empty, file: "gone" },
            undefined,
        ],
        [
            "told when nothing says what it is",
            { pull: "closed", state: withoutKind, file: "gone" },
            "told",
            /nothing of it says/,
        ],
        ["due when its file alone says what it is", { pull: "closed", state: withoutKind }, "due"],
        [
            "told when its state cannot be read",
            { state: "error: bad state\nmore" },
            "told",
            /cannot be read: error: bad state$/,
        ],
        [
            "nobody's business when the state of staging cannot be read",
            { name: "staging", state: "bad", file: { kind: "staging" } },
            undefined,
        ],
    ])("%s", (_, one, verdict, why) => {
        const { leftovers } = judge(observed(one));
        expect(leftovers.map((each) => [each.kind, each.verdict])).toEqual(
            verdict === undefined ? [] : [["stack", verdict]],
        );
        if (why !== undefined) {
            expect(leftovers[0]!.why).toMatch(why);
        }
        if (verdict === "told") {
            expect(leftovers[0]!.commands).not.toEqual([]);
        }
    });

    test("told with what a dead run left: its lock, what it had begun", () => {
        const [resource] = recorded.deployment.resources!.filter(({ type }) => type.endsWith(":StatefulSet"));
        const state = { ...deployment(), pending_operations: [{ type: "creating", resource: resource! }] };
        const locks = [{ user: "ci", host: "runner-7", pid: 12, since: new Date("2026-12-01T23:16:44Z") }];
        const [found] = judge(observed({ pull: "closed", state, locks })).leftovers;
        expect(found!.why).toBe(
            "pull request 1 is closed; locked by ci@runner-7, process 12, for 2 h; an update was cut off: creating cache-primary",
        );
    });

    test("named with its age and what it holds", () => {
        const [found] = judge(observed({ pull: "closed" })).leftovers;
        expect(found).toMatchObject({
            pullRequest: 1,
            age: 3_603_172,
            holds: "volume; 5 pods, 250m, 1280Mi, volumes 1Gi",
        });
        expect(found).not.toHaveProperty("costPerDay");
    });
});

const namespace = (change: Partial<FoundNamespace> = {}): FoundNamespace => ({
    name: "shop-pr-1",
    created: new Date("2026-11-01T00:00:00Z"),
    kept: false,
    timeToLive: "72h",
    pullRequest: { number: 1, url: "https://forge.example/shop/pull/1" },
    ...change,
});

const cluster = (...namespaces: FoundNamespace[]): FoundCluster => ({
    name: "shop-staging",
    connection: { clusterIdentifier: identifier },
    namespaces,
    names: ["default", "shop-staging", ...namespaces.map(({ name }) => name)],
    volumes: [],
});

describe("a namespace without a stack is", () => {
    const alone = (
        found: FoundNamespace,
        one: Case = {},
        options: JudgeOptions = {},
        stacks: readonly ObservedStack[] = [],
    ) =>
        judge(observed({ file: "gone", ...one }, { stacks, clusters: [cluster(found)] }), options).leftovers.map(
            ({ kind, verdict }) => `${kind} ${verdict}`,
        );

    test.each<[string, FoundNamespace, Case, JudgeOptions, readonly string[]]>([
        [
            "due when it names a pull request of this repository that is closed",
            namespace(),
            { pull: "closed" },
            {},
            ["namespace due"],
        ],
        [
            "told when the number is another repository's",
            namespace({ pullRequest: { number: 1, url: "https://forge.example/other/pull/1" } }),
            { pull: "closed" },
            {},
            ["namespace told"],
        ],
        [
            "told when it names none and its time is over",
            namespace({ pullRequest: { number: 1 } }),
            {},
            {},
            ["namespace told"],
        ],
        [
            "due when somebody says that it is nobody's",
            namespace({ pullRequest: { number: 1 } }),
            {},
            { orphans: true },
            ["namespace due"],
        ],
        [
            "left when somebody says so and its time is not over",
            namespace({ lastPush: soon }),
            {},
            { orphans: true },
            [],
        ],
        ["left when it is kept", namespace({ kept: true }), {}, { orphans: true }, []],
        [
            "waited for when it is being deleted",
            namespace({ deleting: soon, lastPush: soon }),
            {},
            {},
            ["namespace due"],
        ],
    ])("%s", (_, found, one, options, expected) => {
        expect(alone(found, one, options)).toEqual(expected);
    });

    test("told when it may be of a stack whose state cannot be read", () => {
        const unreadable = [stackOf({ state: "bad" })];
        expect(alone(namespace(), { pull: "closed" }, { orphans: true }, unreadable)).toEqual([
            "stack told",
            "namespace told",
        ]);
    });

    test("no leftover when a stack has it, on that cluster and not on another", () => {
        const stacks = [stackOf({})];
        expect(alone(namespace({ lastPush: soon }), {}, {}, stacks)).toEqual([]);
        const elsewhere = { ...cluster(namespace()), connection: { clusterIdentifier: "another" } };
        const { leftovers } = judge(observed({}, { stacks, clusters: [elsewhere] }));
        expect(leftovers.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual(["namespace told"]);
    });
});

describe("a volume whose namespace is gone is", () => {
    const on = (change: Partial<FoundVolume>, one: Case = { pull: "closed" }, ...there: FoundNamespace[]) => {
        const volume = { name: "pvc-1", namespace: "shop-pr-1", created: soon, released: soon, storage: "1Gi" };
        const found = { ...cluster(...there), volumes: [{ ...volume, retained: false, ...change }] };
        const { leftovers } = judge(observed({ file: "gone", now: later, ...one }, { stacks: [], clusters: [found] }));
        return leftovers.filter(({ kind }) => kind === "volume");
    };

    test("told, with what deletes its disk where its class retains it", () => {
        const [found] = on({ retained: true, disk: "vol-1" });
        expect(found).toMatchObject({
            verdict: "told",
            pullRequest: 1,
            place: "shop-staging",
            holds: "1Gi, disk vol-1",
        });
        expect(found!.why).toBe("pull request 1 is closed; its namespace shop-pr-1 is gone; its class retains volumes");
        expect(found!.commands).toEqual([
            `kubectl patch persistentvolume pvc-1 --patch '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'`,
        ]);
    });

    test("told with its driver's words where that could not delete it, once it had the time to", () => {
        expect(on({ message: "disk is attached" })[0]!.why).toContain("gone; disk is attached");
        expect(on({})[0]!.commands).toEqual(["kubectl describe persistentvolume pvc-1"]);
        expect(on({ released: new Date(later.getTime() - 60_000) })).toEqual([]);
        expect(on({ released: new Date(later.getTime() - 60_000), retained: true })).toHaveLength(1);
    });

    test("nobody's business while its pull request is open, its namespace there, or nothing names a pull request", () => {
        expect(on({}, { pull: "open" })).toEqual([]);
        expect(on({}, { pull: "unknown" })).toEqual([]);
        expect(on({}, { pull: "closed" }, namespace())).toEqual([]);
        expect(on({ namespace: "shop-pr-01" })).toEqual([]);
        expect(on({ namespace: "shop-production" })).toEqual([]);
    });
});

describe("a database on a lent server is", () => {
    const server = (goneSince?: Date): FoundServer => ({
        namespace: "shop-staging",
        cronJob: "database-sweeper",
        keepHours: 48,
        roles: [],
        databases: [
            {
                database: "shop_shop_pr_1",
                role: "shop_shop_pr_1",
                namespace: "shop-pr-1",
                comment: "django-on-kubernetes namespace=shop-pr-1 service=database",
                bytes: 8_000_000,
                ...(goneSince && { goneSince }),
            },
        ],
    });
    const on = (found: FoundServer, more: Partial<Observed>, one: Case = {}, options: JudgeOptions = {}) =>
        judge(
            observed({ file: "gone", ...one }, { servers: [found], stacks: [], clusters: [cluster()], ...more }),
            options,
        ).leftovers;

    test("dropped by the server itself, at a time that is told", () => {
        const [found] = on(server(new Date("2026-12-02T00:00:00Z")), {});
        expect(found).toMatchObject({ kind: "database", verdict: "later", holds: "role shop_shop_pr_1, 8 MiB" });
        expect(found!.why).toContain("after 2026-12-04 00:00 UTC");
        expect(on(server(), {})[0]!.why).toContain("48 h after database-sweeper has noted it");
    });

    test("in use while its namespace is there, or a stack has it", () => {
        expect(on(server(), { clusters: [cluster(namespace({ lastPush: soon }))], stacks: [stackOf({})] })).toEqual([]);
        expect(on(server(), { stacks: [stackOf({})], clusters: [] })).toEqual([]);
    });

    test("due at once if asked, when its pull request is closed or its stack goes", () => {
        expect(on(server(), {}, { pull: "closed" }, { databases: true })[0]!.verdict).toBe("due");
        expect(on(server(), {}, { pull: "open" }, { databases: true })[0]!.verdict).toBe("later");
        const going = on(server(), { stacks: [stackOf({})] }, { pull: "closed" }, { databases: true });
        expect(going.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual(["stack due", "database due"]);
    });

    test("not of a sweep when it is the lender's own", () => {
        const own = server();
        const databases = own.databases.map((each) => ({ ...each, namespace: "shop-staging" }));
        expect(on({ ...own, databases }, {})).toEqual([]);
    });

    test("and a role without one is told", () => {
        const [found] = on({ ...server(), databases: [], roles: ["shop_shop_pr_9"] }, {});
        expect(found).toMatchObject({ kind: "role", verdict: "told", commands: ["DROP ROLE shop_shop_pr_9;"] });
    });
});

describe("a file without a stack is", () => {
    test.each<[string, Case, readonly string[]]>([
        ["due when its pull request is closed", { pull: "closed" }, ["file due"]],
        [
            "told when somebody committed it",
            { pull: "closed", file: { kind: "ephemeral", tracked: true } },
            ["file told"],
        ],
        ["left while the pull request is open: a run may have begun", { pull: "open" }, []],
        ["left when it is not ephemeral", { pull: "closed", file: { kind: "staging" } }, []],
    ])("%s", (_, one, expected) => {
        const { leftovers } = judge(observed(one, { stacks: [] }));
        expect(leftovers.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual(expected);
    });
});
