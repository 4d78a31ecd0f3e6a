// How the address of a server outside is read, and what is refused. Not proved: that libpq reads it so (test/prove/move.test.ts).
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addressText, rangesOf, readAddress, refuseShown } from "../../../../commands/move/address.ts";

const plain = { ca: false };

describe("an address", () => {
    test("has its password apart, and is encrypted unless it says otherwise", () => {
        expect(readAddress("postgres://shop:p%40ss%20w@db.example.org/shop\n", "FROM", plain)).toEqual({
            url: "postgresql://shop@db.example.org:5432/shop?sslmode=require",
            password: "p@ss w",
            host: "db.example.org",
            port: 5432,
            database: "shop",
        });
    });

    test("keeps its port and its mode, and other words of other programs are left out", () => {
        const { url } = readAddress("postgresql://u:p@10.0.0.9:6543/d?sslmode=disable&pgbouncer=true", "FROM", plain);
        expect(url).toBe("postgresql://u@10.0.0.9:6543/d?sslmode=disable");
    });

    test("with a CA the server's certificate is compared", () => {
        const { url } = readAddress("postgresql://u:p@h/d", "FROM", { ca: true });
        expect(url).toBe("postgresql://u@h:5432/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fmove%2Fca.pem");
    });

    test.each([
        ["db.example.org", "that is no address"],
        ["mysql://u:p@h/d", "begins with postgresql://"],
        ["postgresql://u:p@h/", "it lacks the database"],
        ["postgresql://h/d", "it lacks the user"],
        ["postgresql://u@h/d", "it lacks the password"],
        ["postgresql://u:p@[::1]/d", "IPv6"],
        ["postgresql://u:p%0Ahost%3Devil@h/d", "control character"],
        ["postgresql://u:p@h/d?sslmode=prefer", 'sslmode is "prefer"'],
        ["postgresql://u:p@h/d?sslmode=verify-full", "CA=file.pem"],
    ])("%s is refused: %s", (text, message) => {
        expect(() => readAddress(text, "FROM", plain)).toThrow(message);
        expect(() => readAddress(text, "FROM", plain)).toThrow("FROM: ");
    });

    test("no error shows the password", () => {
        for (const text of ["postgresql://u:geheim@h/", "u:geheim@h", "mysql://u:geheim@h/d"]) {
            expect(() => readAddress(text, "TO", plain)).toThrow(expect.not.stringContaining("geheim"));
        }
    });
});

describe("where it comes from", () => {
    test("an address among the arguments is refused", () => {
        expect(() => refuseShown("FROM", "postgresql://u:p@h/d")).toThrow("FROM=old.address");
        expect(() => refuseShown("FROM", "old.address")).not.toThrow();
    });

    test("a file comes before the variable, and that before a question", async () => {
        const folder = await mkdtemp(join(tmpdir(), "address-"));
        try {
            const file = join(folder, "old.address");
            await writeFile(file, "of the file");
            const ask = (): Promise<string> => Promise.resolve("of the question");
            expect(await addressText("FROM", file, "of the variable", ask)).toBe("of the file");
            expect(await addressText("FROM", undefined, "of the variable", ask)).toBe("of the variable");
            expect(await addressText("FROM", undefined, undefined, ask)).toBe("of the question");
            expect(await addressText("FROM", undefined, undefined, undefined)).toBeUndefined();
            await expect(addressText("FROM", join(folder, "none"), undefined, ask)).rejects.toThrow("ENOENT");
        } finally {
            await rm(folder, { recursive: true });
        }
    });
});

describe("its ranges", () => {
    test("are those that are named, or the address itself", async () => {
        expect(await rangesOf("db.invalid", ["10.0.0.0/28"])).toEqual(["10.0.0.0/28"]);
        expect(await rangesOf("10.0.0.9", [])).toEqual(["10.0.0.9/32"]);
        expect(await rangesOf("localhost", [])).toEqual(["127.0.0.1/32"]);
    });

    test("of a name that nobody knows here have to be named", async () => {
        await expect(rangesOf("db.invalid", [])).rejects.toThrow('CIDRS="10.20.0.0/28"');
    });
});
