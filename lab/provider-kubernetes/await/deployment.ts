// A Deployment is there when its last template runs in all its pods, and none of the template before is left.
import { conditionOf, type Condition, type KubeObject } from "../object.ts";
import { problemsText } from "./pods.ts";
import {
    conditionsOf,
    failed,
    isObserved,
    readyVerdict,
    selectorText,
    waiting,
    type Awaiter,
    type Snapshot,
    type Verdict,
} from "./verdict.ts";

interface Deployment extends KubeObject {
    readonly spec?: {
        readonly replicas?: number;
        readonly paused?: boolean;
        readonly selector?: Parameters<typeof selectorText>[0];
    };
    readonly status?: {
        readonly replicas?: number;
        readonly updatedReplicas?: number;
        readonly availableReplicas?: number;
        readonly readyReplicas?: number;
        readonly conditions?: readonly Condition[];
    };
}

export const deployment: Awaiter = {
    timeout: 600,
    related: (applied) => ({
        pods: {
            apiVersion: "v1",
            kind: "Pod",
            namespace: applied.metadata?.namespace ?? "default",
            labelSelector: selectorText((applied as Deployment).spec?.selector),
        },
    }),
    evaluate,
    pods: newestPods,
};

function evaluate(snapshot: Snapshot): Verdict {
    if (snapshot.object === undefined) {
        return failed("it was deleted while it was waited for");
    }
    const object = snapshot.object as Deployment;
    if (!isObserved(object)) {
        return waiting("the controller has not seen the change yet");
    }
    if (object.spec?.paused === true) {
        return readyVerdict;
    }
    const desired = object.spec?.replicas ?? 1;
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = object.status ?? {};
    const conditions = conditionsOf(object);
    const pods = problemsText(newestPods(snapshot));
    const progressing = conditionOf(conditions, "Progressing");
    if (progressing?.reason === "ProgressDeadlineExceeded" && isNews(progressing, snapshot.applied)) {
        return failed(
            `the rollout made no progress within its deadline: ${availableReplicas}/${desired} replicas available${pods}`,
        );
    }
    // Quotas and Pod Security refuse the pods themselves, so there is no pod to say it.
    const refused = conditionOf(conditions, "ReplicaFailure");
    const why = refused?.status === "True" ? `; ${refused.reason ?? ""}: ${refused.message ?? ""}` : pods;
    if (updatedReplicas < desired) {
        return waiting(`${updatedReplicas}/${desired} replicas updated${why}`);
    }
    if (replicas > updatedReplicas) {
        return waiting(`${replicas - updatedReplicas} old replicas still to stop${why}`);
    }
    if (availableReplicas < desired) {
        return waiting(`${availableReplicas}/${desired} replicas ready${why}`);
    }
    return readyVerdict;
}

/** A verdict on a rollout that had failed before this `up` says nothing about this one: its cause may be gone. */
function isNews(condition: Condition, applied: KubeObject): boolean {
    const before = conditionOf(conditionsOf(applied), condition.type);
    return (
        before === undefined || before.reason !== condition.reason || before.lastUpdateTime !== condition.lastUpdateTime
    );
}

/** The pods of the newest template: those of the old one are fine, or no longer matter. */
function newestPods(snapshot: Snapshot): readonly KubeObject[] {
    const pods = snapshot.related["pods"] ?? [];
    const newest = pods.reduce<KubeObject | undefined>((best, pod) => {
        const [a, b] = [pod.metadata?.creationTimestamp ?? "", best?.metadata?.creationTimestamp ?? ""];
        return best === undefined || a > b ? pod : best;
    }, undefined);
    const hash = newest?.metadata?.labels?.["pod-template-hash"];
    return hash === undefined ? pods : pods.filter((pod) => pod.metadata?.labels?.["pod-template-hash"] === hash);
}
