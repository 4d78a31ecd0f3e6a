// What a sweep found that has no use any more, or of which nobody can tell.

export type LeftoverKind = "stack" | "namespace" | "database" | "role" | "volume" | "file";

/**
 * `due`: the sweep removes it. `later`: it goes by itself. `told`: a person has to look, and the command is there. `kept`: somebody
 * wants it, though its time is over.
 */
export type Verdict = "due" | "later" | "told" | "kept";

export interface Leftover {
    readonly kind: LeftoverKind;
    readonly name: string;
    /** Where it is: a cluster, a server's namespace. @default the backend, or this folder */
    readonly place?: string;
    readonly pullRequest?: number;
    /** Milliseconds since it was made. @default nobody noted it */
    readonly age?: number;
    /** US dollars a day of what is its own in a cloud. @default nothing of it is in a cloud */
    readonly costPerDay?: number;
    /** In words: what it holds and what it reserves. */
    readonly holds: string;
    readonly verdict: Verdict;
    readonly why: string;
    /** What a person types, where the sweep does not. */
    readonly commands: readonly string[];
}
