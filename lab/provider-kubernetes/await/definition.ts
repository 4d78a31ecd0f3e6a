// A CustomResourceDefinition is there when its kind can be used.
import { conditionOf } from "../object.ts";
import { conditionsOf, failed, readyVerdict, waiting, type Awaiter, type Snapshot, type Verdict } from "./verdict.ts";

export const customResourceDefinition: Awaiter = {
    timeout: 60,
    evaluate: (snapshot: Snapshot): Verdict => {
        if (snapshot.object === undefined) {
            return failed("it was deleted while it was waited for");
        }
        const conditions = conditionsOf(snapshot.object);
        const names = conditionOf(conditions, "NamesAccepted");
        if (names?.status === "False") {
            return failed(`its names are taken: ${names.message ?? names.reason ?? ""}`);
        }
        return conditionOf(conditions, "Established")?.status === "True"
            ? readyVerdict
            : waiting("not established yet");
    },
};
