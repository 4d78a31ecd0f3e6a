// Proves: which creations that were cut off are taken into the state, in what order, and what is left alone. Not proved here:
// that the engine takes such a state and the next update goes on from it; test/cluster/interrupted.test.ts does.
import { describe, expect, test } from "vitest";
import { readExport, type Deployment, type Export, type ResourceState } from "../../../commands/repair/deployment.ts";
import { repair, report } from "../../../commands/repair/repair.ts";

const project = "urn:pulumi:local::shop";
const labels = { "app.kubernetes.io/instance": "shop-local", "app.kubernetes.io/managed-by": "pulumi" };
const provider = `${project}::pulumi:providers:kubernetes::kubernetes`;

function object(kind: string, name: string, more: Partial<ResourceState> = {}): ResourceState {
    const type = `kubernetes:${kind}`;
    return {
        urn: `${project}::${type}::${name}`,
        type,
        custom: true,
        inputs: { metadata: { name, namespace: "shop", labels } },
        provider: `${provider}::1`,
        ...more,
    };
}

const statefulSet = (more?: Partial<ResourceState>) => object("apps/v1:StatefulSet", "database", more);
const job = (more?: Partial<ResourceState>) => object("batch/v1:Job", "shop-migrate", more);
const kubernetes: ResourceState = { urn: provider, type: "pulumi:providers:kubernetes", custom: true, id: "1" };
const creating = (...resources: ResourceState[]) => resources.map((resource) => ({ type: "creating", resource }));

/** A stack whose refresh finds the objects of this cluster: their labels, by their id. */
function fakeStack(deployment: Deployment, cluster: Readonly<Record<string, object>> = {}) {
    const calls: string[] = [];
    const kept: Export[] = [];
    let state: Export = { version: 3, deployment };
    let unreachable = false;
    const stack = {
        export: async () => state,
        import: async (next: Export) => {
            calls.push("import");
            state = next;
        },
        refresh: async (urns: readonly string[]) => {
            if (unreachable) {
                throw new Error("the cluster does not answer");
            }
            calls.push(`refresh ${urns.map((urn) => urn.split("::").at(-1)).join(" ")}`);
            const resources = (state.deployment.resources ?? []).flatMap((each) => {
                if (!urns.includes(each.urn)) {
                    return [each];
                }
                const found = cluster[each.id ?? ""];
                return found === undefined ? [] : [{ ...each, outputs: { metadata: { labels: found } } }];
            });
            state = { ...state, deployment: { ...state.deployment, resources } };
        },
    };
    return {
        calls,
        kept,
        cutOff: (isCutOff: boolean) => {
            unreachable = isCutOff;
        },
        run: () => repair(stack, async (before) => void kept.push(before)),
        resources: () =>
            (state.deployment.resources ?? []).map(
                ({ urn, id, delete: deleted }) =>
                    `${urn.split("::").at(-1)} ${id}${deleted === true ? " deleted" : ""}`,
            ),
        pending: () => state.deployment.pending_operations,
    };
}

describe("a creation that was cut off", () => {
    test("is taken into the state when the object is there with the program's labels", async () => {
        const stack = fakeStack(
            { resources: [kubernetes], pending_operations: creating(statefulSet()) },
            { "shop/database": { ...labels, more: "of others" } },
        );
        const result = await stack.run();
        expect(result.taken.map(({ id }) => id)).toEqual(["shop/database"]);
        expect(stack.resources()).toEqual(["kubernetes 1", "database shop/database"]);
        expect(stack.pending()).toEqual([]);
        expect(stack.calls).toEqual(["import", "refresh database"]);
        expect(stack.kept[0]?.deployment.pending_operations).toHaveLength(1);
        expect(report(result)).toBe("taken into the state: StatefulSet database (shop/database)");
    });

    test("leaves the state when the object is not there", async () => {
        const stack = fakeStack({ resources: [kubernetes], pending_operations: creating(job()) });
        const result = await stack.run();
        expect(result.absent.map(({ id }) => id)).toEqual(["shop/shop-migrate"]);
        expect(stack.resources()).toEqual(["kubernetes 1"]);
    });

    test.each([
        ["another's label", { ...labels, "app.kubernetes.io/instance": "other" }],
        ["no label", {}],
    ])("is left alone when the object has %s", async (_, found) => {
        const stack = fakeStack(
            { resources: [kubernetes], pending_operations: creating(statefulSet(), job()) },
            { "shop/database": found, "shop/shop-migrate": labels },
        );
        const result = await stack.run();
        expect(result.foreign.map(({ id }) => id)).toEqual(["shop/database"]);
        expect(result.taken.map(({ id }) => id)).toEqual(["shop/shop-migrate"]);
        expect(stack.resources()).toEqual(["kubernetes 1", "shop-migrate shop/shop-migrate"]);
        expect(report(result)).toContain("left alone");
    });

    test("of an object without labels counts when its namespace is the stack's own", async () => {
        const bare = (namespace: string) =>
            object("core/v1:ServiceAccount", `bare-${namespace}`, {
                inputs: { metadata: { name: "bare", namespace } },
            });
        const namespace = object("core/v1:Namespace", "shop", {
            id: "shop",
            outputs: {},
            inputs: { metadata: { name: "shop", labels } },
        });
        const stack = fakeStack(
            { resources: [kubernetes, namespace], pending_operations: creating(bare("shop"), bare("kube-system")) },
            { "shop/bare": {}, "kube-system/bare": {} },
        );
        const { taken, unknown } = await stack.run();
        expect(taken.map(({ id }) => id)).toEqual(["shop/bare"]);
        expect(unknown.map(({ resource }) => resource.urn.split("::").at(-1))).toEqual(["bare-kube-system"]);
    });

    test("of a cloud is named for a person to look at; what is only in the state is not", async () => {
        const rds = { urn: `${project}::aws:rds/instance:Instance::database`, type: "aws:rds/instance:Instance" };
        const password = {
            urn: `${project}::random:index/randomPassword:RandomPassword::p`,
            type: "random:index/randomPassword:RandomPassword",
        };
        const stack = fakeStack({ resources: [], pending_operations: creating(rds, password) });
        const result = await stack.run();
        expect(report(result)).toMatch(/^look yourself, it is no object of the cluster: aws:rds\/instance:Instance/);
        expect(result.unknown).toHaveLength(1);
        expect(stack.calls).toEqual([]);
    });

    test("without a name that can be read is named, too", async () => {
        const nameless = statefulSet({ inputs: { metadata: { labels } } });
        const { unknown } = await fakeStack({ pending_operations: creating(nameless) }).run();
        expect(unknown.map(({ why }) => why)).toEqual(["the state does not say its name"]);
    });

    test("is not forgotten when the cluster could not be asked", async () => {
        const deployment = { resources: [kubernetes], pending_operations: creating(statefulSet(), job()) };
        const stack = fakeStack(deployment, { "shop/database": labels });
        stack.cutOff(true);
        await expect(stack.run()).rejects.toThrow(/does not answer\nFix: .* run this again/);
        stack.cutOff(false);
        const { taken, absent } = await stack.run();
        expect([...taken, ...absent].map(({ id }) => id)).toEqual(["shop/database", "shop/shop-migrate"]);
        expect(stack.resources()).toEqual(["kubernetes 1", "database shop/database"]);
    });

    test("is none: nothing is touched, also when other operations are pending", async () => {
        const stack = fakeStack({
            resources: [job({ outputs: {} })],
            pending_operations: [{ type: "updating", resource: job() }],
        });
        expect(report(await stack.run())).toBe("Nothing to repair: no creation was cut off.");
        expect(stack.calls).toEqual([]);
        expect(stack.kept).toEqual([]);
    });
});

describe("the state that a repair writes", () => {
    const found = { "shop/shop-migrate": labels, "shop/old": labels };

    test("has each resource after what it depends on, and what depends on it after it", async () => {
        const web = object("apps/v1:Deployment", "web", { id: "shop/web", outputs: {}, dependencies: [job().urn] });
        const files = object("core/v1:ConfigMap", "files", { id: "shop/files", outputs: {} });
        const migrate = job({ dependencies: [files.urn], propertyDependencies: { spec: [files.urn] } });
        const stack = fakeStack({ resources: [kubernetes, web, files], pending_operations: creating(migrate) }, found);
        await stack.run();
        expect(stack.resources()).toEqual([
            "kubernetes 1",
            "files shop/files",
            "shop-migrate shop/shop-migrate",
            "web shop/web",
        ]);
    });

    test("has a resource after those that it is replaced with, as the engine demands", async () => {
        const patch = object("core/v1:PersistentVolumeClaimPatch", "disk", {
            id: "shop/disk",
            outputs: {},
            replaceWith: [statefulSet().urn],
        });
        const stack = fakeStack(
            { resources: [kubernetes, patch], pending_operations: creating(statefulSet()) },
            { "shop/database": labels },
        );
        await stack.run();
        expect(stack.resources()).toEqual(["kubernetes 1", "database shop/database", "disk shop/disk"]);
    });

    test("has the one that was made before or since in its place, and the other to be deleted by the next update", async () => {
        const other = job({ id: "shop/old", outputs: {} });
        const stack = fakeStack({ resources: [kubernetes, other], pending_operations: creating(job()) }, found);
        await stack.run();
        expect(stack.resources()).toEqual([
            "kubernetes 1",
            "shop-migrate shop/old",
            "shop-migrate shop/shop-migrate deleted",
        ]);
    });

    test("forgets what was deleted for it, and knows what it knew already", async () => {
        const gone = job({ id: "shop/old", outputs: {}, pendingReplacement: true });
        const replaced = fakeStack({ resources: [kubernetes, gone], pending_operations: creating(job()) }, found);
        await replaced.run();
        expect(replaced.resources()).toEqual(["kubernetes 1", "shop-migrate shop/shop-migrate"]);

        const known = job({ id: "shop/shop-migrate", outputs: {} });
        const again = fakeStack({ resources: [kubernetes, known], pending_operations: creating(job()) }, found);
        await again.run();
        expect(again.resources()).toEqual(["kubernetes 1", "shop-migrate shop/shop-migrate"]);
    });
});

test("what is no export is refused, without a word of it", () => {
    expect(() => readExport("password=secret")).toThrow(
        /^Found 15 characters that are no JSON\. Allowed: .*stack export/,
    );
    expect(() => readExport('{"version":5,"deployment":{}}')).toThrow(
        "Found a state of version 5. Allowed: version 3 or 4. Fix: use the version",
    );
});

test("a state whose resources have hooks or are replaced with others keeps what the engine says of them", () => {
    const exported = { version: 4, features: ["hooks", "replaceWith"], deployment: { resources: [kubernetes] } };
    expect(readExport(JSON.stringify(exported))).toEqual(exported);
});
