// The errors that mean something to the engine. Any other Error is shown as it is and changes nothing in the state.
import type { PropertyMap } from "../../commands/plan/answers/values.ts";

/**
 * The object was created or updated, but did not become what was wanted (an await failed or was cancelled). The engine
 * records it with these outputs and reasons, so that the next `up` continues with it instead of making another.
 */
export class InitializationFailed extends Error {
    readonly id: string;
    readonly outputs: PropertyMap;
    /** From `read` only: the inputs as found. @default the state keeps its inputs */
    readonly inputs: PropertyMap | undefined;
    /** What the user reads, a line each. */
    readonly reasons: readonly string[];

    constructor(state: {
        readonly id: string;
        readonly outputs: PropertyMap;
        readonly inputs?: PropertyMap;
        readonly reasons: readonly string[];
    }) {
        super(state.reasons.join("\n"));
        this.name = "InitializationFailed";
        this.id = state.id;
        this.outputs = state.outputs;
        this.inputs = state.inputs;
        this.reasons = state.reasons;
    }
}

/** A resource type or function that the stand-in does not have. */
export class UnknownType extends Error {
    constructor(provider: string, token: string, known?: readonly string[]) {
        const has = known === undefined ? "" : ` It has ${known.join(", ")}.`;
        super(
            `The stand-in for the ${provider} plugin does not have ${token}.${has} ` +
                `Fix: install the official plugin (pulumi plugin install resource ${provider}); it is then used instead.`,
        );
        this.name = "UnknownType";
    }
}
