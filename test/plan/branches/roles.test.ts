// The branches of R127, on a plan of an example stack. Does not prove what AWS makes of a policy, nor what one of AWS's own allows.
import { beforeAll, describe, expect, it } from "vitest";
import { UnknownValue, type Plan } from "../../../commands/plan/plan.ts";
import { checkPlan } from "../../../policy/index.ts";
import { exampleSections } from "../../moto/support/stacks.ts";
import { planOf } from "../support/plans.ts";
import { spoil } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

let aws: Plan;

beforeAll(async () => {
    aws = await planOf(await exampleSections("aws/Pulumi.staging"), { stack: "staging" });
}, 120_000);

it("the plan that is spoiled below keeps the rule", () => {
    expect(checkPlan(aws).filter(({ rule }) => rule === "R127")).toEqual([]);
});

type Statement = Record<string, unknown>;

/** In place of the policy by which CI deploys. */
function statement(what: string, breaks: string | undefined, change: Statement): Branch {
    return {
        what,
        breaks: breaks === undefined ? [] : [`R127 policy.Statement[0].${breaks}`],
        plan: () =>
            spoil(aws, "ci-deploy-policy", (r) => {
                r.props["policy"] = JSON.stringify({ Version: "2012-10-17", Statement: [change] });
            }),
    };
}

const one = "arn:aws:s3:::example/*";

describe("R127", () => {
    testBranches([
        statement("an action of one thing", undefined, { Effect: "Allow", Action: "s3:PutObject", Resource: one }),
        statement("of everything", "Resource", { Effect: "Allow", Action: "s3:PutObject", Resource: "*" }),
        statement("of everything among others", "Resource", {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: [one, "*"],
        }),
        statement("of all of a service", "Resource", {
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Resource: "arn:aws:sqs:eu-central-1:123456789012:*",
        }),
        statement("of everything but some", "NotResource", {
            Effect: "Allow",
            Action: "s3:PutObject",
            NotResource: one,
        }),
        statement("of everything that a condition holds for", undefined, {
            Effect: "Allow",
            Action: "ec2:DeleteSecurityGroup",
            Resource: "*",
            Condition: { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } },
        }),
        statement("reading everything", undefined, {
            Effect: "Allow",
            Action: ["ec2:DescribeInstances", "ecr:GetAuthorizationToken", "s3:List*"],
            Resource: "*",
        }),
        statement("of what no policy can narrow", undefined, {
            Effect: "Allow",
            Action: ["wafv2:AssociateWebACL"],
            Resource: "*",
        }),
        statement("all of a service's actions", "Action", { Effect: "Allow", Action: "s3:*", Resource: one }),
        statement("all actions", "Action", { Effect: "Allow", Action: ["*"], Resource: one }),
        statement("all actions that begin so", "Action", { Effect: "Allow", Action: ["s3:Put*"], Resource: one }),
        statement("all actions but some", "NotAction", { Effect: "Allow", NotAction: "iam:*", Resource: one }),
        statement("a denial", undefined, { Effect: "Deny", Action: "*", Resource: "*" }),
        {
            what: "what is not known yet",
            breaks: [],
            plan: () => spoil(aws, "ci-deploy-policy", (r) => (r.props["policy"] = new UnknownValue())),
        },
        {
            what: "what is no JSON",
            breaks: [],
            plan: () => spoil(aws, "ci-deploy-policy", (r) => (r.props["policy"] = "{")),
        },
    ]);
});
