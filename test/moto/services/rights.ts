// IAM and KMS.
// @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
// @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html
import { renamed, type Translations } from "./translation.ts";

export const rights: Translations = {
    "aws:iam/role:Role": {
        up: async ({ call, input, text }) => {
            const { assumeRolePolicy, ...given } = input("name", "forceDetachPolicies");
            const made = await call("iam.CreateRole", {
                ...given,
                roleName: text("name"),
                assumeRolePolicyDocument: assumeRolePolicy,
            });
            // moto reads a trust policy when it is changed alone.
            await call("iam.UpdateAssumeRolePolicy", { roleName: text("name"), policyDocument: assumeRolePolicy });
            return { arn: made?.["Role"].Arn as string };
        },
        down: ({ call, text }) => call("iam.DeleteRole", { roleName: text("name") }),
    },
    "aws:iam/rolePolicy:RolePolicy": {
        up: async ({ call, input, text }) => {
            const { role, policy } = input();
            await call("iam.PutRolePolicy", { roleName: role, policyName: text("name"), policyDocument: policy });
            return undefined;
        },
        down: ({ call, text }) => call("iam.DeleteRolePolicy", { roleName: text("role"), policyName: text("name") }),
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        up: async ({ call, text }) => {
            await call("iam.AttachRolePolicy", { roleName: text("role"), policyArn: text("policyArn") });
            return undefined;
        },
        down: ({ call, text }) =>
            call("iam.DetachRolePolicy", { roleName: text("role"), policyArn: text("policyArn") }),
    },
    "aws:iam/user:User": {
        up: async ({ call, input, text }) => {
            const made = await call("iam.CreateUser", { ...input("name", "forceDestroy"), userName: text("name") });
            return { arn: made?.["User"].Arn as string };
        },
        down: ({ call, text }) => call("iam.DeleteUser", { userName: text("name") }),
    },
    "aws:iam/userPolicy:UserPolicy": {
        up: async ({ call, text }) => {
            await call("iam.PutUserPolicy", {
                userName: text("user"),
                policyName: text("name"),
                policyDocument: text("policy"),
            });
            return undefined;
        },
        down: ({ call, text }) => call("iam.DeleteUserPolicy", { userName: text("user"), policyName: text("name") }),
    },
    "aws:iam/accessKey:AccessKey": {
        up: async ({ call, text }) => {
            const made = await call("iam.CreateAccessKey", { userName: text("user") });
            return { id: made?.["AccessKey"].AccessKeyId as string };
        },
        down: ({ call, asked, text }) => call("iam.DeleteAccessKey", { userName: text("user"), accessKeyId: asked.id }),
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        up: async ({ call, input }) => {
            const made = await call(
                "iam.CreateOpenIDConnectProvider",
                renamed(input(), { clientIdLists: "clientIDList", thumbprintLists: "thumbprintList" }),
            );
            const arn = made?.["OpenIDConnectProviderArn"] as string;
            return { id: arn, arn };
        },
        down: ({ call, asked }) => call("iam.DeleteOpenIDConnectProvider", { openIDConnectProviderArn: asked.id }),
    },
    "aws:kms/key:Key": {
        up: async ({ call, input }) => {
            const { enableKeyRotation, ...given } = input("deletionWindowInDays", "customerMasterKeySpec");
            const made = await call("kms.CreateKey", { ...given, keySpec: input()["customerMasterKeySpec"] });
            const id = made?.["KeyMetadata"].KeyId as string;
            if (enableKeyRotation === true) {
                await call("kms.EnableKeyRotation", { keyId: id });
            }
            return { id, keyId: id, arn: made?.["KeyMetadata"].Arn as string };
        },
        down: ({ call, asked, input }) =>
            call("kms.ScheduleKeyDeletion", {
                keyId: asked.id,
                pendingWindowInDays: input()["deletionWindowInDays"],
            }),
    },
    "aws:kms/alias:Alias": {
        up: async ({ call, text }) => {
            await call("kms.CreateAlias", { aliasName: text("name"), targetKeyId: text("targetKeyId") });
            return undefined;
        },
        down: ({ call, text }) => call("kms.DeleteAlias", { aliasName: text("name") }),
    },
};
