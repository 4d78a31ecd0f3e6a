// Makes or updates the environment of a pull request, whatever became of the run before.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PullRequest } from "../../settings/pull-request.ts";
import { openStack } from "../repair/pulumi.ts";
import { repair, report } from "../repair/repair.ts";
import { stateOf, unlocked, type Engine, type Patience, type Result } from "./pulumi.ts";
import { Refusal } from "./refusal.ts";
import { encryptionIn, toldBy, type Told } from "./state.ts";
import { fileOf, isEphemeral, platformStackOf, type FileRequest, type Template } from "./stack-file.ts";

export interface OpenRequest extends FileRequest {
    readonly template: Template;
    /** @default that of the platform's stack */
    readonly secretsProvider?: string;
    /** Secrets of the main app: name and value. */
    readonly secrets: ReadonlyMap<string, string>;
}

export interface Opened {
    readonly stack: string;
    readonly pullRequest: PullRequest;
    readonly namespace: string;
    /** By app; one that is reached from inside the cluster only has none. */
    readonly urls: Readonly<Record<string, string>>;
    readonly images: Readonly<Record<string, string>>;
    /** The stack was not there. */
    readonly created: boolean;
}

export interface Around extends Patience {
    readonly engine: Engine;
    /** Where Pulumi.yaml and the stacks' files are. */
    readonly directory: string;
}

/** @throws Refusal before anything is done, Error when something failed */
export async function open(request: OpenRequest, around: Around): Promise<Opened> {
    const { stack, template, pullRequest } = request;
    const { engine, directory, say } = around;
    const path = join(directory, `Pulumi.${stack}.yaml`);
    await refuseFile(path, stack);
    // Says what is wrong with template and request before the backend is asked.
    fileOf(template, request);
    const before = await stateOf(engine, stack);
    const told = before && toldBy(before);
    if (told !== undefined) {
        refuseStack(stack, told, pullRequest.number);
    }
    await writeWhole(path, fileOf(template, request, before && encryptionIn(before)));
    if (before === undefined) {
        await makeStack(request, around);
    }
    for (const [name, value] of request.secrets) {
        await must(
            engine,
            ["config", "set", "--secret", "--path", `secrets.environment.${name}`, "--stack", stack],
            `The secret ${name} cannot be set`,
            value,
        );
    }

    if (told?.isCutOff === true) {
        await mend(stack, around);
    }
    await up(stack, around);
    const outputs = JSON.parse(
        await must(engine, ["stack", "output", "--json", "--stack", stack], "The outputs cannot be read"),
    ) as {
        readonly namespace: string;
        readonly apps: Readonly<Record<string, { readonly image: string; readonly url?: string }>>;
    };
    const apps = Object.entries(outputs.apps);
    say(`${stack} is up.`);
    return {
        stack,
        pullRequest,
        namespace: outputs.namespace,
        urls: Object.fromEntries(apps.flatMap(([name, { url }]) => (url === undefined ? [] : [[name, url]]))),
        images: Object.fromEntries(apps.map(([name, { image }]) => [name, image])),
        created: before === undefined,
    };
}

/** Puts into the state what a run that was killed has made. */
export async function mend(stack: string, around: Around): Promise<void> {
    around.say("The run before was killed: what it made is taken into the state.");
    let found = "";
    succeed(
        await unlocked(around.engine, stack, around, async () => {
            try {
                // Nothing of such an environment is worth a copy of its state.
                found = report(await repair(openStack(stack), () => Promise.resolve()));
                return done;
            } catch (error) {
                return failed(error);
            }
        }),
        `The state of ${stack} cannot be repaired`,
    );
    around.say(found);
}

const done: Result = { code: 0, output: "", stdout: "" };

function failed(error: unknown): Result {
    return { code: 1, output: error instanceof Error ? error.message : String(error), stdout: "" };
}

/** What the cluster says where the state and it differ: a namespace was deleted by hand, or an update's end was never written. */
const differs = /"[^"]+" (not found|already exists)/;

async function up(stack: string, around: Around): Promise<void> {
    const { engine, say } = around;
    const run = (...more: readonly string[]): Promise<Result> =>
        unlocked(engine, stack, around, () =>
            engine.run(["up", "--yes", "--skip-preview", "--stack", stack, ...more], { shown: true }),
        );
    const first = await run();
    if (first.code === 0) {
        return;
    }
    if (!differs.test(first.output)) {
        throw new Error(`${stack} did not come up: what is above says why.`);
    }
    say("The state is not what is in the cluster: it is read anew, then once more.");
    const state = await stateOf(engine, stack);
    if (state !== undefined && toldBy(state).isCutOff) {
        await mend(stack, around);
    }
    if ((await run("--refresh")).code !== 0) {
        throw new Error(`${stack} did not come up, after a refresh neither: what is above says why.`);
    }
}

async function makeStack({ stack, template, secretsProvider }: OpenRequest, { engine, say }: Around): Promise<void> {
    const provider = secretsProvider ?? (await lentProvider(engine, platformStackOf(template)));
    say(
        provider === undefined
            ? `The stack ${stack} is made.`
            : `The stack ${stack} is made, encrypted by ${provider.split("?", 1)[0]}.`,
    );
    await must(
        engine,
        ["stack", "init", stack, ...(provider === undefined ? [] : ["--secrets-provider", provider])],
        `The stack ${stack} cannot be made`,
    );
}

/** @returns undefined where its platform has no key: then it is a passphrase, or the backend's own */
async function lentProvider(engine: Engine, lender: string | undefined): Promise<string | undefined> {
    if (lender === undefined) {
        return undefined;
    }
    const { code, output, stdout } = await engine.run(["stack", "output", "secretsProvider", "--stack", lender]);
    if (code === 0) {
        return stdout.trim();
    }
    if (/does not have output property/.test(output)) {
        return undefined;
    }
    throw new Error(
        `The outputs of ${lender}, whose platform it is on, cannot be read:\n${output.trim()}\nFix: pulumi up -s ${lender}, or mend platform.stack of the template.`,
    );
}

/** @throws Refusal where the file is of an environment that somebody keeps */
async function refuseFile(path: string, stack: string): Promise<void> {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined && !isEphemeral(text)) {
        throw new Refusal(
            `Pulumi.${stack}.yaml`,
            "the file of a stack that is not ephemeral",
            "no file, or one that this command made",
            "name the pull request's stack otherwise: BY=number, or STACK=NAME",
        );
    }
}

/** @throws Refusal where somebody keeps the stack, or it is another pull request's */
export function refuseStack(stack: string, told: Told, number: number): void {
    const kept = told.namespaces.find(({ kind }) => kind !== undefined && kind !== "ephemeral");
    const isOwn =
        told.made === 0 || stack === `pr-${number}` || told.namespaces.some(({ kind }) => kind === "ephemeral");
    if (kept !== undefined || !isOwn) {
        throw new Refusal(
            `the stack ${stack}`,
            kept === undefined ? "what does not say that it is an environment" : `an environment that is ${kept.kind}`,
            "an ephemeral one: no other is made or removed for a pull request",
            "name the pull request's stack otherwise: BY=number, or STACK=NAME",
        );
    }
    if (told.pullRequest !== undefined && told.pullRequest !== number) {
        throw new Refusal(
            `the stack ${stack}`,
            `the environment of pull request ${told.pullRequest}`,
            `that of ${number}`,
            "two branches have one name here: BY=number, or STACK=NAME for one of them",
        );
    }
}

/** Whole or not at all: a run that is killed here leaves no half of a file. */
export async function writeWhole(path: string, text: string): Promise<void> {
    const part = `${path}.${process.pid}.tmp`;
    await writeFile(part, text, { mode: 0o600 });
    await rename(part, path);
}

async function must(engine: Engine, args: readonly string[], what: string, input?: string): Promise<string> {
    return succeed(await engine.run(args, input === undefined ? {} : { input }), what);
}

function succeed({ code, output, stdout }: Result, what: string): string {
    if (code !== 0) {
        throw new Error(`${what}:\n${output.trim()}`);
    }
    return stdout;
}
