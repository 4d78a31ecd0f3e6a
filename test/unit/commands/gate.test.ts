// Not proved here: that the engine prints previews of this shape; test/engine/gate.test.ts does.
import { execa } from "execa";
import fc from "fast-check";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AllowanceError, judge } from "../../../commands/gate/judge.ts";
import { BadPreviewError, readPreview } from "../../../commands/gate/preview.ts";
import { printable, report } from "../../../commands/gate/report.ts";
import { smallerVolumes } from "../../../commands/gate/smaller-volumes.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { heldBy, tokensWith } from "../../../lib/catalogue/index.ts";
import { claims, judged, lines, preview, project, step, stream, types } from "./support/gate-steps.ts";

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

    test("a replacement that no property asks for by itself is told by what changes", () => {
        const older = (detailedDiff: unknown) =>
            judged([step("replace", types.sql, "database", { replaceReasons: ["__meta"], detailedDiff })]).refused[0];
        // As the bridge has an older version of a DOKS cluster, or a smaller disk.
        const kind = { kind: "update", inputDiff: true };
        expect(older({ version: kind, "tags[0]": kind })?.why).toBe("changed: tags[0], version");
        expect(older({ version: kind, __meta: { kind: "update-replace" } })?.why).toBe("changed: version");
        expect(older(null)?.why).toBe("changed: __meta");
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

    // What the gate asks of is what the catalogue says, of each type: what the program makes of a cloud, and what it does not.
    test.each(tokensWith(({ holds }) => holds !== undefined))("%s that goes, is replaced, or was", (token) => {
        const inputs = token === types.statefulSet ? claims : {};
        for (const op of ["delete", "replace", "delete-replaced"]) {
            const { refused } = judged([step(op, token, "it", { inputs })]);
            expect(refused, op).toMatchObject([{ kind: heldBy(token, inputs), name: "it", allowedBy: "it" }]);
            expect(judged([step(op, token, "it", { inputs })], ["it"]).refused, op).toEqual([]);
        }
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

    test("by what it is now, not by what it is to become", () => {
        const toValkey = { inputs: { engine: "pg" }, newInputs: { engine: "valkey" }, replaceReasons: ["engine"] };
        expect(judged([step("replace", types.digitalocean, "database", toValkey)]).refused).toMatchObject([
            { kind: "database", happens: "replaced: deleted, and an empty one made", why: "changed: engine" },
        ]);
        const toPostgres = { inputs: { engine: "valkey" }, newInputs: { engine: "pg" } };
        expect(judged([step("replace", types.digitalocean, "cache", toPostgres)]).refused).toEqual([]);
        const toNone = { inputs: claims, newInputs: { spec: {} } };
        expect(judged([step("replace", types.statefulSet, "database", toNone)]).refused).toHaveLength(1);
    });

    test("by whether what there is would be kept, not what comes after it", () => {
        const late = { newState: { retainOnDelete: true } };
        expect(judged([step("replace", types.bucket, "media", late)]).refused[0]!.happens).toBe(
            "replaced: deleted, and an empty one made",
        );
        const dropped = { state: { retainOnDelete: true }, newState: { retainOnDelete: false } };
        expect(judged([step("replace", types.bucket, "media", dropped)]).refused[0]!.happens).toBe(
            "replaced; the old one stays, outside the stack",
        );
        // Taken over by a program that only read it before, it is there all the same.
        const adopted = { state: { external: true }, newState: { external: false } };
        expect(judged([step("replace", types.sql, "database", adopted)]).refused).toEqual([]);
        const readNow = { state: { external: false }, newState: { external: true } };
        expect(judged([step("replace", types.sql, "database", readNow)]).refused).toHaveLength(1);
    });

    test("a type of which nobody knows what it holds, with what to do", () => {
        const { refused } = judged([step("delete", "hcloud:index/server:Server", "node", { parent: "" })]);
        expect(refused).toMatchObject([
            {
                kind: "unknown",
                happens: "deleted",
                why:
                    "not in the program, or gone already. Whether it holds data, nobody knows: " +
                    "add a row to lib/catalogue/hcloud.ts",
                allowedBy: "node",
            },
        ]);
        expect(judged([step("update", "hcloud:index/server:Server", "node")]).refused).toEqual([]);
        // A component is made of others, which are judged by themselves.
        const component = step("delete", "awsx:ec2:Vpc", "vpc", { state: { custom: false } });
        expect(judged([component]).refused).toEqual([]);
        // The stream leaves out what is false.
        const { custom: _, ...withoutCustom } = component.oldState!;
        expect(judge(readPreview(stream([{ ...component, oldState: withoutCustom }])), []).refused).toEqual([]);
    });

    test("with the properties as the official plugin of Kubernetes names them", () => {
        const official = {
            inputs: claims,
            replaceReasons: ["metadata.namespace", "spec.selector.matchLabels.app.kubernetes.io/name"],
            detailedDiff: {
                "spec.template.spec.containers[0].image": { kind: "update-replace", inputDiff: true },
                "metadata.namespace": { kind: "update-replace", inputDiff: true },
                'spec.selector.matchLabels["app.kubernetes.io/name"]': { kind: "update-replace", inputDiff: true },
                "metadata.labels.app.kubernetes.io/version": { kind: "update", inputDiff: true },
                "data.PASSWORD": { kind: "update", inputDiff: true },
            },
        };
        expect(judged([step("replace", types.statefulSet, "database", official)]).refused[0]!.why).toBe(
            'changed: metadata.namespace, spec.selector.matchLabels["app.kubernetes.io/name"], spec.template.spec.containers[0].image',
        );
        // Roots say less than the ways to what changed, and are left out for them; what merely begins alike is not.
        const roots = {
            replaceReasons: ["spec", "metadata", "spec.template.spec", "specification"],
            detailedDiff: official.detailedDiff,
        };
        expect(judged([step("replace", types.sql, "x", roots)]).refused[0]!.why).toBe(
            'changed: metadata.namespace, spec.selector.matchLabels["app.kubernetes.io/name"], ' +
                "spec.template.spec.containers[0].image, specification",
        );
    });

    test("a StatefulSet whose claims are not known yet", () => {
        const inputs = { spec: { volumeClaimTemplates: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
        expect(judged([step("replace", types.statefulSet, "database", { inputs })]).refused).toHaveLength(1);
    });

    test("a resource whose old state says nothing", () => {
        const silent = (type: string) => ({ op: "delete", urn: `${project}::${type}::database` });
        expect(judged([silent(types.statefulSet)]).refused).toHaveLength(1);
        expect(judged([silent("hcloud:index/server:Server")]).refused).toHaveLength(1);
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

    test("of what does not change matches nothing, though the stream names it", () => {
        const text = stream([...two, step("same", types.statefulSet, "database-server")]);
        expect(() => judge(readPreview(text), ["database-server"])).toThrow("nothing in this preview has that name");
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
        // What the engine crashes on, it prints nothing of.
        ["\n", "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview"],
        ['{"steps": [{"op": "sa', "JSON that is cut off"],
        ['{\n"sequence":0,"timestamp":1,"cancelEvent":{}}', "over several lines"],
        ['{"sequence":0,"timestamp":1,"preludeEvent":{}}\n{"sequence":1,"timestamp":1}', "cut off at line 2"],
        ['{"sequence":0,"timestamp":1,"summaryEvent":{}}\n{"sequence":1,"time', "cut off at line 2"],
        ['{"sequence":0,"timestamp":1,"summaryEvent":{}}\npanic: fatal', "cut off at line 2"],
        ['{"sequence":0,"timestamp":1,"summaryEvent":{}}', "cut off at line 1"],
        // Without a summary nobody knows what would have come.
        ['{"sequence":0,"timestamp":1,"cancelEvent":{}}', "cut off at line 1"],
        ['{"sequence":0,"timestamp":1,"summaryEvent":{}}\n{"steps":[]}', "no event in line 2"],
        [
            '{"sequence":0,"timestamp":1,"resourcePreEvent":{}}\n{"sequence":1,"timestamp":1,"summaryEvent":{}}\n{"sequence":2,"timestamp":1,"cancelEvent":{}}',
            "no op and urn in line 1",
        ],
    ])("%j is refused with what to do", (text, message) => {
        expect(() => readPreview(text)).toThrow(BadPreviewError);
        expect(() => readPreview(text)).toThrow(message);
    });

    test("is never quoted: it may hold a secret", () => {
        for (const text of ["password=canary-f00d", '{"sequence":0,"timestamp":1}\npassword=canary-f00d']) {
            expect(() => readPreview(text)).toThrow(/^(?!.*canary)/);
        }
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
        const diagnosticEvents = [
            { diagnosticEvent: { severity: "info", message: "fine" } },
            {
                diagnosticEvent: {
                    severity: "error",
                    urn: "urn:x",
                    prefix: "<{%fg 1%}>error: <{%reset%}>",
                    message: "no such setting\n",
                },
            },
            { errorEvent: { error: "update failed" } },
        ];
        expect(readPreview(stream([], diagnosticEvents)).errors).toEqual([
            "urn:x: error: no such setting",
            "update failed",
        ]);
        // A preview that failed has no summary, and is no stream that is cut off.
        expect(readPreview(lines([...diagnosticEvents, { cancelEvent: {} }])).errors).toHaveLength(2);
    });

    test("of a refresh says what is gone, and repeats no other outcome", () => {
        const { urn, oldState } = step("delete", types.bucket, "media");
        const metadata = { urn, type: types.bucket, old: oldState, new: null, detailedDiff: null };
        const refresh = { resourcePreEvent: { metadata: { ...metadata, op: "refresh", new: oldState } } };
        const outcome = (op: string) => ({ resOutputsEvent: { metadata: { ...metadata, op } } });
        const gone = stream([step("create", types.bucket, "media")], [refresh, outcome("delete")]);
        expect(judge(readPreview(gone), []).refused).toMatchObject([
            { name: "media", happens: "deleted", why: "not in the program, or gone already" },
        ]);
        expect(judge(readPreview(stream([], [refresh, outcome("update")])), []).refused).toEqual([]);
        expect(readPreview(stream([step("delete", types.bucket, "media")], [outcome("delete")])).steps).toHaveLength(1);
    });

    test("any line of a stream is read or refused, never a crash", () => {
        const event = fc.record(
            {
                sequence: fc.nat(),
                timestamp: fc.nat(),
                resourcePreEvent: fc.jsonValue(),
                resOutputsEvent: fc.jsonValue(),
                diagnosticEvent: fc.jsonValue(),
                errorEvent: fc.jsonValue(),
            },
            { requiredKeys: ["sequence", "timestamp"] },
        );
        fc.assert(
            fc.property(fc.array(event), (events) => {
                expectReadOrRefused(
                    [...events, { sequence: 0, timestamp: 0, summaryEvent: {}, cancelEvent: {} }]
                        .map((one) => JSON.stringify(one))
                        .join("\n"),
                );
            }),
        );
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
        const steps = [step("delete", "constructor", "x"), step("delete", "__proto__", "y")];
        expect(judged(steps).refused.map(({ kind }) => kind)).toEqual(["unknown", "unknown"]);
    });
});

function expectReadOrRefused(text: string): void {
    try {
        expect(Array.isArray(readPreview(text).steps)).toBe(true);
    } catch (error) {
        expect(error).toBeInstanceOf(BadPreviewError);
    }
}

describe("the command", () => {
    const main = join(projectRoot, "commands/gate/main.ts");
    const run = async (input: string, ...args: string[]) => {
        const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { input, reject: false });
        return { exitCode, stdout, stderr };
    };
    const loss = step("delete", types.bucket, "media");

    test.each([
        ["a document", preview([loss])],
        ["a stream", stream([loss])],
    ])("judges %s", async (_, text) => {
        expect(await run(text)).toMatchObject({ exitCode: 1, stderr: "" });
        expect(await run(text, "--allow", "media")).toMatchObject({ exitCode: 0, stderr: "" });
    });

    test.each([
        ["a document", preview([], { diagnostics: [{ severity: "error", message: "no such setting" }] })],
        ["a stream", stream([], [{ diagnosticEvent: { severity: "error", message: "no such setting" } }])],
        [
            "a stream that ended early",
            lines([{ diagnosticEvent: { severity: "error", message: "no such setting" } }, { cancelEvent: {} }]),
        ],
    ])("does not judge %s of a preview that failed", async (_, text) => {
        expect(await run(text)).toEqual({
            exitCode: 2,
            stdout: "",
            stderr: "The preview failed, so what it shows is not all that would happen:\nno such setting",
        });
    });
});

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

describe("volumes that would be smaller:", () => {
    const asks = (storage: unknown) => ({ spec: { resources: { requests: { storage } } } });
    const patch = "kubernetes:core/v1:PersistentVolumeClaimPatch";
    const sentences = (op: string, before: unknown, after: unknown, type: string = patch) => {
        const steps = [step(op, type, "database-disk-0", { inputs: asks(before), newInputs: asks(after) })];
        const said = smallerVolumes(readPreview(preview(steps)));
        expect(smallerVolumes(readPreview(stream(steps)))).toEqual(said);
        return said;
    };

    test("are named, with the size that the volume has", () => {
        expect(sentences("update", "20Gi", "10Gi")).toEqual([
            "database-disk-0: the volume has 20Gi, and the program says 10Gi. A volume grows and does not shrink. " +
                "Fix: set `storage` to 20Gi; for a smaller one make a new environment, and move the data.",
        ]);
        expect(sentences("update", "1Ti", "900Gi", "kubernetes:core/v1:PersistentVolumeClaim")).toHaveLength(1);
    });

    test("refuse the preview, also where nothing else would be lost", async () => {
        const steps = [step("update", patch, "database-disk-0", { inputs: asks("20Gi"), newInputs: asks("10Gi") })];
        const { exitCode, stderr } = await execa("node", [join(projectRoot, "commands/gate/main.ts")], {
            input: stream(steps),
            reject: false,
        });
        expect([exitCode, stderr]).toEqual([1, expect.stringContaining("database-disk-0: the volume has 20Gi")]);
    });

    test.each([
        ["that grow", "update", "10Gi", "20Gi"],
        ["of the same size in other words", "update", "1024Mi", "1Gi"],
        ["of a size that nobody knows yet", "update", "20Gi", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
        ["that are made anew", "replace", "20Gi", "10Gi"],
        ["that go", "delete", "20Gi", undefined],
    ])("not those %s", (_, op, before, after) => {
        expect(sentences(op, before, after)).toEqual([]);
    });

    test("not what is no volume", () => {
        expect(sentences("update", "20Gi", "10Gi", types.statefulSet)).toEqual([]);
    });
});
