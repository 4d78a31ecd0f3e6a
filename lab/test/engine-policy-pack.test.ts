// How the language host starts a policy pack. Does not prove that the pack serves: see test/engine/policy-pack.test.ts.
import { describe, expect, test } from "vitest";
import { packArguments, packEnvironment } from "../engine/language-host/policy-pack.ts";

const run = {
    directory: "/project/policy",
    args: ["127.0.0.1:4000"],
    environment: ["A=1", "B=x=y", "EMPTY=", "A=2", "=odd", "odd"],
};

describe("a policy pack", () => {
    test("is given the engine's address and its own directory", () => {
        expect(packArguments(run, "/sdk/run-policy-pack.js")).toEqual([
            "/sdk/run-policy-pack.js",
            "127.0.0.1:4000",
            "/project/policy",
        ]);
    });

    test("has the engine's environment, of which the last word counts", () => {
        expect(packEnvironment(run)).toEqual({ A: "2", B: "x=y", EMPTY: "" });
    });
});
