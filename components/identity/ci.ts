// Who CI is to a cloud: up to four identities, each for certain jobs of one repository. No key is stored anywhere.
import type { Output } from "@pulumi/pulumi";
import type { CiJobs, CiRepository } from "../../lib/ci-jobs.ts";
import type { StacksOfReviews } from "../../lib/ci-state.ts";

/** What CI is let do. */
export type CiRight = "push" | "preview" | "review" | "deploy";

export const ciRights: readonly CiRight[] = ["push", "preview", "review", "deploy"];

export interface CiArgs {
    /** The environment's name among all of the account. */
    readonly instance: string;
    readonly repository: CiRepository;
    /** Pushes images. @default nobody does by this */
    readonly push?: CiJobs;
    /** Reads, for `pulumi preview`. @default likewise */
    readonly preview?: CiJobs;
    /** Brings up environments of pull requests, and pushes their images. @default likewise */
    readonly review?: CiJobs & { readonly stacks: StacksOfReviews };
    /** `pulumi up`. `grants` are roles or policies, by the cloud's own names. @default likewise */
    readonly deploy?: CiJobs & { readonly grants: readonly string[] };
    /** The bucket of Pulumi's state. @default somebody else lets them in, or Pulumi Cloud has it */
    readonly stateBucket?: string;
}

/** What a workflow is told: none of it is secret. */
export interface CiIdentity {
    /** Whom the job shows its token to, where it has to name it. */
    readonly provider?: Output<string>;
    /** What the job becomes, by what it may: a service account's address, a role's ARN. */
    readonly identities: { readonly [Right in CiRight]?: Output<string> };
}
