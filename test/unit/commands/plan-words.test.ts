// What table and picture of a plan say numbers and address ranges with.
import { describe, expect, it } from "vitest";
import { contains } from "../../../commands/plan/topology/addresses.ts";
import { corsOf, ranges } from "../../../commands/plan/topology/part.ts";
import { counted } from "../../../commands/plan/words.ts";

describe("an address", () => {
    it.each([
        ["10.0.0.0/8", "10.255.255.255", true],
        ["10.0.0.0/8", "11.0.0.0", false],
        ["10.64.133.202/32", "10.64.133.202", true],
        ["10.64.133.202/32", "10.64.133.203", false],
        ["10.64.133.202", "10.64.133.202", true],
        ["0.0.0.0/0", "203.0.113.9", true],
        ["192.168.128.0/17", "192.168.127.255", false],
        ["an address that is not known yet", "10.0.0.1", false],
        ["10.0.0.0/8", "database.example.org", false],
        ["10.0.0.0/8", "10.0.0.256", false],
    ])("%s has %s: %s", (cidr, address, expected) => {
        expect(contains(cidr, address)).toBe(expected);
    });
});

describe("words", () => {
    it("count", () => {
        expect([counted(1, "policy"), counted(2, "policy"), counted(2, "key"), counted(0, "pod")]).toEqual([
            "1 policy",
            "2 policies",
            "2 keys",
            "0 pods",
        ]);
    });

    it("name few ranges and count many", () => {
        expect(ranges(["10.0.0.0/8"])).toBe("10.0.0.0/8");
        expect(ranges(["10.0.0.0/8", "192.0.2.0/24"])).toBe("10.0.0.0/8 and 192.0.2.0/24");
        expect(ranges(["10.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24"])).toBe("10.0.0.0/8 and 2 more");
    });

    it("say which sites may load files", () => {
        expect(corsOf([])).toBeUndefined();
        expect(corsOf(["*"])).toBe("CORS for any site");
        expect(corsOf(["https://a.example.org", "https://b.example.org"])).toBe("CORS for a.example.org b.example.org");
    });
});
