// AWS WAF before an application load balancer: rules that AWS keeps up to date, and a limit for each address.
import * as pulumi from "@pulumi/pulumi";
import { WebAcl, type WebAclArgs } from "@pulumi/aws/wafv2/webAcl.js";
import type { EdgeFirewall } from "../contract.ts";

export interface AwsFirewallArgs extends EdgeFirewall {
    readonly instance: string;
}

type Rule = Exclude<NonNullable<Awaited<WebAclArgs["rules"]>>, pulumi.Output<unknown> | Promise<unknown>>[number];

interface ManagedRules {
    readonly name: string;
    /** Rules of it that count only. @default none */
    readonly counted?: readonly string[];
}

/**
 * 925 of the 1500 capacity units that a web ACL has at its plain price; the rate-based rule takes two more.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const managed: readonly ManagedRules[] = [
    { name: "AWSManagedRulesAmazonIpReputationList" },
    // A body over 8 KB is an upload, which the app limits itself (R90).
    { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
    { name: "AWSManagedRulesKnownBadInputsRuleSet" },
    { name: "AWSManagedRulesSQLiRuleSet" },
];

/** Seconds over which requests are counted. */
const window = 60;

export class AwsFirewall extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;

    constructor(name: string, args: AwsFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:AwsFirewall", name, {}, opts);
        const acl = new WebAcl(
            `${name}-acl`,
            {
                scope: "REGIONAL",
                description: `Before the apps of ${args.instance}`,
                defaultAction: { allow: {} },
                rules: [rateLimit(args), ...managed.map((group, index) => managedRules(group, index + 1, args))],
                visibilityConfig: visibility("firewall"),
                tags: { "django-on-kubernetes/instance": args.instance },
            },
            { parent: this },
        );
        this.arn = acl.arn;
        this.registerOutputs({});
    }
}

function rateLimit({ requestsPerMinute: limit }: EdgeFirewall): Rule {
    return {
        name: "requests-of-one-address",
        priority: 0,
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: { rateBasedStatement: { limit, evaluationWindowSec: window, aggregateKeyType: "IP" } },
        visibilityConfig: visibility("requests-of-one-address"),
    };
}

function managedRules({ name, counted = [] }: ManagedRules, priority: number, { rules }: EdgeFirewall): Rule {
    return {
        name,
        priority,
        overrideAction: rules === "block" ? { none: {} } : { count: {} },
        statement: {
            managedRuleGroupStatement: {
                vendorName: "AWS",
                name,
                ...(counted.length > 0 && {
                    ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
                }),
            },
        },
        visibilityConfig: visibility(name),
    };
}

function visibility(metricName: string): WebAclArgs["visibilityConfig"] & object {
    return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
