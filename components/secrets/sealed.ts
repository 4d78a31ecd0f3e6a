// A SealedSecret: the values in it are encrypted for the controller of one cluster, which makes the Secret of them.
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { objectLabels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import type { SecretSource } from "./contract.ts";
import { madeAnew } from "./made-anew.ts";

export interface SealedSecretArgs extends Placement {
    /** The object's, and the Secret's. Sealed `strict`, it is part of what was encrypted. */
    readonly name: string;
    readonly encryptedData: Readonly<Record<string, string>>;
    readonly scope: "strict" | "namespace-wide" | "cluster-wide";
}

/** @see https://github.com/bitnami-labs/sealed-secrets#scopes */
export function sealedSecret(name: string, args: SealedSecretArgs, opts: CustomResourceOptions): SecretSource {
    const { namespace, instance, encryptedData, scope } = args;
    const scopes = scope === "strict" ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: "true" };
    const labels = objectLabels(instance, "secret");
    const object = new CustomResource(
        `${name}-sealed-${args.name}`,
        {
            apiVersion: "bitnami.com/v1alpha1",
            kind: "SealedSecret",
            metadata: {
                name: args.name,
                namespace,
                labels,
                annotations: { "pulumi.com/waitFor": "condition=Synced", ...scopes },
            },
            spec: { encryptedData, template: { metadata: { labels, annotations: scopes } } },
        },
        { ...opts, ...madeAnew },
    );
    return { name: args.name, object };
}
