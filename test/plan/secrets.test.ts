// A canary in the secrets of a stack's configuration is nowhere in its plan (R74, as far as a plan can show it).
// Does not prove: that it is not in the engine's state, logs and errors; the engine tests do.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { checkPlan } from "../../policy/index.ts";
import { SettingsError } from "../../settings/problems.ts";
import { stackConfig } from "../../commands/plan/stack-file.ts";
import { drawPicture } from "../../commands/plan/picture.ts";
import { planSummary, planTable } from "../../commands/plan/table.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { changed, planOf, project } from "./support/plans.ts";

const canary = "Tz7/4d1c+9f=Qw";
const disguises = [canary, encodeURIComponent(canary), Buffer.from(canary).toString("base64"), canary.slice(4, 11)];

describe("secrets", () => {
    for (const preview of [false, true]) {
        it(`are nowhere in ${preview ? "a preview" : "a plan"}, its table and its picture`, async () => {
            const sections = await changed("local", ({ apps: [app] }) => {
                app.registry = { server: "localhost", username: "robot" };
            });
            const plan = await planOf(sections, {
                preview,
                secrets: {
                    environment: { CANARY: canary },
                    files: { "/etc/canary": canary },
                    registryPassword: canary,
                    superuserPassword: canary,
                    secretKey: canary,
                    databasePassword: canary,
                    cachePassword: canary,
                    brokerPassword: canary,
                },
            });
            const topology = topologyOf(plan);
            const shown = [
                JSON.stringify(plan),
                inspect(plan, { depth: Infinity, showHidden: true }),
                JSON.stringify(topology),
                JSON.stringify(checkPlan(plan)),
                planTable(topology),
                planSummary(topology),
                drawPicture(topology),
            ].join("\n");
            for (const disguise of disguises) {
                const at = shown.indexOf(disguise);
                expect(at === -1 ? "nowhere" : shown.slice(Math.max(0, at - 80), at + 40), disguise).toBe("nowhere");
            }
            // It got as far as it had to: what depends on it is in the plan, and secret.
            const secret = plan.resources.find(({ name }) => name === "sample-secret-environment")!;
            expect(JSON.stringify(secret.props["stringData"])).toMatch(/\[(secret|unknown)\]/);
        });
    }

    it("in plain text are refused, and not shown", () => {
        const config = { [`${project}:secrets`]: { environment: { API_KEY: canary } } };
        const error = thrownBy(() => stackConfig(project, "Pulumi.test.yaml", { config }));
        expect(error).toBeInstanceOf(SettingsError);
        expect(error.message).toContain("secrets.environment.API_KEY");
        expect(error.message).not.toContain(canary);
    });

    it("that are encrypted stand as a placeholder, and are secret", () => {
        const config = { [`${project}:secrets`]: { secretKey: { secure: "v1:abc" } } };
        const { config: read, secretKeys } = stackConfig(project, "Pulumi.test.yaml", { config });
        expect(read[`${project}:secrets`]).toBe('{"secretKey":"encrypted"}');
        expect(secretKeys).toEqual([`${project}:secrets`]);
    });
});

function thrownBy(action: () => unknown): Error {
    try {
        action();
    } catch (error) {
        return error as Error;
    }
    throw new Error("nothing was thrown");
}
