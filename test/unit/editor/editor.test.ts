// What an editor makes of settings.schema.json, asked of the language server that editors use for YAML. Does not prove what the
// schema does not say: contradictions between two settings are the program's to find.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import { startLanguageServer, type LanguageServer } from "./language-server.ts";

let server: LanguageServer;
beforeAll(async () => {
    server = await startLanguageServer(projectRoot);
});
afterAll(() => server.stop());

const modeline = "# yaml-language-server: $schema=settings.schema.json";

/** Sections that a wrong one is looked for among: a file has to have them. */
const others = await sectionsOf("examples/stacks/gcp/Pulumi.staging.yaml");

async function sectionsOf(file: string): Promise<Record<string, string>> {
    const text = await readFile(join(projectRoot, file), "utf8");
    const parts = text.split(/^ {2}django-on-kubernetes:(\w+):\n/m).slice(1);
    return Object.fromEntries(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1]!]] : [])));
}

/** A stack file in which one section is another; the text is indented as below `config`. */
function stackWith(name: string, section: string): string {
    const sections = { ...others, [name]: `${section}\n` };
    const texts = Object.entries(sections).map(([key, text]) => `  django-on-kubernetes:${key}:\n${text}`);
    return `${modeline}\nconfig:\n${texts.join("")}`;
}

async function messagesOf(text: string): Promise<string[]> {
    return (await server.diagnostics(text)).map(
        ({ message, range }) => `${text.split("\n")[range.start.line]!.trim()} -> ${message}`,
    );
}

async function offered(text: string): Promise<Record<string, string>> {
    const items = await server.completions(text);
    return Object.fromEntries(
        items.map(({ label, documentation }) => [
            label,
            typeof documentation === "string" ? documentation : (documentation?.value ?? ""),
        ]),
    );
}

describe("the stack files", async () => {
    const examples = await readdir(join(projectRoot, "examples/stacks"));
    const folders = [".", ...examples.map((name) => `examples/stacks/${name}`)];
    const files = await Promise.all(
        folders.map(async (folder) =>
            (await readdir(join(projectRoot, folder)))
                .filter((name) => /^Pulumi\..+\.yaml$/.test(name))
                .map((name) => ({ folder, name })),
        ),
    );

    test.each(files.flat())("$folder/$name names the schema, and nothing in it is wrong", async ({ folder, name }) => {
        const text = await readFile(join(projectRoot, folder, name), "utf8");
        expect(text.split("\n")[0]).toBe(modeline);
        expect(await server.diagnostics(text, folder)).toEqual([]);
        // The schema was found: else nothing would ever be wrong.
        const wrong = text.replace("kind: ", "kind: no-");
        expect(await server.diagnostics(wrong, folder)).toHaveLength(1);
    });
});

describe("completion", () => {
    test("of a setting's name tells what it is, its unit and its default", async () => {
        const names = await offered(stackWith("apps", "    - contract: django\n      web:\n        |"));
        expect(names["gracefulTimeout"]).toBe(
            "For open requests after SIGTERM. Unit: seconds. Default: 20, or `exposure.requestTimeout` where that is longer.",
        );
    });

    test("knows the variant, and defaults that come later in the program", async () => {
        const names = await offered(
            stackWith("database", "    variant: rds\n    server:\n      variant: create\n      |"),
        );
        expect(names["multiAz"]).toMatch(/^A standby in another zone .* Default: `true` in production\.$/);
        expect(names).not.toHaveProperty("tier");
    });

    test("of a variant tells what it is", async () => {
        const variants = await offered(stackWith("cache", "    variant: |"));
        expect(Object.keys(variants).toSorted()).toEqual([
            "digitalocean",
            "elasticache",
            "external",
            "in-cluster",
            "memcached",
            "memorystore",
            "none",
        ]);
        expect(variants["none"]).toContain("the app falls back to its process's own memory");
    });

    test("of an app's own store is that of the section", async () => {
        const names = await offered(
            stackWith(
                "apps",
                "    - contract: django\n      stores:\n        broker:\n          variant: redis\n          |",
            ),
        );
        expect(names["storage"]).toContain("Two to three times the memory");
    });
});

describe("wrong is", () => {
    test.each([
        [
            "a word that is none of those",
            "environment",
            "    kind: prod",
            ['kind: prod -> Value is not accepted. Valid values: "local", "staging", "production", "ephemeral".'],
        ],
        [
            "text of another form",
            "broker",
            "    variant: redis\n    storage: 10GB",
            ['storage: 10GB -> Allowed: a whole number with Ki, Mi, Gi or Ti, for example "512Mi"'],
        ],
        [
            "a number for text",
            "database",
            "    variant: in-cluster\n    version: 17\n    storage: 10Gi",
            [
                'version: 17 -> Incorrect type. Expected "string".',
                'version: 17 -> Value is not accepted. Valid values: "15", "16", "17", "18".',
            ],
        ],
        [
            "a setting that does not exist",
            "environment",
            "    kind: staging\n    naem: blue",
            ["naem: blue -> Property naem is not allowed."],
        ],
        [
            "a setting of another variant",
            "cache",
            "    variant: none\n    replicas: 2",
            ["replicas: 2 -> Property replicas is not allowed."],
        ],
        [
            "a section that does not exist",
            "databse",
            "    variant: none",
            ["django-on-kubernetes:databse: -> Property django-on-kubernetes:databse is not allowed."],
        ],
        [
            "a secret in plain text",
            "secrets",
            "    secretKey: letmein",
            ['secretKey: letmein -> Incorrect type. Expected "object".'],
        ],
        [
            "a missing setting",
            "broker",
            "    variant: redis",
            ['django-on-kubernetes:broker: -> Missing property "storage".'],
        ],
    ])("%s", async (_, name, section, messages) => {
        expect(await messagesOf(stackWith(name, section))).toEqual(messages);
    });

    test("nothing that Pulumi itself writes", async () => {
        const secret = "    secretKey:\n      secure: v1:nonce:ciphertext";
        const own =
            "encryptionsalt: v1:salt\nsecretsprovider: gcpkms://key\nencryptedkey: abc\nenvironment:\n  - shared\n";
        expect(await messagesOf(`${stackWith("secrets", secret)}  aws:region: eu-central-1\n${own}`)).toEqual([]);
    });
});
