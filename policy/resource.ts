// What a rule may read. The shape is what a policy pack sees of a resource, so that the same rules judge a recorded plan
// and, wrapped, a preview of the real engine.
import type { Operation } from "../lib/catalogue/index.ts";

/** Stands where a secret value is. Nothing prints it: neither JSON, nor a log, nor a debugger's view of the plan. */
export class SecretValue {
    readonly #value: unknown;

    constructor(value?: unknown) {
        this.#value = value;
    }

    /**
     * Lets a rule look at the value, because half of what makes a broker safe stands in a file beside its password.
     * A rule may say what is wrong, never what it read.
     */
    examine<Result>(look: (value: unknown) => Result): Result {
        return look(this.#value);
    }

    toJSON(): string {
        return "[secret]";
    }
}

/** Stands where a value is not known before the resource exists. */
export class UnknownValue {
    toJSON(): string {
        return "[unknown]";
    }
}

export interface PolicyResource {
    readonly urn: string;
    /** For example `kubernetes:apps/v1:Deployment`. */
    readonly type: string;
    readonly name: string;
    /** The inputs, with secrets and unknown values replaced by SecretValue and UnknownValue. */
    readonly props: Readonly<Record<string, unknown>>;
    /** The URN of the component it belongs to. */
    readonly parent?: string;
    /** The URN and id of its provider. */
    readonly provider?: string;
    /** URNs of what is created before it. */
    readonly dependencies: readonly string[];
    readonly protect: boolean;
    /** Whether a destroy leaves it behind; absent where the engine does not show it to a policy. */
    readonly retainOnDelete?: boolean;
    /** The URN of what takes it along, so that it is not deleted itself; absent where the engine does not show it to a policy. */
    readonly deletedWith?: string;
    /** The object's name in the cluster where the inputs leave it to the provider; absent where that is not seen. */
    readonly generatedName?: string;
    /** Property paths; absent where the engine does not show them to a policy. */
    readonly replaceOnChanges?: readonly string[];
    readonly customTimeouts?: Readonly<Partial<Record<Operation, string>>>;
}

export interface PolicyPlan {
    readonly resources: readonly PolicyResource[];
}
