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
    const names = new Set(after.resources.map(({ name, type }) => `${type} ${name}`));
    const known = new Set(before.resources.map(({ name, type }) => `${type} ${name}`));
    const isIn = (those: ReadonlySet<string>, { itself, resource: { name, type } }: Fact): boolean =>
        !itself || those.has(`${type} ${name}`);
    // What protects and is missing opens; what protects and is new closes.
    const lost = less.filter((fact) => isProtecting(fact) && isIn(names, fact));
    const gained = more.filter((fact) => isProtecting(fact) && isIn(known, fact));
    return {
        opened: unique([
            ...more.filter(isOpen).map(told),
            ...lost.map(told).map((opening) => ({ ...opening, says: ["no longer: ", ...opening.says] })),
        ]),
        closed: unique([...less.filter(isOpen).map(told), ...gained.map(told)]),
    };
}

/** Both ends of a way say the same of it. */
function unique(openings: readonly Opening[]): readonly Opening[] {
    const said = new Map(openings.map((opening) => [JSON.stringify(opening.says), opening]));
    return [...said.values()].toSorted((a, b) => Number(b.everyone) - Number(a.everyone));
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
