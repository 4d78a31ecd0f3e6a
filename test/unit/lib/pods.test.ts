// Labels, Pod Security, resources and disruption. Does not prove that the API server admits such a pod.
import { describe, expect, test } from "vitest";
import { objectLabels, reaches, workloadLabels } from "../../../lib/labels.ts";
import { oneAway, spread } from "../../../lib/pod-disruption.ts";
import { containerSecurity, podSecurity } from "../../../lib/pod-security.ts";
import { resourcesOf } from "../../../lib/resources.ts";

describe("labels", () => {
    test("a workload's selector is its name and its environment, nothing that changes", () => {
        expect(workloadLabels({ name: "shop-web", instance: "shop-production" })).toEqual({
            "app.kubernetes.io/name": "shop-web",
            "app.kubernetes.io/instance": "shop-production",
        });
    });

    test("an object says what it is part of and who made it, but not which workload it is", () => {
        expect(objectLabels("shop-production", "django")).toEqual({
            "app.kubernetes.io/instance": "shop-production",
            "app.kubernetes.io/component": "django",
            "app.kubernetes.io/managed-by": "pulumi",
        });
    });

    test("each store has a label of its own for its clients", () => {
        const labels = (["database", "cache", "broker"] as const).flatMap((store) => Object.entries(reaches(store)));
        expect(labels).toEqual([
            ["django-on-kubernetes/reaches-database", "true"],
            ["django-on-kubernetes/reaches-cache", "true"],
            ["django-on-kubernetes/reaches-broker", "true"],
        ]);
    });

    test("the same arguments give equal labels, and no shared object", () => {
        expect(reaches("cache")).not.toBe(reaches("cache"));
    });
});

describe("Pod Security 'restricted'", () => {
    // Source: Kubernetes, "Pod Security Standards".
    test("a pod is no root, has a seccomp profile, and its volumes belong to its group", () => {
        expect(podSecurity({ user: 10001, group: 10002 })).toEqual({
            runAsNonRoot: true,
            runAsUser: 10001,
            runAsGroup: 10002,
            fsGroup: 10002,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
        });
    });

    test("a container has no privileges, no capabilities, and a root file system that it cannot write (R38)", () => {
        expect(containerSecurity).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
    });
});

test("resources: memory's limit is its request, CPU has no limit (R40)", () => {
    expect(resourcesOf({ cpu: "250m", memory: "512Mi" })).toEqual({
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { memory: "512Mi" },
    });
});

describe("disruption", () => {
    const labels = { "app.kubernetes.io/name": "shop-web" };

    test("replicas spread over zones and hosts, counted within one release (R13)", () => {
        const constraints = spread(labels);
        expect(constraints.map(({ topologyKey }) => topologyKey)).toEqual([
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        ]);
        for (const constraint of constraints) {
            expect(constraint).toMatchObject({
                maxSkew: 1,
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: labels },
                matchLabelKeys: ["pod-template-hash"],
            });
        }
    });

    test("one pod may be away, and broken ones always (R11, R12)", () => {
        expect(oneAway(labels)).toEqual({
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: labels },
        });
    });
});
