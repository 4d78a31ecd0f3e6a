// What can be checked of the documentation: its examples are settings that the program takes, and its lists are complete.
// Not proved here: that what the pages say is so, and that commands in them work.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { environmentContract } from "../../lib/environment-contract.ts";
import { settingsIn } from "../../commands/docs/setting-list.ts";
import { checkSection } from "../../settings/check/section.ts";
import { sectionNames, sections, type SectionName } from "../../settings/sections.ts";
import { checkSettings } from "../../settings/settings.ts";
import { projectRoot } from "../../commands/support/paths.ts";

const project = "django-on-kubernetes:";

async function pagesBelow(folder: string): Promise<string[]> {
    const entries = await readdir(join(projectRoot, folder), { recursive: true });
    return entries
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(folder, name))
        .sort();
}

const read = (page: string): Promise<string> => readFile(join(projectRoot, page), "utf8");

const pages = await Promise.all(
    ["README.md", ...(await pagesBelow("docs"))].map(async (name) => ({ name, text: await read(name) })),
);

const lab = { name: "lab/README.md", text: await read("lab/README.md") };

/** Blocks with sections of a stack's file; one with `# ...` is a sketch, and no example. */
const examples = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)]
        .map(([, block]) => block!)
        .filter((block) => block.includes(project) && !block.includes("# ..."))
        .map((block, index) => ({ name: `${name}, ${index + 1}`, settings: settingsOf(block) })),
);

function settingsOf(block: string): Record<string, unknown> {
    const document = parse(block) as Record<string, unknown>;
    const config = (document["config"] as Record<string, unknown> | undefined) ?? document;
    return Object.fromEntries(
        Object.entries(config).flatMap(([key, value]) =>
            key.startsWith(project) ? [[key.slice(project.length), decrypted(value)]] : [],
        ),
    );
}

function decrypted(value: unknown): unknown {
    if (value === null || typeof value !== "object") {
        return value;
    }
    if (Object.keys(value).join() === "secure") {
        return "encrypted";
    }
    return Array.isArray(value)
        ? value.map(decrypted)
        : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item)]));
}

/** Every name that can stand somewhere in a section. Names that users give (of sizes, workers, pools) are none. */
function* namesIn(schema: z.core.$ZodType): Generator<string> {
    if (schema instanceof z.ZodObject) {
        for (const [name, child] of Object.entries(schema.shape)) {
            yield name;
            yield* namesIn(child);
        }
    } else if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion) {
        for (const option of schema.options) {
            yield* namesIn(option);
        }
    } else if (schema instanceof z.ZodRecord) {
        yield* namesIn(schema.valueType);
    } else if (schema instanceof z.ZodArray) {
        yield* namesIn(schema.element);
    } else if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
        yield* namesIn(schema.def.innerType);
    } else if (schema instanceof z.ZodPipe) {
        yield* namesIn(schema.def.in);
    }
}

/** The words between backticks, with the parts of paths. */
function wordsOf(text: string): Set<string> {
    const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, words]) => words!);
    return new Set(code.flatMap((words) => words.split(/[^A-Za-z0-9_]+/)));
}

describe("examples in the documentation", () => {
    it("are found", () => {
        expect(examples.length).toBeGreaterThan(8);
    });

    it.each(examples)("$name has sections that the program takes", ({ settings }) => {
        for (const [name, value] of Object.entries(settings)) {
            expect(sectionNames).toContain(name);
            expect(checkSection(name, sections[name as SectionName], value)).not.toHaveProperty("problems");
        }
    });

    const whole = examples.filter(
        ({ settings }) => "environment" in settings && "apps" in settings && "platform" in settings,
    );

    it.each(whole)("$name is a whole stack", ({ settings }) => {
        expect(checkSettings(settings, "pr-123").apps.length).toBeGreaterThan(0);
    });
});

describe("docs/settings.md", () => {
    it.each(sectionNames)("names every setting of %s", async (section) => {
        const words = wordsOf(await read("docs/settings.md"));
        expect([...new Set(namesIn(sections[section]))].filter((name) => !words.has(name))).toEqual([]);
    });

    it("has no setting twice in a table with the same words, whichever variants have it", async () => {
        const tables = [
            ...(await read("docs/settings.md")).matchAll(/^<!-- settings: .+ -->\n([^]*?)^<!-- end -->$/gm),
        ];
        expect(tables.length).toBeGreaterThan(sectionNames.length / 2);
        const again = tables.flatMap(([, table]) => {
            const rows = Array.from(table!.matchAll(/^\| [^`|]*(`.*)$/gm), ([, row]) => row!);
            return rows.filter((row, index) => rows.indexOf(row) !== index);
        });
        expect(again).toEqual([]);
    });

    it("says before a setting which variants have it, of the union next above that does not have it whole", async () => {
        const text = await read("docs/settings.md");
        for (const row of [
            // In each server of `django`, and without a server in the other contract.
            "| `web.size` |",
            // In each kind of worker, which the other contract does not have.
            "| django: `workers.<name>.size` |",
            "| gunicorn: `web.threads` |",
        ]) {
            expect(text).toContain(`\n${row}`);
        }
    });
});

describe("docs/environment-contract.md", () => {
    it("names every variable", async () => {
        const text = await read("docs/environment-contract.md");
        // Several in one row: all but the first are cut to how they differ.
        const missing = environmentContract.filter(
            ({ name }) => !text.includes(name) && !text.includes(`\`_${name.split("_").at(-1)}\``),
        );
        expect(missing.map(({ name }) => name)).toEqual([]);
    });
});

describe("what to change in an example", () => {
    /** What is nobody's in a stack's file, and the word that tells to change it. */
    const placeholders: ReadonlyArray<readonly [what: string, found: RegExp, told: RegExp]> = [
        ["project", /^ +project: example-/m, /\bproject\b/],
        ["account", /^ +account: /m, /\baccount\b/],
        ["region", /^ +region: /m, /\bregions?\b/],
        ["admins", /^ +admins: /m, /\badmins\b/],
        ["repository", /^ +repository: example-org\//m, /\brepository\b/],
        ["addresses", /^ +apiAccess:/m, /\baddresses\b/],
        ["context", /^ +context: /m, /\bcontext\b/],
        ["hosts", /^ +hosts:/m, /\b(hosts|domain|names)\b/],
        ["image", /^ +image: /m, /\bimages?\b/],
        ["e-mail", /^ +email: /m, /\be-mail\b/],
        ["who is told", /django-on-kubernetes:alarms:/, /\balarms\b/],
        ["billing account", /^ +(gcp: \{.*)?billingAccount: /m, /\bbilling account\b/],
        ["parent zone", /^ +parentZone: /m, /\b(parentZone|zone)\b/],
    ];

    it("is said in the first lines of each, all of it", async () => {
        const folders = await readdir(join(projectRoot, "examples/stacks"), { recursive: true });
        const files = folders.filter((name) => /Pulumi\.\w+\.yaml$/.test(name));
        expect(files.length).toBeGreaterThan(12);
        const untold = await Promise.all(
            files.toSorted().map(async (name) => {
                const text = await read(join("examples/stacks", name));
                const [head] = text.split("\nconfig:");
                const told = head!.replaceAll(/\n# ?/g, " ");
                const change = told.slice(told.lastIndexOf("Change "));
                return placeholders
                    .filter(([, found, word]) => found.test(text) && !word.test(change))
                    .map(([what]) => `${name}: ${what}`);
            }),
        );
        expect(untold.flat()).toEqual([]);
    });

    it("is said in README of each cloud's two", async () => {
        const row = (await read("README.md"))
            .split("\n")
            .filter((line) => line.startsWith("| to change in the file |"));
        expect(row).toHaveLength(1);
        const cells = row[0]!.split("|").slice(2, 5);
        const untold = await Promise.all(
            ["gcp", "aws", "digitalocean"].flatMap((cloud, column) =>
                ["staging", "production"].map(async (stack) => {
                    const text = await read(`examples/stacks/${cloud}/Pulumi.${stack}.yaml`);
                    const told = cells[column]!.replaceAll("your address", "addresses");
                    return placeholders
                        .filter(([, found, word]) => found.test(text) && !word.test(told))
                        .map(([what]) => `${cloud}, ${stack}: ${what}`);
                }),
            ),
        );
        expect(untold.flat()).toEqual([]);
    });
});

describe("docs/production.md", () => {
    const columns = ["gcp", "aws", "digitalocean"] as const;
    const variantsOfClouds: Readonly<Record<(typeof columns)[number], readonly string[]>> = {
        gcp: ["gcp", "cloud-sql", "memorystore", "cloud-storage"],
        aws: ["aws", "rds", "elasticache", "s3"],
        digitalocean: ["digitalocean", "spaces"],
    };
    const allVariants = Object.values(variantsOfClouds).flat();
    const settings = sectionNames.flatMap((name) => settingsIn(sections[name], [name]));

    /** Settings of one cloud's column, as the table writes them; those in bold are said to hold in production. */
    async function cellsOf(cloud: (typeof columns)[number]): Promise<{ item: string; cell: string }[]> {
        const rows = (await read("docs/production.md")).split("\n").filter((line) => /^\| (?!\|)/.test(line));
        return rows.map((row) => {
            const [item, ...cells] = row.split(" | ");
            return { item: item!.slice(2), cell: cells[columns.indexOf(cloud)]! };
        });
    }

    const pathsIn = (cell: string, pattern: RegExp): string[] =>
        Array.from(cell.matchAll(pattern), ([, path]) => path!);
    const isSetting = (path: string): boolean =>
        sectionNames.some((name) => path === name || path.startsWith(`${name}.`));

    it.each(columns)("%s: names settings that this cloud has, or says that there is none", async (cloud) => {
        const cells = await cellsOf(cloud);
        expect(cells.length).toBeGreaterThan(20);
        const wrong = cells.flatMap(({ item, cell }) => {
            const paths = pathsIn(cell, /`([^`]+)`/g).filter(isSetting);
            const unknown = paths.filter(
                (path) =>
                    !settings.some(
                        (setting) =>
                            (`${setting.path.join(".")}.`.startsWith(`${path}.`) || path === setting.path[0]) &&
                            setting.choices.every(
                                ({ variant }) =>
                                    !allVariants.includes(variant) || variantsOfClouds[cloud].includes(variant),
                            ),
                    ),
            );
            return unknown.map((path) => `${item}: ${path}`);
        });
        expect(wrong).toEqual([]);
    });

    it.each(columns)("%s: what is in bold is in the example of production, or the default there", async (cloud) => {
        const example = settingsOf(await read(`examples/stacks/${cloud}/Pulumi.production.yaml`));
        const wrong = (await cellsOf(cloud)).flatMap(({ item, cell }) =>
            pathsIn(cell, /\*\*`([^`]+)`\*\*/g)
                .filter((path) => !holdsIn(example, path.split(".")) && !isOnByDefault(path))
                .map((path) => `${item}: ${path}`),
        );
        expect(wrong).toEqual([]);
    });

    function holdsIn(value: unknown, [key, ...rest]: readonly string[]): boolean {
        if (key === undefined) {
            return true;
        }
        if (value === null || typeof value !== "object") {
            return false;
        }
        const below = key === "<name>" ? Object.values(value) : [(value as Record<string, unknown>)[key]];
        return below.some((child) => child !== undefined && holdsIn(child, rest));
    }

    function isOnByDefault(path: string): boolean {
        return settings.some((setting) => setting.path.join(".") === path && setting.default === true);
    }
});

describe("the indexes", () => {
    it("of docs/README.md lead to every page", async () => {
        const index = await read("docs/README.md");
        const unlisted = (await pagesBelow("docs"))
            .map((page) => page.slice("docs/".length))
            .filter((page) => page !== "README.md" && !/^decisions\/\d/.test(page) && !index.includes(`](${page}`));
        expect(unlisted).toEqual([]);
    });

    it("of docs/decisions/README.md lead to every decision once, under its own title, in order", async () => {
        const index = await read("docs/decisions/README.md");
        const decisions = (await pagesBelow("docs/decisions")).filter((page) => /\/\d{4}-/.test(page));
        const rows = await Promise.all(
            decisions.map(async (page) => {
                const [number, ...title] = (await read(page)).split("\n")[0]!.slice(2).split(" ");
                return `| [${number}](${page.split("/").at(-1)}) | ${title.join(" ")} |`;
            }),
        );
        // A file's name begins with its number, so sorted rows are in the order of the decisions.
        expect(index.split("\n").filter((line) => line.startsWith("| ["))).toEqual(rows.toSorted());
    });

    it("of docs/lab/cluster.md say of every file of `make prove` what is real in it, and of no other", async () => {
        const [, table] = (await read("docs/lab/cluster.md")).split("| file | what is real in it |");
        const named = Array.from(table!.matchAll(/`([a-z-]+\.test\.ts)`/g), ([, file]) => file!);
        const files = (await readdir(join(projectRoot, "test/prove"))).filter((file) => file.endsWith(".test.ts"));
        expect(named.toSorted()).toEqual(files.toSorted());
    });
});

describe("links", () => {
    /** As GitHub makes them from headings. */
    function anchorsOf(text: string): string[] {
        const headings = text.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm);
        return Array.from(headings, ([, heading]) =>
            heading!
                .toLowerCase()
                .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
                .replaceAll(" ", "-"),
        );
    }

    it.each([...pages, lab])("of $name lead somewhere", async ({ name, text }) => {
        const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target!);
        const broken: string[] = [];
        for (const target of targets.filter((link) => !/^[a-z]+:/.test(link))) {
            const [path, anchor] = target.split("#") as [string, string?];
            const file = path === "" ? name : join(dirname(name), path);
            const there = existsSync(join(projectRoot, file));
            if (!there || (anchor !== undefined && !anchorsOf(await read(file)).includes(anchor))) {
                broken.push(target);
            }
        }
        expect(broken).toEqual([]);
    });
});
