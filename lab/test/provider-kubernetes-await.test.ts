// Proves: what the awaiters conclude from sequences of objects as controllers write them (recorded from a v1.36 cluster,
// shortened to the fields that matter). Does not prove that objects arrive; provider-kubernetes-server.test.ts does.
import { describe, expect, test } from "vitest";
import { awaiterOf } from "../provider-kubernetes/await/awaiters.ts";
import { problemOf } from "../provider-kubernetes/await/pods.ts";
import { selectorText, type Awaiter } from "../provider-kubernetes/await/verdict.ts";
import type { KubeObject } from "../provider-kubernetes/object.ts";

type Loose = Record<string, unknown>;
const kube = (apiVersion: string, kind: string, fields: Loose): KubeObject => ({
    apiVersion,
    kind,
    ...fields,
    metadata: {
        name: "x",
        namespace: "shop",
        uid: "u",
        generation: 1,
        ...(fields["metadata"] as Loose | undefined),
    },
});

/** One word or text per object of the sequence. */
function verdicts(
    sequence: readonly KubeObject[],
    related: Readonly<Record<string, readonly KubeObject[]>> = {},
    applied = sequence[0],
): string[] {
    const awaiter = awaiterOf(applied as KubeObject) as Awaiter;
    return sequence.map((object) => {
        const verdict = awaiter.evaluate({ object, applied: applied as KubeObject, related });
        return verdict.state === "ready" ? "ready" : `${verdict.state}: ${verdict.message}`;
    });
}

const running = (name: string, fields: Loose = {}): KubeObject =>
    kube("v1", "Pod", {
        metadata: { name, labels: { "pod-template-hash": "new" }, ...(fields["metadata"] as Loose | undefined) },
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    });
const imagePull = (name: string): KubeObject =>
    kube("v1", "Pod", {
        metadata: { name, creationTimestamp: "2026-01-02T00:00:00Z", labels: { "pod-template-hash": "new" } },
        status: {
            phase: "Pending",
            conditions: [{ type: "Ready", status: "False" }],
            containerStatuses: [
                {
                    name: "web",
                    ready: false,
                    state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "nope"' } },
                },
            ],
        },
    });

describe("Deployment", () => {
    const at = (status: Loose, spec: Loose = { replicas: 2 }, metadata: Loose = {}): KubeObject =>
        kube("apps/v1", "Deployment", { spec, status, metadata });

    test("a first rollout", () => {
        expect(
            verdicts([
                at({}),
                at({ observedGeneration: 1, replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 }),
                at({ observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1 }),
                at({ observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 }),
            ]),
        ).toEqual([
            "waiting: the controller has not seen the change yet",
            "waiting: 0/2 replicas ready",
            "waiting: 1/2 replicas ready",
            "ready",
        ]);
    });

    test("an update waits for the new pods and for the end of the old ones", () => {
        const metadata = { generation: 2 };
        expect(
            verdicts([
                at(
                    { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
                    { replicas: 2 },
                    metadata,
                ),
                at(
                    { observedGeneration: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 },
                    { replicas: 2 },
                    metadata,
                ),
                at(
                    { observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
                    { replicas: 2 },
                    metadata,
                ),
                at(
                    { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
                    { replicas: 2 },
                    metadata,
                ),
            ]),
        ).toEqual([
            "waiting: the controller has not seen the change yet",
            "waiting: 1/2 replicas updated",
            "waiting: 1 old replicas still to stop",
            "ready",
        ]);
    });

    test("without replicas (an autoscaler's), one is enough; none is enough for 0; paused is not waited for", () => {
        expect(
            verdicts([at({ observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, {})]),
        ).toEqual(["ready"]);
        expect(verdicts([at({ observedGeneration: 1 }, { replicas: 0 })])).toEqual(["ready"]);
        expect(verdicts([at({ observedGeneration: 1 }, { replicas: 2, paused: true })])).toEqual(["ready"]);
    });

    test("a bad image keeps it waiting, with the new pod's own words", () => {
        const old = running("web-old", {
            metadata: { labels: { "pod-template-hash": "old" }, creationTimestamp: "2026-01-01T00:00:00Z" },
        });
        const [verdict] = verdicts(
            [at({ observedGeneration: 1, replicas: 3, updatedReplicas: 1, availableReplicas: 2 })],
            { pods: [old, imagePull("web-new")] },
        );
        expect(verdict).toBe(
            'waiting: 1/2 replicas updated; web-new: container web: ImagePullBackOff: Back-off pulling image "nope"',
        );
    });

    test("a refusal of the pods themselves", () => {
        const conditions = [
            {
                type: "ReplicaFailure",
                status: "True",
                reason: "FailedCreate",
                message: 'pods "web-1" is forbidden: violates PodSecurity "restricted:latest"',
            },
        ];
        expect(verdicts([at({ observedGeneration: 1, conditions })])[0]).toContain(
            'FailedCreate: pods "web-1" is forbidden: violates PodSecurity',
        );
    });

    test("fails when its own deadline is over, but not for the failure of the rollout before", () => {
        const late = (lastUpdateTime: string): Loose => ({
            observedGeneration: 1,
            replicas: 2,
            updatedReplicas: 2,
            conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", lastUpdateTime }],
        });
        expect(verdicts([at({}), at(late("2026-01-01T00:00:00Z"))])[1]).toMatch(
            /^failed: the rollout made no progress/,
        );
        const applied = at(late("2026-01-01T00:00:00Z"));
        expect(verdicts([applied, at(late("2026-01-01T00:10:00Z"))], {}, applied)).toEqual([
            expect.stringMatching(/^waiting/),
            expect.stringMatching(/^failed/),
        ]);
    });

    test("fails when it is deleted meanwhile", () => {
        const applied = at({});
        expect(awaiterOf(applied)?.evaluate({ object: undefined, applied, related: {} }).state).toBe("failed");
    });
});

describe("StatefulSet", () => {
    const at = (status: Loose, spec: Loose = { replicas: 2 }): KubeObject =>
        kube("apps/v1", "StatefulSet", { spec, status });

    test("creation and update", () => {
        expect(
            verdicts([
                at({}),
                at({
                    observedGeneration: 1,
                    replicas: 1,
                    readyReplicas: 0,
                    updatedReplicas: 1,
                    currentRevision: "a",
                    updateRevision: "a",
                }),
                at({
                    observedGeneration: 1,
                    replicas: 2,
                    readyReplicas: 2,
                    availableReplicas: 2,
                    updatedReplicas: 2,
                    currentRevision: "a",
                    updateRevision: "a",
                }),
                at({
                    observedGeneration: 1,
                    replicas: 2,
                    readyReplicas: 1,
                    availableReplicas: 1,
                    updatedReplicas: 1,
                    currentRevision: "a",
                    updateRevision: "b",
                }),
                at({
                    observedGeneration: 1,
                    replicas: 2,
                    readyReplicas: 2,
                    availableReplicas: 2,
                    updatedReplicas: 2,
                    currentRevision: "a",
                    updateRevision: "b",
                }),
                at({
                    observedGeneration: 1,
                    replicas: 2,
                    readyReplicas: 2,
                    // Not up for minReadySeconds yet.
                    availableReplicas: 0,
                    updatedReplicas: 2,
                    currentRevision: "b",
                    updateRevision: "b",
                }),
            ]),
        ).toEqual([
            "waiting: the controller has not seen the change yet",
            "waiting: 0/2 replicas ready",
            "ready",
            "waiting: 1/2 replicas updated",
            "waiting: the rollout is being finished",
            "ready",
        ]);
    });

    test("partitions, OnDelete, no replicas", () => {
        const status = {
            observedGeneration: 1,
            replicas: 3,
            readyReplicas: 3,
            updatedReplicas: 1,
            currentRevision: "a",
            updateRevision: "b",
        };
        expect(verdicts([at(status, { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } })])).toEqual([
            "ready",
        ]);
        expect(verdicts([at(status, { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } })])).toEqual([
            "waiting: 1/2 replicas updated",
        ]);
        expect(verdicts([at(status, { replicas: 3, updateStrategy: { type: "OnDelete" } })])).toEqual(["ready"]);
        expect(verdicts([at({ observedGeneration: 1 }, { replicas: 0 })])).toEqual(["ready"]);
    });

    test("names a pod that blocks the rollout with the template before", () => {
        const pod = kube("v1", "Pod", {
            metadata: { name: "db-0", labels: { "controller-revision-hash": "a" } },
            status: { phase: "Running", conditions: [{ type: "Ready", status: "False" }] },
        });
        const [verdict] = verdicts(
            [at({ observedGeneration: 1, replicas: 1, updatedReplicas: 0, currentRevision: "a", updateRevision: "b" })],
            { pods: [pod] },
        );
        expect(verdict).toContain("db-0 still has the template before");
    });

    test("shows why there is no pod at all", () => {
        const events = [
            kube("v1", "Event", {
                type: "Warning",
                reason: "FailedCreate",
                message: "violates PodSecurity",
                lastTimestamp: "2026-01-01T00:00:00Z",
            }),
        ];
        expect(
            verdicts([at({ observedGeneration: 1, currentRevision: "a", updateRevision: "a" })], { events }),
        ).toEqual(["waiting: 0/2 replicas ready; FailedCreate: violates PodSecurity"]);
    });
});

describe("Job", () => {
    const at = (status: Loose, spec: Loose = {}): KubeObject => kube("batch/v1", "Job", { spec, status });
    test("completes, fails at once, is suspended", () => {
        expect(
            verdicts([
                at({}),
                at({ active: 1 }),
                at({ active: 0, succeeded: 1, conditions: [{ type: "SuccessCriteriaMet", status: "True" }] }),
                at({ succeeded: 1, conditions: [{ type: "Complete", status: "True" }] }),
                at({ failed: 1, conditions: [{ type: "FailureTarget", status: "True" }] }),
                at({
                    failed: 1,
                    conditions: [
                        {
                            type: "Failed",
                            status: "True",
                            reason: "BackoffLimitExceeded",
                            message: "Job has reached the specified backoff limit",
                        },
                    ],
                }),
            ]),
        ).toEqual([
            "waiting: 0/1 completed, 0 running",
            "waiting: 0/1 completed, 1 running",
            "waiting: 1/1 completed, 0 running",
            "ready",
            "waiting: 0/1 completed, 0 running, 1 failed",
            "failed: the Job failed (BackoffLimitExceeded): Job has reached the specified backoff limit",
        ]);
        expect(verdicts([at({}, { suspend: true })])).toEqual(["ready"]);
    });
});

describe("Service", () => {
    const at = (spec: Loose, status: Loose = {}): KubeObject => kube("v1", "Service", { spec, status });
    const slice = (...ready: (boolean | undefined)[]): KubeObject =>
        kube("discovery.k8s.io/v1", "EndpointSlice", {
            endpoints: ready.map((value) => ({ conditions: { ready: value } })),
        });

    test("needs one ready endpoint", () => {
        const service = at({ selector: { app: "a" } });
        expect(verdicts([service], { slices: [] })).toEqual(["waiting: no pod matches its selector yet"]);
        expect(verdicts([service], { slices: [slice(false, false)] })).toEqual(["waiting: 0/2 of its pods ready"]);
        expect(verdicts([service], { slices: [slice(false), slice(true)] })).toEqual(["ready"]);
        expect(verdicts([service], { slices: [slice(undefined)] })).toEqual(["ready"]);
    });
    test("unless it is headless, external or without a selector; a load balancer needs an address too", () => {
        expect(verdicts([at({ selector: { app: "a" }, clusterIP: "None" })])).toEqual(["ready"]);
        expect(verdicts([at({ type: "ExternalName" })])).toEqual(["ready"]);
        expect(verdicts([at({})])).toEqual(["ready"]);
        expect(verdicts([at({ type: "LoadBalancer" })])).toEqual(["waiting: its load balancer has no address yet"]);
        expect(verdicts([at({ type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } })])).toEqual([
            "ready",
        ]);
    });
});

describe("volumes", () => {
    const at = (phase: string): KubeObject =>
        kube("v1", "PersistentVolumeClaim", { spec: { storageClassName: "fast" }, status: { phase } });
    test("bound, or of a class that waits for the first pod", () => {
        expect(verdicts([at("Pending"), at("Bound"), at("Lost")])).toEqual([
            "waiting: not bound to a volume yet",
            "ready",
            "failed: the volume that it was bound to is gone",
        ]);
        const classes = [kube("storage.k8s.io/v1", "StorageClass", { volumeBindingMode: "WaitForFirstConsumer" })];
        expect(verdicts([at("Pending")], { classes })).toEqual(["ready"]);
    });
});

describe("Gateway API", () => {
    const conditions = (generation: number, ...entries: [string, string, string?][]): Loose[] =>
        entries.map(([type, status, reason]) => ({
            type,
            status,
            reason: reason ?? type,
            observedGeneration: generation,
        }));
    test("a Gateway is programmed, for its last generation", () => {
        const at = (list: Loose[]): KubeObject =>
            kube("gateway.networking.k8s.io/v1", "Gateway", {
                metadata: { generation: 2 },
                status: { conditions: list },
            });
        expect(
            verdicts([
                at([]),
                at(conditions(1, ["Programmed", "True"])),
                at(conditions(2, ["Accepted", "False", "InvalidParameters"])),
                at(conditions(2, ["Accepted", "True"], ["Programmed", "False", "Pending"])),
                at(conditions(2, ["Programmed", "True"])),
            ]),
        ).toEqual([
            "waiting: no controller has taken it yet",
            "waiting: no controller has taken it yet",
            "waiting: not programmed yet: InvalidParameters",
            "waiting: not programmed yet: Pending",
            "ready",
        ]);
    });
    test("a route is accepted by every parent", () => {
        const parentRefs = [{ name: "edge" }, { name: "other", namespace: "infra", sectionName: "https" }];
        const at = (parents: Loose[]): KubeObject =>
            kube("gateway.networking.k8s.io/v1", "HTTPRoute", { spec: { parentRefs }, status: { parents } });
        const edge = {
            parentRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: "edge", namespace: "shop" },
            conditions: conditions(1, ["Accepted", "True"]),
        };
        const refused = {
            parentRef: parentRefs[1],
            conditions: conditions(1, ["Accepted", "False", "NoMatchingParent"]),
        };
        const accepted = { parentRef: parentRefs[1], conditions: conditions(1, ["Accepted", "True"]) };
        expect(verdicts([at([]), at([edge]), at([edge, refused]), at([edge, accepted])])).toEqual([
            "waiting: not accepted by Gateway edge yet",
            "waiting: not accepted by Gateway other yet",
            "waiting: not accepted by Gateway other yet: NoMatchingParent",
            "ready",
        ]);
    });
});

test("CustomResourceDefinition, Pod, DaemonSet", () => {
    const definition = (...list: Loose[]): KubeObject =>
        kube("apiextensions.k8s.io/v1", "CustomResourceDefinition", { status: { conditions: list } });
    expect(
        verdicts([
            definition(),
            definition({ type: "Established", status: "True" }),
            definition({ type: "NamesAccepted", status: "False", message: "taken" }),
        ]),
    ).toEqual(["waiting: not established yet", "ready", "failed: its names are taken: taken"]);
    expect(
        verdicts([
            imagePull("a"),
            running("a"),
            kube("v1", "Pod", { status: { phase: "Succeeded" } }),
            kube("v1", "Pod", { status: { phase: "Failed", reason: "Evicted", message: "no room" } }),
        ]),
    ).toEqual([
        'waiting: container web: ImagePullBackOff: Back-off pulling image "nope"',
        "ready",
        "ready",
        "failed: Evicted: no room",
    ]);
    const daemon = (status: Loose): KubeObject =>
        kube("apps/v1", "DaemonSet", { status: { observedGeneration: 1, ...status } });
    expect(
        verdicts([
            daemon({ desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 }),
            daemon({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }),
        ]),
    ).toEqual(["waiting: 1/2 pods updated", "ready"]);
});

test("pulumi.com/waitFor", () => {
    const at = (annotation: string, status: Loose): string[] =>
        verdicts([
            kube("example.com/v1", "Thing", {
                metadata: { annotations: { "pulumi.com/waitFor": annotation } },
                status,
            }),
        ]);
    expect(at("condition=Ready", { conditions: [{ type: "Ready", status: "True" }] })).toEqual(["ready"]);
    expect(at("condition=Ready=False", { conditions: [{ type: "Ready", status: "True" }] })).toEqual([
        "waiting: waiting for condition=Ready=False",
    ]);
    expect(at("jsonpath={.status.phase}=Up", { phase: "Up" })).toEqual(["ready"]);
    expect(at('["jsonpath={.status.phase}", "condition=Ready"]', {})).toEqual([
        "waiting: waiting for jsonpath={.status.phase}, condition=Ready",
    ]);
    expect(() => at("ready please", {})).toThrow("Allowed here");
});

test("kinds that are there as soon as the API server has them", () => {
    for (const [apiVersion, kind] of [
        ["v1", "ConfigMap"],
        ["v1", "Secret"],
        ["v1", "Namespace"],
        ["v1", "ServiceAccount"],
        ["autoscaling/v2", "HorizontalPodAutoscaler"],
        ["policy/v1", "PodDisruptionBudget"],
        ["networking.k8s.io/v1", "NetworkPolicy"],
    ] as const) {
        expect(awaiterOf(kube(apiVersion, kind, {})), kind).toBeUndefined();
    }
});

describe("what is wrong with a pod", () => {
    const pod = (status: Loose): KubeObject => kube("v1", "Pod", { metadata: { name: "web-1" }, status });
    test("in the scheduler's, the kubelet's and the container's words", () => {
        const last = { terminated: { exitCode: 1, reason: "Error" } };
        expect(
            problemOf(
                pod({
                    conditions: [
                        {
                            type: "PodScheduled",
                            status: "False",
                            reason: "Unschedulable",
                            message: "0/1 nodes are available",
                        },
                    ],
                }),
            ),
        ).toMatchObject({ message: "Unschedulable: 0/1 nodes are available", serious: true });
        expect(
            problemOf(
                pod({
                    containerStatuses: [
                        {
                            name: "web",
                            state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
                            lastState: last,
                        },
                    ],
                }),
            ),
        ).toMatchObject({
            message: "container web: CrashLoopBackOff: back-off 10s (last exit code 1)",
            container: "web",
            previous: true,
            serious: true,
        });
        expect(
            problemOf(
                pod({
                    containerStatuses: [{ name: "web", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }],
                }),
            ),
        ).toMatchObject({ message: "container web: ended with code 137 (OOMKilled)", previous: false });
        expect(
            problemOf(
                pod({ containerStatuses: [{ name: "web", state: { waiting: { reason: "ContainerCreating" } } }] }),
            )?.serious,
        ).toBe(false);
        expect(
            problemOf(
                pod({
                    initContainerStatuses: [
                        {
                            name: "init",
                            state: {
                                waiting: { reason: "CreateContainerConfigError", message: 'secret "x" not found' },
                            },
                        },
                    ],
                    containerStatuses: [{ name: "web", state: { waiting: { reason: "PodInitializing" } } }],
                }),
            )?.message,
        ).toBe('container init: CreateContainerConfigError: secret "x" not found');
        expect(problemOf(running("web-1"))).toBeUndefined();
    });
});

test("selectors", () => {
    expect(
        selectorText({
            matchLabels: { a: "1", b: "2" },
            matchExpressions: [
                { key: "c", operator: "In", values: ["x", "y"] },
                { key: "d", operator: "DoesNotExist" },
                { key: "e", operator: "Exists" },
            ],
        }),
    ).toBe("a=1,b=2,c in (x,y),!d,e");
});
