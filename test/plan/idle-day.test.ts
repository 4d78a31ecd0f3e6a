// What a pull request's environment costs in a day when nobody comes, of the example and of platforms of other kinds.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { idleDay } from "../../commands/plan/cost/idle-day.ts";
import { recordStack } from "../../commands/plan/record-stack.ts";
import { readStackFile, type StackFile } from "../../commands/plan/stack-file.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { monthlyPrice } from "../../lib/prices/index.ts";

const directory = join(projectRoot, "examples/stacks/pull-request");

async function dayOf(changeLender: (platform: Record<string, unknown>) => void = () => undefined) {
    const read = async (stack: string): Promise<StackFile> => {
        const file = await readStackFile(stack, directory);
        if (stack !== "staging") {
            return file;
        }
        const key = `${file.project}:platform`;
        const platform = JSON.parse(file.config[key]!) as Record<string, unknown>;
        changeLender(platform);
        return { ...file, config: { ...file.config, [key]: JSON.stringify(platform) } };
    };
    const [own, lender] = [
        await recordStack(await read("preview"), "preview", { read }),
        await recordStack(await read("staging"), "staging", { read }),
    ];
    return { alone: idleDay(own, undefined), lent: idleDay(own, lender) };
}

describe("an environment's idle day", () => {
    test("costs on Autopilot what its pods reserve, and its volumes", async () => {
        const { lent, alone } = await dayOf();
        const reserves = { pods: 5, millicores: 250, memory: 1280 * 2 ** 20, storage: 2 ** 30 };
        expect(lent.reserves).toEqual(reserves);
        const month = (asked: string): number => monthlyPrice("gcp", "Kubernetes Engine", asked)?.dollars ?? Number.NaN;
        const pods = month("processor") * 0.25 + month("gibibyte") * 1.25;
        // And a gibibyte of a volume, at cents a month.
        expect((lent.dollars! * 730) / 24 - pods).toBeGreaterThan(0);
        expect((lent.dollars! * 730) / 24 - pods).toBeLessThan(0.3);
        expect(alone).toEqual({ reserves });
    });

    test("costs its volumes alone on nodes that are there anyway", async () => {
        const { lent } = await dayOf((platform) => {
            platform["cluster"] = {
                ...(platform["cluster"] as object),
                nodes: { variant: "pools", pools: { general: { machineType: "e2-standard-4", min: 2, max: 4 } } },
            };
        });
        expect(lent.dollars).toBeGreaterThan(0);
        expect(lent.dollars).toBeLessThan(0.01);
    });
});
