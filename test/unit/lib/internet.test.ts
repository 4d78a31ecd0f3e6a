// Ranges of both families as numbers, and when a list of them is the internet. Does not prove: whose an address is.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressBlock, canonical, merged, shared } from "../../../lib/address-block.ts";
import { isPublicName, isInZone } from "../../../lib/dns-names.ts";
import { isInternet, publicShare } from "../../../lib/internet.ts";
import { metadataIn } from "../../../lib/metadata-addresses.ts";

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
const anyRange = fc
    .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), bits: fc.integer({ min: 0, max: 32 }) })
    .map(({ address, bits }) => `${dotted(address)}/${bits}`);

describe("a block", () => {
    test.each([
        ["10.20.30.40/16", { family: 4, first: 0x0a140000n, last: 0x0a14ffffn }],
        ["10.20.30.40", { family: 4, first: 0x0a141e28n, last: 0x0a141e28n }],
        ["::/0", { family: 6, first: 0n, last: 2n ** 128n - 1n }],
        ["2001:db8::1/32", { family: 6, first: 0x20010db8n << 96n, last: (0x20010db9n << 96n) - 1n }],
        ["::ffff:10.0.0.0/104", { family: 4, first: 0x0a000000n, last: 0x0affffffn }],
        ["1::10.0.0.1", { family: 6, first: (1n << 112n) + 0x0a000001n, last: (1n << 112n) + 0x0a000001n }],
    ])("%s", (text, block) => expect(addressBlock(text)).toEqual(block));

    test.each([
        "",
        "nope",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "::/129",
        "fe80::1%eth0/64",
        "10.0.0.0/08",
    ])("%j is none", (text) => expect(addressBlock(text)).toBeUndefined());

    test("merged ranges hold every address once, in order", () => {
        fc.assert(
            fc.property(fc.array(anyRange, { maxLength: 8 }), (ranges) => {
                const blocks = ranges.map((range) => addressBlock(range)!);
                const whole = merged(blocks);
                for (const block of blocks) {
                    expect(whole.some((one) => shared(one, block) === block.last - block.first + 1n)).toBe(true);
                }
                for (const [index, { first }] of whole.entries()) {
                    expect(index === 0 || first > whole[index - 1]!.last + 1n).toBe(true);
                }
            }),
        );
    });
});

describe("the text that begins with its first address", () => {
    test.each([
        ["10.20.30.40/16", "10.20.0.0/16"],
        ["10.20.0.0/16", "10.20.0.0/16"],
        ["2001:db8:1::5/48", "2001:db8:1::/48"],
        ["2001:db8:0:0:1:0:0:1/64", "2001:db8::/64"],
        ["1:0:0:2::3/127", "1:0:0:2::2/127"],
        ["1:2:3:4:5:6:7:9/127", "1:2:3:4:5:6:7:8/127"],
        ["fd00:ec2::254/128", "fd00:ec2::254/128"],
        ["::ffff:10.1.2.3/112", "::ffff:a01:0/112"],
        ["ffff::/0", "::/0"],
    ])("of %s is %s", (text, right) => expect(canonical(text)).toBe(right));

    test("is of ranges only", () => expect([canonical("10.0.0.1"), canonical("x/8")]).toEqual([undefined, undefined]));

    test("is the same range again", () => {
        fc.assert(
            fc.property(anyRange, (range) => {
                const right = canonical(range)!;
                expect(canonical(right)).toBe(right);
                expect(addressBlock(right)).toEqual(addressBlock(range));
            }),
        );
    });
});

describe("the internet", () => {
    test.each([
        [["0.0.0.0/0"], true],
        [["0.0.0.0/1", "128.0.0.0/1"], true],
        [["::/0"], true],
        [["::/1", "8000::/1"], true],
        [["2000::/3"], true],
        [["2003::/18"], false],
        [["2002::/16"], true],
        [["::ffff:0.0.0.0/96"], true],
        [Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`), true],
        [["11.0.0.0/8", "13.0.0.0/8"], false],
        [["11.0.0.0/8", "13.0.0.0/8", "15.0.0.0/32"], true],
        [["11.0.0.0/8", "11.0.0.0/8", "11.0.0.0/9", "13.0.0.0/8"], false],
        [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8", "224.0.0.0/3"], false],
        [["nope", "4de7ac8b-495b-4884-9a69-1050c6793cd6"], false],
        [[], false],
    ])("%j: %s", (ranges, open) => expect(isInternet(ranges)).toBe(open));

    test.each([
        [["0.0.0.0/0"], "100 % of all public IPv4 addresses"],
        [["64.0.0.0/2", "::/0"], "28.4 % of all public IPv4 addresses and 100 % of all public IPv6 addresses"],
        [["2002::/17"], "0.1 % of all public IPv6 addresses"],
        [["203.0.113.0/24"], ""],
    ])("%j is %s", (ranges, share) => expect(publicShare(ranges)).toBe(share));
});

test.each([
    ["169.254.169.254/32", "169.254.169.254"],
    ["169.254.0.0/16", "169.254.169.254"],
    ["168.63.129.16/32", "168.63.129.16"],
    ["fd00:ec2::/64", "fd00:ec2::254"],
    ["10.0.0.0/8", undefined],
    ["nope", undefined],
])("metadata in %s: %s", (range, address) => expect(metadataIn(range)?.address).toBe(address));

test.each([
    ["shop.example.org", true],
    ["localhost", false],
    ["shop.local", false],
    ["shop.internal", false],
    ["router.home.arpa", false],
    ["local.org", true],
])("%s is public: %s", (name, known) => expect(isPublicName(name)).toBe(known));

test.each([
    ["example.org", "example.org", true],
    ["shop.example.org", "example.org", true],
    ["shopexample.org", "example.org", false],
    ["example.org", "shop.example.org", false],
])("%s is in %s: %s", (name, zone, inside) => expect(isInZone(name, zone)).toBe(inside));
