// Who the app is to Google Cloud: a service account, that pods of a GKE cluster become without a key, and others with one.
import * as pulumi from "@pulumi/pulumi";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { IAMMember } from "@pulumi/gcp/serviceaccount/iammember.js";
import { HmacKey } from "@pulumi/gcp/storage/hmacKey.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import { untilNewKeyHolds } from "../../password/new-key.ts";
import { rotatedKey } from "../../password/rotated-key.ts";
import type { PodIdentity } from "../contract.ts";

export interface AppServiceAccountArgs {
    /** The environment's name among all of a project. */
    readonly instance: string;
    readonly access: WorkloadIdentityAccess | HmacKeyAccess;
}

/** For pods of a GKE cluster. */
export interface WorkloadIdentityAccess {
    readonly variant: "workload-identity";
    /** The cluster's workload pool, `PROJECT.svc.id.goog`. */
    readonly pool: pulumi.Input<string>;
    /** What makes the pool: it is there with the project's first cluster. */
    readonly after: readonly pulumi.Resource[];
    readonly users: readonly PodIdentity[];
}

/** For pods anywhere else: a key for Cloud Storage, as S3 clients use it. */
export interface HmacKeyAccess {
    readonly variant: "hmac-key";
    /** The number of the key. @default one key for good */
    readonly rotation?: number;
}

/** An account's id may have 6 to 30 characters (R71). */
const accountIdLimit = 30;

export class AppServiceAccount extends pulumi.ComponentResource {
    readonly email: pulumi.Output<string>;
    /** The annotations that make a ServiceAccount of the cluster this account. */
    readonly annotations?: Readonly<Record<string, pulumi.Output<string>>>;
    /** Where its pods ask for tokens. */
    readonly egress?: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
    readonly accessKey?: { readonly id: pulumi.Output<string>; readonly secret: pulumi.Output<string> };

    constructor(name: string, args: AppServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:identity:AppServiceAccount", name, {}, opts);
        const account = new Account(
            `${name}-account`,
            { accountId: cloudName([args.instance, name], accountIdLimit), displayName: `${args.instance} ${name}` },
            { parent: this },
        );
        this.email = account.email;
        if (args.access.variant === "workload-identity") {
            this.annotations = { [gkeAnnotation]: account.email };
            this.egress = gkeMetadataServers;
            this.lendTo(name, account, args.access);
        } else {
            const key = rotatedKey(
                `${name}-key`,
                args.access.rotation,
                (called) =>
                    new HmacKey(
                        called,
                        { serviceAccountEmail: account.email },
                        { parent: this, hooks: { afterCreate: [untilNewKeyHolds] } },
                    ),
            );
            this.accessKey = { id: key.accessId, secret: pulumi.secret(key.secret) };
        }
        this.registerOutputs({ email: this.email });
    }

    private lendTo(name: string, account: Account, { pool, after, users }: WorkloadIdentityAccess): void {
        for (const { namespace, serviceAccount } of users) {
            new IAMMember(
                `${name}-user-${serviceAccount}`,
                {
                    serviceAccountId: account.name,
                    role: "roles/iam.workloadIdentityUser",
                    member: pulumi.interpolate`serviceAccount:${pool}[${namespace}/${serviceAccount}]`,
                },
                { parent: this, dependsOn: [...after] },
            );
        }
        // Without a key, addresses of private files are signed by the IAM API, as the account itself.
        new IAMMember(
            `${name}-signer`,
            {
                serviceAccountId: account.name,
                role: "roles/iam.serviceAccountTokenCreator",
                member: pulumi.interpolate`serviceAccount:${account.email}`,
            },
            { parent: this },
        );
    }
}

export const gkeAnnotation = "iam.gke.io/gcp-service-account";

/**
 * Where pods of GKE ask for tokens: the first with Dataplane V2, the second without.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export const gkeMetadataServers: ReadonlyArray<{ readonly cidr: string; readonly port: number }> = [
    { cidr: "169.254.169.254/32", port: 80 },
    { cidr: "169.254.169.252/32", port: 987 },
    { cidr: "169.254.169.252/32", port: 988 },
];
