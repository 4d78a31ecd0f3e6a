// Who may do what: members of roles, policies and who may take a role at the clouds, roles in the cluster, keys.
import { textOf } from "../../../policy/kubernetes.ts";
import type { PlanView } from "../../../policy/plan-view.ts";
import { parsedDocument, textsOf } from "../../../policy/policy-document.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { words, type Words } from "../words.ts";
import { opens, protects, protectsItself, type Fact } from "./fact.ts";

export function rightsFacts(view: PlanView): Fact[] {
    return view.resources.flatMap((resource) => {
        const kind = resource.type.split(":").at(-1)!;
        const cloud = resource.type.split(":", 1)[0]!;
        return cloud === "gcp"
            ? ofGoogle(resource, kind)
            : cloud === "aws"
              ? ofAws(resource, kind)
              : cloud === "digitalocean"
                ? ofDigitalOcean(resource, kind)
                : cloud === "kubernetes"
                  ? ofCluster(resource, kind)
                  : [];
    });
}

/** All users, or all who have an account. */
function isEverybody(member: string): boolean {
    return /^all(Authenticated)?Users$/.test(member) || member === "*";
}

function ofGoogle(resource: PolicyResource, kind: string): Fact[] {
    const { role, member, members } = resource.props;
    if (/I(AM|am)(Member|Binding)$/.test(kind)) {
        const who = [...textsOf(member), ...textsOf(members)];
        return who.map((one) =>
            opens(
                resource,
                words`${one} gets ${shown(role)} on what ${resource.name} (${kind}) names`,
                isEverybody(one) || /^roles\/(owner|editor)$/.test(shown(role)),
            ),
        );
    }
    if (kind === "WorkloadIdentityPoolProvider") {
        const condition = shown(resource.props["attributeCondition"]);
        return [protectsItself(resource, words`jobs of CI are taken only if ${condition}`)];
    }
    return kind === "HmacKey" || kind === "Key" ? [opens(resource, words`a key is made: ${resource.name}`)] : [];
}

function ofAws(resource: PolicyResource, kind: string): Fact[] {
    const { props, name } = resource;
    switch (kind) {
        case "RolePolicy":
        case "UserPolicy":
        case "Policy":
        case "BucketPolicy":
        case "RepositoryPolicy":
        case "TopicPolicy":
            return statementsOf(props["policy"]).flatMap((statement) => statementFacts(resource, statement));
        case "Role":
            return statementsOf(props["assumeRolePolicy"]).flatMap((statement) => {
                const who = principalsOf(statement["Principal"]);
                const condition = JSON.stringify(statement["Condition"] ?? {});
                return who.map((one) =>
                    opens(
                        resource,
                        condition === "{}"
                            ? words`${one} may act as ${name}`
                            : words`${one} may act as ${name} if ${condition}`,
                        one === "*",
                    ),
                );
            });
        case "RolePolicyAttachment":
            return [
                opens(
                    resource,
                    words`${shown(props["role"])} gets ${shown(props["policyArn"])}`,
                    /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(shown(props["policyArn"])),
                ),
            ];
        case "AccessPolicyAssociation":
            return [
                opens(
                    resource,
                    words`${shown(props["principalArn"])} gets ${shown(props["policyArn"])} in the cluster`,
                ),
            ];
        case "PodIdentityAssociation":
            return [
                opens(resource, words`pods of ${shown(props["serviceAccount"])} act as ${shown(props["roleArn"])}`),
            ];
        case "AccessKey":
            return [opens(resource, words`a key is made: ${name}`)];
        default:
            return [];
    }
}

function statementsOf(document: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> {
    const { Statement } = parsedDocument(document);
    const all: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
    return all.filter((one): one is Readonly<Record<string, unknown>> => typeof one === "object" && one !== null);
}

function statementFacts(resource: PolicyResource, statement: Readonly<Record<string, unknown>>): Fact[] {
    const { Effect, Action, NotAction, Resource, Principal, Condition } = statement;
    const actions = NotAction === undefined ? textsOf(Action) : ["everything but what it names"];
    const on = textsOf(Resource);
    const where: Words = on.length === 0 ? [] : words` on ${on.join(", ")}`;
    const when: Words = Condition === undefined ? [] : [" under a condition"];
    if (Effect === "Deny") {
        return [protects(resource, words`${resource.name} refuses ${actions.join(", ")}${where}${when}`)];
    }
    const who = Principal === undefined ? [resource.name] : principalsOf(Principal);
    return who.flatMap((one) =>
        actions.map((action) =>
            opens(
                resource,
                words`${one} may ${action}${where}${when}`,
                (one === "*" && Condition === undefined) || action === "*" || NotAction !== undefined,
            ),
        ),
    );
}

function principalsOf(principal: unknown): readonly string[] {
    return typeof principal === "string"
        ? [principal]
        : typeof principal === "object" && principal !== null
          ? Object.values(principal).flatMap(textsOf)
          : [];
}

function ofDigitalOcean(resource: PolicyResource, kind: string): Fact[] {
    if (kind !== "SpacesKey") {
        return [];
    }
    const { grants } = resource.props;
    const all = (Array.isArray(grants) ? grants : []) as ReadonlyArray<Readonly<Record<string, unknown>>>;
    return all.map(({ bucket, permission }) =>
        opens(resource, words`the key ${resource.name} may ${shown(permission)} in ${shown(bucket) || "every bucket"}`),
    );
}

function ofCluster(resource: PolicyResource, kind: string): Fact[] {
    const { props, name } = resource;
    if (/^(Cluster)?Role$/.test(kind)) {
        const rules = (Array.isArray(props["rules"]) ? props["rules"] : []) as ReadonlyArray<
            Readonly<Record<string, unknown>>
        >;
        return rules.map(({ verbs, resources }) => {
            const [does, on] = [textsOf(verbs), textsOf(resources)];
            return opens(
                resource,
                words`the ${[kind]} ${name} may ${does.join(", ")} ${on.join(", ")}`,
                does.includes("*") || on.includes("*"),
            );
        });
    }
    if (/^(Cluster)?RoleBinding$/.test(kind)) {
        const { roleRef, subjects } = props as {
            readonly roleRef?: { readonly name?: unknown };
            readonly subjects?: unknown;
        };
        const who = (Array.isArray(subjects) ? subjects : []) as ReadonlyArray<{ readonly name?: unknown }>;
        return who.map((subject) =>
            opens(
                resource,
                words`${shown(subject.name)} gets the role ${shown(roleRef?.name)} in the cluster`,
                /^(cluster-admin|admin|edit)$/.test(shown(roleRef?.name)) ||
                    /^system:(un)?authenticated$/.test(shown(subject.name)),
            ),
        );
    }
    return [];
}

function shown(value: unknown): string {
    return textOf(value) ?? "what is not known yet";
}
