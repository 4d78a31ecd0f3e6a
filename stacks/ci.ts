// From the settings of CI's identity to what a cloud's component is told.
import * as pulumi from "@pulumi/pulumi";
import type { CiArgs } from "../components/identity/ci.ts";
import { jobsOf, repositoryOf } from "../settings/ci.ts";

type Jobs = Parameters<typeof jobsOf>[0];

type CiSettings = Parameters<typeof repositoryOf>[0] & {
    readonly push?: Jobs | undefined;
    readonly preview?: Jobs | undefined;
    readonly review?: (NonNullable<Jobs> & { readonly stacks: string }) | undefined;
    readonly deploy?: Jobs | undefined;
    readonly stateBucket?: string | undefined;
};

/** @param grants what deploying jobs are let do, by the cloud's own names */
export function ciArgs(instance: string, ci: CiSettings, grants: readonly string[]): CiArgs {
    const { push, preview, review, deploy, stateBucket } = ci;
    return {
        instance,
        repository: repositoryOf(ci),
        ...(push && { push: jobsOf(push) }),
        ...(preview && { preview: jobsOf(preview) }),
        ...(review && {
            review: {
                ...jobsOf(review),
                stacks: { project: pulumi.getProject(), prefix: review.stacks, lender: pulumi.getStack() },
            },
        }),
        ...(deploy && { deploy: { ...jobsOf(deploy), grants } }),
        ...(stateBucket !== undefined && { stateBucket }),
    };
}
