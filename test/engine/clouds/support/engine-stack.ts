// A stack under the real engine with the recording providers: no account, no cluster, nothing made anywhere.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { runPulumi, type Engine } from "../../../../lab/engine/index.ts";
import { ensureRecordingEngine } from "../../../../lab/engine/recording.ts";
import { readJournal, recordingVariable, type JournalEntry } from "../../../../lab/provider-recording/store.ts";
import { projectRoot } from "../../../../commands/support/paths.ts";

const project = "django-on-kubernetes";

/** What is recorded holds at once. */
const withoutPauses = pathToFileURL(join(projectRoot, "lab", "provider-recording", "without-pauses.ts")).href;

/** `same` and `read` change nothing; the three that a replacement consists of come with `replace` among them. */
export type StepOperation =
    | "same"
    | "create"
    | "update"
    | "delete"
    | "replace"
    | "create-replacement"
    | "delete-replaced"
    | "read"
    | "refresh"
    | "import"
    | "discard";

export interface Step {
    readonly op: StepOperation;
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** Paths that change. */
    readonly changed: readonly string[];
    /** Top-level properties that need a new resource. */
    readonly replacedBy: readonly string[];
}

export interface Outcome {
    readonly exitCode: number;
    /** All that a person would see. */
    readonly output: string;
    /** In the engine's order, without the stack itself and without the providers' own. */
    readonly steps: readonly Step[];
    /** Those of the steps that change something. */
    readonly changes: readonly Step[];
    /** What was asked of the recorded clouds meanwhile. */
    readonly journal: readonly JournalEntry[];
}

export interface StackOptions {
    readonly name: string;
    /** A program in TypeScript. @default the real one */
    readonly program?: string;
    /** The stack's settings, keys without the project's name. @default those of `file` */
    readonly config?: Readonly<Record<string, unknown>>;
    /** A stack file of the project to start from, for example `examples/stacks/gcp/Pulumi.staging.yaml`. @default none */
    readonly file?: string;
    /** A stack whose backend and clouds this one shares, so that stack references find it. @default its own */
    readonly beside?: EngineStack;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stack's file, edited freely by a test
export type StackConfig = Record<string, any>;

export class EngineStack {
    readonly name: string;
    readonly directory: string;
    private readonly engine: Engine;

    private constructor(name: string, directory: string, engine: Engine) {
        this.name = name;
        this.directory = directory;
        this.engine = engine;
    }

    static async create({ name, program, config, file, beside }: StackOptions): Promise<EngineStack> {
        const engine = await ensureRecordingEngine((message) => console.log(message));
        const directory = beside?.directory ?? (await mkdtemp(join(tmpdir(), `recorded-${name}-`)));
        const stack = new EngineStack(name, directory, engine);
        if (beside === undefined) {
            await stack.linkProgram();
        }
        if (program !== undefined) {
            await stack.setProgram(program);
        }
        const given = file === undefined ? {} : await settingsOf(join(projectRoot, file));
        await stack.configure({ ...given, ...config });
        const { exitCode, output } = await stack.run(["stack", "init", name]);
        if (exitCode !== 0) {
            throw new Error(output);
        }
        return stack;
    }

    /** What exists in the recorded clouds, and the journal. */
    get recording(): string {
        return join(this.directory, "recording");
    }

    private get configFile(): string {
        return join(this.directory, `Pulumi.${this.name}.yaml`);
    }

    private async linkProgram(): Promise<void> {
        await writeFile(join(this.directory, "Pulumi.yaml"), await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
        for (const name of ["index.ts", "package.json", "node_modules"]) {
            await symlink(join(projectRoot, name), join(this.directory, name));
        }
        await mkdir(join(this.directory, "state"));
        await mkdir(this.recording);
    }

    /** Replaces the program by this one; imports of packages work, of the project's files by absolute path. */
    async setProgram(program: string): Promise<void> {
        await rm(join(this.directory, "index.ts"));
        await writeFile(join(this.directory, "index.ts"), program);
    }

    /** Sets all settings anew; what `pulumi config set --secret` put there is lost. */
    async configure(config: StackConfig): Promise<void> {
        const previous = (parse(await readFile(this.configFile, "utf8").catch(() => "{}")) ?? {}) as Record<
            string,
            unknown
        >;
        const { config: _, ...rest } = previous;
        const named = Object.fromEntries(
            Object.entries(config)
                .filter(([, value]) => value !== undefined)
                .map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value as unknown]),
        );
        await writeFile(this.configFile, stringify({ ...rest, config: named }));
    }

    /** As they are now, keys without the project's name. */
    async settings(): Promise<StackConfig> {
        return await settingsOf(this.configFile);
    }

    /** Changes the settings as they are. */
    async edit(change: (config: StackConfig) => void): Promise<void> {
        const config = await this.settings();
        change(config);
        await this.configure(config);
    }

    /** @param path with the project's settings as its root, for example `secrets.secretKey` */
    async setSecret(path: string, value: string): Promise<void> {
        const args = ["config", "set", "--secret", "--path", `${project}:${path}`, "--stack", this.name];
        const { exitCode, output } = await this.run(args, value);
        if (exitCode !== 0) {
            throw new Error(output);
        }
    }

    async preview(...args: string[]): Promise<Outcome> {
        return await this.update("preview", args);
    }

    async up(...args: string[]): Promise<Outcome> {
        return await this.update("up", ["--yes", "--skip-preview", ...args]);
    }

    async refresh(...args: string[]): Promise<Outcome> {
        return await this.update("refresh", ["--yes", "--skip-preview", ...args]);
    }

    async destroy(...args: string[]): Promise<Outcome> {
        return await this.update("destroy", ["--yes", "--skip-preview", ...args]);
    }

    /** The journal since the beginning. */
    journal(): JournalEntry[] {
        return readJournal(this.recording);
    }

    async outputs(): Promise<Record<string, unknown>> {
        const { output } = await this.run(["stack", "output", "--json", "--show-secrets", "--stack", this.name]);
        return JSON.parse(output) as Record<string, unknown>;
    }

    /** Without destroying: nothing was ever made. */
    async remove(): Promise<void> {
        await rm(this.directory, { recursive: true, force: true });
    }

    private async update(command: string, args: readonly string[]): Promise<Outcome> {
        const events = join(this.directory, "events.jsonl");
        await rm(events, { force: true });
        const before = this.journal().length;
        const { exitCode, output } = await this.run([
            command,
            "--stack",
            this.name,
            "--diff",
            "--event-log",
            events,
            ...args,
        ]);
        const text = await readFile(events, "utf8").catch(() => "");
        const steps = text
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => stepOf(JSON.parse(line) as EngineEvent))
            .filter((step) => step !== undefined);
        const changes = steps.filter(({ op }) => !["same", "read", "refresh"].includes(op));
        return { exitCode, output, steps, changes, journal: this.journal().slice(before) };
    }

    async run(args: readonly string[], input?: string): Promise<{ exitCode: number; output: string }> {
        const { exitCode, stdout, stderr } = await this.runApart(args, {}, input);
        return { exitCode, output: [stdout, stderr].filter((text) => text !== "").join("\n") };
    }

    /** A command of the project's that asks the engine itself, on this stack's backend: `sweep/main.ts`. */
    async command(file: string, ...args: readonly string[]): Promise<{ exitCode: number; output: string }> {
        const { exitCode, all } = await execa(process.execPath, [join(projectRoot, "commands", file), ...args], {
            cwd: this.directory,
            env: { ...this.engine.env, ...this.variables },
            all: true,
            reject: false,
            stdin: "ignore",
        });
        return { exitCode: exitCode ?? 1, output: all ?? "" };
    }

    private get variables(): Record<string, string> {
        return {
            PULUMI_BACKEND_URL: `file://${this.directory}/state`,
            PULUMI_CONFIG_PASSPHRASE: "test",
            // The state is written once at the end: a run that is cut off leaves nothing anywhere.
            PULUMI_SKIP_CHECKPOINTS: "true",
            // Without it the CLI does not know --event-log.
            PULUMI_DEBUG_COMMANDS: "true",
            [recordingVariable]: this.recording,
            NODE_OPTIONS: `--import=${withoutPauses}`,
        };
    }

    /** With what it prints for programs and for people told apart. */
    async runApart(
        args: readonly string[],
        env: Readonly<Record<string, string>> = {},
        input?: string,
    ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
        const { exitCode, stdout, stderr } = await runPulumi([...args, "--non-interactive", "--color=never"], {
            engine: this.engine,
            cwd: this.directory,
            stdio: "pipe",
            env: { ...this.variables, ...env },
            ...(input !== undefined && { input }),
        });
        return { exitCode: exitCode ?? 1, stdout, stderr };
    }
}

/** What is read of an event of the engine. */
interface EngineEvent {
    readonly resourcePreEvent?: {
        readonly metadata: {
            readonly op: StepOperation;
            readonly urn: string;
            readonly type: string;
            readonly keys?: readonly string[] | null;
            readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
            readonly diffs?: readonly string[] | null;
        };
    };
}

function stepOf({ resourcePreEvent }: EngineEvent): Step | undefined {
    if (resourcePreEvent === undefined) {
        return undefined;
    }
    const { op, urn, type, keys, detailedDiff, diffs } = resourcePreEvent.metadata;
    if (type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:")) {
        return undefined;
    }
    const changed = Object.keys(detailedDiff ?? {});
    return {
        op,
        urn,
        type,
        name: urn.split("::").at(-1)!,
        changed: changed.length > 0 ? changed : (diffs ?? []),
        replacedBy: keys ?? [],
    };
}

/** The settings in a stack's file, keys without the project's name. */
export async function settingsOf(file: string): Promise<StackConfig> {
    const { config = {} } = (parse(await readFile(file, "utf8")) ?? {}) as { config?: StackConfig };
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.replace(`${project}:`, ""), value as unknown]),
    );
}
