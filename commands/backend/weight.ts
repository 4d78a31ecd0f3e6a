// What an environment weighs, read from its state as `make plan` reads it from a plan: what it reserves, what it costs, what it holds.
import { resourceType } from "../../lib/catalogue/index.ts";
import { costOf } from "../plan/cost.ts";
import { sumsOf, type Reserved } from "../plan/sums.ts";
import type { Plan } from "../plan/plan.ts";
import { cloudsOf } from "../plan/topology/clouds.ts";
import { entryOf, type Entry } from "../plan/topology/entry.ts";
import { PlanView } from "../../policy/plan-view.ts";
import { SecretValue, type PolicyResource } from "../../policy/resource.ts";
import type { ResourceState } from "../repair/deployment.ts";
import type { EnvironmentState } from "./environment.ts";
import { isSecret } from "./secrets.ts";

export interface Weight {
    /** What its pods reserve when nobody comes, and what its volumes hold: on a cluster that is paid anyway. */
    readonly reserved: Reserved;
    /** US dollars a month of what is its own in a cloud; 0 when nothing is. */
    readonly monthly: number;
    /** What is billed besides, and has no price in the list. */
    readonly unpriced: readonly string[];
    /** What of it holds data or a name, by kind: `database 1`, `bucket 2`. */
    readonly holds: Readonly<Record<string, number>>;
}

/** Days of the month that prices are of: 730 hours. */
const days = 730 / 24;

export function weightOf({ resources, namespace, apps }: EnvironmentState): Weight {
    const view = new PlanView({ resources: resources.map(planned) });
    const sums = sumsOf(view, namespace ?? "");
    const clouds = cloudsOf(view);
    const cost = clouds.length === 0 ? undefined : costOf(view, { clouds, entry: wayIn(view, apps) }, sums);
    const kinds = resources.flatMap(({ type, inputs }) => kindOf(type, inputs) ?? []);
    return {
        reserved: sums.min,
        monthly: cost?.monthly ?? 0,
        unpriced: cost?.unpriced ?? [],
        holds: Object.fromEntries(
            [...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length] as const),
        ),
    };
}

/** It has the load balancer, which no state shows: its controller makes it. */
function wayIn(view: PlanView, apps: EnvironmentState["apps"]): Entry | undefined {
    const resources: Plan["resources"] = [];
    return entryOf(view, { project: "", stack: "", resources, warnings: [], outputs: { apps } });
}

/** What of it a person would miss or has to look for: what holds data, a name, a certificate. */
function kindOf(type: string, inputs: ResourceState["inputs"]): string | undefined {
    const { holds, role } = resourceType(type, inputs ?? {}) ?? {};
    // That each has, and with it goes.
    const kept = holds === "namespace" ? undefined : holds;
    return kept ?? (role === "certificate" ? role : /Record(?:Set)?$/.test(type) ? "record" : undefined);
}

export function daily(monthly: number): number {
    return Math.round((monthly / days) * 100) / 100;
}

function planned(resource: ResourceState): PolicyResource {
    const { urn, type, inputs = {}, parent, provider, dependencies, protect } = resource;
    return {
        urn,
        type,
        name: urn.split("::").at(-1)!,
        props: withoutSecrets(inputs) as Readonly<Record<string, unknown>>,
        dependencies: dependencies ?? [],
        protect: protect === true,
        ...(parent !== undefined && { parent }),
        ...(provider !== undefined && { provider }),
    };
}

function withoutSecrets(value: unknown): unknown {
    if (isSecret(value)) {
        return new SecretValue();
    }
    if (Array.isArray(value)) {
        return value.map(withoutSecrets);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecrets(each)]));
}
