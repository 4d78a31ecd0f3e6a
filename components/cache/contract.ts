import type { Input, Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";

/** A shared cache that speaks Redis's protocol, wherever it runs. */
export interface Cache {
    /** Django's backend class. */
    readonly backend: string;
    /** Where Django writes. */
    readonly primary: { readonly host: Input<string>; readonly port: Input<number> };
    /** Where Django reads; empty when it reads from the primary. */
    readonly replicas: ReadonlyArray<{ readonly host: Input<string>; readonly port: Input<number> }>;
    /** A secret. */
    readonly password: Output<string>;
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
}
