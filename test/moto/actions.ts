// Which actions a call is asked for: mostly the one that is called like it.
// @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
// @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html

/** Calls whose actions are called otherwise, or that are asked for several. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
    "budgets.CreateBudget": ["budgets:ModifyBudget"],
    "budgets.DeleteBudget": ["budgets:ModifyBudget"],
    "cloudfront.CreateDistributionWithTags": ["cloudfront:CreateDistribution", "cloudfront:TagResource"],
    "s3.PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "s3.DeletePublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "s3.DeleteBucketOwnershipControls": ["s3:PutBucketOwnershipControls"],
    "s3.PutBucketCors": ["s3:PutBucketCORS"],
    "s3.DeleteBucketCors": ["s3:PutBucketCORS"],
    "s3.PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "s3.DeleteBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "s3.PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
    "s3.DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
};

/** @param operation for example `ec2.CreateVpc` */
export function actionOf(operation: string): readonly string[] {
    return otherwise[operation] ?? [operation.replace(".", ":")];
}

/** What moto asks for instead; `undefined`: it asks nobody for an action of that call. */
const motos = new Map<string, string | undefined>([
    ["budgets.CreateBudget", "budgets:CreateBudget"],
    ["budgets.DeleteBudget", "budgets:DeleteBudget"],
    ["cloudfront.CreateDistributionWithTags", "cloudfront:CreateDistributionWithTags"],
    // It goes by the service's address.
    ["cloudwatch.PutMetricAlarm", "monitoring:PutMetricAlarm"],
    ["cloudwatch.DeleteAlarms", "monitoring:DeleteAlarms"],
    // Of these parts of a bucket it thinks that the bucket itself is made or deleted.
    ["s3.PutBucketOwnershipControls", undefined],
    ["s3.DeleteBucketOwnershipControls", undefined],
    ["s3.PutPublicAccessBlock", undefined],
    ["s3.DeletePublicAccessBlock", undefined],
    ["s3.PutBucketEncryption", undefined],
    ["s3.DeleteBucketEncryption", undefined],
]);

/** The action that moto asks for. */
export const askedByMoto = Object.assign(
    (operation: string): string | undefined => (motos.has(operation) ? motos.get(operation) : actionOf(operation)[0]),
    { otherwise: new Map([...motos].filter((entry): entry is [string, string] => entry[1] !== undefined)) },
);
