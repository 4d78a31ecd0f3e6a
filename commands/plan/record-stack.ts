// Plans a stack by running index.ts itself, so that a plan shows what `pulumi up` runs and not a copy of it.
import { readdir } from "node:fs/promises";
import { platformCycle } from "../../settings/own-platform.ts";
import { placed, withPlaces } from "../../settings/places.ts";
import { setCommand, SettingsError, type Problem } from "../../settings/problems.ts";
import { nearestOf } from "../../settings/stack-file/keys.ts";
import { readOwnFile, stackFileName } from "../../settings/stack-file/read.ts";
import { projectRoot } from "../support/paths.ts";
import type { Service } from "./answers/recorded-cloud.ts";
import type { Plan } from "./plan.ts";
import { organization, recordPlan } from "./recorder.ts";
import { readStackFile, type StackFile } from "./stack-file.ts";

export interface RecordStackOptions {
    /** Whether outputs are unknown, as in the first preview. @default false */
    readonly preview?: boolean;
    /** Reads the file of another stack, whose platform this one is put on. @default from the project's folder */
    readonly read?: (stack: string) => Promise<StackFile>;
    /** Makes what this stack asks the clouds for; what others have made is there. @default nothing is made */
    readonly service?: Service;
}

/** @throws SettingsError when a setting is wrong, of this stack or of one whose platform it is on */
export async function recordStack(file: StackFile, stack: string, options: RecordStackOptions = {}): Promise<Plan> {
    return record(file, stack, options, [stack]);
}

/** @param chain the stacks that wait for this one's platform, and itself */
async function record(
    file: StackFile,
    stack: string,
    { preview = false, read = readStackFile, service }: RecordStackOptions,
    chain: readonly string[],
): Promise<Plan> {
    const lender = await lenderOf(file, stack, read, chain);
    const ofYaml = file.problems ?? [];
    const options = { ...file, stack, preview, stacks: lender.outputs, ...(service && { service }) };
    if (lender.problems.length + ofYaml.length === 0) {
        return recordPlan(options, runProgram);
    }
    const own = stackFileName(stack);
    try {
        // Without its platform's outputs the program could not go on; its settings can be checked.
        await recordPlan(options, checkOnly);
    } catch (error) {
        if (error instanceof SettingsError) {
            throw new SettingsError(own, [...ofYaml, ...error.problems, ...besideOwn(lender, error.problems)]);
        }
        throw error;
    }
    if (ofYaml.length === 0) {
        throw new SettingsError(lender.file ?? own, lender.problems);
    }
    throw new SettingsError(own, [...ofYaml, ...besideOwn(lender, [])]);
}

/** The part of index.ts that creates nothing. */
async function checkOnly(): Promise<Readonly<Record<string, unknown>>> {
    const { loadSettings } = await import("../../settings/load.ts");
    const { ClusterSecrets } = await import("../../stacks/secrets.ts");
    await withPlaces(async () => Promise.resolve(loadSettings(new ClusterSecrets().value)));
    return {};
}

/** What is to be told of the lender beside this stack's own problems: what is in its file says so. */
function besideOwn({ file, problems }: Lender, own: readonly Problem[]): Problem[] {
    return file === undefined
        ? problems.filter(({ path }) => own.every((problem) => problem.path !== path))
        : problems.map((problem) => ({ file, ...problem }));
}

/** Runs index.ts itself, as the SDK does: what its default export returns are the outputs. */
export async function runProgram(): Promise<Readonly<Record<string, unknown>>> {
    const { default: program } = await import("../../index.ts");
    return { ...(await program()) };
}

interface Lender {
    /** By the full name of the stack. */
    readonly outputs: Readonly<Record<string, Plan["outputs"]>>;
    /** Why there are none. */
    readonly problems: readonly Problem[];
    /** The file that they are of, where it is not this stack's. */
    readonly file?: string;
}

/** The outputs of the stack whose platform this one uses: planned too, for here no engine keeps its state. */
async function lenderOf(
    file: StackFile,
    stack: string,
    read: (stack: string) => Promise<StackFile>,
    chain: readonly string[],
): Promise<Lender> {
    const { project, config } = file;
    const platform = platformOf(config[`${project}:platform`]);
    if (platform?.variant !== "stack" || typeof platform.stack !== "string") {
        return { outputs: {}, problems: [] };
    }
    const name = platform.stack.split("/").at(-1)!;
    const refused = (problem: Problem): Lender => ({ outputs: {}, problems: placedIn(file, stack, problem) });
    if (chain.includes(name)) {
        return refused(platformCycle([...chain.slice(chain.indexOf(name)), name]));
    }
    if (file.directory !== undefined) {
        const known = (await stackNames(file.directory)).filter((other) => other !== stack);
        if (!known.includes(name)) {
            return refused(noSuchStack(platform.stack, name, known));
        }
    }
    const fullName = platform.stack.includes("/") ? platform.stack : `${organization}/${project}/${name}`;
    try {
        const plan = await record(await read(name), name, { read }, [...chain, name]);
        return { outputs: { [fullName]: plan.outputs }, problems: [] };
    } catch (error) {
        if (error instanceof SettingsError) {
            return { outputs: {}, problems: error.problems, file: error.file };
        }
        throw error;
    }
}

function noSuchStack(given: string, name: string, known: readonly string[]): Problem {
    const nearest = nearestOf(name, known) ?? (known.length === 1 ? known[0] : undefined);
    return {
        path: "platform.stack",
        found: JSON.stringify(given),
        allowed:
            known.length === 0
                ? "a stack that has a file in this folder: no other has"
                : `a stack that has a file in this folder: ${known.join(", ")}`,
        fix:
            nearest === undefined
                ? `write Pulumi.${name}.yaml, or name another stack: ${setCommand("platform.stack", "STACK")}`
                : setCommand("platform.stack", nearest),
    };
}

function placedIn({ directory, project, config }: StackFile, stack: string, problem: Problem): Problem[] {
    return placed([problem], directory === undefined ? undefined : readOwnFile(directory, stack, project, config));
}

function platformOf(text: string | undefined): { readonly variant?: unknown; readonly stack?: unknown } | undefined {
    try {
        return JSON.parse(text ?? "null") as { readonly variant?: unknown; readonly stack?: unknown };
    } catch {
        // What is wrong with it, the program says.
        return undefined;
    }
}

/** The stacks that have a file in the folder. Pulumi reads no other ending beside a Pulumi.yaml. */
export async function stackNames(directory: string = projectRoot): Promise<string[]> {
    const names = (await readdir(directory)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    return names.toSorted();
}
