// What jobs of pull requests may do in a cluster, beside what the program makes there. Does not prove what a cluster makes of it:
// test/cluster/review-access.test.ts does.
import { expect, test } from "vitest";
import { kubernetes } from "../../lib/catalogue/kubernetes.ts";
import { readByReviews, writtenByReviews } from "../../lib/ci-state.ts";
import { environmentResources, isSubject, reviewRules } from "../../lib/review-access.ts";

/** A platform's, and none of an environment's on it. */
const ofPlatforms = [
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "GatewayClass",
    "LoadBalancerConfiguration",
    "NodePool",
    "PersistentVolume",
    "Release",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
];

function plural(kind: string): string {
    const name = kind.replace(/Patch$/, "").toLowerCase();
    return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

const kinds = Object.keys({ ...kubernetes.made, ...kubernetes.others })
    .map((token) => /^kubernetes:(.+)\/[^/]+:(.+)$/.exec(token)!)
    .map(([, group = "", kind = ""]) => [group === "core" ? "" : group, kind] as const)
    .filter(([, kind]) => !ofPlatforms.includes(kind));

test.each(kinds)("%s %s may be made, unless it is a platform's", (group, kind) => {
    expect(environmentResources[group] ?? []).toContain(plural(kind));
});

test("nothing is by a wildcard, and nothing gets into a pod or becomes somebody else", () => {
    const words = reviewRules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    expect(words.filter((word) => word.includes("*"))).toEqual([]);
    expect(
        words.filter((word) =>
            /exec|attach|portforward|token|impersonate|escalate|bind$|clusterrole|nodes|customresource|webhook|admission/.test(
                word,
            ),
        ),
    ).toEqual([]);
    const pods = reviewRules.filter(({ resources }) => resources.includes("pods"));
    // Labels of a doorkeeper's own: who may write Deployments gets nothing more by it.
    expect(pods.flatMap(({ verbs }) => verbs)).toEqual(["get", "list", "watch", "patch"]);
});

test("a user is one by name, a group by the groups that he has", () => {
    expect(isSubject({ kind: "User", name: "ci@example" })).toBe('request.userInfo.username == "ci@example"');
    expect(isSubject({ kind: "Group", name: "review" })).toBe(
        'has(request.userInfo.groups) && "review" in request.userInfo.groups',
    );
});

/** As the engine's backend in a bucket names its objects (pkg/backend/diy in Pulumi's sources). */
const written = (stack: string): readonly string[] => [
    `.pulumi/stacks/shop/${stack}.json`,
    `.pulumi/stacks/shop/${stack}.json.bak`,
    `.pulumi/locks/organization/shop/${stack}/0b1c.json`,
    `.pulumi/history/shop/${stack}/${stack}-1764636000.history.json`,
    `.pulumi/backups/shop/${stack}/${stack}.1764636000.json`,
];

test("of the state, jobs write what their stacks have and read the lender's, and nothing of anybody else's", () => {
    const stacks = { project: "shop", prefix: "pr-", lender: "staging" };
    const writes = (key: string): boolean => writtenByReviews(stacks).some((prefix) => key.startsWith(prefix));
    expect(written("pr-123").filter((key) => !writes(key))).toEqual([]);
    expect([...written("staging"), ...written("production"), ".pulumi/meta.yaml"].filter(writes)).toEqual([]);
    expect(
        written("pr-1")
            .map((key) => key.replaceAll("shop", "blog"))
            .filter(writes),
    ).toEqual([]);
    expect(readByReviews(stacks)).toContain(".pulumi/stacks/shop/staging.json");
    expect(readByReviews(stacks).filter((key) => key.includes("production") || key.endsWith("/"))).toEqual([]);
});
