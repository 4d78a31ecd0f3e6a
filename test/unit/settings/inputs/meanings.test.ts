// A fix that can be pasted never says something else than what was meant: near spellings are mended, and where nobody can tell, a word in
// capitals stands for the value instead of an example that would be taken.
// Does not prove the words of each message: the tests of each section do.
import { describe, expect, test } from "vitest";
import { metaOf } from "../../../../settings/check/alternatives.ts";
import { settingsBelow } from "../../../../settings/check/every-setting.ts";
import { sections } from "../../../../settings/sections.ts";
import { masked } from "../../../../lib/secret-text.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;
const instead = (path: string, below: string, value: string): string =>
    `pulumi config rm --path '${path}' && ${set(`${path}.${below}`, value)}`;

const report = "apps[0].scheduled.report";
const run = (more: object): Change => [report, { schedule: "@daily", command: ["report"], ...more }];
const volume = "apps[0].volumes.data";
const kept = (accessMode: string): Change => [volume, { path: "/data", storage: "1Gi", accessMode }];
const postgresql = {
    variant: "external",
    host: "db.example.org",
    database: "shop",
    user: "shop",
    cidrs: ["10.20.0.0/24"],
    maxConnections: 100,
};
const database = (more: object): Change => ["database", { ...postgresql, ...more }];
const buckets = (endpoint: string): Change => [
    "assets",
    {
        variant: "s3-compatible",
        endpoint,
        static: { bucket: "static", url: "https://static.example.org/" },
        media: { bucket: "media" },
    },
];

const fixOf = (path: string, ...changes: readonly Change[]): string | undefined =>
    problemsAfter(...changes).find((problem) => problem.path === path)?.fix;

test.each<readonly [what: string, path: string, change: Change, fix: string]>([
    ["Sunday as 7", `${report}.schedule`, run({ schedule: "30 2 * * 7" }), set(`${report}.schedule`, "'30 2 * * 0'")],
    ["a day in capitals", `${report}.schedule`, run({ schedule: "@Weekly" }), set(`${report}.schedule`, "@weekly")],
    [
        "a schedule of nobody's",
        `${report}.schedule`,
        run({ schedule: "@reboot" }),
        set(`${report}.schedule`, "SCHEDULE"),
    ],
    [
        "an hour that no day has",
        `${report}.schedule`,
        run({ schedule: "0 24 * * *" }),
        set(`${report}.schedule`, "SCHEDULE"),
    ],
    [
        "a zone's case",
        `${report}.timeZone`,
        run({ timeZone: "america/new_york" }),
        set(`${report}.timeZone`, "America/New_York"),
    ],
    ["an offset", `${report}.timeZone`, run({ timeZone: "UTC+2" }), set(`${report}.timeZone`, "TIME_ZONE")],
    ["a volume's short word", `${volume}.accessMode`, kept("RWX"), set(`${volume}.accessMode`, "ReadWriteMany")],
    ["its other short word", `${volume}.accessMode`, kept("RWO"), set(`${volume}.accessMode`, "ReadWriteOnce")],
    [
        "libpq's default",
        "database.tls.mode",
        database({ tls: { mode: "prefer" } }),
        set("database.tls.mode", "require"),
    ],
    [
        "MySQL's word",
        "database.tls.mode",
        database({ tls: { mode: "VERIFY_IDENTITY" } }),
        set("database.tls.mode", "verify-full"),
    ],
    [
        "no word for TLS",
        "database.tls.mode",
        database({ tls: { mode: "strict" } }),
        set("database.tls.mode", "verify-full"),
    ],
    ["a mode for the group", "database.tls", database({ tls: "require" }), instead("database.tls", "mode", "require")],
    ["no TLS", "database.tls", database({ tls: false }), instead("database.tls", "mode", "disable")],
    ["where a server is", "database.cidrs[0]", database({ cidrs: undefined }), set("database.cidrs[0]", "RANGE")],
    [
        "a slash behind an endpoint",
        "assets.endpoint",
        buckets("https://abc.r2.cloudflarestorage.com/"),
        set("assets.endpoint", "https://abc.r2.cloudflarestorage.com"),
    ],
    [
        "an endpoint without a scheme",
        "assets.endpoint",
        buckets("minio.example.org:9000/"),
        set("assets.endpoint", "https://minio.example.org:9000"),
    ],
    [
        "a key of nothing",
        "existingSecrets.secretKey.key",
        ["existingSecrets.secretKey", { name: "shop", key: "" }],
        set("existingSecrets.secretKey.key", "KEY"),
    ],
    [
        "a variable as Java writes it",
        'existingSecrets.environment["stripe.key"]',
        ["existingSecrets.environment", { "stripe.key": { name: "shop", key: "stripe" } }],
        "rename it to STRIPE_KEY",
    ],
    [
        "ports that nobody named",
        "exposure.ports",
        ["exposure", { variant: "node-port", sourceRanges: ["10.0.0.0/8"] }],
        set("exposure.ports.NAME", "30000"),
    ],
    [
        "replicas of a server that is there",
        "database.replicas",
        database({ replicas: [{ host: "db-2.example.org" }] }),
        "pulumi config rm --path 'database.replicas'",
    ],
    [
        "a program without its kind",
        "apps[0].workers.tasks.queues",
        ["apps[0].workers.tasks", { command: ["dramatiq", "shop.tasks"] }],
        `${set("apps[0].workers.tasks.queues[0]", "celery")}, or ${set("apps[0].workers.tasks.kind", "command")}`,
    ],
    [
        "a worker of which nothing is said",
        "apps[0].workers.tasks.queues",
        ["apps[0].workers.tasks", {}],
        set("apps[0].workers.tasks.queues[0]", "celery"),
    ],
    [
        "an interval in words",
        "secretObjects.external.stripe.refreshInterval",
        [
            "secretObjects.external.stripe",
            { store: { name: "vault" }, data: { key: { key: "shop/stripe" } }, refreshInterval: "1 hour" },
        ],
        set("secretObjects.external.stripe.refreshInterval", "1h"),
    ],
])("%s", (_, path, change, fix) => {
    expect(fixOf(path, change)).toBe(fix);
});

describe("what is allowed", () => {
    test("is never taken for a credential, and shown as stars", () => {
        const texts = Object.values(sections).flatMap((section) =>
            settingsBelow(section).map(({ schema }) => metaOf(schema).allowed ?? ""),
        );
        expect(texts.filter((text) => text !== masked(text))).toEqual([]);
    });
});
