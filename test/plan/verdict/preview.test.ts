// A verdict of what `pulumi preview --json` prints, in either form. Not proved: that the engine prints previews of this shape;
// test/engine/gate.test.ts does.
import { describe, expect, test } from "vitest";
import { readPreview } from "../../../commands/gate/preview.ts";
import { markdownOf } from "../../../commands/verdict/markdown.ts";
import { changesIn } from "../../../commands/verdict/previewed-changes.ts";
import { verdictOf, type Verdict } from "../../../commands/verdict/verdict.ts";
import { claims, preview, step, stream, types } from "../../unit/commands/support/gate-steps.ts";

function verdictOfSteps(steps: readonly object[], allow: readonly string[] = []): Verdict {
    const of = (text: string) =>
        verdictOf({ stack: "production", compared: changesIn(readPreview(text)), from: "preview", allow });
    const verdict = of(preview(steps));
    expect(of(stream(steps))).toEqual(verdict);
    return verdict;
}

const template = (image: string) => ({
    metadata: { name: "shop-web", namespace: "shop" },
    spec: {
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } },
        template: {
            metadata: { labels: { "app.kubernetes.io/component": "django" } },
            spec: { containers: [{ name: "web", image }] },
        },
    },
});
const django = { parent: "django-on-kubernetes:django:App$" };

describe("a preview", () => {
    test("of a new image is green: pods roll over", () => {
        const verdict = verdictOfSteps([
            step("update", types.deployment, "shop-web", {
                ...django,
                inputs: template("shop:1"),
                newInputs: template("shop:2"),
            }),
        ]);
        expect(verdict).toMatchObject({ level: "green", counts: { create: 0, update: 1, replace: 0, delete: 0 } });
        expect(verdict.counts).not.toHaveProperty("unchanged");
        expect(verdict.changes).toEqual([
            {
                group: "web",
                op: "update",
                name: "shop-web",
                type: types.deployment,
                urn: expect.stringContaining("::shop-web") as string,
                fields: [
                    {
                        path: "spec.template.spec.containers[web].image",
                        kind: "changed",
                        before: "shop:1",
                        after: "shop:2",
                        replaces: false,
                    },
                ],
            },
        ]);
        expect(verdict.downtime).toMatchObject([{ name: "shop-web", stops: "nobody", seconds: 0 }]);
    });

    test("of a replacement is one change, whichever of its steps are printed, and red", () => {
        const replaced = ["create-replacement", "replace", "delete-replaced"].map((op) =>
            step(op, types.statefulSet, "database-server", {
                inputs: claims,
                newInputs: { spec: { volumeClaimTemplates: [{ metadata: { name: "other" } }] } },
                replaceReasons: ["spec"],
                detailedDiff: { "spec.volumeClaimTemplates[0].metadata.name": { kind: "update-replace" } },
            }),
        );
        const verdict = verdictOfSteps(replaced);
        expect(verdict).toMatchObject({
            level: "red",
            counts: { replace: 1 },
            data: { lost: [{ name: "database-server" }] },
        });
        expect(verdict.changes).toMatchObject([{ group: "stores", op: "replace" }]);
        expect(markdownOf(verdict)).toMatch(/^🔴 \*\*Red\.\*\* Data would be lost: `database-server`/);
        expect(verdictOfSteps(replaced, ["database-server"]).level).toBe("yellow");
    });

    test("tells what a resource that goes had opened, and what one that is made opens", () => {
        const policy = (cidr: string) => ({
            inputs: {
                metadata: { name: "way", namespace: "shop" },
                spec: {
                    podSelector: {},
                    policyTypes: ["Ingress"],
                    ingress: [{ from: [{ ipBlock: { cidr } }], ports: [{ port: 80 }] }],
                },
            },
        });
        const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
        const { security, level } = verdictOfSteps([
            step("delete", type, "narrow", policy("10.0.0.0/8")),
            step("create", type, "wide", policy("0.0.0.0/0")),
        ]);
        expect(level).toBe("yellow");
        expect(security.opened).toMatchObject([{ name: "wide", everyone: true }]);
        expect(security.closed).toMatchObject([{ name: "narrow", everyone: false }]);
    });

    test("of nothing is green, and says nothing of rules, cost and connections, which it does not know", () => {
        const verdict = verdictOfSteps([]);
        expect(verdict.level).toBe("green");
        expect(markdownOf(verdict)).not.toMatch(/\*\*(Rules|Cost|Connections)\*\*/);
    });

    test("of a value that is not known yet does not show it, nor the mark of it", () => {
        const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        const verdict = verdictOfSteps([
            step("update", types.deployment, "shop-web", {
                ...django,
                inputs: template("shop:1"),
                newInputs: template(unknown),
            }),
        ]);
        expect(verdict.changes[0]!.fields).toMatchObject([{ kind: "changed" }]);
        expect(JSON.stringify(verdict)).not.toContain(unknown);
    });
});
