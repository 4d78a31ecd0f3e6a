// Does not prove that pods are given these variables: test/component/django/configuration.test.ts compares the two.
import { expect, test } from "vitest";
import { environmentContract, variableName } from "../../../lib/environment-contract.ts";

test("every name stands once, with the setting that decides it", () => {
    const names = environmentContract.map((variable) => variableName(variable, "DJANGO_APP_"));
    expect(new Set(names).size).toBe(names.length);
    expect(environmentContract.filter(({ decidedBy }) => decidedBy === "")).toEqual([]);
});

test("the names of the published contract are there (G2, G3, G5)", () => {
    const names = environmentContract.map((variable) => variableName(variable, "DJANGO_APP_"));
    expect(names).toEqual(
        expect.arrayContaining([
            ...["ENGINE", "NAME", "USER", "HOST", "PORT", "PASSWORD"].map((name) => `DJANGO_APP_DB_${name}`),
            "DJANGO_APP_CACHE_BACKEND",
            "DJANGO_APP_CACHE_LOCATION",
            "DJANGO_APP_STATIC_URL",
            "DATABASE_URL",
            "REDIS_URL",
            "CELERY_BROKER_URL",
        ]),
    );
});

test("the prefix is the app's own, and libraries' names have none", () => {
    const named = (name: string) => environmentContract.find((variable) => variable.name === name)!;
    expect(variableName(named("DB_HOST"), "SHOP_")).toBe("SHOP_DB_HOST");
    expect(variableName(named("DATABASE_URL"), "SHOP_")).toBe("DATABASE_URL");
});
