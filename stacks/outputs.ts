// What a stack says of itself. Other stacks and the tools read it, so a change of meaning is a new version.
import type { Output } from "@pulumi/pulumi";
import type { EnvironmentKind } from "../settings/environment.ts";

export interface EnvironmentOutputs {
    /** The version of this contract. */
    readonly outputsVersion: 1;
    readonly environment: { readonly kind: EnvironmentKind; readonly name: string };
    /** Where everything of the environment is. */
    readonly namespace: Output<string>;
    readonly app: {
        readonly name: string;
        readonly image: string;
        /** The address for users; absent when the app is reached from inside the cluster only. */
        readonly url?: string;
        /** The web pods' Service in `namespace`, and its port. */
        readonly service: Output<string>;
        readonly port: number;
        /** `kubectl exec` into this Deployment to run manage.py; absent without a shell. */
        readonly shell?: string;
    };
}
