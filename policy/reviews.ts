// Who brings up environments of pull requests: what its jobs may write, at the clouds and in the cluster.
import { objectOf, textOf } from "./kubernetes.ts";
import { metadataOf, type PlanView } from "./plan-view.ts";
import { parsedDocument, textsOf } from "./policy-document.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { listOf } from "./setting.ts";

/** By its name, which the program gives it and never changes. */
export function isOfReviews({ name }: PolicyResource): boolean {
    return /-review-(role|account)$/.test(name);
}

const group = "kubernetes:rbac.authorization.k8s.io/v1";
const policyType = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";

const onlyThese =
    "what an environment of a pull request is: its images, the state of its stack, the key of its secrets";
const fix = "leave it to deploy: whoever may push a branch writes what these jobs do";

export const reviewRules: readonly Rule[] = [
    rule("R142", "jobs that bring up pull requests' environments write nothing else of a cloud", function* (view) {
        for (const role of view.ofType("aws:iam/role:Role").filter(isOfReviews)) {
            yield* attached(view, role);
            yield* written(view, role);
        }
        for (const account of view.ofType("gcp:serviceaccount/account:Account").filter(isOfReviews)) {
            yield* granted(view, account);
        }
    }),
    rule("R143", "jobs that bring up pull requests' environments change no other namespace", function* (view) {
        for (const binding of view.ofType(`${group}:ClusterRoleBinding`)) {
            const name = textOf(metadataOf(binding).name);
            if (!binding.name.startsWith("review-") || holdsBack(view, binding)) {
                continue;
            }
            yield {
                resource: binding,
                path: "roleRef",
                found: `${name ?? "a role"} in all namespaces`,
                allowed:
                    "after a ValidatingAdmissionPolicy of the same name with failurePolicy Fail, whose binding says Deny",
                fix: "let it depend on that policy's binding: RBAC alone cannot tell one namespace from another",
            };
        }
    }),
];

function* attached(view: PlanView, role: PolicyResource): Generator<Finding> {
    for (const resource of view.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
        if (resource.dependencies.includes(role.urn)) {
            const found = resource.props["policyArn"];
            yield { resource, path: "policyArn", found, allowed: onlyThese, fix };
        }
    }
}

const reading =
    /^(ecr:(BatchCheckLayerAvailability|BatchGetImage|DescribeImages|GetDownloadUrlForLayer)|kms:Decrypt|s3:ListBucket)$/;
const encrypting = /^kms:(Encrypt|GenerateDataKey)$/;
const pushing = /^ecr:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|PutImage)$/;
/** Of named objects, and of all whose names begin as those of pull requests' stacks do. */
const readable = /^arn:aws:s3:::[^/*]+\/\.pulumi\/(?:[^*]+|[^*]+\/[a-z][a-z0-9-]*-\*)$/;
const writable = /^arn:aws:s3:::[^/*]+\/\.pulumi\/[^*]+\/[a-z][a-z0-9-]*-\*$/;

/** @returns whether a statement may say that of these */
function isHis(action: string, resources: readonly string[]): boolean {
    if (action === "ecr:GetAuthorizationToken") {
        return true;
    }
    if (action === "s3:GetObject") {
        return resources.every((arn) => readable.test(arn));
    }
    if (action === "s3:PutObject" || action === "s3:DeleteObject") {
        return resources.every((arn) => writable.test(arn));
    }
    return reading.test(action) || encrypting.test(action) || (pushing.test(action) && !resources.includes("*"));
}

function* written(view: PlanView, role: PolicyResource): Generator<Finding> {
    for (const resource of view.ofType("aws:iam/rolePolicy:RolePolicy")) {
        if (!resource.dependencies.includes(role.urn)) {
            continue;
        }
        for (const [index, one] of listOf(parsedDocument(resource.props["policy"])["Statement"]).entries()) {
            const { Effect, Action, NotAction, Resource } = objectOf(one);
            const more =
                NotAction === undefined
                    ? textsOf(Action).filter((action) => !isHis(action, textsOf(Resource)))
                    : ["NotAction"];
            if (Effect === "Allow" && more.length > 0) {
                const found = `${more.join(", ")} of ${textsOf(Resource).join(", ")}`;
                yield { resource, path: `policy.Statement[${index}]`, found, allowed: onlyThese, fix };
            }
        }
    }
}

const roles =
    /^roles\/(artifactregistry\.writer|cloudkms\.cryptoKeyEncrypterDecrypter|container\.clusterViewer|storage\.legacyBucketReader)$/;
/** Every way in it, and not just one. */
const within: Readonly<Record<string, RegExp>> = {
    "roles/storage.objectUser": alternatives(
        String.raw`resource\.name\.startsWith\("projects/_/buckets/[^/"]+/objects/\.pulumi/[^"]+/[a-z][a-z0-9-]*-"\)`,
    ),
    "roles/storage.objectViewer": alternatives(
        String.raw`resource\.name == "projects/_/buckets/[^/"]+/objects/\.pulumi/[^"]+"`,
    ),
};

function alternatives(one: string): RegExp {
    return new RegExp(`^${one}(?: \\|\\| ${one})*$`);
}

function* granted(view: PlanView, account: PolicyResource): Generator<Finding> {
    for (const resource of view.resources.filter(({ dependencies }) => dependencies.includes(account.urn))) {
        const role = textOf(resource.props["role"]);
        const isIts = (textOf(resource.props["member"]) ?? "").startsWith("serviceAccount:");
        if (role === undefined || !isIts || roles.test(role)) {
            continue;
        }
        const condition = textOf(objectOf(resource.props["condition"])["expression"]) ?? "";
        if (within[role]?.test(condition) !== true) {
            const found = within[role] === undefined || condition === "" ? role : `${role} where ${condition}`;
            yield { resource, path: "role", found, allowed: onlyThese, fix };
        }
    }
}

function holdsBack(view: PlanView, binding: PolicyResource): boolean {
    const denial = view
        .ofType(`${policyType}Binding`)
        .find(
            ({ urn, props }) =>
                binding.dependencies.includes(urn) &&
                textsOf(objectOf(props["spec"])["validationActions"]).includes("Deny"),
        );
    const policyName = denial && textOf(objectOf(denial.props["spec"])["policyName"]);
    const policy = view.ofType(policyType).find((one) => textOf(metadataOf(one).name) === policyName);
    return policy !== undefined && textOf(objectOf(policy.props["spec"])["failurePolicy"]) === "Fail";
}
