// The web pods serve the files themselves, hashed and compressed.
import * as pulumi from "@pulumi/pulumi";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { objectLabels } from "../../lib/labels.ts";
import type { ByteQuantity } from "../../lib/quantities.ts";
import type { Placement } from "../contract.ts";
import type { Assets } from "./contract.ts";

export interface WhitenoiseAssetsArgs extends Placement {
    readonly url: string;
    readonly files:
        | { readonly from: "image" }
        | {
              readonly from: "volume";
              readonly storage: ByteQuantity;
              readonly accessMode: "ReadWriteOnce" | "ReadWriteMany";
          };
    /** @default the cluster's default class */
    readonly storageClass?: string;
}

export class WhitenoiseAssets extends pulumi.ComponentResource implements Assets {
    readonly url: string;
    readonly collects: boolean;
    readonly volume?: { readonly claim: pulumi.Output<string>; readonly path: string };

    constructor(name: string, args: WhitenoiseAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:assets:Whitenoise", name, {}, opts);
        this.url = args.url;
        this.collects = args.files.from === "volume";
        if (args.files.from === "volume") {
            const claim = this.createClaim(name, args, args.files);
            this.volume = { claim: claim.metadata.name, path: "/srv/static" };
        }
        this.registerOutputs({ url: this.url });
    }

    private createClaim(
        name: string,
        { namespace, instance, storageClass }: WhitenoiseAssetsArgs,
        files: { readonly storage: ByteQuantity; readonly accessMode: string },
    ): PersistentVolumeClaim {
        return new PersistentVolumeClaim(
            `${name}-files`,
            {
                metadata: {
                    name,
                    namespace,
                    labels: objectLabels(instance, "assets"),
                    // A volume that waits for its first pod is not bound before the release job runs.
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec: {
                    accessModes: [files.accessMode],
                    storageClassName: storageClass,
                    resources: { requests: { storage: files.storage } },
                },
            },
            { parent: this },
        );
    }
}
