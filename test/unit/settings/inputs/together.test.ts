// One run tells everything: a wrong variant or contract hides nothing, contradictions are told beside wrong settings, and what only
// comes from something taken out is not told. Does not prove it for every pair of mistakes.
import { expect, test } from "vitest";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const pathsAfter = (...changes: readonly Change[]) => problemsAfter(...changes).map(({ path }) => path);

test("a file with faults of every stage is told at once", () => {
    expect(
        pathsAfter(
            ["environment.kind", "prodution"],
            ["platform.isuer", { name: "letsencrypt" }],
            ["apps[0].contract", "djnago"],
            ["apps[0].web.port", "8000"],
            ["apps[0].web.replicas", { min: 1, max: 4 }],
            ["apps[0].workers.mail", { queus: ["mail"] }],
            ["database.storage", "10GB"],
            ["cache.variant", "incluster"],
            ["cache.replicas", 99],
            ["ingress", {}],
            ["operator.limits.replicas", 2],
        ),
    ).toEqual([
        "ingress",
        "environment.kind",
        "platform.isuer",
        "apps[0].contract",
        "apps[0].web.port",
        "apps[0].workers.mail.queus",
        "database.storage",
        "cache.variant",
        "cache.replicas",
        "apps[0].web.replicas.max",
        "apps[0].web.replicas.min",
        "platform.enforcesNetworkPolicy",
    ]);
});

test("without a contract, what is wrong under every contract is told, and nothing else", () => {
    expect(pathsAfter(["apps[0].contract", undefined], ["apps[0].web.port", "8000"], ["apps[0].flavour", 1])).toEqual([
        "apps[0].contract",
        "apps[0].web.port",
        "apps[0].flavour",
    ]);
});

test("a variant that nobody knows hides no setting that no variant has", () => {
    expect(pathsAfter(["cache", { variant: "hazelcast", flavour: 1, replicas: "2" }])).toEqual([
        "cache.variant",
        "cache.replicas",
        "cache.flavour",
    ]);
});

test("the settings of another variant are no findings while the variant is a guess", () => {
    expect(pathsAfter(["database", { variant: "mysql", server: { variant: "create" } }])).toEqual(["database.variant"]);
});

test("a misspelt setting is not missing under its right name", () => {
    expect(pathsAfter(["database.storage", undefined], ["database.stroage", "10Gi"])).toEqual(["database.stroage"]);
    expect(pathsAfter(["platform.gateway", undefined], ["platform.gatway", { className: "traefik" }])).toEqual([
        "platform.gatway",
    ]);
});

test("what rests on something taken out is no contradiction", () => {
    // The size is there, and wrong: whoever names it is right.
    expect(pathsAfter(["operator.sizes.huge", 5], ["apps[0].web.size", "huge"])).toEqual(["operator.sizes.huge"]);
    expect(pathsAfter(["operator.limits.replicas", "many"], ["apps[0].web.replicas", { min: 2, max: 90 }])).toEqual([
        "operator.limits.replicas",
    ]);
});

test("what does not rest on it is", () => {
    expect(pathsAfter(["operator.limits.storage", "10GB"], ["apps[0].web.size", "huge"])).toEqual([
        "operator.limits.storage",
        "apps[0].web.size",
    ]);
});

test("a rule inside a section is told beside a wrong setting of the same group", () => {
    expect(pathsAfter(["apps[0].web.replicas", { min: 5, max: 3, step: 1 }])).toEqual([
        "apps[0].web.replicas.step",
        "apps[0].web.replicas.min",
    ]);
});

test("of a thousand wrong entries, the first hundred", () => {
    const problems = problemsAfter(["apps[0].egress.addresses", Array.from({ length: 1000 }, () => ({}))]);
    expect(problems).toHaveLength(100);
});
