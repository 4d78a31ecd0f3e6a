// The error's text, and the commands in it. Pulumi's own parser of paths is written again here from its source
// (ParsePropertyPath); does not prove that the installed Pulumi has these options.
import { RunError } from "@pulumi/pulumi/errors.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeCommand, setCommand, setSecretCommand, SettingsError, settingPath } from "../../../settings/problems.ts";
import { errorOf, smallestSettings, withSettings } from "../../support/settings.ts";

function parsePropertyPath(path: string): (string | number)[] {
    const elements: (string | number)[] = [];
    let rest = path;
    while (rest !== "") {
        const quoted = /^\["((?:\\"|[^"])*)"\]/.exec(rest);
        const index = /^\[([0-9]+)\]/.exec(rest);
        const name = /^\.?([^.[]+)/.exec(rest);
        const match = quoted ?? index ?? name;
        if (match === null) {
            throw new Error(`Pulumi does not take ${path}`);
        }
        elements.push(index === null ? match[1]!.replaceAll('\\"', '"') : Number(match[1]));
        rest = rest.slice(match[0].length);
    }
    return elements;
}

describe("settingPath", () => {
    test.each([
        [["app"], "app"],
        [["app", "web", "replicas", "min"], "app.web.replicas.min"],
        [["app", "hosts", 0], "app.hosts[0]"],
        [["app", "egress", "addresses", 12, "cidr"], "app.egress.addresses[12].cidr"],
        [["app", "workers", "big-mail"], "app.workers.big-mail"],
        [["app", "files", "/etc/newrelic.ini"], 'app.files["/etc/newrelic.ini"]'],
        [["app", "files", 'say "hi"'], 'app.files["say \\"hi\\""]'],
        [["app", "environment", "1ST"], 'app.environment["1ST"]'],
        [["app", "environment", ""], 'app.environment[""]'],
    ])("of %j is %s", (keys, path) => {
        expect(settingPath(keys)).toBe(path);
    });

    test("is read by Pulumi as the keys that it was made of", () => {
        // A backslash before the closing quote is the one thing that Pulumi's grammar cannot say.
        const key = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !text.endsWith("\\"));
        fc.assert(
            fc.property(fc.array(fc.oneof(key, fc.nat(99)), { maxLength: 5 }), (keys) => {
                expect(parsePropertyPath(settingPath(["app", ...keys]))).toEqual(["app", ...keys]);
            }),
        );
    });
});

describe("commands", () => {
    test("are those of Pulumi, with the path as one word of a shell", () => {
        expect(setCommand("app.web.port", "8000")).toBe("pulumi config set --path 'app.web.port' 8000");
        expect(setCommand("app.environment.A", "1", "--type string ")).toBe(
            "pulumi config set --type string --path 'app.environment.A' 1",
        );
        expect(setSecretCommand('secrets.files["/etc/key.pem"]')).toBe(
            `pulumi config set --secret --path 'secrets.files["/etc/key.pem"]'`,
        );
        expect(removeCommand(`app.files["it's"]`)).toBe(`pulumi config rm --path 'app.files["it'\\''s"]'`);
    });
});

describe("SettingsError", () => {
    test("names the file, counts the problems, and shows each in four lines", () => {
        const raw = withSettings(smallestSettings(), [
            ["apps[0].web.port", "8000"],
            ["database.storage", undefined],
        ]);
        expect(errorOf(raw, "production")!.message).toBe(
            [
                "Pulumi.production.yaml: 2 settings need mending; nothing was changed.",
                "",
                "  apps[0].web.port",
                '    found:   "8000"',
                "    allowed: a whole number, 1 to 65535",
                "    fix:     write it without quotes: pulumi config set --path 'apps[0].web.port' 8000",
                "",
                "  database.storage",
                "    found:   nothing",
                '    allowed: a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                "    fix:     pulumi config set --path 'database.storage' 10Gi",
            ].join("\n"),
        );
    });

    test("counts one problem as one", () => {
        const error = new SettingsError("Pulumi.local.yaml", [{ path: "a", found: "b", allowed: "c", fix: "d" }]);
        expect(error.message).toMatch(/^Pulumi\.local\.yaml: 1 setting needs mending; nothing was changed\.\n/);
    });

    test("is of the kind that Pulumi prints without a stack trace", () => {
        expect(RunError.isInstance(new SettingsError("Pulumi.local.yaml", []))).toBe(true);
    });
});
