// Not proved here: that the engine prints previews of this shape; test/engine/gate.test.ts does.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AllowanceError, judge } from "../../../commands/gate/judge.ts";
import { BadPreviewError, readPreview } from "../../../commands/gate/preview.ts";
import { printable, report } from "../../../commands/gate/report.ts";

const project = "urn:pulumi:production::shop";
const claims = { spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] } };

const types = {
    statefulSet: "kubernetes:apps/v1:StatefulSet",
    sql: "gcp:sql/databaseInstance:DatabaseInstance",
    rds: "aws:rds/instance:Instance",
    bucket: "aws:s3/bucket:Bucket",
    namespace: "kubernetes:core/v1:Namespace",
    deployment: "kubernetes:apps/v1:Deployment",
    digitalocean: "digitalocean:index/databaseCluster:DatabaseCluster",
} as const;

function step(op: string, type: string, name: string, more: Readonly<Record<string, unknown>> = {}) {
    const { inputs = {}, state = {}, parent = "django-on-kubernetes:database:InCluster$", ...rest } = more;
    const of = { urn: `${project}::${parent as string}${type}::${name}`, type, inputs, ...(state as object) };
    return {
        op,
        urn: of.urn,
        ...(op === "create" ? {} : { oldState: of }),
        ...(op === "delete" ? {} : { newState: of }),
        detailedDiff: null,
        ...rest,
    };
}

function preview(steps: readonly unknown[], more: object = {}): string {
    return JSON.stringify({ config: {}, steps, duration: 1, changeSummary: { same: 3 }, ...more });
}

const judged = (steps: readonly unknown[], allow: readonly string[] = []) => judge(readPreview(preview(steps)), allow);

describe("is refused:", () => {
    test("a StatefulSet with volume claims that is replaced, with the properties that force it", () => {
        const { refused } = judged([
            step("update", types.deployment, "web"),
            step("replace", types.statefulSet, "database-server", {
                inputs: claims,
                replaceReasons: ["spec"],
                detailedDiff: {
                    "spec.volumeClaimTemplates[0].spec": { kind: "update-replace", inputDiff: true },
                    "spec.template": { kind: "update", inputDiff: true },
                },
            }),
        ]);
        expect(refused).toEqual([
            {
                urn: `${project}::django-on-kubernetes:database:InCluster$${types.statefulSet}::database-server`,
                type: types.statefulSet,
                name: "database-server",
                kind: "volume",
                happens: "replaced: deleted, and an empty one made",
                why: "changed: spec.volumeClaimTemplates[0].spec",
                allowedBy: "database-server",
            },
        ]);
    });

    test.each([
        ["delete", types.sql, "database"],
        ["delete", types.rds, "database"],
        ["delete", types.digitalocean, "database"],
        ["delete", types.bucket, "bucket"],
        ["delete", types.namespace, "namespace"],
        ["replace", "aws:route53/zone:Zone", "zone"],
        ["replace", "gcp:kms/cryptoKey:CryptoKey", "key"],
        ["replace", "kubernetes:core/v1:PersistentVolumeClaim", "volume"],
        ["replace", "digitalocean:index/kubernetesCluster:KubernetesCluster", "cluster"],
        ["replace", "aws:ecr/repository:Repository", "registry"],
    ])("%s of %s", (op, type, kind) => {
        expect(judged([step(op, type, "it")]).refused).toMatchObject([{ kind, name: "it" }]);
    });

    test("one replacement once, although the CLI may show three steps of it", () => {
        const ops = ["create-replacement", "replace", "delete-replaced"];
        const { refused } = judged(ops.map((op) => step(op, types.sql, "database", { replaceReasons: ["region"] })));
        expect(refused).toHaveLength(1);
        expect(refused[0]).toMatchObject({
            happens: "replaced: deleted, and an empty one made",
            why: "changed: region",
        });
    });

    test("what an earlier, failed update replaced and has yet to delete", () => {
        expect(judged([step("delete-replaced", types.sql, "database")]).refused[0]!.happens).toBe(
            "deleted: an earlier update replaced it",
        );
    });

    test("a replacement that has no reason of its own", () => {
        expect(judged([step("replace", types.sql, "database")]).refused[0]!.why).toBe(
            "something that it depends on is replaced",
        );
    });

    test("a rename, with the way out", () => {
        const { refused } = judged([step("create", types.sql, "main-database"), step("delete", types.sql, "database")]);
        expect(refused[0]!.why).toBe("not in the program; a new one is: main-database. If it was renamed, alias it");
        const moved = judged([
            step("create", types.sql, "database", { parent: "" }),
            step("delete", types.sql, "database"),
        ]);
        expect(moved.refused[0]!.why).toContain("another parent");
    });

    test("a deletion that a refresh found: the thing is gone already, and the program would make an empty one", () => {
        expect(judged([step("delete", types.bucket, "media")]).refused[0]!.why).toBe(
            "not in the program, or gone already",
        );
    });

    test("what would be kept outside the stack, in other words", () => {
        const kept = { state: { retainOnDelete: true } };
        expect(judged([step("delete", types.bucket, "media", kept)]).refused[0]!.happens).toBe(
            "leaves the stack, and stays where it is",
        );
        expect(judged([step("replace", types.bucket, "media", kept)]).refused[0]!.happens).toBe(
            "replaced; the old one stays, outside the stack",
        );
    });

    test("a StatefulSet whose claims are not known yet", () => {
        const inputs = { spec: { volumeClaimTemplates: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
        expect(judged([step("replace", types.statefulSet, "database", { inputs })]).refused).toHaveLength(1);
    });

    test("a resource whose old state says nothing", () => {
        expect(judged([{ op: "delete", urn: `${project}::${types.statefulSet}::database` }]).refused).toHaveLength(1);
    });
});

describe("passes:", () => {
    test.each([
        "same",
        "create",
        "update",
        "read",
        "discard",
        "discard-replaced",
        "import",
        "refresh",
        "remove-pending-replace",
        "diff",
    ])("%s of a database", (op) => {
        expect(judged([step(op, types.sql, "database")]).refused).toEqual([]);
    });

    test("replacement of what can be made again", () => {
        const steps = [
            step("replace", types.deployment, "web"),
            step("delete", "kubernetes:batch/v1:Job", "shop-migrate"),
            step("replace", types.statefulSet, "beat", { inputs: { spec: {} } }),
            step("replace", types.statefulSet, "cache", { inputs: { spec: { volumeClaimTemplates: [] } } }),
            step("delete", types.namespace, "traefik", {
                inputs: { metadata: { labels: { "app.kubernetes.io/component": "addon" } } },
            }),
            step("delete", "kubernetes:core/v1:PersistentVolumeClaim", "static", {
                inputs: { metadata: { labels: { "app.kubernetes.io/component": "assets" } } },
            }),
            step("delete", types.digitalocean, "cache", { inputs: { engine: "valkey" } }),
        ];
        expect(judged(steps)).toEqual({ refused: [], allowed: [], warnings: [] });
    });

    test("deletion of what is only read", () => {
        expect(judged([step("delete", types.sql, "adopted", { state: { external: true } })]).refused).toEqual([]);
    });

    test("an empty preview, and one of a stack without resources", () => {
        expect(readPreview('{"changeSummary": {"same": 12}}')).toEqual({ steps: [], errors: [] });
        expect(readPreview('{"steps": null, "duration": 5}').steps).toEqual([]);
    });
});

describe("--allow", () => {
    const two = [step("delete", types.sql, "database"), step("replace", types.bucket, "media")];

    test("by name or URN takes away that one", () => {
        expect(judged(two, ["database"]).refused.map(({ name }) => name)).toEqual(["media"]);
        expect(judged(two, [two[0]!.urn, "media"])).toMatchObject({ refused: [], warnings: [] });
        expect(judged(two, ["database", "media"]).allowed).toHaveLength(2);
    });

    test("that matches nothing is an error that lists what would", () => {
        expect(() => judged(two, ["databse"])).toThrow(
            new AllowanceError(
                `--allow databse: nothing in this preview has that name or URN. Allowed are:\n` +
                    `  database (${two[0]!.urn})\n  media (${two[1]!.urn})`,
            ),
        );
        expect(() => judged([], ["database"])).toThrow("Nothing needs to be allowed: leave it out.");
    });

    test("all errors at once", () => {
        expect(() => judged(two, ["a", "b"])).toThrow(/--allow a: .*\n[^]*--allow b: /);
    });

    test("is no pattern and no part of a name", () => {
        for (const allowance of ["data", "*", ".*", "", types.sql]) {
            expect(() => judged(two, [allowance]), allowance).toThrow(AllowanceError);
        }
    });

    test("by a name that two have is an error that names both", () => {
        const same = [step("delete", types.sql, "store"), step("delete", types.bucket, "store")];
        expect(() => judged(same, ["store"])).toThrow(
            `--allow store: 2 resources have that name. Name one by its URN:\n  ${same[0]!.urn}`,
        );
        expect(judged(same).refused.map(({ allowedBy }) => allowedBy)).toEqual(same.map(({ urn }) => urn));
        expect(judged(same, [same[0]!.urn]).refused.map(({ urn }) => urn)).toEqual([same[1]!.urn]);
    });

    test("by a name that something harmless has too is clear", () => {
        const steps = [...two, step("update", types.deployment, "database")];
        expect(judged(steps, ["database"]).refused.map(({ name }) => name)).toEqual(["media"]);
    });

    test("more than needed is a warning", () => {
        const { warnings, refused } = judged([step("update", types.sql, "database")], ["database"]);
        expect(warnings).toEqual(["--allow database is not needed: no data of it is lost. Leave it out."]);
        expect(refused).toEqual([]);
    });
});

describe("the input", () => {
    test.each([
        ["", "Nothing to read"],
        ["  \n", "Nothing to read"],
        ["error: no stack selected", "24 characters that are no JSON"],
        ["[]", "JSON that is no object"],
        ["null", "JSON that is no object"],
        ["{}", "a JSON object without steps"],
        ['{"version": 3, "deployment": {}}', "a JSON object without steps"],
        ['{"steps": {}}', "steps that is no list"],
        ['{"steps": [{"op": "same"}]}', "no op and urn in steps[0]"],
        ['{"steps": [null]}', "no op and urn in steps[0]"],
        [
            '{"sequence":0,"timestamp":1,"preludeEvent":{}}\n{"sequence":1,"timestamp":1}',
            "PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
        ],
        ['{"sequence":0,"timestamp":1,"cancelEvent":{}}', "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"],
    ])("%j is refused with what to do", (text, message) => {
        expect(() => readPreview(text)).toThrow(BadPreviewError);
        expect(() => readPreview(text)).toThrow(message);
    });

    test("is never quoted: it may hold a secret", () => {
        expect(() => readPreview("password=canary-f00d")).toThrow(/^(?!.*canary)/);
    });

    test("says when the preview failed", () => {
        const diagnostics = [
            { severity: "info", message: "fine" },
            { severity: "warning", message: "hm" },
            { severity: "error", urn: "urn:x", message: "resource cannot be deleted because it is protected\n" },
        ];
        expect(readPreview(preview([], { diagnostics })).errors).toEqual([
            "urn:x: resource cannot be deleted because it is protected",
        ]);
    });

    test("any JSON is read or refused, never a crash", () => {
        fc.assert(
            fc.property(fc.json({ maxDepth: 6 }), (text) => {
                expectReadOrRefused(text);
            }),
        );
    });

    test("any text too", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), (text) => {
                expectReadOrRefused(text);
            }),
        );
    });

    test("and anything in the places where the engine puts something else", () => {
        const anything = fc.jsonValue({ maxDepth: 3 });
        const anyStep = fc.record({
            op: fc.oneof(fc.constantFrom("delete", "replace", "create", "same"), fc.string()),
            urn: fc.oneof(
                fc.constantFrom(...Object.values(types).map((type) => `${project}::${type}::x`)),
                fc.string(),
                anything,
            ),
            oldState: fc.oneof(fc.record({ inputs: anything, external: anything, retainOnDelete: anything }), anything),
            newState: anything,
            replaceReasons: anything,
            detailedDiff: anything,
        });
        fc.assert(
            fc.property(fc.array(anyStep), fc.array(fc.string()), anything, (steps, allow, diagnostics) => {
                const text = JSON.stringify({ steps, diagnostics });
                try {
                    report(judge(readPreview(text), allow));
                } catch (error) {
                    expect([BadPreviewError, AllowanceError]).toContain((error as Error).constructor);
                }
            }),
        );
    });

    test("prototypes' names are no types", () => {
        expect(judged([step("delete", "constructor", "x"), step("delete", "__proto__", "y")]).refused).toEqual([]);
    });
});

function expectReadOrRefused(text: string): void {
    try {
        expect(Array.isArray(readPreview(text).steps)).toBe(true);
    } catch (error) {
        expect(error).toBeInstanceOf(BadPreviewError);
    }
}

describe("the report", () => {
    const losses = [
        step("replace", types.statefulSet, "database-server", {
            inputs: { ...claims, password: "canary-f00d" },
            detailedDiff: { "spec.volumeClaimTemplates[0].spec.storageClassName": { kind: "add-replace" } },
        }),
        step("delete", types.bucket, "shop-production-media-bucket-with-a-name-as-long-as-a-bucket-may-have"),
    ];

    test("is a short table with the words to add", () => {
        expect(report(judged(losses.slice(0, 1)))).toMatchInlineSnapshot(`
          "┌─────────────────┬────────────────────┬───────────────────┬───────────────────┐
          │ resource        │ type               │ what happens      │ why               │
          ├─────────────────┼────────────────────┼───────────────────┼───────────────────┤
          │ database-server │ volume:            │ replaced:         │ changed: spec.    │
          │                 │ kubernetes:apps/   │ deleted, and an   │ volumeClaimTempla │
          │                 │ v1:StatefulSet     │ empty one made    │ tes[0].spec.      │
          │                 │                    │                   │ storageClassName  │
          └─────────────────┴────────────────────┴───────────────────┴───────────────────┘
          Refused: 1 resource with data would be lost.
          If that is meant, and there is a backup, add: --allow database-server"
        `);
    });

    test.each([80, 120, 200])("fits in %i columns, and nothing is cut", (columns) => {
        const text = report(judged(losses), columns);
        const lines = text.split("\n").filter((line) => /^[┌├└│]/.test(line));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        const column = (index: number) => lines.map((line) => line.split("│")[index + 1]?.trim() ?? "").join("");
        for (const [index, whole] of [
            [0, "shop-production-media-bucket-with-a-name-as-long-as-a-bucket-may-have"],
            [1, types.statefulSet],
            [3, "spec.volumeClaimTemplates[0].spec.storageClassName"],
        ] as const) {
            expect(column(index)).toContain(whole);
        }
    });

    test("shows names of properties, never values", () => {
        expect(report(judged(losses))).not.toContain("canary");
        expect(report(judged(losses, ["database-server"]))).not.toContain("canary");
    });

    test("of an open gate is one line", () => {
        expect(report(judged([]))).toBe("The gate is open: nothing that holds data is replaced or deleted.");
        expect(report(judged(losses.slice(0, 1), ["database-server"]))).toBe(
            "Allowed: database-server (replaced: deleted, and an empty one made).\n" +
                "The gate is open: nothing else that holds data is replaced or deleted.",
        );
    });

    test("quotes for a shell, and lets no name steer the terminal", () => {
        const odd = [step("delete", types.bucket, "it's\u001b[2J"), step("delete", types.sql, "a b")];
        const text = report(judged(odd));
        expect(text).not.toContain("\u001b");
        expect(text).toContain("--allow 'it'\\''s?[2J' --allow 'a b'");
        expect(printable("a\u0000\u202eb\nc")).toBe("a??b\nc");
    });
});
