// Does not prove that a server takes the directives: the parser here is `sdssplitargs` of Redis, written again.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteArgument, redisConfiguration } from "../../../lib/redis-configuration.ts";

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 };

/** Splits a line into arguments as the server does, byte by byte. */
function splitArguments(line: string): Buffer[] {
    const found: Buffer[] = [];
    let at = 0;
    const skipSpace = () => {
        while (/\s/.test(line[at] ?? "")) {
            at++;
        }
    };
    for (skipSpace(); at < line.length; skipSpace()) {
        const bytes: number[] = [];
        const quoted = line[at] === '"';
        if (quoted) {
            at++;
        }
        while (quoted ? line[at] !== '"' : at < line.length && !/\s/.test(line[at]!)) {
            if (at >= line.length) {
                throw new Error(`no closing quote in ${line}`);
            }
            const hex = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(at));
            if (quoted && hex !== null) {
                bytes.push(Number.parseInt(hex[1]!, 16));
                at += 4;
            } else if (quoted && line[at] === "\\") {
                const character = line[at + 1]!;
                bytes.push(escapes[character] ?? character.charCodeAt(0));
                at += 2;
            } else {
                bytes.push(line.charCodeAt(at));
                at++;
            }
        }
        if (quoted) {
            at++;
        }
        if (at < line.length && !/\s/.test(line[at]!)) {
            throw new Error(`something follows the quote in ${line}`);
        }
        found.push(Buffer.from(bytes));
    }
    return found;
}

describe("quoteArgument", () => {
    test.each([
        ["", '""'],
        ["plain", '"plain"'],
        ['say "hi"', '"say \\"hi\\""'],
        ["back\\slash", '"back\\\\slash"'],
        ["\n\0", '"\\x0a\\x00"'],
        ["ü", '"\\xc3\\xbc"'],
        ["\\x41", '"\\\\x41"'],
        ["it's #1", '"it\'s #1"'],
    ])("of %j is %s", (text, quoted) => {
        expect(quoteArgument(text)).toBe(quoted);
    });

    test("gives back every byte to the server's parser", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), (text) => {
                expect(splitArguments(quoteArgument(text))).toEqual([Buffer.from(text, "utf8")]);
            }),
        );
    });
});

describe("redisConfiguration", () => {
    test("has a directive on each line and ends in a line break", () => {
        expect(
            redisConfiguration([
                ["port", "6379"],
                ["save", ""],
                ["replicaof", "cache", "6379"],
            ]),
        ).toBe('port "6379"\nsave ""\nreplicaof "cache" "6379"\n');
    });

    test("no value makes another directive", () => {
        const values = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 3 });
        fc.assert(
            fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (all) => {
                const lines = redisConfiguration(all.map((args) => ["requirepass", ...args])).split("\n");
                expect(lines.pop()).toBe("");
                expect(lines.map((line) => splitArguments(line).map((argument) => argument.toString("utf8")))).toEqual(
                    all.map((args) => ["requirepass", ...args]),
                );
            }),
        );
    });
});
