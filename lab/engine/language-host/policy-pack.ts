// How a policy pack is started: the command line and environment of the SDK's own entry point. Pure.

/** What the engine asks to run, in plain values. */
export interface PackRun {
    /** Where PulumiPolicy.yaml is. */
    readonly directory: string;
    /** The engine's address first. */
    readonly args: readonly string[];
    /** `NAME=value`. */
    readonly environment: readonly string[];
}

/** Arguments for `node`, given the file that the SDK runs policy packs with. */
export function packArguments({ directory, args }: PackRun, runner: string): string[] {
    const [engineAddress = "", ...rest] = args;
    return [runner, engineAddress, directory, ...rest];
}

/** Environment variables as the engine lists them; what stands later wins. */
export function packEnvironment({ environment }: PackRun): Record<string, string> {
    return Object.fromEntries(
        environment.flatMap((entry) => {
            const at = entry.indexOf("=");
            return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
        }),
    );
}
