// How AWS is reached. Credentials are whatever the AWS CLI uses: none is here, and none gets into the state.
import { Provider } from "@pulumi/aws/provider.js";
import type { CloudsSettings } from "../../../settings/clouds.ts";

/**
 * @param tags on every resource that can have some
 * @param name another, for a second region: what CloudFront uses has to be in us-east-1
 */
export function awsProvider(
    { account, region }: NonNullable<CloudsSettings["aws"]>,
    tags: Readonly<Record<string, string>>,
    name = "aws",
): Provider {
    return new Provider(name, {
        region,
        // With credentials of another account it stops before the first change.
        allowedAccountIds: [account],
        defaultTags: { tags: { ...tags } },
    });
}
