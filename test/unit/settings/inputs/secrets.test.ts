// Credentials in a stack's file, wherever they stand: found, and never shown.
import { describe, expect, test } from "vitest";
import { SettingsError } from "../../../../settings/problems.ts";
import { contentsOf } from "../../../../settings/stack-file/contents.ts";
import { readDocument } from "../../../../settings/stack-file/document.ts";
import { problemsAfter } from "../../../support/settings.ts";

const project = "django-on-kubernetes";
const canary = "c4n4ry-f00d";
const problemsIn = (text: string) => {
    const { problems } = contentsOf(readDocument(Buffer.from(text)).document!, project);
    expect(JSON.stringify(problems)).not.toContain(canary);
    return problems;
};
const apps = (lines: string): string => `config:\n  ${project}:apps:\n    - name: shop\n${lines}`;

describe("in plain text:", () => {
    test("each value of the section secrets, under whatever name", () => {
        expect(
            problemsIn(
                `config:\n  ${project}:secrets:\n    secretKey: {secure: v1:abc}\n    environment: {A: ${canary}}\n`,
            ),
        ).toEqual([
            {
                path: "secrets.environment.A",
                found: "a value in plain text",
                allowed: "encrypted values only",
                fix: "remove it, change it where it is used, then: pulumi config set --secret --path 'secrets.environment.A'",
                place: { line: 4, column: 19 },
            },
        ]);
        for (const text of [
            `config:\n  django-on-kubernets:secrets:\n    K: ${canary}\n`,
            `secrets:\n  K: ${canary}\n`,
            `config:\n  secrets: {K: ${canary}}\n`,
        ]) {
            expect(
                problemsIn(text).map(({ path }) => path),
                text,
            ).toContain("secrets.K");
        }
    });

    test.each([
        ["      registry: { server: ghcr.io, password: %s }\n", "apps[0].registry.password", "registryPassword"],
        ["      databasePassword: %s\n", "apps[0].databasePassword", "databasePassword"],
        ["      web: { command: [gunicorn, --password, %s] }\n", "apps[0].web.command[2]", "environment.NAME"],
        ["      web: { command: [flower, --auth-token=%s] }\n", "apps[0].web.command[1]", "environment.NAME"],
        ["      stores: { cache: { authToken: %s } }\n", "apps[0].stores.cache.authToken", "cachePassword"],
    ])("%s is told, and where it belongs", (line, path, home) => {
        const [problem, ...others] = problemsIn(apps(line.replace("%s", canary)));
        expect(others).toEqual([]);
        expect(problem).toMatchObject({
            path,
            allowed: "credentials in the section secrets only, encrypted",
            fix: `take it out, change it where it is used, then: pulumi config set --secret --path 'secrets.${home}'`,
        });
    });

    test("a cloud's own login goes where pulumi runs, and not to the app", () => {
        const [problem] = problemsIn(`config:\n  ${project}:clouds:\n    aws: { secretKey: ${canary} }\n`);
        expect(problem).toMatchObject({
            path: "clouds.aws.secretKey",
            allowed: "no login of a cloud's: whoever runs pulumi has it in the environment",
            fix: "take it out, change it where it is used, and log in where pulumi runs, as docs/clouds say",
        });
    });

    test.each(["CANARY", "{ apps: { shop: [CANARY] } }"])("a value where names belong: %s", (value) => {
        const [problem] = problemsIn(`config:\n  ${project}:secrets: ${value.replace("CANARY", canary)}\n`);
        expect(problem?.fix).toContain("pulumi config set --secret --path 'secrets.environment.NAME'");
    });

    test("a credential as a name", () => {
        const token = ["sk", "live", "abcdefgh12345678"].join("_");
        expect(problemsIn(apps(`      environment: { ${token}: x }\n`))[0]).toMatchObject({
            found: "a Stripe key as a name, in plain text",
        });
    });

    test("words of a command that are no credentials pass", () => {
        const words = ["--password-file", "/run/secrets/x", "--token", "$TOKEN", "--workers=4", "--secret", "--bind"];
        expect(problemsIn(apps(`      web: { command: ${JSON.stringify(words)} }\n`))).toEqual([]);
    });

    test("a variable that is a credential by its value or its name", () => {
        const problems = problemsIn(
            apps(
                `      environment:\n        URL: "postgres://u:${canary}@h/d"\n        API_TOKEN: ${canary}\n        TIMEOUT: "3"\n`,
            ),
        );
        expect(problems).toEqual([
            {
                path: "apps[0].environment.URL",
                found: "a URL with a password, in plain text",
                allowed: "credentials in the section secrets only, encrypted",
                fix: "take it out, change it where it is used, then: pulumi config set --secret --path 'secrets.environment.URL'",
                place: { line: 5, column: 9 },
            },
            expect.objectContaining({
                path: "apps[0].environment.API_TOKEN",
                found: "a value under the name API_TOKEN, in plain text",
            }),
        ]);
    });

    test("of another app, with the place where it belongs", () => {
        const text = `${apps("")}    - name: blog\n      files: {/etc/x.ini: "[a]\\npassword = ${canary}"}\n  ${project}:environment: {mainApp: shop}\n`;
        expect(problemsIn(text)[0]!.fix).toContain(`--path 'secrets.apps.blog.files["/etc/x.ini"]'`);
    });

    test.each([
        ["an unknown key of the file", `zzz:\n  deep: [{password: ${canary}}]\n`, "zzz.deep[0].password"],
        ["a key of nobody", `config:\n  other:x: {clientSecret: ${canary}}\n`, "other:x.clientSecret"],
        ["a setting that does not exist", `config:\n  ${project}:cache: {apiKey: ${canary}}\n`, "cache.apiKey"],
    ])("%s", (_, text, path) => {
        expect(problemsIn(text).map((problem) => problem.path)).toContain(path);
    });

    test.each([
        "encryptionsalt: v1:abc:def",
        "encryptedkey: abc",
        "secretsprovider: awskms://alias/x?region=eu-west-1",
    ])("but not %s", (line) => {
        expect(problemsIn(`${line}\nconfig:\n  ${project}:cache: {variant: none}\n`)).toEqual([]);
    });

    test("but not settings about credentials", () => {
        const variables =
            'PASSWORD_RESET_TIMEOUT: "3600", PASSWORD_HASHERS: argon2, TOKEN_FILE: /run/t, SECRET_NAME: x, DB_PASSWORD: $(X)';
        expect(problemsIn(apps(`      environment: {${variables}}\n`))).toEqual([]);
    });
});

describe("messages show none:", () => {
    test("of an image with a login, a registry with one, a map in the place of a list", () => {
        const problems = [
            ...problemsAfter(["apps[0].image", `u:${canary}@registry.example.org/shop:1`]),
            ...problemsAfter([
                "apps[0].registry",
                { server: `https://u:${canary}@registry.example.org`, username: "ci" },
            ]),
            ...problemsAfter(["apps", { password: canary }]),
        ];
        expect(problems.length).toBeGreaterThan(2);
        expect(JSON.stringify(problems)).not.toContain(canary);
    });

    test("whoever writes them", () => {
        const problem = {
            path: "a",
            found: `https://u:${canary}@x`,
            allowed: "b",
            fix: `pulumi config set a https://u:${canary}@x`,
        };
        const error = new SettingsError("Pulumi.x.yaml", [problem]);
        expect(error.message + JSON.stringify(error.problems)).not.toContain(canary);
        expect(error.message).toContain("https://***@x");
    });
});
