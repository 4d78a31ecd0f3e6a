// The names of restored servers, and which of two is used. Does not prove what a cloud makes of them.
import { describe, expect, test } from "vitest";
import { serversOf, sourceOf, utc, type ServerRestore } from "../../../components/database/restore.ts";

const at = (moment: string, more: Partial<ServerRestore> = {}): ServerRestore => ({
    what: { at: moment },
    original: "kept",
    ...more,
});
const servers = (restore?: ServerRestore) => serversOf("database", "database-server", restore);

describe("servers", () => {
    test("without a restore it is the first, as it always was", () => {
        expect(servers()).toEqual({ current: { name: "database-server", prefix: "database", unlocked: false } });
    });

    test.each([
        ["2026-12-01T10:20:30Z", "database-at-20261201102030"],
        ["2026-12-01T11:20:30+01:00", "database-at-20261201102030"],
        ["2026-12-01T10:20:30.000Z", "database-at-20261201102030"],
        ["2026-12-01T10:20:30.5Z", "database-at-20261201102030500"],
        ["latest", "database-at-latest"],
    ])("%s is %s", (moment, name) => {
        expect(servers(at(moment)).current).toEqual({ name, prefix: name, origin: { at: moment }, unlocked: false });
    });

    test("a backup gives its name, shortened so that a server's fits", () => {
        const of = (backup: string) => servers({ what: { backup }, original: "kept" }).current.name;
        expect(of("1764552000000")).toBe("database-of-1764552000000");
        expect(of("rds:Shop-Final")).toBe("database-of-rds-shop-final");
        const long = of("shop-production-database-server-1a2b3c4d-final");
        expect(long).toMatch(/^database-of-shop-product-[0-9a-f]{7}$/);
        expect(of("shop-production-database-server-ffffffff-final")).not.toBe(long);
    });

    test("the one before is the first, or the one of the restore before", () => {
        expect(servers(at("latest")).original).toEqual({
            name: "database-server",
            prefix: "database",
            unlocked: false,
        });
        expect(servers(at("latest", { original: "unlocked" })).original).toMatchObject({ unlocked: true });
        expect(servers(at("latest", { original: "removed" }))).not.toHaveProperty("original");
        const again = servers(at("2026-12-02T00:00:00Z", { previous: "2026-12-01T10:20:30Z" }));
        expect(again.current.name).toBe("database-at-20261202000000");
        // As the first restore named it, so that nothing is made anew.
        expect(again.original).toEqual({ ...servers(at("2026-12-01T10:20:30Z")).current });
        expect(servers(at("latest", { previous: "1764552000000" })).original).toMatchObject({
            name: "database-of-1764552000000",
            origin: { backup: "1764552000000" },
        });
    });
});

test("data comes from where it is told, else from the original; and from nowhere else, when that is gone", () => {
    expect(sourceOf("new", at("latest", { from: "other" }), "old")).toBe("other");
    expect(sourceOf("new", at("latest"), "old")).toBe("old");
    expect(sourceOf("new", at("latest", { original: "removed" }), undefined)).toBe("new-is-gone");
});

test("moments are told to clouds in UTC", () => {
    expect(utc("2026-12-01T11:20:30+01:00")).toBe("2026-12-01T10:20:30Z");
    expect(utc("2026-12-01T10:20:30.25Z")).toBe("2026-12-01T10:20:30.250Z");
});
