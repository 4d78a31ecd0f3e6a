// What an awaiter says about what it sees in the cluster at one moment. Awaiters are pure: the same objects, the same
// verdict; watching, time-outs and cancellation are wait.ts's business.
import type { Condition, KubeObject } from "../object.ts";

export type Verdict =
    | { readonly state: "ready" }
    /** What is still missing, in one line for the resource's row. */
    | { readonly state: "waiting"; readonly message: string }
    /** It will not become ready by itself. */
    | { readonly state: "failed"; readonly message: string };

export const readyVerdict: Verdict = { state: "ready" };
export const waiting = (message: string): Verdict => ({ state: "waiting", message });
export const failed = (message: string): Verdict => ({ state: "failed", message });

/** Everything an awaiter may look at. */
export interface Snapshot {
    /** The awaited object; undefined: it is gone. */
    readonly object: KubeObject | undefined;
    /** As the server answered to the apply: what was true before the controllers saw the change. */
    readonly applied: KubeObject;
    /** Other objects by the name that the awaiter gave the watch. */
    readonly related: Readonly<Record<string, readonly KubeObject[]>>;
}

/** A collection that the awaiter wants to see. */
export interface Related {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string | undefined;
    readonly labelSelector?: string;
    readonly fieldSelector?: string;
}

export interface Awaiter {
    /** In seconds. */
    readonly timeout: number;
    /** What to watch besides the object itself; `pods` and `events` are also used to explain a failure. */
    readonly related?: (applied: KubeObject) => Readonly<Record<string, Related>>;
    readonly evaluate: (snapshot: Snapshot) => Verdict;
    /** The pods that an error is about. @default all that are watched */
    readonly pods?: (snapshot: Snapshot) => readonly KubeObject[];
    /** What the user can do when the time is over. */
    readonly advice?: string;
}

interface Observed {
    readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

/** True once the controller has seen the last change of the spec. */
export function isObserved(object: KubeObject): boolean {
    const observed = (object as Observed).status?.observedGeneration ?? 0;
    return observed >= (object.metadata?.generation ?? 0);
}

export const conditionsOf = (object: KubeObject): readonly Condition[] => (object as Observed).status?.conditions ?? [];

/** `matchLabels` and `matchExpressions` as a query parameter. */
export function selectorText(
    selector:
        | {
              readonly matchLabels?: Readonly<Record<string, string>>;
              readonly matchExpressions?: readonly {
                  readonly key: string;
                  readonly operator: string;
                  readonly values?: readonly string[];
              }[];
          }
        | undefined,
): string {
    const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
        switch (operator) {
            case "In":
                return `${key} in (${values.join(",")})`;
            case "NotIn":
                return `${key} notin (${values.join(",")})`;
            case "DoesNotExist":
                return `!${key}`;
            default:
                return key;
        }
    });
    return [...labels, ...expressions].join(",");
}

/** The events about one object: the only place where some controllers say what stops them. */
export function eventsAbout(object: KubeObject): Related {
    const { uid, namespace } = object.metadata ?? {};
    return {
        apiVersion: "v1",
        kind: "Event",
        namespace: namespace ?? "default",
        fieldSelector: `involvedObject.uid=${uid ?? ""}`,
    };
}
