// A StatefulSet is there when every pod runs the last revision and is ready; for how long, its minReadySeconds, is not
// asked, as the official plugin does not.
import { nameOf, type KubeObject } from "../object.ts";
import { isReady, isTerminating, problemsText } from "./pods.ts";
import { eventsText } from "./events.ts";
import {
    eventsAbout,
    failed,
    isObserved,
    readyVerdict,
    selectorText,
    waiting,
    type Awaiter,
    type Snapshot,
    type Verdict,
} from "./verdict.ts";

interface StatefulSet extends KubeObject {
    readonly spec?: {
        readonly replicas?: number;
        readonly selector?: Parameters<typeof selectorText>[0];
        readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    };
    readonly status?: {
        readonly readyReplicas?: number;
        readonly updatedReplicas?: number;
        readonly currentRevision?: string;
        readonly updateRevision?: string;
    };
}

export const statefulSet: Awaiter = {
    timeout: 600,
    related: (applied) => ({
        pods: {
            apiVersion: "v1",
            kind: "Pod",
            namespace: applied.metadata?.namespace ?? "default",
            labelSelector: selectorText((applied as StatefulSet).spec?.selector),
        },
        events: eventsAbout(applied),
    }),
    evaluate,
};

function evaluate(snapshot: Snapshot): Verdict {
    if (snapshot.object === undefined) {
        return failed("it was deleted while it was waited for");
    }
    const object = snapshot.object as StatefulSet;
    if (!isObserved(object)) {
        return waiting("the controller has not seen the change yet");
    }
    const desired = object.spec?.replicas ?? 1;
    const { readyReplicas: ready = 0, updatedReplicas = 0, currentRevision, updateRevision } = object.status ?? {};
    const pods = snapshot.related["pods"] ?? [];
    const problems = problemsText(pods) || eventsText(snapshot.related["events"] ?? []);
    // The user updates the pods by deleting them, so there is nothing to wait for but the pods that are there.
    if (object.spec?.updateStrategy?.type === "OnDelete") {
        return ready >= desired ? readyVerdict : waiting(`${ready}/${desired} replicas ready${problems}`);
    }
    const partition = object.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const toUpdate = Math.max(desired - partition, 0);
    if (partition > 0 ? updatedReplicas < toUpdate : currentRevision !== updateRevision && updatedReplicas < desired) {
        return waiting(`${updatedReplicas}/${toUpdate} replicas updated${problems}${stuck(pods, updateRevision)}`);
    }
    if (ready < desired) {
        return waiting(`${ready}/${desired} replicas ready${problems}${stuck(pods, updateRevision)}`);
    }
    if (partition === 0 && currentRevision !== updateRevision) {
        return waiting("the rollout is being finished");
    }
    return readyVerdict;
}

/** The controller does not replace a pod that never became ready by a corrected one: a known trap. */
function stuck(pods: readonly KubeObject[], updateRevision: string | undefined): string {
    const old = pods.find(
        (pod) =>
            !isReady(pod) &&
            !isTerminating(pod) &&
            pod.metadata?.labels?.["controller-revision-hash"] !== updateRevision,
    );
    return old === undefined || updateRevision === undefined || pods.length === 0
        ? ""
        : `; ${nameOf(old)} still has the template before and never became ready: delete this pod if it stays so`;
}
