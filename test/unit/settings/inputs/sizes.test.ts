// Values of megabytes: what one object and one variable hold.
import { expect, test } from "vitest";
import { longConfiguration } from "../../../../settings/long-configuration.ts";
import { problemsAfter } from "../../../support/settings.ts";

const mebibyte = 2 ** 20;

test("a file that no ConfigMap holds", () => {
    expect(problemsAfter(["apps[0].files", { "/etc/a.ini": "x".repeat(2_000_000) }])).toEqual([
        {
            path: 'apps[0].files["/etc/a.ini"]',
            found: "2000000 bytes",
            allowed: "at most 1048576 bytes: an app's files are in one ConfigMap, which holds no more",
            fix: `put it into the image or a bucket: pulumi config rm --path 'apps[0].files["/etc/a.ini"]'`,
        },
    ]);
});

test("files that it holds one by one, and not together", () => {
    const files = { "/etc/a": "x".repeat(mebibyte / 2), "/etc/b": "x".repeat(mebibyte / 2) };
    expect(problemsAfter(["apps[0].files", files])).toEqual([]);
    expect(problemsAfter(["apps[0].files", { ...files, "/etc/c": "é" }])).toMatchObject([
        { path: "apps[0].files", found: "1048578 bytes in 3 values" },
    ]);
});

test("a secret file that no Secret holds", () => {
    expect(problemsAfter(["secrets.files", { "/etc/a": "x".repeat(mebibyte + 1) }])).toMatchObject([
        {
            path: 'secrets.files["/etc/a"]',
            allowed: "at most 1048576 bytes: an app's files are in one Secret, which holds no more",
        },
    ]);
});

test("a variable with which no program starts", () => {
    // "A=", the value and its end.
    expect(problemsAfter(["apps[0].environment", { A: "x".repeat(131072 - 3) }])).toEqual([]);
    expect(problemsAfter(["apps[0].environment", { A: "x".repeat(131072 - 2) }])).toEqual([
        {
            path: "apps[0].environment.A",
            found: "131073 bytes, with its name",
            allowed: "at most 131072 bytes: Linux starts no program with a longer variable",
            fix: "make a file of it, below files: pulumi config rm --path 'apps[0].environment.A'",
        },
    ]);
    expect(problemsAfter(["apps[0].environment", { A: "x".repeat(1_100_000) }])).toMatchObject([
        { path: "apps[0].environment.A", found: "1100000 bytes" },
    ]);
});

test("settings that Pulumi cannot hand over are advised against", () => {
    expect(longConfiguration({ "p:apps": "x".repeat(1000) })).toEqual([]);
    expect(longConfiguration({ "p:apps": "x".repeat(131072), "p:cache": "x" })).toMatchObject([
        { path: "apps", found: "131114 bytes of settings altogether, most of them here" },
    ]);
});

test.each([
    ["apps[0].files", `/etc/${"a/".repeat(2100)}b`, "a path of at most 4095 characters, with names of at most 255"],
    ["apps[0].files", `/etc/${"a".repeat(256)}`, "a path of at most 4095 characters, with names of at most 255"],
    ["apps[0].environment", "A".repeat(254), "a name of at most 253 characters"],
])("a name in %s that no system takes", (path, name, allowed) => {
    expect(problemsAfter([path, { [name]: "1" }])).toMatchObject([{ allowed, fix: "rename it" }]);
});

test("names as long as they may be pass", () => {
    const path = `/etc/${"a".repeat(255)}/${"b/".repeat(1900)}c`;
    expect(
        problemsAfter(["apps[0].files", { [path]: "1" }], ["apps[0].environment", { ["A".repeat(253)]: "1" }]),
    ).toEqual([]);
});

test("a message shows the beginning of a name that is made to hurt", () => {
    const [problem] = problemsAfter([`apps[0].${"x".repeat(100_000)}`, 1]);
    expect(problem?.path).toMatch(/^apps\[0\]\.x{192}\.\.\. \(100008 characters\)$/);
    expect(problem?.fix.length).toBeLessThan(300);
});
