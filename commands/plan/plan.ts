// What a stack would create, as data: what rules read of a resource (policy/resource.ts), and what a person asks beside it.
import type { PolicyResource } from "../../policy/resource.ts";

export { SecretValue, UnknownValue } from "../../policy/resource.ts";

export interface PlannedResource extends PolicyResource {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever shape the resource's type has
    readonly props: Record<string, any>;
    /** Whether a provider makes it; a component is made of others. */
    readonly custom: boolean;
    readonly replaceOnChanges: readonly string[];
    /** Paths of inputs that stay as they were made. */
    readonly ignoreChanges: readonly string[];
    /** URNs of what takes this one along when it is replaced. */
    readonly replaceWith: readonly string[];
    /** What else it may be called in a state: by its own and its parents' aliases. */
    readonly formerUrns: readonly string[];
    /** Whether the program asks for it; a provider does so by itself for an object that keeps its name. */
    readonly deleteBeforeReplace: boolean;
    readonly customTimeouts: { readonly create?: string; readonly update?: string; readonly delete?: string };
}

export interface Plan {
    readonly project: string;
    readonly stack: string;
    readonly resources: readonly PlannedResource[];
    /** What the program warns of: `pulumi up` prints it too. */
    readonly warnings: readonly string[];
    readonly outputs: Readonly<Record<string, unknown>>;
}
