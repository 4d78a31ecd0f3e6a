// PgBouncer's files, and what a plan reads from them.
import { describe, expect, test } from "vitest";
import { pgbouncerConfiguration, pgbouncerUsers, poolerFacts } from "../../../lib/pgbouncer-configuration.ts";

const configuration = (databases: readonly string[]): string =>
    pgbouncerConfiguration({
        server: { host: "database", port: 5432 },
        tls: { mode: "disable" },
        databases,
        mode: "transaction",
        poolSize: 7,
        usersPath: "/users.txt",
    });

test("names that are no words are quoted", () => {
    expect(configuration(["shop", "a \"b'c"])).toContain(
        `[databases]\nshop = host=database port=5432 dbname='shop'\n"a ""b'c" = host=database port=5432 dbname='a "b''c'\n\n`,
    );
});

test("a quote in a user's name or password is doubled", () => {
    expect(pgbouncerUsers([{ user: "shop", password: 'a"b c' }])).toBe('"shop" "a""b c"\n');
});

describe("of its own configuration", () => {
    test.each([0, 1, 3])("a plan reads that there are %d databases", (many) => {
        const names = Array.from({ length: many }, (_, index) => `db_${index}`);
        expect(poolerFacts(configuration(names))).toEqual({ databases: many, poolSize: 7, mostClients: 2000 });
    });

    test("what stands nowhere is PgBouncer's own", () => {
        expect(poolerFacts("[databases]\na = host=b\n[pgbouncer]\n")).toEqual({
            databases: 1,
            poolSize: 20,
            mostClients: 100,
        });
    });
});
