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
    /** The user that the password is of. @default the server's default user */
    readonly user?: string;
    /** TLS, for a cache outside the cluster. @default none, the connection does not leave the namespace */
    readonly tls?: {
        /** The CA's certificate as PEM. @default a CA that every system trusts */
        readonly ca?: Output<string>;
    };
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
}
