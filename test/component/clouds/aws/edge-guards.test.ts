// AWS WAF and the access logs of a load balancer. Does not prove that a request is refused, or that a line is written.
import { describe, expect, test } from "vitest";
import { AccessLogs } from "../../../../components/edge/aws/access-logs.ts";
import { AwsFirewall } from "../../../../components/edge/aws/firewall.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { account } from "./place.ts";
import { recordAws } from "./support.ts";

describe("the firewall", () => {
    const record = remembered((rules: "block" | "count", preview: boolean = false) =>
        recordAws(
            (opts) => {
                const { arn } = new AwsFirewall(
                    "edge-firewall",
                    { instance: "shop-staging", rules, requestsPerMinute: 500 },
                    opts,
                );
                return { arn };
            },
            { preview },
        ),
    );
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the provider takes them
    type Rules = Record<string, any>[];
    const rulesOf = async (rules: "block" | "count") =>
        (await record(rules)).get("WebAcl", "edge-firewall-acl").props["rules"] as Rules;

    test("is one web ACL of the load balancer's region, which lets in what no rule refuses", async () => {
        const plan = await record("block");
        expect(plan.created).toEqual(["AwsFirewall edge-firewall", "WebAcl edge-firewall-acl"]);
        expect(plan.get("WebAcl", "edge-firewall-acl").props).toMatchObject({
            scope: "REGIONAL",
            defaultAction: { allow: {} },
            tags: { "django-on-kubernetes/instance": "shop-staging" },
        });
        expectOneFamily(plan, ["AwsFirewall", "edge-firewall"]);
    });

    test("limits the requests of one address in a minute, also where the other rules only count", async () => {
        for (const rules of ["block", "count"] as const) {
            expect((await rulesOf(rules))[0]).toMatchObject({
                priority: 0,
                action: { block: { customResponse: { responseCode: 429 } } },
                statement: { rateBasedStatement: { limit: 500, evaluationWindowSec: 60, aggregateKeyType: "IP" } },
            });
        }
    });

    test("has AWS's own rules, each once, and counts a large body instead of refusing an upload", async () => {
        const [, ...groups] = await rulesOf("block");
        expect(groups.map(({ statement }) => statement.managedRuleGroupStatement.name)).toEqual([
            "AWSManagedRulesAmazonIpReputationList",
            "AWSManagedRulesCommonRuleSet",
            "AWSManagedRulesKnownBadInputsRuleSet",
            "AWSManagedRulesSQLiRuleSet",
        ]);
        expect(groups.map(({ priority }) => priority)).toEqual([1, 2, 3, 4]);
        expect(groups.map(({ overrideAction }) => overrideAction)).toEqual(Array(4).fill({ none: {} }));
        expect(groups[1]!["statement"].managedRuleGroupStatement.ruleActionOverrides).toEqual([
            { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
        ]);
    });

    test("counts only, for the first weeks", async () => {
        const [, ...groups] = await rulesOf("count");
        expect(groups.map(({ overrideAction }) => overrideAction)).toEqual(Array(4).fill({ count: {} }));
    });

    test("is planned while nothing is known of it", async () => {
        expect((await record("block", true)).created).toHaveLength(2);
    });
});

describe("access logs", () => {
    const record = remembered((data: (typeof dataPolicies)[number]["data"], preview: boolean = false) =>
        recordAws(
            (opts) => {
                const { attributes } = new AccessLogs(
                    "edge-access-logs",
                    { instance: "shop-staging", data, account, days: 14 },
                    opts,
                );
                return attributes;
            },
            { preview },
        ),
    );

    test("go to a bucket that is closed, and whose objects go after so many days", async () => {
        const plan = await record("kept");
        expect(plan.created).toEqual([
            "AwsAccessLogs edge-access-logs",
            "Bucket edge-access-logs-bucket",
            "BucketLifecycleConfiguration edge-access-logs-bucket-lifecycle",
            "BucketOwnershipControls edge-access-logs-bucket-ownership",
            "BucketPolicy edge-access-logs-bucket-policy",
            "BucketPublicAccessBlock edge-access-logs-bucket-closed",
            "BucketServerSideEncryptionConfiguration edge-access-logs-bucket-encryption",
        ]);
        expect(
            plan.get("BucketLifecycleConfiguration", "edge-access-logs-bucket-lifecycle").props["rules"],
        ).toContainEqual({
            id: "over",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: 14 },
        });
        // The load balancer refuses keys of KMS.
        expect(
            plan.get("BucketServerSideEncryptionConfiguration", "edge-access-logs-bucket-encryption").props["rules"],
        ).toMatchObject([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
        expectOneFamily(plan, ["AwsAccessLogs", "edge-access-logs"]);
    });

    test("are written by load balancers of the account and nobody else", async () => {
        const plan = await record("kept");
        const policy = JSON.parse(plan.get("BucketPolicy", "edge-access-logs-bucket-policy").props["policy"] as string);
        expect(policy.Statement.slice(1)).toEqual([
            {
                Sid: "LoadBalancersOfTheAccount",
                Effect: "Allow",
                Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: expect.stringMatching(new RegExp(`/AWSLogs/${account}/\\*$`)),
                Condition: {
                    ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:*:${account}:loadbalancer/*` },
                },
            },
        ]);
        expect(plan.outputs).toMatchObject({ "access_logs.s3.enabled": "true" });
    });

    test.each(dataPolicies)("stop a destroy only where data is protected: $data", async ({ data }) => {
        const bucket = (await record(data)).get("Bucket", "edge-access-logs-bucket");
        expect(bucket.props["forceDestroy"]).toBe(data !== "protected");
        expect(bucket.protect ?? false).toBe(data === "protected");
    });
});
