// A ServiceAccount's pods take an IAM role by EKS Pod Identity, and whoever waits for that waits until it holds.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { PodIdentityAssociation, type PodIdentityAssociationArgs } from "@pulumi/aws/eks/podIdentityAssociation.js";
import { pause } from "../../../lib/pause.ts";

/**
 * Milliseconds. An association holds some seconds after AWS has said that it is made: five to ten were seen. Pods get their credentials
 * when they are admitted and never again, so one that was sooner goes without until it is deleted.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html "eventually consistent"
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/40852 the provider does not wait
 * @see https://github.com/aws/eks-pod-identity-agent/issues/52
 */
export const settling = 20_000;

/** A wait of its own, for an association or a key: when it is made and at no other time: not in a preview, not in an update that finds it there. */
export async function untilItHolds(): Promise<void> {
    await pause(settling);
}

export function podIdentityAssociation(
    name: string,
    args: PodIdentityAssociationArgs,
    opts: CustomResourceOptions,
): PodIdentityAssociation {
    return new PodIdentityAssociation(name, args, { ...opts, hooks: { afterCreate: [untilItHolds] } });
}
