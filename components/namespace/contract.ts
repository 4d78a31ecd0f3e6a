import type { Output } from "@pulumi/pulumi";

/** A place where pods can do nothing harmful and reach nothing that was not opened for them. */
export interface IsolatedNamespace {
    readonly namespace: Output<string>;
}
