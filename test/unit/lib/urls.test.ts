// Does not prove that a driver connects: that is the cluster layer's. The Python side is its algorithm, written again here,
// and a table of what Python 3.11 itself printed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentEncode, postgresUrl, redisUrl } from "../../../lib/urls.ts";

/** Any text that UTF-8 can hold, so without half surrogate pairs; passwords of Pulumi are such texts. */
const anyText = fc.string({ unit: "binary", maxLength: 40 });

/** Passwords, and what `urllib.parse.quote(password, safe="")` made of them. */
const quotedByPython: [password: string, quoted: string][] = [
    ["plain", "plain"],
    ["p@ss:w/ord?#[]%", "p%40ss%3Aw%2Ford%3F%23%5B%5D%25"],
    ["100%", "100%25"],
    ["a b+c", "a%20b%2Bc"],
    ["!'()*", "%21%27%28%29%2A"],
    ["-._~", "-._~"],
    ['"\\`^{|}', "%22%5C%60%5E%7B%7C%7D"],
    ["%41", "%2541"],
    ["ü€𝄞", "%C3%BC%E2%82%AC%F0%9D%84%9E"],
    ["&=;,$", "%26%3D%3B%2C%24"],
    ["\t\n\r\0", "%09%0A%0D%00"],
    ["//@@::", "%2F%2F%40%40%3A%3A"],
    ["\u202e\u0301e", "%E2%80%AE%CC%81e"],
];

/** The parts that `urllib.parse.urlsplit` finds, which redis-py, kombu and dj-database-url then unquote. */
function urlsplit(url: string) {
    const afterScheme = url.slice(url.indexOf("//") + 2);
    const end = afterScheme.search(/[/?#]/);
    const place = afterScheme.slice(0, end);
    const at = place.lastIndexOf("@");
    const login = place.slice(0, at);
    const colon = login.indexOf(":");
    const address = place.slice(at + 1);
    return {
        user: decodeURIComponent(login.slice(0, colon)),
        password: decodeURIComponent(login.slice(colon + 1)),
        host: address.slice(0, address.lastIndexOf(":")),
        port: Number(address.slice(address.lastIndexOf(":") + 1)),
        path: decodeURIComponent(afterScheme.slice(end + 1)),
    };
}

describe("percentEncode", () => {
    test.each(quotedByPython)("of %j is what Python makes of it", (password, quoted) => {
        expect(percentEncode(password)).toBe(quoted);
    });

    test("leaves nothing that means anything in a URL", () => {
        fc.assert(
            fc.property(anyText, (text) => {
                expect(percentEncode(text)).toMatch(/^[A-Za-z0-9._~%-]*$/);
                expect(decodeURIComponent(percentEncode(text))).toBe(text);
            }),
        );
    });
});

describe("postgresUrl", () => {
    test("is the form that libpq documents", () => {
        const url = postgresUrl({ host: "database", port: 5432, user: "shop", password: "s:e/c", name: "shop" });
        expect(url).toBe("postgresql://shop:s%3Ae%2Fc@database:5432/shop");
    });

    test("gives back user, password and name, whatever their characters", () => {
        fc.assert(
            fc.property(anyText, anyText, anyText, (user, password, name) => {
                const text = postgresUrl({ host: "database", port: 5432, user, password, name });
                expect(urlsplit(text)).toEqual({ user, password, host: "database", port: 5432, path: name });
                const url = new URL(text);
                expect(decodeURIComponent(url.username)).toBe(user);
                expect(decodeURIComponent(url.password)).toBe(password);
                expect(url.host).toBe("database:5432");
            }),
        );
    });
});

describe("redisUrl", () => {
    test("has no user, for `requirepass` is the default user's", () => {
        expect(redisUrl({ host: "cache", port: 6379, password: "a@b", index: 1 })).toBe("redis://:a%40b@cache:6379/1");
    });

    test("has no login where the server asks for none", () => {
        expect(redisUrl({ host: "cache", port: 6379, index: 0 })).toBe("redis://cache:6379/0");
    });

    test("gives back the password, whatever its characters", () => {
        fc.assert(
            fc.property(anyText, fc.nat(15), (password, index) => {
                const text = redisUrl({ host: "cache", port: 6379, password, index });
                expect(urlsplit(text)).toEqual({ user: "", password, host: "cache", port: 6379, path: String(index) });
                expect(decodeURIComponent(new URL(text).password)).toBe(password);
            }),
        );
    });
});
