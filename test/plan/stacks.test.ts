// The committed stacks keep every rule, in a first preview too, and create exactly the resources that were reviewed.
// Does not prove: that the engine accepts them, or a cluster runs them; the tests of those layers do.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordStack, stackNames } from "../../tools/plan/record-stack.ts";
import { readStackFile } from "../../tools/plan/stack-file.ts";
import { broken, committed } from "./support/plans.ts";

const directory = join(import.meta.dirname, "urns");
const update = process.env["UPDATE_URNS"] === "1";

describe("committed stacks", () => {
    it("are all tested here", async () => {
        expect(await stackNames()).toEqual(committed.toSorted());
    });

    for (const stack of committed) {
        for (const preview of [false, true]) {
            it(`${stack} keeps every mandatory rule${preview ? " in a preview, where outputs are unknown" : ""}`, async () => {
                const plan = await recordStack(await readStackFile(stack), stack, { preview });
                expect(broken(plan)).toEqual([]);
            });
        }

        it(`${stack} creates the reviewed resources`, async () => {
            const plan = await recordStack(await readStackFile(stack), stack);
            // Registration order is the SDK's affair; what is created is ours.
            const urns = plan.resources.map(({ urn }) => urn).toSorted();
            const file = join(directory, `${stack}.txt`);
            if (update) {
                await writeFile(file, `${urns.join("\n")}\n`);
            }
            const reviewed = (await readFile(file, "utf8")).trimEnd().split("\n");
            const how =
                `${stack} would create other resources than test/plan/urns/${stack}.txt lists. A changed URN replaces the resource. ` +
                "If that is wanted: UPDATE_URNS=1 npx vitest run test/plan/stacks.test.ts, and have the difference reviewed.";
            expect(urns, how).toEqual(reviewed);
            expect(new Set(urns).size, "two resources have one URN").toBe(urns.length);
        });
    }

    it("are planned alike, however often", async () => {
        const file = await readStackFile("local");
        const sorted = async () =>
            (await recordStack(file, "local")).resources.toSorted((a, b) => a.urn.localeCompare(b.urn));
        expect(JSON.stringify(await sorted())).toBe(JSON.stringify(await sorted()));
    });

    it("are planned one after the other when asked at once", async () => {
        const plans = await Promise.all(committed.map(async (stack) => recordStack(await readStackFile(stack), stack)));
        expect(plans.map(({ stack }) => stack)).toEqual([...committed]);
        for (const { stack, resources } of plans) {
            expect(resources.every(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::`))).toBe(true);
        }
    });
});
