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
        ["Google's, told to wait shortly", 615, 10, [gcp({ requestTimeout: 10 })]],
        ["AWS's", 75, 30, [aws()]],
        ["AWS's, told another idle time", 315, 30, [aws({ "idle_timeout.timeout_seconds": "300" })]],
        ["AWS's, told a short one", 35, 20, [aws({ "idle_timeout.timeout_seconds": "20" })]],
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

describe("refused", () => {
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
                    "at most 60, the seconds that the way in waits (platform.gateway.requestTimeout): it answers 504 then, and the process goes on for nobody",
                fix: `pulumi config set --path '${path}' 60, or raise platform.gateway.requestTimeout`,
            },
        ]);
        expect(problemsAfter(gcp(), web({ timeoutSeconds: 60 }))).toEqual([]);
        expect(problemsAfter(gcp({ requestTimeout: 300 }), web({ timeoutSeconds: 300 }))).toEqual([]);
        expect(problemsAfter(aws(), web({ timeoutSeconds: 61 }))).toMatchObject([{ path }]);
        // A controller in the cluster waits as long as it takes.
        expect(problemsAfter(web({ timeoutSeconds: 3600 }))).toEqual([]);
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
