// An environment that sleeps, in its plan: who counts pods, what the doorkeeper may do and is told; and that nothing else is another one.
// Does not prove that it wakes: test/unit/doorkeeper.test.ts runs the script, test/prove/sleeping.test.ts all of it in a cluster.
import { beforeAll, describe, expect, test } from "vitest";
import { idleDay } from "../../commands/plan/cost/idle-day.ts";
import type { Plan, PlannedResource } from "../../commands/plan/plan.ts";
import { broken, changed, planOf, type Sections } from "./support/plans.ts";
import { spoil, type Spoiled } from "./support/spoil.ts";

let asleep: Plan;
let awake: Plan;

const sectionsOf = async (sleep?: object): Promise<Sections> =>
    await changed("local", (sections) => {
        const [sample] = sections["apps"];
        sections["environment"] = { kind: "ephemeral", mainApp: "sample", ...(sleep && { sleep }) };
        sample.shell = {};
        sample.workers.default.replicas = { min: 2, max: 2 };
        sections["apps"].push({ ...sample, name: "blog", hosts: ["blog.localhost"], workers: {} });
        delete sections["apps"][1].beat;
        sections["operator"] = { quota: { cpu: "20", memory: "40Gi" } };
    });

beforeAll(async () => {
    asleep = await planOf(await sectionsOf({ after: "30m" }), { stack: "pr-1" });
    awake = await planOf(await sectionsOf(), { stack: "pr-1" });
}, 60_000);

const isWorkload = ({ type }: PlannedResource): boolean => /apps\/v1:(Deployment|StatefulSet)$/.test(type);
const sleepsIn = ({ props }: PlannedResource): boolean =>
    props["metadata"].labels["django-on-kubernetes/sleeps"] === "true";

function get(plan: Plan, kind: string, name: string): PlannedResource {
    const found = plan.resources.filter((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
    expect(found, `${kind} ${name}`).toHaveLength(1);
    return found[0]!;
}

interface Told {
    readonly after: number;
    readonly apps: ReadonlyArray<{ readonly name: string; readonly ownLabels: Readonly<Record<string, string>> }>;
    readonly sleepers: ReadonlyArray<{ readonly name: string; readonly stage: string }>;
}

function told(plan: Plan): Told {
    const { data } = get(plan, "ConfigMap", "doorkeeper-files").props;
    return JSON.parse(data["environment.json"] as string) as Told;
}

test("it keeps every rule", () => {
    expect(broken(asleep)).toEqual([]);
    expect(broken(awake)).toEqual([]);
});

test("but for the doorkeeper, counts of pods and the line for each request, it is planned as without", () => {
    const shown = ({ resources }: Plan): ReadonlyMap<string, string> =>
        new Map(
            resources
                .filter(({ urn }) => !/oorkeeper/.test(urn))
                .map(({ urn, props }) => [
                    urn,
                    JSON.stringify(props, (key, value: unknown) =>
                        key === "replicas" || key === "django-on-kubernetes/sleeps" || value === "--access-logfile=-"
                            ? undefined
                            : value,
                    ).replaceAll(",null]", "]"),
                ]),
        );
    expect(shown(asleep)).toEqual(shown(awake));
    expect(awake.resources.filter(({ urn }) => /oorkeeper/.test(urn))).toEqual([]);
});

test("of all that works none says a number of pods, and the doorkeeper is told of each; shells stay", () => {
    const workloads = asleep.resources.filter(isWorkload);
    const sleepers = workloads.filter(sleepsIn);
    expect(sleepers.filter(({ props }) => props["spec"].replicas !== undefined)).toEqual([]);
    expect(
        workloads
            .filter((one) => !sleepsIn(one))
            .map(({ name }) => name)
            .toSorted(),
    ).toEqual(["blog-shell", "doorkeeper-blog", "doorkeeper-sample", "sample-shell"]);
    const { sleepers: named } = told(asleep);
    expect(named.map(({ name }) => name).toSorted()).toEqual(
        sleepers.map(({ props }) => props["metadata"].name as string).toSorted(),
    );
    expect(named).toContainEqual({
        kind: "deployments",
        name: "sample-worker-default",
        replicas: 2,
        stage: "app",
    });
    // Stores are started first.
    const stages = named.map(({ stage }) => stage).join(" ");
    expect(stages).toMatch(/^store( store)*( app)+$/);
});

test("the doorkeeper is told what wakes and what does not, and how to look like a web pod", () => {
    const { after, apps } = told(asleep);
    expect(after).toBe(1800);
    expect(apps.map(({ name }) => name)).toEqual(["sample", "blog"]);
    const web = get(asleep, "Service", "blog-web-service").props["spec"].selector;
    expect(apps[1]).toMatchObject({
        hosts: ["blog.localhost"],
        probes: ["/healthz/ready", "/healthz/live"],
        web: "blog-web",
        container: "web",
        pod: "blog-doorkeeper-0",
        labels: web,
    });
    const { spec } = get(asleep, "StatefulSet", "doorkeeper-blog").props;
    const { labels } = spec.template.metadata;
    expect({ ...labels, ...apps[1]!.ownLabels }).toEqual(labels);
    // What changes while it stands in is in no selector of its own.
    expect(spec.selector.matchLabels).not.toHaveProperty(["app.kubernetes.io/name"]);
});

test("one pod alone has a token, by a role that names what it counts", () => {
    const tokens = (name: string): unknown[] =>
        (get(asleep, "StatefulSet", name).props["spec"].template.spec.volumes as { projected?: unknown }[]).filter(
            ({ projected }) => projected !== undefined,
        );
    expect(tokens("doorkeeper-sample")).toHaveLength(1);
    expect(tokens("doorkeeper-blog")).toHaveLength(0);
    const rules = get(asleep, "Role", "doorkeeper-role").props["rules"] as Record<string, string[]>[];
    for (const { verbs, resourceNames } of rules) {
        expect(verbs!.join() === "patch" ? resourceNames?.length : 1).toBeGreaterThan(0);
    }
});

test("it reserves, when nobody comes, what is left of it", () => {
    const { reserves } = idleDay(asleep, undefined);
    expect(reserves.pods).toBe(4);
    expect(reserves.memory).toBeLessThan(idleDay(awake, undefined).reserves.memory / 2);
    // Volumes are there all the time.
    expect(reserves.storage).toBe(idleDay(awake, undefined).reserves.storage);
});

describe("a rule finds", () => {
    const found = (name: string, change: (resource: Spoiled) => void): string[] =>
        broken(spoil(asleep, name, change)).map((text) => text.split(" ")[0]!);

    test.each<[rule: string, name: string, change: (props: Spoiled["props"]) => void]>([
        ["R146", "sample-web", ({ spec }) => spec.template.spec.volumes.push(tokenVolume)],
        ["R146", "namespace", ({ metadata }) => (metadata.labels["django-on-kubernetes/environment"] = "staging")],
        ["R146", "doorkeeper-role", ({ rules }) => rules.push(may("", "secrets", "get"))],
        ["R146", "doorkeeper-role", ({ rules }) => rules.push(may("", "pods/exec", "create"))],
        ["R146", "doorkeeper-role", ({ rules }) => rules.push(may("apps", "deployments", "patch", "sample-web"))],
        ["R146", "doorkeeper-role", ({ rules }) => rules.push(may("apps", "deployments/scale", "patch"))],
        [
            "R146",
            "doorkeeper-role",
            ({ rules }) => rules.push({ ...may("apps", "deployments/scale", "patch"), resourceNames: [] }),
        ],
        ["R146", "doorkeeper-role", ({ rules }) => rules.push(may("batch", "cronjobs", "patch", "report"))],
        ["R146", "doorkeeper-binding", ({ roleRef }) => (roleRef.kind = "ClusterRole")],
        ["R147", "sample-beat", ({ spec }) => (spec.replicas = 1)],
        ["R147", "doorkeeper-role", ({ rules }) => rules.find(isScale).resourceNames.shift()],
        ["R48", "doorkeeper-to-api", ({ spec }) => spec.egress[0].ports.push({ protocol: "TCP", port: 5432 })],
        ["R48", "doorkeeper-to-api", ({ spec }) => (spec.podSelector = {})],
        ["R44", "doorkeeper-sample", ({ spec }) => (spec.template.spec.automountServiceAccountToken = true)],
    ])("%s what is wrong with %s", (rule, name, change) => {
        expect(found(name, ({ props }) => change(props))).toContain(rule);
    });
});

const tokenVolume = { name: "t", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } };
const may = (group: string, resource: string, verb: string, ...names: string[]): object => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [verb],
    ...(names.length > 0 && { resourceNames: names }),
});
const isScale = ({ resources }: { resources: string[] }): boolean => resources.includes("deployments/scale");
