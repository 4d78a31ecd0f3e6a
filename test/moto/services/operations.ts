// ECR and CloudWatch Logs.
// @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
// @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import type { Translations } from "./translation.ts";

export const operations: Translations = {
    "aws:ecr/repository:Repository": {
        up: async ({ call, input, text }) => {
            const { encryptionConfigurations, ...given } = input("forceDelete", "name");
            const made = await call("ecr.CreateRepository", {
                ...given,
                repositoryName: text("name"),
                ...(encryptionConfigurations !== undefined && {
                    encryptionConfiguration: (encryptionConfigurations as PlainMap[])[0],
                }),
            });
            const repository = made?.["repository"] as Record<string, never> | undefined;
            return repository && { arn: repository["repositoryArn"] };
        },
        down: ({ call, input, text }) =>
            call("ecr.DeleteRepository", { repositoryName: text("name"), force: input()["forceDelete"] }),
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
        up: async ({ call, text }) => {
            await call("ecr.PutLifecyclePolicy", {
                repositoryName: text("repository"),
                lifecyclePolicyText: text("policy"),
            });
            return undefined;
        },
        down: ({ call, text }) => call("ecr.DeleteLifecyclePolicy", { repositoryName: text("repository") }),
    },
    "aws:cloudwatch/logGroup:LogGroup": {
        up: async ({ call, input, text }) => {
            const { retentionInDays, ...given } = input("name", "skipDestroy");
            await call("logs.CreateLogGroup", { ...given, logGroupName: text("name") });
            if (retentionInDays !== undefined) {
                await call("logs.PutRetentionPolicy", { logGroupName: text("name"), retentionInDays });
            }
            return undefined;
        },
        down: async ({ call, input, text }) => {
            if (input()["skipDestroy"] !== true) {
                await call("logs.DeleteLogGroup", { logGroupName: text("name") });
            }
        },
    },
};
