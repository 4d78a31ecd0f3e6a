// Who CI is to Google Cloud: service accounts that jobs of one repository become by Workload Identity Federation.
import * as pulumi from "@pulumi/pulumi";
import { WorkloadIdentityPool } from "@pulumi/gcp/iam/workloadIdentityPool.js";
import { WorkloadIdentityPoolProvider } from "@pulumi/gcp/iam/workloadIdentityPoolProvider.js";
import { CryptoKeyIAMMember } from "@pulumi/gcp/kms/cryptoKeyIAMMember.js";
import { IAMMember as ProjectMember } from "@pulumi/gcp/projects/iammember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { IAMMember as AccountMember } from "@pulumi/gcp/serviceaccount/iammember.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import { RandomId } from "@pulumi/random/randomId.js";
import { googleAttributes, googleMapping, issuerOf, type CiJobs } from "../../../lib/ci-jobs.ts";
import { readByReviews, writtenByReviews } from "../../../lib/ci-state.ts";
import { cloudName } from "../../../lib/cloud-name.ts";
import { ciRights, type CiArgs, type CiIdentity, type CiRight } from "../ci.ts";

export interface GcpCiArgs extends CiArgs {
    readonly project: string;
    /** `projects/P/locations/L/keyRings/R/cryptoKeys/K` of the stack's secrets. @default CI gets no right to one */
    readonly secretsKey?: pulumi.Input<string>;
}

/** An account's id may have 6 to 30 characters, a pool's 4 to 32 (R71). */
const accountIdLimit = 30;
const poolIdLimit = 32;
/** Characters of what makes a pool's id another one each time, with its hyphen. */
const suffixLength = 9;

/**
 * How things are set, and who may do what. Not `viewer`: Google lets those who have it read what is in buckets with uniform access, so in
 * those of uploads.
 *
 * @see https://cloud.google.com/storage/docs/access-control/iam-roles#basic-roles-modifiable
 */
const previewRoles = [
    "artifactregistry.reader",
    "certificatemanager.viewer",
    "cloudkms.viewer",
    "cloudsql.viewer",
    "compute.viewer",
    "container.viewer",
    "dns.reader",
    "iam.securityReviewer",
    "iam.serviceAccountViewer",
    "iam.workloadIdentityPoolViewer",
    "logging.viewer",
    "monitoring.viewer",
    "redis.viewer",
    "serviceusage.serviceUsageViewer",
    "storage.bucketViewer",
].map((role) => `roles/${role}`);

export class GcpCi extends pulumi.ComponentResource implements CiIdentity {
    readonly provider: pulumi.Output<string>;
    /** Who the jobs of `review` are to a cluster: one of both, for a token says the address only where its scopes have it. */
    readonly reviewUsers: ReadonlyArray<pulumi.Output<string>>;
    readonly identities: CiIdentity["identities"];

    /** @param opts with the providers of Google Cloud and random */
    constructor(name: string, args: GcpCiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:identity:GcpCi", name, {}, opts);
        const pool = this.createPool(name, args);
        this.provider = this.createProvider(name, args, pool).name;
        const accounts = ciRights.flatMap((right) => {
            const jobs = args[right];
            return jobs === undefined ? [] : [[right, this.createAccount(name, right, args, jobs, pool)] as const];
        });
        this.identities = Object.fromEntries(accounts.map(([right, account]) => [right, account.email]));
        this.reviewUsers = accounts
            .filter(([right]) => right === "review")
            .flatMap(([, { email, uniqueId }]) => [email, uniqueId]);
        for (const [right, account] of accounts) {
            this.grant(name, right, args, account);
        }
        this.registerOutputs({ provider: this.provider });
    }

    /** Google keeps the id of a deleted pool for 30 days: the next one of the same stack has another. */
    private createPool(name: string, { instance, repository }: GcpCiArgs): WorkloadIdentityPool {
        const suffix = new RandomId(`${name}-pool-id`, { byteLength: (suffixLength - 1) / 2 }, { parent: this });
        const id = cloudName(["ci", instance], poolIdLimit - suffixLength);
        return new WorkloadIdentityPool(
            `${name}-pool`,
            {
                workloadIdentityPoolId: pulumi.interpolate`${id}-${suffix.hex}`,
                displayName: cloudName(["ci", instance], poolIdLimit),
                description: `Jobs of ${repository.name}`,
            },
            { parent: this },
        );
    }

    private createProvider(
        name: string,
        { repository }: GcpCiArgs,
        pool: WorkloadIdentityPool,
    ): WorkloadIdentityPoolProvider {
        const { attributes, condition } = googleMapping(repository);
        return new WorkloadIdentityPoolProvider(
            `${name}-provider`,
            {
                workloadIdentityPoolId: pool.workloadIdentityPoolId,
                workloadIdentityPoolProviderId: repository.system,
                displayName: repository.system === "github" ? "GitHub Actions" : "GitLab CI/CD",
                attributeMapping: attributes,
                attributeCondition: condition,
                oidc: { issuerUri: issuerOf(repository) },
            },
            { parent: this },
        );
    }

    private createAccount(
        name: string,
        right: CiRight,
        { instance, repository }: GcpCiArgs,
        jobs: CiJobs,
        pool: WorkloadIdentityPool,
    ): Account {
        const account = new Account(
            `${name}-${right}-account`,
            {
                accountId: cloudName([instance, name, right], accountIdLimit),
                displayName: `${instance} ${name} ${right}`,
                description: `Jobs of ${repository.name}`,
            },
            { parent: this },
        );
        for (const attribute of googleAttributes(repository, jobs)) {
            new AccountMember(
                `${name}-${right}-for-${attribute}`,
                {
                    serviceAccountId: account.name,
                    role: "roles/iam.workloadIdentityUser",
                    member: pulumi.interpolate`principalSet://iam.googleapis.com/${pool.name}/attribute.${attribute}`,
                },
                { parent: this },
            );
        }
        return account;
    }

    /** What pushes has its right at the registry alone. */
    private grant(name: string, right: CiRight, args: GcpCiArgs, { email }: Account): void {
        if (right === "push") {
            return;
        }
        const { project, secretsKey, stateBucket } = args;
        const member = pulumi.interpolate`serviceAccount:${email}`;
        const opts = { parent: this };
        for (const role of rolesOf(right, args)) {
            new ProjectMember(`${name}-${right}-${role.split("/").at(-1)!}`, { project, role, member }, opts);
        }
        if (secretsKey !== undefined) {
            const role =
                right === "preview"
                    ? "roles/cloudkms.cryptoKeyDecrypter"
                    : "roles/cloudkms.cryptoKeyEncrypterDecrypter";
            new CryptoKeyIAMMember(`${name}-${right}-secrets`, { cryptoKeyId: secretsKey, role, member }, opts);
        }
        if (right === "review") {
            this.grantStateOfReviews(name, args, member);
        } else if (stateBucket !== undefined) {
            const role = right === "preview" ? "roles/storage.objectViewer" : "roles/storage.objectUser";
            new BucketIAMMember(`${name}-${right}-state`, { bucket: stateBucket, role, member }, opts);
        }
    }

    /** Of no other stack is anything written: who writes the lender's state says what its next update does. */
    private grantStateOfReviews(
        name: string,
        { stateBucket: bucket, review }: GcpCiArgs,
        member: pulumi.Output<string>,
    ): void {
        if (bucket === undefined) {
            return;
        }
        const { stacks } = review!;
        const at = `projects/_/buckets/${bucket}/objects/`;
        const anyOf = (tests: readonly string[]): string => tests.join(" || ");
        const opts = { parent: this };
        // Lists names; what is in the objects it does not read.
        const lister = { bucket, role: "roles/storage.legacyBucketReader", member };
        new BucketIAMMember(`${name}-review-state-names`, lister, opts);
        new BucketIAMMember(
            `${name}-review-state-lender`,
            {
                bucket,
                role: "roles/storage.objectViewer",
                member,
                condition: {
                    title: "state-of-the-lender",
                    expression: anyOf(readByReviews(stacks).map((key) => `resource.name == "${at}${key}"`)),
                },
            },
            opts,
        );
        new BucketIAMMember(
            `${name}-review-state`,
            {
                bucket,
                role: "roles/storage.objectUser",
                member,
                condition: {
                    title: "state-of-reviews",
                    expression: anyOf(
                        writtenByReviews(stacks).map((prefix) => `resource.name.startsWith("${at}${prefix}")`),
                    ),
                },
            },
            opts,
        );
    }
}

/** In the project. */
function rolesOf(right: Exclude<CiRight, "push">, { deploy }: GcpCiArgs): readonly string[] {
    switch (right) {
        case "preview":
            return previewRoles;
        case "review":
            // Gets to a cluster; what it may do there, the cluster says.
            return ["roles/container.clusterViewer"];
        case "deploy":
            return deploy!.grants;
        default:
            return right satisfies never;
    }
}
