// A key of KMS, that only this account's IAM policies give access to.
import * as pulumi from "@pulumi/pulumi";
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";

export interface KmsKeyArgs {
    readonly data: DataPolicy;
    readonly description: string;
    /** The name under which people find it: `alias/shop-production-secrets`. */
    readonly alias: string;
    /** Whether it stays when the stack is destroyed, with something that is read with it; not with disposable data. @default false */
    readonly outlivesStack?: boolean;
    /** Arguments of aws.kms.Key over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** Days in which a deleted key can be called back: AWS's greatest and least. */
const deletionWindows: Readonly<Record<DataPolicy, number>> = { protected: 30, kept: 7, disposable: 7 };

export class KmsKey extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;
    readonly keyId: pulumi.Output<string>;

    constructor(
        name: string,
        { data, description, alias, outlivesStack = false, native }: KmsKeyArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("django-on-kubernetes:keys:Kms", name, {}, opts);
        const key = new Key(
            `${name}-key`,
            withNative({ description, enableKeyRotation: true, deletionWindowInDays: deletionWindows[data] }, native),
            { parent: this, protect: data === "protected", retainOnDelete: outlivesStack && data !== "disposable" },
        );
        new Alias(`${name}-alias`, { name: alias, targetKeyId: key.keyId }, { parent: this });
        this.arn = key.arn;
        this.keyId = key.keyId;
        this.registerOutputs({ arn: this.arn });
    }
}

/** The address of a key for `pulumi stack change-secrets-provider`. It is no secret: it names the key. */
export function secretsProviderOf(keyId: pulumi.Input<string>, region: string): pulumi.Output<string> {
    return pulumi.interpolate`awskms:///${keyId}?region=${region}`;
}
