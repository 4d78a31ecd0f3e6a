// Every platform, kind of environment and variant of a store, paired with every other: each stack is planned whole, keeps all
// rules, in a first preview too, and creates exactly the resources that were reviewed.
// Does not prove that a cloud accepts them; the engine layer lets recording providers check the main ones.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { combinations, nameOf, possiblePairs, secretsFor, sectionsFor, type Combination } from "./support/matrix.ts";
import { broken, planOf } from "./support/plans.ts";

const directory = join(import.meta.dirname, "urns", "matrix");
const update = process.env["UPDATE_URNS"] === "1";

describe("the matrix", () => {
    it("has a reviewed list for each stack, and for no other", async () => {
        const names = combinations.map((combination) => `${nameOf(combination)}.txt`);
        if (update) {
            await mkdir(directory, { recursive: true });
            for (const file of (await readdir(directory)).filter((found) => !names.includes(found))) {
                await rm(join(directory, file));
            }
            return;
        }
        expect((await readdir(directory)).toSorted()).toEqual(names.toSorted());
    });

    it("pairs each choice with each other that it can stand with", () => {
        expect(possiblePairs().filter((pair) => !combinations.some((row) => has(row, pair)))).toEqual([]);
        expect(possiblePairs()).toContainEqual({ platform: "digitalocean", database: "rds" });
        expect(possiblePairs()).not.toContainEqual({ kind: "production", database: "platform" });
    });

    for (const combination of combinations) {
        const name = nameOf(combination);
        it(name, async () => {
            const { sections, platform } = await sectionsFor(combination);
            const stack = combination.kind === "ephemeral" ? "pr-1" : combination.kind;
            const secrets = secretsFor(combination);
            const options = { stack, secrets, ...(platform && { platform }) };
            const plan = await planOf(sections, options);
            expect(broken(plan)).toEqual([]);
            expect(broken(await planOf(sections, { ...options, preview: true }))).toEqual([]);

            const urns = plan.resources.map(({ urn }) => urn).toSorted();
            expect(new Set(urns).size, "two resources have one URN").toBe(urns.length);
            const file = join(directory, `${name}.txt`);
            if (update) {
                await writeFile(file, `${urns.join("\n")}\n`);
            }
            const how = `Other resources than ${file} lists. A changed URN replaces the resource. If that is wanted: UPDATE_URNS=1 npx vitest run test/plan/matrix.test.ts`;
            expect(urns, how).toEqual((await readFile(file, "utf8")).trimEnd().split("\n"));
        });
    }
});

function has(row: Combination, pair: Partial<Combination>): boolean {
    return Object.entries(pair).every(([factor, level]) => row[factor as keyof Combination] === level);
}
