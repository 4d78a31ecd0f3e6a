// Keys of a stack's file beside the settings: at its top, and with other names before them.
import { describe, expect, test } from "vitest";
import { contentsOf } from "../../../../settings/stack-file/contents.ts";
import { readDocument } from "../../../../settings/stack-file/document.ts";

const project = "django-on-kubernetes";
const contents = (text: string) => contentsOf(readDocument(Buffer.from(text)).document!, project);
const good = `config:\n  ${project}:cache: {variant: none}\n`;

const fileKeys = "keys of the file: config, secretsprovider, encryptedkey, encryptionsalt, environment";

describe("a key of the file that nothing reads:", () => {
    test("config, written wrong", () => {
        const { problems, config } = contents(good.replace("config", "confg"));
        expect(problems).toEqual([
            {
                path: "confg",
                found: "a key that Pulumi does not read",
                allowed: fileKeys,
                fix: "rename it to config",
                place: { line: 1, column: 1 },
            },
        ]);
        expect([...config]).toEqual([[`${project}:cache`, { variant: "none" }]]);
    });

    test.each(["apps", "operator", "secrets", `${project}:apps`])("the section %s", (key) => {
        const section = key.split(":").at(-1)!;
        expect(contents(`${good}${key}: {}\n`).problems).toEqual([
            {
                path: key,
                found: "a section beside config, where Pulumi does not read it",
                allowed: fileKeys,
                fix: `move it below config, as ${project}:${section}`,
                place: { line: 3, column: 1 },
            },
        ]);
    });

    test("the section environment, which Pulumi has a key of that name for", () => {
        expect(contents(`${good}environment:\n  kind: staging\n`).problems[0]!.fix).toBe(
            `move it below config, as ${project}:environment`,
        );
        expect(contents(`${good}environment: staging\n`).problems[0]!.found).toBe(
            "something else than environments of Pulumi ESC",
        );
    });

    test("another word", () => {
        expect(contents(`${good}operatr: {}\n`).problems[0]!.fix).toBe(
            `did you mean the section operator? Move it below config, as ${project}:operator`,
        );
        expect(contents(`${good}__proto__: {}\n`).problems[0]!.path).toBe("__proto__");
    });

    test.each([
        "secretsprovider: x",
        "encryptedkey: x",
        "encryptionsalt: v1:x",
        "environment:\n  - shared",
        "environment:\n  imports: [a]",
    ])("but not %j", (line) => {
        expect(contents(`${good}${line}\n`).problems).toEqual([]);
    });
});

describe("a name before a section that is not the project's:", () => {
    test("a wrong one", () => {
        expect(contents("config:\n  django-on-kubernets:cache: {variant: none}\n").problems).toEqual([
            {
                path: "django-on-kubernets:cache",
                found: 'a section under the name "django-on-kubernets", which is not this project\'s',
                allowed: `${project}:cache, the only key that editors check and this program reads`,
                fix: `rename it to ${project}:cache`,
                place: { line: 2, column: 3 },
            },
        ]);
    });

    test("none", () => {
        expect(contents("config:\n  cache: {variant: none}\n").problems[0]).toMatchObject({
            path: "cache",
            found: "a section without the project's name before it",
            fix: `rename it to ${project}:cache`,
        });
    });

    test("none, beside the right one", () => {
        expect(contents(`${good}  cache: {variant: none}\n`).problems[0]!.fix).toBe(
            `it is there too: put both together under ${project}:cache`,
        );
    });

    test.each([
        ["aws:region", "take it out (pulumi config rm aws:region), and use clouds.aws.region"],
        ["kubernetes:context", "take it out (pulumi config rm kubernetes:context), and use platform.context"],
        ["random:x", "take it out: pulumi config rm random:x"],
        ["other:x", "take it out: pulumi config rm other:x"],
        [
            "a:b:c",
            `write ${project}:SECTION, with one of: environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects`,
        ],
        ["chache", `rename it to ${project}:cache`],
    ])("%s", (key, fix) => {
        expect(contents(`${good}  ${key}: 1\n`).problems).toMatchObject([
            { path: key, fix, place: { line: 3, column: 3 } },
        ]);
    });

    test.each(["pulumi:disable-default-providers", `${project}:config:lends`])("but not %s", (key) => {
        expect(contents(`${good}  ${key}: {}\n`).problems).toEqual([]);
    });
});

test.each([
    ["", "nothing"],
    ["# nothing\n", "nothing"],
    ["- a\n", "a list"],
    ["hello\n", 'the text "hello"'],
    ["config:\n", "nothing"],
    ["config: {}\n", "{}"],
    ["config: [a]\n", "a list"],
])("a file that says %j has one problem", (text, found) => {
    const { problems, hasSettings } = contents(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: "config", found });
    expect(hasSettings).toBe(false);
});
