// Gateway API: a Gateway is there when its controller has programmed it, a route when every parent has accepted it.
import { conditionOf, type Condition, type KubeObject } from "../object.ts";
import { conditionsOf, failed, readyVerdict, waiting, type Awaiter, type Snapshot, type Verdict } from "./verdict.ts";

interface ParentRef {
    readonly group?: string;
    readonly kind?: string;
    readonly namespace?: string;
    readonly name: string;
    readonly sectionName?: string;
    readonly port?: number;
}

interface Route extends KubeObject {
    readonly spec?: { readonly parentRefs?: readonly ParentRef[] };
    readonly status?: {
        readonly parents?: readonly {
            readonly parentRef: ParentRef;
            readonly controllerName?: string;
            readonly conditions?: readonly Condition[];
        }[];
    };
}

export const gateway: Awaiter = {
    timeout: 600,
    evaluate: (snapshot: Snapshot): Verdict => {
        const { object } = snapshot;
        if (object === undefined) {
            return failed("it was deleted while it was waited for");
        }
        const conditions = conditionsOf(object);
        const programmed = current(conditionOf(conditions, "Programmed"), object);
        if (programmed?.status === "True") {
            return readyVerdict;
        }
        const accepted = current(conditionOf(conditions, "Accepted"), object);
        const told = accepted?.status === "True" ? programmed : (accepted ?? programmed);
        return waiting(told === undefined ? "no controller has taken it yet" : `not programmed yet${because(told)}`);
    },
    advice: "Check that a controller for its gatewayClassName runs in the cluster (kubectl get gatewayclass: ACCEPTED).",
};

export const route: Awaiter = {
    timeout: 600,
    evaluate: (snapshot: Snapshot): Verdict => {
        if (snapshot.object === undefined) {
            return failed("it was deleted while it was waited for");
        }
        const object = snapshot.object as Route;
        const statuses = object.status?.parents ?? [];
        for (const parent of object.spec?.parentRefs ?? []) {
            const matching = statuses.filter((status) =>
                samePlace(status.parentRef, parent, object.metadata?.namespace),
            );
            const conditions = matching.map((status) => current(conditionOf(status.conditions, "Accepted"), object));
            if (conditions.some((condition) => condition?.status === "True")) {
                continue;
            }
            const told = conditions.find((condition) => condition !== undefined);
            return waiting(`not accepted by ${parent.kind ?? "Gateway"} ${parent.name} yet${because(told)}`);
        }
        return readyVerdict;
    },
    advice: "Check that the parent exists, allows routes from this namespace and has a listener for these host names.",
};

/** A condition about an older generation says nothing about this one. */
function current(condition: Condition | undefined, object: KubeObject): Condition | undefined {
    return condition !== undefined && (condition.observedGeneration ?? 0) < (object.metadata?.generation ?? 0)
        ? undefined
        : condition;
}

const because = (condition: Condition | undefined): string =>
    condition === undefined
        ? ""
        : `: ${condition.reason ?? ""}${condition.message === undefined ? "" : `: ${condition.message}`}`;

/** Controllers may fill in defaults of the reference when they repeat it. */
function samePlace(a: ParentRef, b: ParentRef, namespace: string | undefined): boolean {
    return (
        a.name === b.name &&
        (a.kind ?? "Gateway") === (b.kind ?? "Gateway") &&
        (a.namespace ?? namespace) === (b.namespace ?? namespace) &&
        (b.sectionName === undefined || a.sectionName === b.sectionName) &&
        (b.port === undefined || a.port === b.port)
    );
}
