// Does not prove that RDS refuses no other word.
import { expect, test } from "vitest";
import { isRdsName } from "../../../lib/postgres-words.ts";

test.each(["shop", "shop_production", "orders", "a", "s".repeat(63)])("%s is a name", (name) => {
    expect(isRdsName(name)).toBe(true);
});

test.each([
    "order",
    "user",
    "group",
    "admin",
    "postgres",
    "rdsadmin",
    "rds_x",
    "pg_x",
    "1shop",
    "_shop",
    "a-b",
    "Shop",
    "",
    "s".repeat(64),
])("%s is none", (name) => {
    expect(isRdsName(name)).toBe(false);
});
