// A Job is there when it has completed; one that failed is reported at once, with what its pod said.
import { conditionOf, type KubeObject } from "../object.ts";
import { eventsText } from "./events.ts";
import { problemsText } from "./pods.ts";
import {
    conditionsOf,
    eventsAbout,
    failed,
    readyVerdict,
    waiting,
    type Awaiter,
    type Snapshot,
    type Verdict,
} from "./verdict.ts";

interface Job extends KubeObject {
    readonly spec?: { readonly suspend?: boolean; readonly completions?: number; readonly parallelism?: number };
    readonly status?: {
        readonly active?: number;
        readonly succeeded?: number;
        readonly failed?: number;
        readonly ready?: number;
    };
}

export const job: Awaiter = {
    timeout: 600,
    related: (applied) => ({
        pods: {
            apiVersion: "v1",
            kind: "Pod",
            namespace: applied.metadata?.namespace ?? "default",
            labelSelector: `batch.kubernetes.io/controller-uid=${applied.metadata?.uid ?? ""}`,
        },
        events: eventsAbout(applied),
    }),
    evaluate,
    advice: "Look at its pod with kubectl logs and kubectl describe; a longer wait is set with the resource option customTimeouts.",
};

function evaluate(snapshot: Snapshot): Verdict {
    if (snapshot.object === undefined) {
        return failed("it was deleted while it was waited for");
    }
    const object = snapshot.object as Job;
    const conditions = conditionsOf(object);
    if (conditionOf(conditions, "Complete")?.status === "True") {
        return readyVerdict;
    }
    const failure = conditionOf(conditions, "Failed");
    if (failure?.status === "True") {
        return failed(`the Job failed (${failure.reason ?? "no reason given"}): ${failure.message ?? ""}`);
    }
    // Somebody else starts it (a queue); waiting would hold up the program that this somebody may be part of.
    if (object.spec?.suspend === true) {
        return readyVerdict;
    }
    const { succeeded = 0, active = 0, failed: failures = 0 } = object.status ?? {};
    const wanted = object.spec?.completions ?? 1;
    const problems = problemsText(snapshot.related["pods"] ?? []) || eventsText(snapshot.related["events"] ?? []);
    return waiting(
        `${succeeded}/${wanted} completed, ${active} running${failures > 0 ? `, ${failures} failed` : ""}${problems}`,
    );
}
