// Cloud Armor and the access logs of Google's load balancer. Does not prove that Google refuses a request, or keeps a line.
import { describe, expect, test, vi } from "vitest";
import { AccessLogs } from "../../../../components/edge/gcp/access-logs.ts";
import type { DataPolicy } from "../../../../components/contract.ts";
import type { EdgeGuards } from "../../../../components/edge/contract.ts";
import { GkeGatewayEdge } from "../../../../components/edge/gcp/gke-gateway.ts";
import { lettingGo, untilLetGo } from "../../../../components/edge/gcp/let-go.ts";
import { output } from "@pulumi/pulumi";
import { cloudOutputs } from "../../../support/cloud-outputs.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordGcp } from "./support.ts";

const firewall = { rules: "block", requestsPerMinute: 500 } as const;

describe("Cloud Armor", () => {
    const record = remembered((guards: Pick<EdgeGuards, "sourceRanges" | "firewall">, preview: boolean = false) =>
        recordGcp(
            (opts) => {
                const edge = new GkeGatewayEdge(
                    "edge",
                    {
                        ...placement,
                        routes: [
                            {
                                app: "shop",
                                main: true,
                                hosts: ["shop.example.org"],
                                service: output("shop-web"),
                                port: 80,
                                readyPath: "/ready",
                            },
                        ],
                        behaviour: { requestTimeout: 60, requestLogSampling: 1 },
                        guards,
                    },
                    opts,
                );
                return { securityPolicy: edge.securityPolicy };
            },
            { preview },
        ),
    );
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the provider takes them
    type Rules = Record<string, any>[];
    const rulesOf = async (guards: Pick<EdgeGuards, "sourceRanges" | "firewall">) =>
        (await record(guards)).get("SecurityPolicy", "edge-armor").props["rules"] as Rules;

    test("is not made where nobody asks for it", async () => {
        const plan = await record({});
        expect(plan.created).not.toContain("SecurityPolicy edge-armor");
        expect(plan.get("GCPBackendPolicy", "edge-backend").props["spec"].default).not.toHaveProperty("securityPolicy");
    });

    test("is taken off the load balancer before it is deleted: the update that ceases to name it waits, and no other", async () => {
        const { options } = await record({});
        // Without a policy too: it is the update after which there is none.
        expect(options.get("edge-backend")?.hooks).toEqual({ afterUpdate: [untilLetGo] });
        const naming = (securityPolicy?: string) => ({ spec: { default: { timeoutSec: 60, securityPolicy } } });
        vi.useFakeTimers();
        const waits = async (before: object, after: object): Promise<boolean> => {
            let over = false;
            const wait = untilLetGo({ oldInputs: { ...before }, newInputs: { ...after } }).then(() => (over = true));
            await vi.advanceTimersByTimeAsync(lettingGo - 1);
            const waited = !over;
            await vi.advanceTimersByTimeAsync(1);
            await wait;
            return waited;
        };
        expect(await waits(naming("armor"), naming())).toBe(true);
        expect(await waits(naming("armor"), naming("other"))).toBe(true);
        expect(await waits(naming("armor"), naming("armor"))).toBe(false);
        expect(await waits(naming(), naming("armor"))).toBe(false);
        vi.useRealTimers();
    });

    test.each([false, true])(
        "is named by the app's backend, and goes after the Gateway (preview %s)",
        async (preview) => {
            const plan = await record({ firewall }, preview);
            const policy = plan.get("SecurityPolicy", "edge-armor");
            const backend = plan.get("GCPBackendPolicy", "edge-backend");
            expect(backend.dependencies).toContain(policy.urn);
            // Pulumi's own name, so a preview shows it too.
            const { name } = await cloudOutputs(policy);
            expect(backend.props["spec"].default.securityPolicy).toBe(name);
            expect(plan.get("Gateway", "edge-gateway").dependencies).toContain(policy.urn);
            expectOneFamily(plan, ["GkeGateway", "edge"]);
        },
    );

    test("lets named addresses in and nobody else, ten ranges to a rule", async () => {
        const sourceRanges = Array.from({ length: 12 }, (_, index) => `203.0.${index}.0/24`);
        const [first, second, others, ...more] = await rulesOf({ sourceRanges });
        expect(more).toEqual([]);
        expect([first, second].map((rule) => [rule!["action"], rule!["match"].config.srcIpRanges.length])).toEqual([
            ["allow", 10],
            ["allow", 2],
        ]);
        expect(others).toMatchObject({
            priority: 2_147_483_647,
            action: "deny(403)",
            match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
        });
    });

    test("refuses what looks like an attack, then limits each address, and lets all others in", async () => {
        const rules = await rulesOf({ firewall });
        const [attacks, rest] = [rules.slice(0, 8), rules.slice(8)];
        expect(attacks.map(({ action }) => action)).toEqual(Array(8).fill("deny(403)"));
        expect(attacks[0]!["match"].expr.expression).toBe(
            "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})",
        );
        // Its first signature refuses PUT, PATCH and DELETE.
        expect(JSON.stringify(attacks)).not.toContain("methodenforcement");
        expect(rest).toMatchObject([
            {
                action: "throttle",
                match: { config: { srcIpRanges: ["*"] } },
                rateLimitOptions: {
                    conformAction: "allow",
                    exceedAction: "deny(429)",
                    enforceOnKey: "IP",
                    rateLimitThreshold: { count: 500, intervalSec: 60 },
                },
            },
            { action: "allow", match: { config: { srcIpRanges: ["*"] } } },
        ]);
    });

    test("limits those whom it lets in, and no others come", async () => {
        const rules = await rulesOf({ firewall, sourceRanges: ["203.0.113.0/24"] });
        expect(rules.slice(8)).toMatchObject([
            { action: "throttle", match: { config: { srcIpRanges: ["203.0.113.0/24"] } } },
            { action: "deny(403)", match: { config: { srcIpRanges: ["*"] } } },
        ]);
    });

    test("counts attacks only, for the first weeks, and limits all the same", async () => {
        const rules = await rulesOf({ firewall: { ...firewall, rules: "count" } });
        expect(rules.slice(0, 8).map(({ preview }) => preview)).toEqual(Array(8).fill(true));
        expect(rules[8]).toMatchObject({ action: "throttle" });
        expect(rules[8]).not.toHaveProperty("preview");
    });

    test("has each priority once, and no description over Google's 64 characters", async () => {
        const rules = await rulesOf({ firewall, sourceRanges: ["203.0.113.0/24"] });
        expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
        for (const { description } of rules) {
            expect(description.length).toBeLessThanOrEqual(64);
        }
    });
});

describe("access logs", () => {
    const record = remembered((lentDomain: string | undefined, preview: boolean = false, data: DataPolicy = "kept") =>
        recordGcp(
            (opts) => {
                new AccessLogs(
                    "edge-access-logs",
                    {
                        instance: "shop-staging",
                        data,
                        project: "shop-project",
                        region: "europe-west1",
                        days: 14,
                        hosts: ["shop.example.org", "www.example.org"],
                        lentDomain,
                    },
                    opts,
                );
                return {};
            },
            { preview },
        ),
    );

    test.each([false, true])("go to a log bucket of their own, and nowhere else (preview %s)", async (preview) => {
        const plan = await record(undefined, preview);
        expect(plan.created).toEqual([
            "GcpAccessLogs edge-access-logs",
            "ProjectBucketConfig edge-access-logs-bucket",
            "ProjectExclusion edge-access-logs-once",
            "ProjectSink edge-access-logs-sink",
            "RandomId edge-access-logs-suffix",
        ]);
        expect(plan.get("ProjectBucketConfig", "edge-access-logs-bucket").props).toMatchObject({
            project: "shop-project",
            location: "europe-west1",
            retentionDays: 14,
        });
        const sink = plan.get("ProjectSink", "edge-access-logs-sink");
        const exclusion = plan.get("ProjectExclusion", "edge-access-logs-once");
        expect(exclusion.props["filter"]).toBe(sink.props["filter"]);
        expect(exclusion.dependencies).toContain(sink.urn);
        expectOneFamily(plan, ["GcpAccessLogs", "edge-access-logs"]);
    });

    test.each(["protected", "kept", "disposable"] as const)("are protected where data is, %s", async (data) => {
        const { options } = await record(undefined, false, data);
        expect(options.get("edge-access-logs-bucket")?.protect ?? false).toBe(data === "protected");
    });

    test("are of the apps' hosts, by whatever port, and of no other's", async () => {
        const filter = (await record("preview.example.org")).get("ProjectSink", "edge-access-logs-sink").props[
            "filter"
        ] as string;
        const [, pattern] = /requestUrl=~"(.*)"$/.exec(filter)!;
        const taken = new RegExp(pattern!);
        for (const url of [
            "https://shop.example.org/",
            "http://www.example.org:80/a?b=c",
            "https://pr-7.preview.example.org/",
        ]) {
            expect(taken.test(url), url).toBe(true);
        }
        for (const url of [
            "https://shopXexample.org/",
            "https://a.shop.example.org/",
            "https://shop.example.org.evil.example/",
            "https://a.b.preview.example.org/",
            "https://evil.example/?https://shop.example.org/",
        ]) {
            expect(taken.test(url), url).toBe(false);
        }
    });
});
