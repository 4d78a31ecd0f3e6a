// What a sweep has looked at, before anything is judged.
import type { Lock } from "../backend/locks.ts";
import type { Unreadable } from "../backend/read.ts";
import type { EnvironmentState } from "../backend/environment.ts";
import type { BackendStack } from "../backend/stacks.ts";
import type { Weight } from "../backend/weight.ts";
import type { FoundCluster } from "./cluster.ts";
import type { FoundServer } from "./databases.ts";
import type { FoundFile } from "./files.ts";

export interface ObservedStack {
    readonly stack: BackendStack;
    readonly state: EnvironmentState | Unreadable;
    /** Of what can be read. */
    readonly weight?: Weight;
    readonly locks: readonly Lock[];
}

/** `open`, `closed`, or what is not known: no such number, or nobody was asked. */
export type PullRequestState =
    | { readonly state: "open" | "closed"; readonly labels: readonly string[]; readonly url: string }
    | { readonly state: "unknown"; readonly why: string };

export interface Observed {
    readonly now: Date;
    readonly stacks: readonly ObservedStack[];
    readonly files: readonly FoundFile[];
    readonly clusters: readonly FoundCluster[];
    readonly servers: readonly FoundServer[];
    /** What could not be looked at, in words: what is left of it nobody knows. */
    readonly unseen: readonly string[];
    /** Of every number that something here names. */
    readonly pullRequests: ReadonlyMap<number, PullRequestState>;
}
