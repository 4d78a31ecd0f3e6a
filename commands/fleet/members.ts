// All environments of a backend, each with what its state, its history and its cluster say.
import type { EnvironmentState } from "../backend/environment.ts";
import { lastUpdateOf, type LastUpdate } from "../backend/history.ts";
import type { Pulumi } from "../backend/pulumi.ts";
import { readStates, type ReadStack } from "../backend/read.ts";
import { shortName, stacksOf, type Backend } from "../backend/stacks.ts";
import { weightOf } from "../backend/weight.ts";
import { inTurns } from "../support/in-turns.ts";
import { healthOf, type Health } from "./health.ts";
import { previewed, type Previewed } from "./previewed.ts";

export interface Member {
    readonly stack: string;
    /** Of what it says; more than one is a contradiction. */
    readonly kind: string;
    readonly pullRequest?: number;
    readonly since?: Date;
    readonly update?: LastUpdate;
    /** US dollars a month of what is its own in a cloud; 0 when nothing is. @default its state cannot be read */
    readonly monthly?: number;
    readonly images: readonly string[];
    readonly urls: readonly string[];
    readonly health: Health;
    /** What differs from the settings, or from what is there. @default nobody asked */
    readonly drift?: Previewed;
    /** Why nothing more is known of it. */
    readonly unreadable?: string;
}

/** @param drift whether each is previewed with a refresh, which takes as long as that takes */
export async function membersOf(
    pulumi: Pulumi,
    at: Backend,
    { drift }: { readonly drift: boolean },
): Promise<Member[]> {
    const read = await readStates(pulumi, await stacksOf(pulumi, at));
    return await inTurns(4, read, (each) => memberOf(pulumi, each, drift));
}

async function memberOf(pulumi: Pulumi, { stack, state }: ReadStack, drift: boolean): Promise<Member> {
    const name = shortName(stack.name);
    const update = await lastUpdateOf(pulumi, stack.name);
    if ("unreadable" in state) {
        return {
            stack: name,
            kind: "",
            images: [],
            urls: [],
            health: { unknown: "its state cannot be read" },
            unreadable: state.unreadable.split("\n", 1)[0]!,
            ...(update && { update }),
        };
    }
    const apps = Object.values(state.apps);
    return {
        stack: name,
        kind: state.kinds.join(" and "),
        monthly: weightOf(state).monthly,
        images: [...new Set(apps.flatMap(({ image }) => image ?? []))],
        urls: apps.flatMap(({ url }) => url ?? []),
        health: isEmpty(state) ? { unknown: "there is nothing in it" } : await healthOf(state),
        ...(update && { update }),
        ...(state.pullRequest && { pullRequest: state.pullRequest.number }),
        ...(state.since && { since: state.since }),
        ...(drift && !isEmpty(state) && { drift: await previewed(pulumi, stack.name, { refresh: true }) }),
    };
}

function isEmpty({ resources }: EnvironmentState): boolean {
    return resources.length === 0;
}
