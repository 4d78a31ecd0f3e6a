// A pull request chooses names and values, and prints the plan that is read. Nothing of it may mean anything in a comment, no secret may be
// in one, and a comment has to fit. Not proved: how a forge draws Markdown; that spans and blocks of code mean nothing is its own promise.
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan, PlannedResource } from "../../../commands/plan/plan.ts";
import { SecretValue } from "../../../commands/plan/plan.ts";
import { changesIn } from "../../../commands/verdict/previewed-changes.ts";
import { gitHubLimit, markdownOf } from "../../../commands/verdict/markdown.ts";
import { noPlanMarkdown } from "../../../commands/verdict/no-plan.ts";
import type { PlanDocument } from "../../../commands/verdict/plan-document.ts";
import { terminalOf } from "../../../commands/verdict/terminal.ts";
import { verdictOf } from "../../../commands/verdict/verdict.ts";
import { readPreview } from "../../../commands/gate/preview.ts";
import { exampleOf, planOf } from "../support/plans.ts";
import { spoil, withExtra } from "../support/spoil.ts";
import { documentOf, printed, read, verdictBetween } from "../support/verdicts.ts";

let plan: Plan;
let base: PlanDocument;

beforeAll(async () => {
    plan = await planOf(await exampleOf("existing"), { stack: "production" });
    base = documentOf(plan);
});

/** What is left of a comment without spans and blocks of code, in which nothing means anything. */
function outside(comment: string): string {
    expect(comment.split("```").length % 2, "blocks of code are closed").toBe(1);
    const withoutBlocks = comment.replace(/\n```[a-z]*\n[^]*?\n```/g, "\n");
    const lines = withoutBlocks.split("\n");
    for (const line of lines) {
        expect(line.split("`").length % 2, line).toBe(1);
    }
    return withoutBlocks.replace(/`[^`\n]*`/g, "");
}

const hostile = [
    "@everybody",
    "[click](https://evil.example)",
    "<img src=x onerror=alert(1)>",
    "a`b``c```d",
    "x\n# heading\n```\n</details>",
    "| a | b |",
    "<!-- django-on-kubernetes:verdict:production -->",
    "\u202Eesrever\u0007\u001B[31m",
    "#1 !2 org/repo#3 https://evil.example",
    "$x^2$ :rocket: ~~gone~~ **bold**",
    "%%{init: {'theme':'x'}}%%\"]; click n0 href \"https://evil.example\"",
    "y".repeat(5000),
];

describe("names that a pull request chooses", () => {
    test.each(hostile)("%j means nothing, wherever it stands", async (text) => {
        const extra = (type: string, props: Record<string, unknown>) => (one: Plan) =>
            withExtra(one, "shop-to-outside", { type, name: `${text} ${type}`, props });
        const head = [
            extra("kubernetes:apps/v1:StatefulSet", {
                metadata: { name: text, namespace: text, labels: { "app.kubernetes.io/component": "database" } },
                spec: {
                    replicas: text,
                    template: {
                        spec: { terminationGracePeriodSeconds: text, containers: [{ name: text, image: text }] },
                    },
                },
            }),
            extra("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
                metadata: { name: text, namespace: text },
                spec: {
                    podSelector: { matchLabels: { [text]: text } },
                    ingress: [{ from: [{ ipBlock: { cidr: text } }], ports: [{ port: text }] }],
                },
            }),
            extra("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", {
                metadata: { name: text },
                spec: { hostnames: [text] },
            }),
            extra("gcp:projects/iAMMember:IAMMember", { role: text, member: text }),
            extra(`${text}:x/y:Z`, { [text]: text }),
            (one: Plan) =>
                spoil(one, { name: "shop-web", kind: "Deployment" }, (r) => {
                    r.props["spec"].template.spec.containers[0].image = text;
                    r.props["spec"].template.spec[text] = text;
                }),
            (one: Plan) =>
                spoil(one, { name: "database-server", kind: "StatefulSet" }, (r) => {
                    r.props["spec"].volumeClaimTemplates[0].spec.storageClassName = text;
                }),
        ].reduce((one, change) => change(one), plan);
        const gone: Plan = {
            ...plan,
            resources: plan.resources.map((one) =>
                one.name === "shop-shell" ? { ...one, name: text, urn: `${one.urn}${text}` } : one,
            ),
        };
        const withWords = {
            ...documentOf(head),
            violations: [
                {
                    rule: text,
                    level: "mandatory",
                    urn: text,
                    name: text,
                    path: text,
                    found: text,
                    allowed: text,
                    fix: text,
                },
            ],
            connections: [
                {
                    server: text,
                    kind: "cloud-sql",
                    from: text,
                    reserve: 0,
                    most: 2,
                    limit: 1,
                    free: -1,
                    users: [],
                    changes: [],
                },
            ],
            cost: {
                monthly: 2,
                items: [{ cloud: "gcp", name: text, monthly: 2, verified: true }],
                unpriced: [text],
                byUse: [text],
                pricesOf: [text],
                dates: { first: "", last: "" },
            },
        } as unknown as PlanDocument;
        const verdict = await verdictBetween(documentOf(gone), withWords, { judges: [text], stack: text });
        const comment = markdownOf(verdict);
        const rest = outside(comment);
        for (const sign of ["@", "<img", "<!--", "evil", "](", "rocket", "\u202E", "\u0007", "\u001B", "yyyy"]) {
            expect(rest).not.toContain(sign);
        }
        expect(rest.match(/<\/?[a-z]+>/g)?.every((tag) => /^<\/?(details|summary)>$/.test(tag)) ?? true).toBe(true);
        // In a picture a label has no sign but its own.
        const [, picture = ""] = /```mermaid\n([^]*?)\n```/.exec(comment) ?? [];
        for (const line of picture.split("\n").slice(1)) {
            expect(line).toMatch(
                /^ {2}(n\d+(\(\[|\[\(|\[)"[A-Za-z0-9 .,:_?-]+(<br\/>[a-z]+)?"(\]\)|\)\]|\])|n\d+ --> n\d+|class n\d+(,n\d+)* [a-z]+|classDef [a-z]+ [a-z0-9:, -]+)$/,
            );
        }
        for (const sign of ["\u0007", "\u001B", "\u202E"]) {
            expect(terminalOf(verdict, 100)).not.toContain(sign);
        }
        expect(comment.length).toBeLessThanOrEqual(gitHubLimit);
        expect(outside(noPlanMarkdown(text, { problems: [{ path: text, found: text, fix: text }] }))).not.toMatch(
            /@|evil|<img|<!--/,
        );
    });

    test("are told once a table's row, whatever bars are in them", async () => {
        const head = spoil(plan, { name: "database-server", kind: "StatefulSet" }, (r) => {
            r.props["spec"].volumeClaimTemplates[0].spec.storageClassName = "a|b";
            r.name = "data|base|server";
        });
        const comment = markdownOf(await verdictBetween(base, documentOf(head)));
        const rows = comment.split("\n").filter((line) => line.startsWith("| "));
        expect(rows.length).toBeGreaterThan(2);
        for (const [index, row] of rows.entries()) {
            expect(row.split("|").length, row).toBe(
                rows[index - 1]?.startsWith("| what") === true
                    ? rows[index - 1]!.split("|").length
                    : row.split("|").length,
            );
        }
        expect(comment).toContain("`data¦base¦server`");
    });
});

/** Of so many that their own program's word would take long, and is not asked here. */
function light(one: Plan): PlanDocument {
    return read(JSON.stringify({ ...one, violations: [], connections: base.connections }));
}

const canary = "c4n4ry-0f-gr33n-5ecret";
const shapes = [
    canary,
    Buffer.from(canary).toString("base64"),
    encodeURIComponent(canary),
    Buffer.from(`x:${canary}`).toString("base64"),
];

describe("a planted secret", () => {
    test("is in no form of a verdict of two plans: in secrets, variables, files, arguments, addresses, in base64", async () => {
        const plant = (one: Plan, number: number): Plan => {
            const changed = spoil(one, { name: "shop-web", kind: "Deployment" }, (r) => {
                const container = r.props["spec"].template.spec.containers[0];
                container.env = [
                    ...(container.env ?? []),
                    { name: "GREETING", value: `${canary}${number}` },
                    { name: "URL", value: `redis://u:${canary}${number}@h/0` },
                ];
                container.args = ["--token", `${canary}${number}`];
                container.image = `deploy:${canary}${number}@registry.example.org/shop:${number}`;
                r.props["metadata"].annotations = { note: `${canary}${number}` };
            });
            return ["Secret", "ConfigMap"].reduce(
                (all, kind) =>
                    withExtra(all, "shop-to-outside", {
                        type: `kubernetes:core/v1:${kind}`,
                        name: `planted-${kind}`,
                        props: {
                            metadata: { namespace: "shop-production" },
                            ...(kind === "Secret"
                                ? {
                                      stringData: new SecretValue({ A: `${canary}${number}` }),
                                      data: {
                                          B: new SecretValue(Buffer.from(`${canary}${number}`).toString("base64")),
                                      },
                                  }
                                : {
                                      data: {
                                          A: `${canary}${number}`,
                                          B: Buffer.from(`x:${canary}${number}`).toString("base64"),
                                      },
                                  }),
                        },
                    }),
                changed,
            );
        };
        const [before, after] = [printed(plant(plan, 1)), printed(plant(plan, 2))];
        const verdict = await verdictBetween(read(before), read(after));
        expect(verdict.changes.map(({ name }) => name)).toEqual(
            expect.arrayContaining(["planted-Secret", "planted-ConfigMap", "shop-web"]),
        );
        for (const said of [markdownOf(verdict), terminalOf(verdict, 120), JSON.stringify(verdict)]) {
            for (const shape of shapes) {
                expect(said).not.toContain(shape.slice(0, 16));
            }
        }
        // What changes is told, by name.
        expect(markdownOf(verdict)).toContain("stringData.A: changed (replaces it)");
    });

    test("is in no form of a verdict of a preview, which marks none", () => {
        const value = (number: number) => `${canary}${number}`;
        const state = (number: number) => ({
            urn: "urn:pulumi:production::shop::x:y:Z$kubernetes:core/v1:Secret::planted",
            custom: true,
            inputs: {
                metadata: { name: "planted", namespace: "shop", labels: { note: value(number) } },
                stringData: { A: value(number) },
                spec: {
                    password: value(number),
                    value: value(number),
                    image: `u:${value(number)}@h/x`,
                    settings: [{ value: value(number) }],
                },
            },
        });
        const preview = readPreview(
            JSON.stringify({ steps: [{ op: "update", urn: state(1).urn, oldState: state(1), newState: state(2) }] }),
        );
        const verdict = verdictOf({ stack: "production", compared: changesIn(preview), from: "preview" });
        expect(verdict.changes[0]!.fields.length).toBeGreaterThan(4);
        for (const said of [markdownOf(verdict), terminalOf(verdict, 120), JSON.stringify(verdict)]) {
            expect(said).not.toContain(canary);
        }
    });
});

describe("a thousand changed resources", () => {
    const many = (count: number, change: (resource: PlannedResource, index: number) => PlannedResource): Plan => {
        const kept = plan.resources.filter(({ custom }) => custom);
        const made = Array.from({ length: count }, (_, index): PlannedResource => {
            const model = kept[index % kept.length]!;
            return change(
                { ...model, urn: `${model.urn}-${index}`, name: `${model.name}-${index}`, formerUrns: [] },
                index,
            );
        });
        return { ...plan, resources: [...plan.resources.filter(({ custom }) => !custom), ...made] };
    };

    test.each(["changed", "deleted", "created"])("that are %s fit into a comment, in five seconds", async (how) => {
        const before = light(many(how === "created" ? 0 : 1000, (one) => one));
        const noted = ({ props }: PlannedResource, index: number) =>
            how === "changed"
                ? { ...props, spec: { ...props["spec"], note: index, storage: `${index + 1}Gi` } }
                : props;
        const after = light(many(how === "deleted" ? 0 : 1000, (one, index) => ({ ...one, props: noted(one, index) })));
        const start = performance.now();
        const verdict = await verdictBetween(before, after);
        const comment = markdownOf(verdict);
        expect(performance.now() - start).toBeLessThan(5000);
        expect(verdict.changes.length).toBeGreaterThan(900);
        expect(comment.length).toBeLessThanOrEqual(gitHubLimit - 512);
        expect(comment).toMatch(/^\S+ \*\*(Red|Yellow|Green)\.\*\* /);
        for (const section of ["Data", "Downtime", "Security", "Connections", "Rules"]) {
            expect(comment).toContain(`**${section}**: `);
        }
        // Each that loses data is named, whatever else is cut.
        for (const { name } of verdict.data.lost) {
            expect(comment).toContain(`\`${name}\``);
        }
        expect(comment).toMatch(/changes? more in the log|What of each is in the log/);
        outside(comment);
        // Where a forge takes more, more is told.
        const longer = markdownOf(verdict, { limit: 1_000_000, log: "https://ci.example.org/jobs/1" });
        expect(longer.length).toBeGreaterThan(comment.length);
        expect(longer).not.toMatch(/in the log/);
    });

    test("that all lose data are named, and fit", async () => {
        const losing = many(1000, (one, index) => ({
            ...one,
            type: "kubernetes:core/v1:PersistentVolumeClaim",
            urn: `${one.urn}$kubernetes:core/v1:PersistentVolumeClaim::volume-number-${index}`,
            name: `volume-number-${index}`,
            props: { metadata: { namespace: "shop" } },
        }));
        const verdict = await verdictBetween(light(losing), light(many(0, (one) => one)));
        const comment = markdownOf(verdict);
        expect(verdict.data.lost).toHaveLength(1000);
        expect(comment.length).toBeLessThanOrEqual(gitHubLimit - 512);
        expect(comment.match(/`volume-number-\d+`/g)!.length).toBeGreaterThanOrEqual(1000);
    });
});
