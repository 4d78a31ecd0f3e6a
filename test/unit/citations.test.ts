// Every requirement and rule that something cites is defined in the documentation. Not proved: that the citation fits.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";

/** `(N7)`, `(G2, R32)`, `(R38-R40)`; a machine type, a certificate or a name has a letter and a number too. */
const lists = /\((?:[A-Z][0-9]{1,3}(?:-[A-Z][0-9]{1,3})?(?:, )?)+\)/g;
const requirement = /\b[DEGKNU][0-9]{1,3}\b/g;
/** Wherever it stands: nothing else is called so. */
const rule = /\bR[0-9]{1,3}\b/g;

function citedIn(text: string): string[] {
    const requirements = [...text.matchAll(lists)].flatMap(([list]) => [...list.matchAll(requirement)]);
    return [...requirements, ...text.matchAll(rule)].map(([id]) => id);
}

const ownName = "test/unit/citations.test.ts";

async function filesOf(): Promise<string[]> {
    const folders = ["bench", "commands", "components", "docs", "examples", "lab", "lib", "policy", "settings"];
    const below = await Promise.all(
        [...folders, "stacks", "test"].map(async (folder) =>
            (await readdir(join(projectRoot, folder), { recursive: true })).map((name) => join(folder, name)),
        ),
    );
    const files = [...(await readdir(projectRoot)), ...below.flat()];
    return files.filter(
        (file) => /\.(ts|md|ya?ml|sql|sh)$/.test(file) && file !== ownName && !file.includes("node_modules/"),
    );
}

async function definedIn(page: string): Promise<string[]> {
    const text = await readFile(join(projectRoot, page), "utf8");
    return [...text.matchAll(/^\| ([A-Z][0-9]{1,3}) \| \S/gm)].map(([, id]) => id!);
}

describe("a citation", () => {
    it.each([
        ["the way out to it (R48).", ["R48"]],
        ["nothing to disk (G2, R32).", ["G2", "R32"]],
        ["a restricted pod (R36, R38-R40)", ["R36", "R38", "R40"]],
        ["(U4): R28", ["U4", "R28"]],
        ["`e2-standard-4`, db-custom-N4-2-4096, CA RSA2048 G1, C4 and N4 machines, (an E2 is small)", []],
    ])("is read from %j", (text, ids) => {
        expect(citedIn(text)).toEqual(ids);
    });

    it("is of what is defined, once", async () => {
        const defined = [...(await definedIn("docs/requirements.md")), ...(await definedIn("docs/policy.md"))];
        expect(defined.filter((id, index) => defined.indexOf(id) !== index)).toEqual([]);
        const files = await filesOf();
        const texts = await Promise.all(files.map((file) => readFile(join(projectRoot, file), "utf8")));
        const unknown = texts.flatMap((text, index) =>
            citedIn(text).flatMap((id) => (defined.includes(id) ? [] : [`${files[index]}: ${id}`])),
        );
        expect(unknown).toEqual([]);
    });
});
