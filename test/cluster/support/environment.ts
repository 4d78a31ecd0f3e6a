// One environment of a test: the real program under the real engine on the real cluster, with a state of its own.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { loadImages, prepareCluster, startCluster } from "../../../lab/cluster/index.ts";
import { ensureEngine, runPulumi, type Engine } from "../../../lab/engine/index.ts";
import { buildImages, imagesNamedIn } from "../../../lab/images/index.ts";
import { kubeconfigPath, projectRoot } from "../../../commands/support/paths.ts";

const project = "django-on-kubernetes";

function report(message: string): void {
    console.log(message);
}

export interface CommandResult {
    readonly exitCode: number;
    /** All that a person would see. */
    readonly output: string;
}

/** A command that goes on by itself. */
export interface Running {
    /** As Ctrl+C does: the engine ends its steps and writes its state. */
    interrupt(): void;
    /** As a runner that dies does. */
    kill(): void;
    readonly done: Promise<CommandResult>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stack's file, edited freely by a test
export type StackConfig = Record<string, any>;

export class TestEnvironment {
    readonly stack: string;
    readonly namespace: string;
    readonly directory: string;
    readonly host: string;
    private readonly engine: Engine;

    private constructor(name: string, directory: string, engine: Engine) {
        this.stack = name;
        this.namespace = `sample-${name}`;
        this.host = `${name}.localhost`;
        this.directory = directory;
        this.engine = engine;
    }

    /**
     * Starts the cluster and makes the images where that has not been done, and an empty stack.
     *
     * @param options `beside`: in the same project and backend as this one, so that one can read the other's outputs
     */
    static async create(
        name: string,
        { beside }: { readonly beside?: TestEnvironment } = {},
    ): Promise<TestEnvironment> {
        const engine = await ensureEngine(report);
        await prepareCluster(report);
        await startCluster(report);
        const environment = new TestEnvironment(
            name,
            beside?.directory ?? (await mkdtemp(join(tmpdir(), `${name}-`))),
            engine,
        );
        if (beside === undefined) {
            await environment.linkProgram();
            await mkdir(join(environment.directory, "state"));
        }
        await environment.configure(() => undefined);
        const { exitCode, output } = await environment.run(["stack", "init", name]);
        if (exitCode !== 0) {
            throw new Error(output);
        }
        return environment;
    }

    get configFile(): string {
        return join(this.directory, `Pulumi.${this.stack}.yaml`);
    }

    /** The program itself in a folder of its own, so that the engine's files of the test's stack are not in the checkout. */
    private async linkProgram(): Promise<void> {
        await writeFile(join(this.directory, "Pulumi.yaml"), await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
        for (const name of ["index.ts", "package.json", "node_modules"]) {
            await symlink(join(projectRoot, name), join(this.directory, name));
        }
    }

    /** The same program, which gives up sooner on the rollout of a Deployment or StatefulSet than after its ten or thirty minutes. */
    async giveUpAfter(seconds: number): Promise<void> {
        const program = join(this.directory, "index.ts");
        await rm(program);
        await writeFile(
            program,
            `import { registerStackTransformation } from "@pulumi/pulumi/runtime/stack.js";
registerStackTransformation(({ type, props, opts }) =>
    /^kubernetes:apps/.test(type)
        ? { props, opts: { ...opts, customTimeouts: { ...opts.customTimeouts, update: "${seconds}s" } } }
        : undefined,
);
const { default: program } = await import(${JSON.stringify(join(projectRoot, "index.ts"))});
export default program;
`,
        );
    }

    /**
     * Starts from Pulumi.local.yaml, so that what is tested is what `make up` runs; keys of `edit` lack the project's name. What
     * `setSecret` has set stays. The images that the file names are made and brought into the cluster.
     */
    async configure(edit: (config: StackConfig) => void): Promise<void> {
        const text = await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8");
        const local = (parse(text) as { config: StackConfig }).config;
        const config: StackConfig = {};
        for (const [key, value] of Object.entries(local)) {
            config[key.replace(`${project}:`, "")] = value as unknown;
        }
        config["apps"][0].hosts = [this.host];
        config["platform"].kubeconfig = kubeconfigPath;
        edit(config);
        const previous = await readFile(this.configFile, "utf8").catch(() => "{}");
        const { config: before, ...rest } = parse(previous) as Record<string, unknown> & {
            readonly config?: StackConfig;
        };
        const secrets = before?.[`${project}:secrets`] as unknown;
        const named = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]));
        const file = stringify({
            ...rest,
            config: { ...(secrets !== undefined && { [`${project}:secrets`]: secrets }), ...named },
        });
        const images = await buildImages(report, imagesNamedIn(file));
        await loadImages(
            images.map(({ archive }) => archive),
            report,
        );
        await writeFile(this.configFile, file);
    }

    async setSecret(path: string, value: string): Promise<void> {
        const args = ["config", "set", "--secret", "--path", `${project}:${path}`];
        const { exitCode, output } = await this.run([...args, "--stack", this.stack], value);
        if (exitCode !== 0) {
            throw new Error(output);
        }
    }

    async removeSetting(path: string): Promise<void> {
        const args = ["config", "rm", "--path", `${project}:${path}`];
        const { exitCode, output } = await this.run([...args, "--stack", this.stack]);
        if (exitCode !== 0) {
            throw new Error(output);
        }
    }

    async pulumi(command: "up" | "preview" | "destroy" | "refresh", ...args: string[]): Promise<CommandResult> {
        const unattended = command === "preview" ? [] : ["--yes", "--skip-preview"];
        return await this.run([command, ...unattended, "--stack", this.stack, ...args]);
    }

    /** @param input what is typed */
    async run(args: string[], input?: string): Promise<CommandResult> {
        const { exitCode, stdout, stderr } = await runPulumi([...args, "--non-interactive", "--color=never"], {
            engine: this.engine,
            cwd: this.directory,
            stdio: "pipe",
            env: this.backend,
            ...(input !== undefined && { input }),
        });
        return { exitCode: exitCode ?? 1, output: `${stdout ?? ""}\n${stderr ?? ""}` };
    }

    /** What a process needs to find the engine and this backend. */
    get variables(): Record<string, string> {
        return { ...this.engine.env, ...this.backend };
    }

    private get backend(): Record<string, string> {
        return { PULUMI_BACKEND_URL: `file://${this.directory}/state`, PULUMI_CONFIG_PASSPHRASE: "test" };
    }

    startUp(): Running {
        const args = ["up", "--yes", "--skip-preview", "--stack", this.stack, "--non-interactive", "--color=never"];
        const child = this.spawn(this.engine.pulumi, args);
        return {
            interrupt: () => child.kill("SIGINT"),
            kill: () => process.kill(-child.pid!, "SIGKILL"),
            done: child.then(({ exitCode, all }) => ({ exitCode: exitCode ?? 1, output: all ?? "" })),
        };
    }

    /** `make repair`. */
    async repair(): Promise<CommandResult> {
        const command = join(projectRoot, "commands/repair/main.ts");
        const { exitCode, all } = await this.spawn(process.execPath, [command, "--stack", this.stack]);
        return { exitCode: exitCode ?? 1, output: all ?? "" };
    }

    /** A command of the project's, as the Makefile starts it: `dumps/main.ts`. */
    async command(file: string, ...args: readonly string[]): Promise<CommandResult> {
        const command = join(projectRoot, "commands", file);
        const { exitCode, all } = await this.spawn(process.execPath, [command, ...args, "--stack", this.stack]);
        return { exitCode: exitCode ?? 1, output: all ?? "" };
    }

    /** Another command of the project's, which goes on by itself: on any stack of this one's backend. */
    start(file: string, ...args: readonly string[]): Running {
        const child = this.spawn(process.execPath, [join(projectRoot, "commands", file), ...args]);
        return {
            interrupt: () => child.kill("SIGINT"),
            kill: () => process.kill(-child.pid!, "SIGKILL"),
            done: child.then(({ exitCode, all }) => ({ exitCode: exitCode ?? 1, output: all ?? "" })),
        };
    }

    /** One that is about all stacks of the backend: `sweep/main.ts`. */
    async commandOnAll(file: string, ...args: readonly string[]): Promise<CommandResult> {
        const { exitCode, all } = await this.spawn(process.execPath, [join(projectRoot, "commands", file), ...args]);
        return { exitCode: exitCode ?? 1, output: all ?? "" };
    }

    /** In a process group of its own, so that all of it can be killed, and nothing else. */
    private spawn(command: string, args: readonly string[]) {
        const env = this.variables;
        return execa(command, args, {
            cwd: this.directory,
            env,
            all: true,
            reject: false,
            detached: true,
            stdin: "ignore",
        });
    }

    /** Removes it all; an environment that cannot be destroyed is a failure of its own. The last one takes the folder along. */
    async remove({ last = true }: { readonly last?: boolean } = {}): Promise<void> {
        const { exitCode, output } = await this.pulumi("destroy");
        if (exitCode !== 0) {
            throw new Error(`The environment ${this.stack} could not be destroyed:\n${output}`);
        }
        if (last) {
            await rm(this.directory, { recursive: true, force: true });
        }
    }
}
