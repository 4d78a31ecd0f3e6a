// Follows the Job to its end: a table at a terminal, a line for each thing elsewhere. Who stops following stops nothing.
import { isatty } from "node:tty";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import type { MoveCluster } from "./cluster.ts";
import { checksTable, line, progressTable, saidIn, type Said } from "./said.ts";

export interface End {
    readonly succeeded: boolean;
    /** The last sentence. */
    readonly text: string;
}

/** @param ready is called once when the app may go on, before what is left to do */
export async function follow(cluster: MoveCluster, ready: () => Promise<void>): Promise<End> {
    const screen = isatty(1) ? new Screen() : new Lines();
    const said: Said[] = [];
    let told = false;
    let pod = "";
    for (;;) {
        const current = await cluster.pod();
        const name = current?.metadata?.name ?? "";
        if (name !== pod && pod !== "") {
            screen.note("The pod of the move has ended; another one goes on.");
        }
        pod = name;
        if (current !== undefined) {
            const fresh = saidIn(await cluster.log(pod));
            const seen = said.filter((each) => (each as { pod?: string }).pod === pod).length;
            said.push(...fresh.slice(seen).map((each) => ({ ...each, pod })));
            screen.show(said);
            const waiting = await whyWaiting(cluster, current);
            if (waiting !== undefined) {
                screen.note(waiting);
            }
        }
        if (!told && said.some(({ phase, state }) => phase === "cutover" && state === "done")) {
            told = true;
            await ready();
        }
        const conditions = (await cluster.currentJob())?.status?.conditions ?? [];
        const condition = conditions.find(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === "True");
        if (condition !== undefined) {
            const last = saidIn(pod === "" ? "" : await cluster.log(pod)).findLast(({ phase }) => phase === "end");
            return {
                succeeded: condition.type === "Complete",
                text: last?.text ?? condition.message ?? "its pod was never there",
            };
        }
        await sleep(1000);
    }
}

/** What a person would look for with `kubectl describe`. */
async function whyWaiting(cluster: MoveCluster, pod: V1Pod): Promise<string | undefined> {
    const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
    const old = Date.now() - (pod.metadata?.creationTimestamp?.getTime() ?? Date.now()) > 30_000;
    if (pod.status?.phase !== "Pending" || !old) {
        return undefined;
    }
    const reason = await cluster.lastEvent(pod.metadata?.name ?? "");
    return `The pod waits${waiting?.reason === undefined ? "" : `: ${waiting.reason}`}${reason === undefined ? "" : `: ${reason}`}`;
}

interface View {
    show(said: readonly Said[]): void;
    note(text: string): void;
}

/** Only what is new. */
class Lines implements View {
    private shown = 0;
    private noted = "";

    show(said: readonly Said[]): void {
        for (const each of said.slice(this.shown)) {
            console.log(line(each));
        }
        this.shown = said.length;
    }

    note(text: string): void {
        if (text !== this.noted) {
            console.log(text);
        }
        this.noted = text;
    }
}

/** The table is drawn over itself; the checks once, above it. */
class Screen implements View {
    private height = 0;
    private checked = false;
    private noted = "";

    show(said: readonly Said[]): void {
        const checking = said.every(({ phase }) => phase === "check");
        if (checking) {
            return;
        }
        if (!this.checked) {
            this.checked = true;
            const checks = checksTable(said);
            console.log(checks ?? "");
        }
        const table = progressTable(said);
        const clear = this.height === 0 ? "" : `\u001b[${this.height}A\u001b[0J`;
        process.stdout.write(`${clear}${table}\n`);
        this.height = table.split("\n").length;
    }

    note(text: string): void {
        if (text !== this.noted) {
            console.log(text);
            this.height = 0;
        }
        this.noted = text;
    }
}
