// What a change opens and what it closes: networks, public things, rights, names, TLS. Both sides are read for what is open and for
// what protects, each as a sentence; what the head has more or less of, is the difference.
import { viewOf, type PlanView } from "../../policy/plan-view.ts";
import type { Compared } from "./changes.ts";
import { cloudFacts } from "./security/clouds.ts";
import { clusterFacts } from "./security/cluster.ts";
import { keyOf, type Fact } from "./security/fact.ts";
import { rightsFacts } from "./security/rights.ts";
import type { Words } from "./words.ts";

export interface Opening {
    readonly name: string;
    readonly urn: string;
    readonly says: Words;
    /** To whoever likes, or to whoever is somebody there. */
    readonly everyone: boolean;
}

export interface SecurityChanges {
    readonly opened: readonly Opening[];
    readonly closed: readonly Opening[];
}

export function securityOf({ before, after }: Compared): SecurityChanges {
    const [old, next] = [factsIn(viewOf(before)), factsIn(viewOf(after))];
    const more = difference(next, old);
    const less = difference(old, next);
    // What protects and is missing opens; what protects and is new closes.
    return {
        opened: [...more.filter(isOpen), ...less.filter(isProtecting)].map(told).toSorted(everyoneFirst),
        closed: [...less.filter(isOpen), ...more.filter(isProtecting)].map(told).toSorted(everyoneFirst),
    };
}

function factsIn(view: PlanView): ReadonlyMap<string, Fact> {
    const all = [...clusterFacts(view), ...cloudFacts(view), ...rightsFacts(view)];
    return new Map(all.map((fact) => [keyOf(fact), fact]));
}

function difference(these: ReadonlyMap<string, Fact>, those: ReadonlyMap<string, Fact>): Fact[] {
    return [...these].filter(([key]) => !those.has(key)).map(([, fact]) => fact);
}

const isOpen = ({ protects }: Fact): boolean => !protects;
const isProtecting = ({ protects }: Fact): boolean => protects;

function told({ resource: { name, urn }, says, everyone }: Fact): Opening {
    return { name, urn, says, everyone };
}

function everyoneFirst(a: Opening, b: Opening): number {
    return Number(b.everyone) - Number(a.everyone);
}
