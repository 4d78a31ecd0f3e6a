// What jobs of pull requests may do in a real cluster, by the objects that a platform makes there: asked as one of them, and as somebody else.
// Does not prove that Google and Amazon say who a job is as RBAC names it here.
import {
    AdmissionregistrationV1Api,
    CoreV1Api,
    KubeConfig,
    RbacAuthorizationV1Api,
    setHeaderOptions,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSubject, reviewPolicy, reviewRules } from "../../lib/review-access.ts";
import { kubeconfigPath } from "../../commands/support/paths.ts";
import { prepareCluster, startCluster } from "../../lab/cluster/index.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";

const name = "test-review-access";
const user = { kind: "User", name: "ci-review@example-shop.iam.gserviceaccount.com" } as const;
const others = "test-review-others";
const own = "test-review-own";
const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
const ephemeral = { "django-on-kubernetes/environment": "ephemeral", ...restricted };
const merge = setHeaderOptions("Content-Type", "application/merge-patch+json");

let cluster: Cluster;
let job: CoreV1Api;
let admission: AdmissionregistrationV1Api;
let rbac: RbacAuthorizationV1Api;

beforeAll(async () => {
    const report = (message: string): void => console.log(message);
    await prepareCluster(report);
    await startCluster(report);
    cluster = new Cluster();
    admission = cluster.config.makeApiClient(AdmissionregistrationV1Api);
    rbac = cluster.config.makeApiClient(RbacAuthorizationV1Api);
    const as = new KubeConfig();
    as.loadFromFile(kubeconfigPath);
    as.users = as.users.map((one) => ({ ...one, impersonateUser: user.name }));
    job = as.makeApiClient(CoreV1Api);

    const labels = { "django-on-kubernetes/environment": "staging", ...restricted };
    await cluster.core.createNamespace({ body: { metadata: { name: others, labels } } });
    await admission.createValidatingAdmissionPolicy({
        body: { metadata: { name }, spec: reviewPolicy(isSubject(user)) },
    });
    await admission.createValidatingAdmissionPolicyBinding({
        body: { metadata: { name }, spec: { policyName: name, validationActions: ["Deny"] } },
    });
    await rbac.createClusterRole({
        body: {
            metadata: { name },
            rules: reviewRules.map(({ apiGroups, resources, verbs }) => ({
                apiGroups: [...apiGroups],
                resources: [...resources],
                verbs: [...verbs],
            })),
        },
    });
    const apiGroup = "rbac.authorization.k8s.io";
    await rbac.createClusterRoleBinding({
        body: {
            metadata: { name },
            roleRef: { apiGroup, kind: "ClusterRole", name },
            subjects: [{ apiGroup, ...user }],
        },
    });
    // A policy holds a moment after it was made: until then a dry run passes.
    await eventually(async () => {
        const code = await refusal(() => configMap(job, others, "All"));
        return code.includes("change nothing but") ? undefined : `not in force yet: ${code}`;
    }, 60);
});

afterAll(async () => {
    const gone = async (deletion: Promise<unknown>): Promise<void> => {
        await deletion.catch(() => undefined);
    };
    await gone(rbac.deleteClusterRoleBinding({ name }));
    await gone(rbac.deleteClusterRole({ name }));
    await gone(admission.deleteValidatingAdmissionPolicyBinding({ name }));
    await gone(admission.deleteValidatingAdmissionPolicy({ name }));
    await gone(cluster.core.deleteNamespace({ name: own }));
    await gone(cluster.core.deleteNamespace({ name: others }));
});

function configMap(api: CoreV1Api, namespace: string, dryRun?: "All") {
    return api.createNamespacedConfigMap({
        namespace,
        body: { metadata: { generateName: "a-" }, data: {} },
        ...(dryRun && { dryRun }),
    });
}

/** @returns what the server says, or that it says nothing against it */
async function refusal(request: () => Promise<unknown>): Promise<string> {
    try {
        await request();
        return "done";
    } catch (error) {
        return String((error as { body?: unknown }).body ?? error);
    }
}

const makes = (labels: Readonly<Record<string, string>>) =>
    refusal(() => job.createNamespace({ body: { metadata: { name: own, labels: { ...labels } } } }));

describe("a job of a pull request", () => {
    test("makes the namespace of an ephemeral environment, and no other", async () => {
        expect(await makes({})).toContain("make namespaces of ephemeral environments alone");
        expect(await makes({ ...ephemeral, "django-on-kubernetes/environment": "staging" })).toContain(
            "ephemeral environments alone",
        );
        expect(await makes({ ...ephemeral, "pod-security.kubernetes.io/enforce": "privileged" })).toContain(
            "restricted",
        );
        expect(await makes(ephemeral)).toBe("done");
    });

    test("writes in it", async () => {
        expect(await refusal(() => configMap(job, own))).toBe("done");
        expect(
            await refusal(() =>
                job.createNamespacedServiceAccount({ namespace: own, body: { metadata: { name: "a" } } }),
            ),
        ).toBe("done");
    });

    test("writes in no other", async () => {
        expect(await refusal(() => configMap(job, others))).toContain("change nothing but");
        expect(await refusal(() => configMap(job, "default"))).toContain("change nothing but");
        expect(await refusal(() => job.deleteCollectionNamespacedConfigMap({ namespace: others }))).toMatch(
            /forbidden|change nothing but/,
        );
    });

    test("deletes no other, and makes none its own", async () => {
        expect(await refusal(() => job.deleteNamespace({ name: others }))).toContain("change and delete no namespace");
        const body = { metadata: { labels: ephemeral } };
        expect(await refusal(() => job.patchNamespace({ name: others, body }, merge))).toContain(
            "change and delete no namespace",
        );
        expect((await cluster.core.readNamespace({ name: others })).metadata?.deletionTimestamp).toBeUndefined();
    });

    test("takes no guard off its own", async () => {
        const off = { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } };
        expect(await refusal(() => job.patchNamespace({ name: own, body: off }, merge))).toContain("restricted");
    });

    test("has no pods of its own, no shell in one, and no token of an account", async () => {
        const containers = [{ name: "a", image: "a" }];
        for (const request of [
            () => job.createNamespacedPod({ namespace: own, body: { metadata: { name: "a" }, spec: { containers } } }),
            () => job.connectPostNamespacedPodExec({ name: "a", namespace: own, command: "sh" }),
            () =>
                job.createNamespacedServiceAccountToken({
                    name: "a",
                    namespace: own,
                    body: { spec: { audiences: [] } },
                }),
            () => job.listNode(),
        ]) {
            expect(await refusal(request)).toContain("forbidden");
        }
    });

    test("gives out no more than it has", async () => {
        const apiGroup = "rbac.authorization.k8s.io";
        const as = new KubeConfig();
        as.loadFromFile(kubeconfigPath);
        as.users = as.users.map((one) => ({ ...one, impersonateUser: user.name }));
        const body = {
            metadata: { name: "more" },
            roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
            subjects: [{ kind: "ServiceAccount", name: "a", namespace: own }],
        };
        const roles = as.makeApiClient(RbacAuthorizationV1Api);
        expect(await refusal(() => roles.createNamespacedRoleBinding({ namespace: own, body }))).toContain("forbidden");
    });

    test("takes it away again", async () => {
        expect(await refusal(() => job.deleteNamespace({ name: own }))).toBe("done");
    });
});

test("others are not judged", async () => {
    expect(await refusal(() => configMap(cluster.core, others))).toBe("done");
});
