// A Pod of its own is there when it is ready, or done.
import { failed, readyVerdict, waiting, eventsAbout, type Awaiter, type Snapshot, type Verdict } from "./verdict.ts";
import { eventsText } from "./events.ts";
import { isReady, phaseOf, problemOf } from "./pods.ts";

export const pod: Awaiter = {
    timeout: 600,
    related: (applied) => ({ events: eventsAbout(applied) }),
    pods: ({ object }) => (object === undefined ? [] : [object]),
    evaluate: (snapshot: Snapshot): Verdict => {
        const { object } = snapshot;
        if (object === undefined) {
            return failed("it was deleted while it was waited for");
        }
        if (isReady(object) || phaseOf(object) === "Succeeded") {
            return readyVerdict;
        }
        const problem = problemOf(object);
        if (phaseOf(object) === "Failed") {
            return failed(problem?.message ?? "the pod failed");
        }
        return waiting((problem?.message ?? "not ready yet") + eventsText(snapshot.related["events"] ?? []));
    },
};
