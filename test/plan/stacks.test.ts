// The stacks that the project brings keep every rule, in a first preview too, have no advice beside them, and create exactly the
// resources that were reviewed.
// Does not prove: that the engine accepts them, or a cluster runs them; the tests of those layers do.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectionTable } from "../../commands/plan/table/connections.ts";
import { recordStack, stackNames } from "../../commands/plan/record-stack.ts";
import { readStackFile } from "../../commands/plan/stack-file.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { broken } from "./support/plans.ts";

const lists = join(import.meta.dirname, "urns");
const update = process.env["UPDATE_URNS"] === "1";

/** In the project's own folder: one's own machine, and Google Cloud as the example of a cloud. Others are in examples/stacks. */
const own = ["local", "production", "staging"];
const examples: Readonly<Record<string, readonly string[]>> = {
    aws: ["production", "staging"],
    digitalocean: ["production", "staging"],
    "doks-rabbitmq": ["production"],
    "eks-adopted": ["production"],
    existing: ["production", "staging"],
    // Links to those of the project's own folder.
    gcp: ["production", "staging"],
    "gke-autopilot": ["production"],
    k3s: ["production"],
    mixed: ["production"],
    "pull-request": ["preview", "staging"],
};

const folderOf = (platform: string): string =>
    platform === "" ? projectRoot : join(projectRoot, "examples/stacks", platform);

const all = [
    { platform: "", stack: "local" },
    ...Object.entries(examples).flatMap(([platform, stacks]) => stacks.map((stack) => ({ platform, stack }))),
];

describe("the stacks that the project brings", () => {
    it("are all tested here", async () => {
        expect(await stackNames()).toEqual(own);
        expect((await readdir(join(projectRoot, "examples/stacks"))).toSorted()).toEqual(Object.keys(examples));
        for (const [platform, stacks] of Object.entries(examples)) {
            expect(await stackNames(folderOf(platform)), platform).toEqual(stacks);
        }
    });

    for (const { platform, stack } of all) {
        const name = platform === "" ? stack : `${platform}.${stack}`;
        const record = async (preview = false) =>
            recordStack(await readStackFile(stack, folderOf(platform)), stack, {
                preview,
                read: (other) => readStackFile(other, folderOf(platform)),
            });

        for (const preview of [false, true]) {
            it(`${name} keeps every mandatory rule${preview ? " in a preview, where outputs are unknown" : ""}`, async () => {
                expect(broken(await record(preview))).toEqual([]);
            });
        }

        it(`${name} has nothing to be told about`, async () => {
            expect((await record()).warnings).toEqual([]);
        });

        it(`${name} creates the reviewed resources`, async () => {
            // Registration order is the SDK's affair; what is created is ours.
            const urns = (await record()).resources.map(({ urn }) => urn).toSorted();
            const file = join(lists, `${name}.txt`);
            if (update) {
                await writeFile(file, `${urns.join("\n")}\n`);
            }
            const reviewed = (await readFile(file, "utf8")).trimEnd().split("\n");
            const how =
                `${name} would create other resources than test/plan/urns/${name}.txt lists. A changed URN replaces the resource. ` +
                "If that is wanted: UPDATE_URNS=1 npx vitest run test/plan/stacks.test.ts, and have the difference reviewed.";
            expect(urns, how).toEqual(reviewed);
            expect(new Set(urns).size, "two resources have one URN").toBe(urns.length);
        });

        it(`${name} has the reviewed budget of connections`, async () => {
            const budget = connectionTable(await record(), { users: true });
            const file = join(lists, `${name}.connections.txt`);
            if (update) {
                await writeFile(file, budget);
            }
            const how = `${name} would open other connections than test/plan/urns/${name}.connections.txt says; see above for how it is updated.`;
            expect(budget, how).toBe(await readFile(file, "utf8"));
        });
    }

    it("are planned alike, however often", async () => {
        const file = await readStackFile("local");
        const sorted = async () =>
            (await recordStack(file, "local")).resources.toSorted((a, b) => a.urn.localeCompare(b.urn));
        expect(JSON.stringify(await sorted())).toBe(JSON.stringify(await sorted()));
    });

    it("are planned one after the other when asked at once", async () => {
        const plans = await Promise.all(own.map(async (stack) => recordStack(await readStackFile(stack), stack)));
        expect(plans.map(({ stack }) => stack)).toEqual(own);
        for (const { stack, resources } of plans) {
            expect(resources.every(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::`))).toBe(true);
        }
    });
});
