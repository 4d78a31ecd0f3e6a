import type { CustomResource } from "@pulumi/pulumi";

/** One key of a Secret in the environment's namespace. */
export interface SecretKey {
    /** The Secret's. */
    readonly name: string;
    readonly key: string;
    /** Whether the value has to be one line: a password, or another credential. */
    readonly oneLine: boolean;
}

/** What a controller makes a Secret of: once it is made, that Secret is there under the same name. */
export interface SecretSource {
    readonly name: string;
    readonly object: CustomResource;
}
