// What the rest of the tools know of the CLI once it is found.

export type EngineSource = "installed" | "launcher" | "built";

export interface Engine {
    /** The CLI, as an absolute path. */
    readonly pulumi: string;
    readonly source: EngineSource;
    /** Everything to add to the environment so that `pulumi`, the program and its plugins run. */
    readonly env: Record<string, string>;
    /** What the user should know, a line each; usually nothing. */
    readonly notices: readonly string[];
}
