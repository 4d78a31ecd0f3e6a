// How a Pulumi program is started: the command line and environment of the SDK's own entry point. Pure.

/** What the engine asks to run, in plain values. */
export interface ProgramRun {
    readonly engineAddress: string;
    readonly monitorAddress: string;
    readonly project: string;
    readonly stack: string;
    readonly organization: string;
    readonly rootDirectory: string;
    readonly programDirectory: string;
    /** File relative to the program's directory; `.` or empty: what package.json says. */
    readonly entryPoint: string;
    readonly args: readonly string[];
    readonly dryRun: boolean;
    readonly parallel: number;
    readonly config: Readonly<Record<string, string>>;
    readonly configSecretKeys: readonly string[];
    /** `runtime.options` of Pulumi.yaml. */
    readonly options: Readonly<Record<string, unknown>>;
}

/** An option as text: YAML gives a boolean or a string, whichever way it was written. */
function option(run: ProgramRun, name: string): string | undefined {
    const value = run.options[name];
    return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

/** Arguments for `node`, given the file that the SDK runs programs with. */
export function nodeArguments(run: ProgramRun, runner: string): string[] {
    const flags: Record<string, string> = {
        engine: run.engineAddress,
        monitor: run.monitorAddress,
        project: run.project,
        stack: run.stack,
        organization: run.organization,
        "root-directory": run.rootDirectory,
        pwd: run.programDirectory,
        parallel: String(run.parallel),
    };
    return [
        ...splitWords(option(run, "nodeargs") ?? ""),
        runner,
        ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}=${value}`])),
        ...(run.dryRun ? ["--dry-run"] : []),
        run.entryPoint || ".",
        ...run.args,
    ];
}

/** Environment variables beside those of the engine. */
export function programEnvironment(run: ProgramRun): Record<string, string> {
    const tsconfig = option(run, "tsconfig");
    return {
        PULUMI_CONFIG: JSON.stringify(run.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.configSecretKeys),
        // The SDK compiles TypeScript itself unless told not to.
        PULUMI_NODEJS_TYPESCRIPT: option(run, "typescript") ?? "true",
        ...(tsconfig !== undefined ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
    };
}

/** The exit code by which the SDK says that it has shown the error to the user already. */
const alreadyReported = 32;
/** Node's own code for a top-level await that can never finish. */
const unsettledAwait = 13;

/** What the program's end means to the engine: nothing, silent failure, or an error to show. */
export function outcome(
    code: number | null,
    signal: string | null,
    cancelled: boolean,
): { bail: boolean; error: string } {
    if (code === 0) {
        return { bail: false, error: "" };
    }
    // Who cancelled knows why the program ended.
    if (code === alreadyReported || cancelled) {
        return { bail: true, error: "" };
    }
    const how = signal === null ? `with exit code ${code}` : `by signal ${signal}`;
    const why =
        code === unsettledAwait
            ? ": it awaits something that can never happen, for example an Output that depends on itself"
            : ", without saying why; what it printed last may tell";
    return { bail: false, error: `The program ended ${how}${why}.` };
}

/** Splits as a shell does for plain words and quotes; backslashes are ordinary characters. */
export function splitWords(line: string): string[] {
    return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
        word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"),
    );
}
