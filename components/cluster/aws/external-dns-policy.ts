import type { PolicyDocument } from "./policy-document.ts";

/**
 * Records of one zone. Which zones there are cannot be asked for one alone.
 *
 * @param zoneId without `/hostedzone/`
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/#iam-policy
 */
export function externalDnsPolicy(zoneId: string): PolicyDocument {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
                Resource: `arn:aws:route53:::hostedzone/${zoneId}`,
            },
            { Effect: "Allow", Action: ["route53:ListHostedZones", "route53:ListTagsForResources"], Resource: "*" },
        ],
    };
}
