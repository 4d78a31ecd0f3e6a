// What a stack would create, as data. The shape follows what a policy sees of a resource (@pulumi/policy), so that a rule
// reads the same of a plan and of a preview.

/** Stands where a secret value was: a plan holds none. */
export class SecretValue {
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

export interface PlannedResource {
    readonly urn: string;
    /** For example `kubernetes:apps/v1:Deployment`. */
    readonly type: string;
    readonly name: string;
    /** The inputs, with secrets and unknown values replaced by SecretValue and UnknownValue. */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever shape the resource's type has
    readonly props: Record<string, any>;
    readonly custom: boolean;
    /** The URN of the component it belongs to. */
    readonly parent?: string;
    /** The URN and id of its provider; absent for components, and for resources on a default provider. */
    readonly provider?: string;
    /** URNs of what is created before it, by `dependsOn` or because it uses an output. */
    readonly dependencies: readonly string[];
    readonly protect: boolean;
    readonly replaceOnChanges: readonly string[];
    readonly customTimeouts: { readonly create?: string; readonly update?: string; readonly delete?: string };
}

export interface Plan {
    readonly project: string;
    readonly stack: string;
    readonly resources: readonly PlannedResource[];
    readonly outputs: Readonly<Record<string, unknown>>;
}
