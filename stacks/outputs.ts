// What a stack says of itself. Other stacks and the tools read it, so a change of meaning is a new version.
import type { Input, Output } from "@pulumi/pulumi";
import type { CiIdentity } from "../components/identity/ci.ts";
import type { BackupPromise } from "../lib/backup-promise.ts";
import type { EnvironmentKind } from "../settings/environment.ts";
import {
    type outputsVersion,
    type LentDatabase,
    type LentGateway,
    type PlatformOutputs,
} from "../settings/lender/outputs.ts";
import type { PullRequest } from "../settings/pull-request.ts";

export interface StackOutputs {
    /** The version of this contract. */
    readonly outputsVersion: typeof outputsVersion;
    /** `instance` is the environment's name among all on its cluster. */
    readonly environment: { readonly kind: EnvironmentKind; readonly name: string; readonly instance: string };
    /** Where everything of the environment is. */
    readonly namespace: Output<string>;
    /** The app that the shared stores' names belong to. */
    readonly mainApp: string;
    /** Whose environment it is, for whoever looks for what can go. */
    readonly pullRequest?: PullRequest;
    readonly apps: Readonly<Record<string, AppOutputs>>;
    /** What other stacks on the same cluster read. */
    readonly platform: Inputs<PlatformOutputs>;
    /** What this environment lends them. */
    readonly lends: { readonly gateway?: Inputs<LentGateway>; readonly database?: Inputs<LentDatabase> };
    /** The login of `lends.database`'s user: a secret. */
    readonly lentDatabasePassword?: Output<string>;
    /** What is promised of the databases' backups, by store: `make status` holds it against what is there. */
    readonly backups?: Readonly<Record<string, BackupPromise>>;
    /** Records that DNS outside the platform's zone has to have before the apps' addresses work. */
    readonly dnsRecords?: Output<
        ReadonlyArray<{ readonly name: string; readonly type: string; readonly data: string }>
    >;
    /** What the parent zone has to name in its NS records. */
    readonly nameServers?: Output<readonly string[]>;
    /** What stands before the names of images. */
    readonly registry?: Output<string>;
    /** For `pulumi stack change-secrets-provider` (G8). */
    readonly secretsProvider?: Output<string>;
    /** What a workflow is told, to be somebody here: the provider that it shows its token to, and whom it becomes for what. */
    readonly ci?: { readonly provider?: Output<string> } & CiIdentity["identities"];
}

export interface AppOutputs {
    readonly image: string;
    /** The address for users; absent when the app is reached from inside the cluster only. */
    readonly url?: string;
    /** Of the app's own load balancer, for a DNS record: an address, or a name; absent with any other way in. */
    readonly address?: Output<string>;
    /** The web pods' Service in `namespace`, and its port. */
    readonly service: Output<string>;
    readonly port: number;
    /** `kubectl exec` into this Deployment to run manage.py; absent without a shell. */
    readonly shell?: string;
}

/** As the program writes them, before they are known. */
type Inputs<Value> = { readonly [Key in keyof Value]: Input<Value[Key]> };
