// Waits until an awaiter is satisfied: follows the object and what belongs to it, shows what is missing, and gives up
// when the awaiter says so, when the time is over, or when the user cancels.
import { performance } from "node:perf_hooks";
import { Cancelled } from "../api-error.ts";
import type { Client } from "../client.ts";
import { collectionPath, type Discovery } from "../discovery.ts";
import { describe, nameOf, type KubeObject } from "../object.ts";
import { parseApiVersion } from "../token.ts";
import { Collection } from "./collection.ts";
import { evidence } from "./evidence.ts";
import { isTerminating, problemOf } from "./pods.ts";
import type { Awaiter, Related, Snapshot } from "./verdict.ts";

/** Several changes in a row are looked at once. */
const settleMs = 50;

/** The object is there, but did not become what was wanted. */
export class NotReady extends Error {
    readonly reasons: readonly string[];
    /** As it was last seen. */
    readonly object: KubeObject | undefined;

    constructor(reasons: readonly string[], object: KubeObject | undefined) {
        super(reasons.join("\n"));
        this.name = "NotReady";
        this.reasons = reasons;
        this.object = object;
    }
}

export interface WaitRequest {
    readonly client: Client;
    readonly discovery: Discovery;
    /** As the server answered to the apply. */
    readonly applied: KubeObject;
    readonly awaiter: Awaiter;
    readonly timeoutSeconds: number;
    readonly signal: AbortSignal;
    readonly onStatus: (message: string) => void;
}

/** Resolves with the object as it is when it is ready; throws `NotReady` or `Cancelled`. */
export async function waitUntilReady(request: WaitRequest): Promise<KubeObject> {
    const { applied, awaiter, client, discovery } = request;
    const stop = new AbortController();
    const signal = AbortSignal.any([request.signal, stop.signal]);
    const wake = new Wake();
    const self: Related = {
        apiVersion: applied.apiVersion ?? "",
        kind: applied.kind ?? "",
        namespace: applied.metadata?.namespace,
        fieldSelector: `metadata.name=${nameOf(applied)}`,
    };
    const open = async (related: Related): Promise<Collection> => {
        const kind = parseApiVersion(related.apiVersion, related.kind);
        const path = collectionPath(kind, await discovery.lookUp(kind, signal), related.namespace);
        return new Collection(client, { path, ...related }, () => wake.now());
    };
    const object = await open(self);
    const related: [string, Collection][] = [];
    for (const [name, wanted] of Object.entries(awaiter.related?.(applied) ?? {})) {
        related.push([name, await open(wanted)]);
    }
    const collections = [object, ...related.map(([, collection]) => collection)];
    let broken: Error | undefined;
    const following = collections.map((collection) =>
        collection.follow(signal).catch((error: unknown) => {
            broken = error instanceof Error ? error : new Error(String(error));
            wake.now();
        }),
    );
    const deadline = performance.now() + request.timeoutSeconds * 1000;
    const snapshot = (): Snapshot => ({
        applied,
        object: object.objects[0],
        related: Object.fromEntries(related.map(([name, collection]) => [name, collection.objects])),
    });
    let shown = "";
    const troubled = new TroubledPods();
    try {
        for (;;) {
            if (request.signal.aborted) {
                throw new Cancelled(`waiting for ${describe(applied)}${shown === "" ? "" : ` (${shown})`}`);
            }
            if (broken !== undefined) {
                throw broken;
            }
            if (collections.every((collection) => collection.listed)) {
                const now = snapshot();
                troubled.look(now.related["pods"] ?? []);
                const verdict = awaiter.evaluate(now);
                if (verdict.state === "ready") {
                    return now.object ?? applied;
                }
                if (verdict.state === "failed") {
                    throw new NotReady(await reasons(request, now, troubled, verdict.message), now.object);
                }
                if (verdict.message !== shown) {
                    request.onStatus((shown = verdict.message));
                }
            }
            const left = deadline - performance.now();
            if (left <= 0) {
                const now = snapshot();
                const message = `not ready within ${request.timeoutSeconds} s: ${shown === "" ? "nothing is known of it" : shown}`;
                throw new NotReady(await reasons(request, now, troubled, message, awaiter.advice), now.object);
            }
            await wake.next(left, request.signal);
        }
    } finally {
        stop.abort();
        await Promise.all(following);
    }
}

/** What is missing at this moment, for an object that nobody waits for; nothing where it is ready, or cannot be looked at. */
export async function missingNow(
    request: Pick<WaitRequest, "client" | "discovery" | "awaiter" | "signal"> & { readonly live: KubeObject },
): Promise<readonly string[]> {
    const { live, awaiter, client, discovery, signal } = request;
    const judge = (related: Snapshot["related"]) => awaiter.evaluate({ object: live, applied: live, related });
    if (judge({}).state === "ready") {
        return [];
    }
    const related: Record<string, readonly KubeObject[]> = {};
    try {
        for (const [name, { namespace, labelSelector, fieldSelector, ...type }] of Object.entries(
            awaiter.related?.(live) ?? {},
        )) {
            const kind = parseApiVersion(type.apiVersion, type.kind);
            const path = collectionPath(kind, await discovery.lookUp(kind, signal), namespace);
            const { items } = await client.list(path, { labelSelector, fieldSelector }, signal);
            related[name] = items.map((item) => ({ ...type, ...item }));
        }
    } catch {
        return [];
    }
    const verdict = judge(related);
    return verdict.state === "ready" ? [] : [`${describe(live)}: ${verdict.message}`];
}

async function reasons(
    request: WaitRequest,
    snapshot: Snapshot,
    troubled: TroubledPods,
    message: string,
    advice?: string,
): Promise<readonly string[]> {
    const { applied, awaiter, client, signal } = request;
    const watched = awaiter.pods?.(snapshot) ?? snapshot.related["pods"] ?? [];
    const staying = watched.filter((pod) => !isTerminating(pod));
    const pods = staying.some((pod) => problemOf(pod) !== undefined)
        ? watched
        : [...watched, ...troubled.others(staying)];
    const more = await evidence(client, { object: snapshot.object ?? applied, pods, signal });
    return [
        `${describe(applied)}: ${message}`,
        ...more.filter((line) => !alreadySaid(line, message)),
        ...(advice === undefined ? [] : [`Fix: ${advice}`]),
    ];
}

/** A warning that the verdict quotes already, perhaps with its reason written in another way. */
function alreadySaid(line: string, message: string): boolean {
    const text = /^Warning about \S+: [^:]*: ([^]*)$/.exec(line)?.[1];
    return text !== undefined && message.includes(text);
}

/** A Job whose time is over takes its pod away before it says so: what was wrong with it is remembered, as the official plugin does. */
class TroubledPods {
    readonly #seen = new Map<string, KubeObject>();

    look(pods: readonly KubeObject[]): void {
        for (const pod of pods.filter((each) => !isTerminating(each))) {
            if (problemOf(pod)?.serious === true) {
                this.#seen.set(nameOf(pod), pod);
            } else {
                this.#seen.delete(nameOf(pod));
            }
        }
    }

    /** As they were last seen before they were told to end. */
    others(staying: readonly KubeObject[]): readonly KubeObject[] {
        const names = new Set(staying.map(nameOf));
        return [...this.#seen].flatMap(([name, pod]) => (names.has(name) ? [] : [pod]));
    }
}

/** Sleeps until something changed. */
class Wake {
    #pending = false;
    #resolve: (() => void) | undefined;

    now(): void {
        this.#pending = true;
        this.#resolve?.();
    }

    async next(milliseconds: number, signal: AbortSignal): Promise<void> {
        if (!this.#pending) {
            await new Promise<void>((resolve) => {
                const timer = setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1));
                const done = (): void => resolve();
                signal.addEventListener("abort", done, { once: true });
                this.#resolve = () => {
                    clearTimeout(timer);
                    signal.removeEventListener("abort", done);
                    resolve();
                };
            });
            this.#resolve = undefined;
            if (!signal.aborted) {
                await new Promise((resolve) => setTimeout(resolve, settleMs));
            }
        }
        this.#pending = false;
    }
}
