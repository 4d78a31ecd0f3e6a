// What the engine module keeps in the cache: refusals, bundles, executables. Does not prove that a bundle serves.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundle } from "../engine/bundle.ts";
import { findOnPath, pathWith, quote, writeNodeExecutable } from "../engine/executables.ts";
import { forgetRefusal, recentlyRefused, rememberRefusal } from "../engine/refusals.ts";
import { cacheDir } from "../support/paths.ts";

let directory = "";
beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "engine-cache-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("refusals", () => {
    test("count for some hours, and until forgotten", () => {
        expect(recentlyRefused("x", Date.now(), directory)).toBe(false);
        rememberRefusal("x", "no such host", directory);
        expect(recentlyRefused("x", Date.now(), directory)).toBe(true);
        expect(recentlyRefused("y", Date.now(), directory)).toBe(false);
        expect(recentlyRefused("x", Date.now() + 7 * 3600_000, directory)).toBe(false);
        forgetRefusal("x", directory);
        expect(recentlyRefused("x", Date.now(), directory)).toBe(false);
    });
});

describe("bundles", () => {
    const source = (text: string) => {
        mkdirSync(join(directory, "tool"), { recursive: true });
        writeFileSync(join(directory, "tool", "main.ts"), `import { word } from "./word.ts"; console.log(word);`);
        writeFileSync(join(directory, "tool", "word.ts"), `export const word: string = ${JSON.stringify(text)};`);
        writeFileSync(join(directory, "package-lock.json"), "{}");
        return join(directory, "tool", "main.ts");
    };
    const make = () => bundle(join(directory, "tool", "main.ts"), directory, join(directory, "cache"));

    test("are made once, and again when an imported source or the lock file changes", async () => {
        source("one");
        const first = await make();
        expect(execFileSync(process.execPath, [first], { encoding: "utf8" })).toBe("one\n");
        expect(await make()).toBe(first);
        source("two");
        const second = await make();
        expect(second).not.toBe(first);
        expect(execFileSync(process.execPath, [second], { encoding: "utf8" })).toBe("two\n");
        writeFileSync(join(directory, "package-lock.json"), '{"changed":true}');
        expect(await make()).not.toBe(second);
    });

    test("of today stay, because they may be running; those of yesterday go", async () => {
        source("one");
        const first = await make();
        source("two");
        const second = await make();
        const yesterday = Date.now() / 1000 - 25 * 3600;
        utimesSync(dirname(first), yesterday, yesterday);
        source("three");
        await make();
        const left = readdirSync(dirname(dirname(first)));
        expect(left).not.toContain(first.split("/").at(-2));
        expect(left).toContain(second.split("/").at(-2));
    });
});

describe("executables", () => {
    test("run a script with this Node and pass arguments on", () => {
        const script = join(directory, "it's a script.mjs");
        writeFileSync(script, "console.log(process.execPath, ...process.argv.slice(2))");
        const file = join(directory, "bin", "tool");
        writeNodeExecutable(file, script);
        const output = execFileSync(file, ["a b", "c"], { encoding: "utf8", env: { PATH: "/nowhere" } });
        expect(output).toBe(`${process.execPath} a b c\n`);
    });

    test("are not written again when they are right", () => {
        const file = join(directory, "tool");
        writeNodeExecutable(file, "/a.mjs");
        const before = statSync(file).ino;
        writeNodeExecutable(file, "/a.mjs");
        expect(statSync(file).ino).toBe(before);
        writeNodeExecutable(file, "/b.mjs");
        expect(statSync(file).ino).not.toBe(before);
    });

    test("are found on PATH, but not among this project's own, nor what cannot be executed", () => {
        const own = join(cacheDir, "anywhere");
        writeNodeExecutable(join(directory, "right", "tool"), "/a.mjs");
        mkdirSync(join(directory, "wrong"));
        writeFileSync(join(directory, "wrong", "tool"), "text", { mode: 0o644 });
        mkdirSync(join(directory, "worse", "tool"), { recursive: true });
        const path = [own, join(directory, "wrong"), join(directory, "worse"), join(directory, "right")].join(":");
        expect(findOnPath("tool", path)).toBe(join(directory, "right", "tool"));
        expect(findOnPath("tool", join(directory, "wrong"))).toBeUndefined();
    });

    test("PATH gets a directory first and only once", () => {
        expect(pathWith(["/b"], "/a:/b::/c")).toBe("/b:/a:/c");
    });

    test.each([
        ["/usr/bin:/bin", "/usr/bin:/bin"],
        ["two words", "'two words'"],
        ["it's $HOME", `'it'\\''s $HOME'`],
    ])("quotes %j", (word, quoted) => {
        expect(quote(word)).toBe(quoted);
        expect(execFileSync("sh", ["-c", `printf %s ${quoted}`], { encoding: "utf8" })).toBe(word);
    });
});
