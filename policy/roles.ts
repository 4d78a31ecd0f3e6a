// What the policies that this program writes let a role or a user of AWS change: what they name, and not all that there is.
// @see https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
import { objectOf, textOf } from "./kubernetes.ts";
import { parsedDocument, textsOf } from "./policy-document.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { listOf } from "./setting.ts";

/** Those that a plan can show; a policy of AWS's own is known by its name alone. */
const documents = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy", "aws:iam/policy:Policy"] as const;

const reads = /^[a-z0-9-]+:(Get|List|Describe|BatchGet|BatchCheck|Head|View)\w*\*?$/;

/** All of an account, or all of a service. */
const everything = /^(\*|arn:aws[\w-]*:[a-z0-9-]*:[^:]*:[^:]*:\*)$/;

/**
 * What the load balancer controller's own policy allows without a condition: it makes these for balancers that are not there yet, and
 * AWS knows no condition for some of them.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json
 */
const nowhereNarrower: ReadonlySet<string> = new Set([
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:RemoveListenerCertificates",
    "elasticloadbalancing:CreateRule",
    "elasticloadbalancing:DeleteRule",
    "elasticloadbalancing:ModifyRule",
    "elasticloadbalancing:SetRulePriorities",
    "elasticloadbalancing:SetWebAcl",
    "shield:CreateProtection",
    "shield:DeleteProtection",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
]);

export const roleRules: readonly Rule[] = [
    rule("R127", "a policy lets change what it names, not all that there is", function* (view) {
        for (const resource of documents.flatMap((type) => view.ofType(type))) {
            for (const [index, one] of listOf(parsedDocument(resource.props["policy"])["Statement"]).entries()) {
                yield* wide(objectOf(one)).map((finding): Finding => ({
                    resource,
                    ...finding,
                    path: `policy.Statement[${index}].${finding.path}`,
                }));
            }
        }
    }),
];

function wide(statement: Readonly<Record<string, unknown>>): readonly Omit<Finding, "resource">[] {
    const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
    if (Effect !== "Allow") {
        return [];
    }
    const actions = textsOf(Action);
    const open =
        NotAction === undefined ? actions.filter((name) => name.includes("*") && !reads.test(name)) : ["NotAction"];
    if (open.length > 0) {
        return [
            {
                path: NotAction === undefined ? "Action" : "NotAction",
                found: open.join(", "),
                allowed: "actions by name; by a star those that read",
                fix: "name each action that is needed",
            },
        ];
    }
    const everywhere = NotResource !== undefined || textsOf(Resource).some((name) => everything.test(name));
    const writing = actions.filter((name) => !reads.test(name) && !nowhereNarrower.has(name));
    return everywhere && Condition === undefined && writing.length > 0
        ? [
              {
                  path: NotResource === undefined ? "Resource" : "NotResource",
                  found: `${textOf(Resource) ?? "everything but some"}, for ${writing.join(", ")}`,
                  allowed: "the ARNs of what is changed, or a condition",
                  fix: "name what the role is for: whoever gets into its pod gets all the rest",
              },
          ]
        : [];
}
