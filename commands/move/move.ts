// One run of a move: what is asked, what is made, what is told at the end.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { isatty } from "node:tty";
import { Writable } from "node:stream";
import { addressText, rangesOf, readAddress, refuseShown } from "./address.ts";
import { MoveCluster } from "./cluster.ts";
import { follow } from "./follow.ts";
import { moveName, type Move, type MoveMode, type Outside } from "./objects.ts";
import { AppPause } from "./pause.ts";
import { placeOf } from "./place.ts";
import { stackDatabase } from "./stack-database.ts";

export interface MoveOptions {
    readonly direction: "in" | "out";
    readonly stack: string;
    /** A file with the address of the server outside. */
    readonly address: string | undefined;
    /** The address itself, of a variable of the environment. */
    readonly secretAddress: string | undefined;
    readonly mode: string;
    readonly cutover: boolean;
    readonly back: boolean;
    readonly confirm: string | undefined;
    readonly readOnly: string;
    readonly pause: boolean;
    readonly image: string | undefined;
    readonly storage: string;
    readonly storageClass: string | undefined;
    readonly jobs: number;
    readonly ranges: readonly string[];
    /** A file. */
    readonly ca: string | undefined;
    readonly app: string | undefined;
    readonly context: string | undefined;
    readonly namespace: string | undefined;
}

const defaultImage = "docker.io/library/postgres:17";

/** @returns the exit code */
export async function move(options: MoveOptions): Promise<number> {
    refuseShown(outsideName(options), options.address);
    const mode = modeOf(options);
    const readOnly = readOnlyOf(options.readOnly);
    const place = await placeOf(options);
    const cluster = new MoveCluster(place.config, place.namespace);
    const pause = new AppPause(place.config, place.namespace);

    const current = await cluster.currentJob();
    const runs = current !== undefined && (current.status?.conditions ?? []).length === 0;
    if (runs && mode !== "back") {
        console.log("A move runs in the namespace already: this is it.");
    } else {
        const found = await cluster.found();
        const database = stackDatabase(found, options.app ?? mainAppOf(found, place.mainApp));
        const outside = await outsideOf(options, await cluster.hasAddress());
        const begun: Move = {
            namespace: place.namespace,
            direction: options.direction,
            mode,
            database,
            image: options.image ?? database.server?.image ?? defaultImage,
            confirm: options.confirm,
            readOnly,
            jobs: options.jobs,
            storage: options.storage,
            storageClass: options.storageClass,
        };
        if (options.pause) {
            console.log("The app is paused: its pods end, and scheduled commands wait.");
            await pause.begin();
        }
        await cluster.begin(begun, outside);
    }
    console.log(
        `The move runs in the cluster, as the Job ${moveName} in ${place.namespace}: whoever leaves here stops nothing. The same command shows it again.`,
    );
    const goOn = async (): Promise<void> => {
        if (options.direction === "in" && (await pause.end())) {
            console.log("The app goes on, with as many pods as before.");
        }
    };
    const { succeeded, text } = await follow(cluster, goOn);
    console.log(text);
    if (!succeeded) {
        console.log(
            `What is left in the cluster is for the next run: mend the cause and run it again, or BACK=1 to give it up. kubectl -n ${place.namespace} logs job/${moveName} has all of it.`,
        );
        return 1;
    }
    if (mode !== "replicate") {
        await cluster.end(mode !== "back");
        await goOn();
    }
    return 0;
}

function mainAppOf(
    { workloads }: { workloads: ReadonlyArray<{ template: { metadata?: { labels?: Record<string, string> } } }> },
    main: string | undefined,
): string | undefined {
    return workloads.some(({ template }) => template.metadata?.labels?.["app.kubernetes.io/part-of"] === main)
        ? main
        : undefined;
}

function modeOf({ direction, mode, cutover, back }: MoveOptions): MoveMode {
    if (!["", "dump", "replication"].includes(mode)) {
        throw new Error(`MODE is ${JSON.stringify(mode)}. Allowed: dump, replication.`);
    }
    if (back) {
        return "back";
    }
    if (direction === "out" && (mode === "replication" || cutover)) {
        throw new Error(
            "MODE=replication goes into a stack only: the server outside would have to reach the database inside. Move out by dump, or subscribe by hand where that server can.",
        );
    }
    return cutover ? "cutover" : mode === "replication" ? "replicate" : "dump";
}

function readOnlyOf(value: string): Move["readOnly"] {
    const allowed = ["auto", "database", "role", "nothing"] as const;
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
        throw new Error(`READ_ONLY is ${JSON.stringify(value)}. Allowed: ${allowed.join(", ")}.`);
    }
    return found;
}

function outsideName({ direction }: Pick<MoveOptions, "direction">): string {
    return direction === "in" ? "FROM" : "TO";
}

/** @returns undefined where the cluster has it from an earlier run */
async function outsideOf(options: MoveOptions, there: boolean): Promise<Outside | undefined> {
    const name = outsideName(options);
    const ask = isatty(0) ? () => askFor(name) : undefined;
    const text = await addressText(name, options.address, options.secretAddress, there ? undefined : ask);
    if (text === undefined) {
        if (there) {
            return undefined;
        }
        throw new Error(
            `${name} is missing: a file with the address of the server (postgresql://USER:PASSWORD@HOST:PORT/DATABASE) that only you may read.`,
        );
    }
    const ca = options.ca === undefined ? undefined : await readFile(options.ca, "utf8");
    const address = readAddress(text, name, { ca: ca !== undefined });
    return { address, ranges: await rangesOf(address.host, options.ranges), ca };
}

/** Nothing of what is typed is shown. */
async function askFor(name: string): Promise<string> {
    process.stdout.write(`${name}, postgresql://USER:PASSWORD@HOST:PORT/DATABASE (not shown): `);
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
    try {
        return await terminal.question("");
    } finally {
        terminal.close();
        process.stdout.write("\n");
    }
}
