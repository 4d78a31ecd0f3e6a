// A DaemonSet is there when every node that shall run it runs the last template.
import { type KubeObject } from "../object.ts";
import { eventsText } from "./events.ts";
import { problemsText } from "./pods.ts";
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

interface DaemonSet extends KubeObject {
    readonly spec?: {
        readonly selector?: Parameters<typeof selectorText>[0];
        readonly updateStrategy?: { readonly type?: string };
    };
    readonly status?: {
        readonly desiredNumberScheduled?: number;
        readonly updatedNumberScheduled?: number;
        readonly numberAvailable?: number;
    };
}

export const daemonSet: Awaiter = {
    timeout: 600,
    related: (applied) => ({
        pods: {
            apiVersion: "v1",
            kind: "Pod",
            namespace: applied.metadata?.namespace ?? "default",
            labelSelector: selectorText((applied as DaemonSet).spec?.selector),
        },
        events: eventsAbout(applied),
    }),
    evaluate,
};

function evaluate(snapshot: Snapshot): Verdict {
    if (snapshot.object === undefined) {
        return failed("it was deleted while it was waited for");
    }
    const object = snapshot.object as DaemonSet;
    if (!isObserved(object)) {
        return waiting("the controller has not seen the change yet");
    }
    const {
        desiredNumberScheduled: desired = 0,
        updatedNumberScheduled: updated = 0,
        numberAvailable: available = 0,
    } = object.status ?? {};
    const problems = problemsText(snapshot.related["pods"] ?? []) || eventsText(snapshot.related["events"] ?? []);
    if (object.spec?.updateStrategy?.type !== "OnDelete" && updated < desired) {
        return waiting(`${updated}/${desired} pods updated${problems}`);
    }
    return available < desired ? waiting(`${available}/${desired} pods ready${problems}`) : readyVerdict;
}
