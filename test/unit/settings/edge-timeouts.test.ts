// The server's time-outs fit those of the way in before it (R77). Does not prove what the clouds' load balancers do.
import { describe, expect, test } from "vitest";
import { checkLender } from "../../../settings/lender/check.ts";
import { SettingsError } from "../../../settings/problems.ts";
import { resolveSettings } from "../../../settings/resolve/settings.ts";
import { checkSettings } from "../../../settings/settings.ts";
import { problemsAfter, smallestSettings, withSettings, type Change } from "../../support/settings.ts";

const gcp = (gateway: object = {}): Change => [
    "platform",
    {
        variant: "gcp",
        cluster: {
            variant: "create",
            nodes: { variant: "autopilot" },
            apiAccess: { cidrs: ["203.0.113.0/24"] },
        },
        gateway,
    },
];
const aws = (attributes: object = {}): Change => [
    "platform",
    {
        variant: "aws",
        cluster: { variant: "create", version: "1.34", admins: ["arn:aws:iam::123456789012:role/deploy"] },
        gateway: { variant: "install", attributes },
    },
];
const waits = (seconds: number): Change => ["exposure.requestTimeout", seconds];
const balanced: Change = ["exposure", { variant: "load-balancer", sourceRanges: ["0.0.0.0/0"] }];
const web = (changes: object): Change => ["apps[0].web", changes];

function resolved(...changes: readonly Change[]) {
    return resolveSettings(
        checkSettings(withSettings(smallestSettings(), changes), "staging"),
        (text) => text,
        ({ key }) => key,
    );
}

function webOf(...changes: readonly Change[]) {
    const { processes } = resolved(...changes).apps[0]!;
    return processes.contract === "django" ? processes.web : undefined;
}

describe("the defaults fit the way in", () => {
    test.each<[what: string, keepAlive: unknown, timeoutSeconds: number, changes: readonly Change[]]>([
        ["a controller in the cluster", 105, 30, []],
        ["Google's load balancer", 615, 30, [gcp()]],
        ["Google's, told to wait shortly", 615, 10, [gcp(), waits(10)]],
        ["Google's, told to wait long", 615, 600, [gcp(), waits(600)]],
        ["AWS's", 75, 30, [aws()]],
        ["AWS's, told another idle time", 315, 30, [aws({ "idle_timeout.timeout_seconds": "300" })]],
        ["AWS's, told a short one", 35, 20, [aws({ "idle_timeout.timeout_seconds": "20" })]],
        ["AWS's, told to wait long", 615, 600, [aws(), waits(600)]],
        ["a controller in the cluster, told to wait long", 105, 600, [waits(600)]],
        ["a load balancer without a proxy", 75, 30, [balanced]],
        ["none", 75, 30, [["exposure.variant", "none"]]],
        [
            "another stack's, which only that one knows",
            "platform",
            30,
            [
                ["platform", { variant: "stack", stack: "staging" }],
                ["exposure.variant", "platform"],
            ],
        ],
    ])("%s", (_, keepAlive, timeoutSeconds, changes) => {
        expect(webOf(...changes)).toMatchObject({ keepAlive, timeoutSeconds });
    });
});

describe("a pod that leaves takes as long for open requests as the way in would wait", () => {
    test.each<[what: string, gracefulTimeout: number, changes: readonly Change[]]>([
        ["nothing said", 20, []],
        ["Google's own time-out, which nobody chose", 20, [gcp()]],
        ["chosen, shorter", 20, [waits(10)]],
        ["chosen, longer", 300, [waits(300)]],
        ["chosen, longer than nodes wait for a pod", 600, [waits(3600)]],
        ["the app's own", 25, [waits(300), web({ gracefulTimeout: 25 })]],
    ])("%s", (_, gracefulTimeout, changes) => {
        expect(webOf(...changes)).toMatchObject({ gracefulTimeout });
    });
});

describe("refused", () => {
    test("two settings for the one time-out of AWS's load balancer", () => {
        const attribute = "idle_timeout.timeout_seconds";
        const path = `platform.gateway.attributes["${attribute}"]`;
        expect(problemsAfter(aws({ [attribute]: "300" }), waits(120))).toEqual([
            {
                path,
                found: '"300"',
                allowed: "nothing, because exposure.requestTimeout (120) says the same",
                fix: `pulumi config rm --path '${path}'`,
            },
        ]);
        expect(problemsAfter(aws(), waits(120))).toEqual([]);
    });

    test("Google's, where it once was, and where it went", () => {
        expect(problemsAfter(gcp({ requestTimeout: 120 }))).toEqual([
            {
                path: "platform.gateway.requestTimeout",
                found: "a setting that does not exist here",
                allowed: "requestLogSampling, native",
                fix: "did you mean exposure.requestTimeout? pulumi config set --path 'exposure.requestTimeout' 120 && pulumi config rm --path 'platform.gateway.requestTimeout'",
            },
        ]);
    });

    const at = (name: string): string => `apps[0].web.${name}`;

    test.each([
        ["Google's load balancer", gcp(), 600, 615],
        ["AWS's", aws(), 60, 75],
        ["AWS's, told another idle time", aws({ "idle_timeout.timeout_seconds": "300" }), 300, 315],
    ] as const)("a keep-alive that ends before that of %s", (_, platform, idle, better) => {
        const found = [
            {
                path: at("keepAlive"),
                found: String(idle),
                allowed: `more than ${idle}, the seconds for which the way in keeps a connection that nobody uses: else users see 502 now and then (R77)`,
                fix: `pulumi config set --path '${at("keepAlive")}' ${better}`,
            },
        ];
        expect(problemsAfter(platform, web({ keepAlive: idle }))).toEqual(found);
        expect(problemsAfter(platform, web({ keepAlive: idle + 1 }))).toEqual([]);
        expect(problemsAfter(platform, web({ keepAlive: idle }), ["exposure.variant", "none"])).toEqual([]);
    });

    test("a time-out beyond what the way in waits", () => {
        const path = at("timeoutSeconds");
        expect(problemsAfter(gcp(), web({ timeoutSeconds: 61 }))).toEqual([
            {
                path,
                found: "61",
                allowed:
                    "at most 60, the seconds that the way in waits (exposure.requestTimeout): it answers 504 then, and the process goes on for nobody",
                fix: `pulumi config set --path '${path}' 60, or raise exposure.requestTimeout`,
            },
        ]);
        expect(problemsAfter(gcp(), web({ timeoutSeconds: 60 }))).toEqual([]);
        expect(problemsAfter(gcp(), waits(300), web({ timeoutSeconds: 300 }))).toEqual([]);
        expect(problemsAfter(aws(), web({ timeoutSeconds: 61 }))).toMatchObject([{ path }]);
        // A controller in the cluster waits as long as it takes.
        expect(problemsAfter(web({ timeoutSeconds: 3600 }))).toEqual([]);
        // Unless somebody chose how long.
        expect(problemsAfter(waits(60), web({ timeoutSeconds: 61 }))).toMatchObject([{ path }]);
    });

    test("behind another stack's way in, what does not fit that one", () => {
        const borrower = (changes: object) =>
            resolved(
                ["environment.name", "pr-1"],
                ["platform", { variant: "stack", stack: "staging" }],
                ["exposure.variant", "platform"],
                ["apps[0].hosts", ["pr-1.preview.example.org"]],
                web(changes),
            );
        const gateway = {
            instance: "shop-staging",
            namespace: "shop-staging",
            gateway: "edge",
            section: "lent",
            domain: "preview.example.org",
            secure: true,
            port: 443,
            idleTimeout: 600,
            requestTimeout: 60,
        };
        const outputs = {
            outputsVersion: 2,
            platform: { connection: { clusterIdentifier: "staging" }, networkPolicy: { enforced: true } },
            lends: { gateway },
        };
        const problems = (changes: object) => {
            try {
                checkLender("pr-1", borrower(changes), "staging", outputs);
                return [];
            } catch (error) {
                return error instanceof SettingsError ? error.problems.map(({ path }) => path) : [error];
            }
        };
        expect(problems({ keepAlive: 600, timeoutSeconds: 61 })).toEqual([at("keepAlive"), at("timeoutSeconds")]);
        expect(problems({ keepAlive: 601, timeoutSeconds: 60 })).toEqual([]);
        expect(problems({})).toEqual([]);
    });
});
