// Rotations that cannot be: each says why and what to do instead. What they do is in test/stacks/rotations.test.ts.
import { describe, expect, test } from "vitest";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const blog = { name: "blog", contract: "init-run-async", image: "example/blog:1", hosts: ["blog.example.org"] };
const twoApps: readonly Change[] = [
    ["environment.mainApp", "shop"],
    ["apps[1]", blog],
];

test.each<readonly Change[]>([
    [["rotations", { database: 0, cache: 0, broker: 0, secretKey: 0 }]],
    [
        ["broker", { variant: "rabbitmq", version: "4.1", storage: "1Gi" }],
        ["rotations.broker", 1],
        ["secrets.brokerPassword", "given"],
    ],
    [
        ["rotations.database", 2],
        ["secrets.databasePassword", "given"],
    ],
    [...twoApps, ["rotations.apps.blog", { database: 1, secretKey: 3 }]],
    [["secrets", { secretKey: "now", secretKeyFallback: "before" }]],
])("right: %j", (...changes) => {
    expect(problemsAfter(...changes)).toEqual([]);
});

describe.each<readonly [what: string, changes: readonly Change[], path: string, allowed: RegExp]>([
    ["a key of no bucket", [["rotations.assets", 1]], "rotations.assets", /no bucket/],
    [
        "a key of a server's that is there",
        [
            ["assets.media", { from: "bucket", bucket: "shop-media", endpoint: "https://s3.example.org" }],
            ["secrets", { assetsAccessKeyId: "id", assetsSecretAccessKey: "key" }],
            ["rotations.assets", 1],
        ],
        "rotations.assets",
        /second key at the server/,
    ],
    [
        "a cache without passwords",
        [
            ["cache", { variant: "memcached" }],
            ["platform.enforcesNetworkPolicy", true],
            ["rotations.cache", 1],
        ],
        "rotations.cache",
        /Memcached asks for no password/,
    ],
    [
        "a shared cache, of an app that has none of its own",
        [...twoApps, ["rotations.apps.blog.cache", 1]],
        "rotations.apps.blog.cache",
        /the app blog has no cache of its own/,
    ],
    [
        "a superuser that there is not",
        [...twoApps, ["rotations.apps.blog.superuser", 1]],
        "rotations.apps.blog.superuser",
        /no release\.superuser/,
    ],
    ["an app that there is not", [["rotations.apps.wiki.secretKey", 1]], "rotations.apps.wiki", /names of apps/],
    [
        "the main app below apps",
        [["rotations.apps.shop.secretKey", 1]],
        "rotations.apps.shop",
        /directly below rotations/,
    ],
    [
        "a key that was given",
        [
            ["secrets.secretKey", "now"],
            ["rotations.secretKey", 1],
        ],
        "rotations.secretKey",
        /secretKeyFallback/,
    ],
    [
        "a password that was given, behind a pooler",
        [
            ["database.pooler", {}],
            ["secrets.databasePassword", "given"],
            ["rotations.database", 1],
        ],
        "rotations.database",
        /passwords that are generated/,
    ],
    ["a fallback alone", [["secrets.secretKeyFallback", "before"]], "secrets.secretKeyFallback", /both or none/],
    ["a number below 0", [["rotations.database", -1]], "rotations.database", /./],
])("%s", (_, changes, path, allowed) => {
    test("is refused, and told what to do", () => {
        const [problem, ...others] = problemsAfter(...changes);
        expect(others).toEqual([]);
        expect(problem!.path).toBe(path);
        expect(problem!.allowed).toMatch(allowed);
        expect(problem!.fix).not.toBe("");
    });
});
