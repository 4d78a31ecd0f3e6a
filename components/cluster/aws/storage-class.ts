// Encrypted volumes where the pod is: EKS brings no StorageClass that does this.
import * as pulumi from "@pulumi/pulumi";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { objectLabels } from "../../../lib/labels.ts";

export interface EbsStorageClassArgs {
    readonly instance: string;
    /** Auto Mode has a driver of its own; a volume of the one cannot be mounted by the other. */
    readonly driver: "auto" | "add-on";
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html */
const provisioners: Readonly<Record<EbsStorageClassArgs["driver"], string>> = {
    auto: "ebs.csi.eks.amazonaws.com",
    "add-on": "ebs.csi.aws.com",
};

export class EbsStorageClass extends pulumi.ComponentResource {
    /** Of the class. */
    readonly className: string;
    readonly ready: pulumi.Resource;

    constructor(name: string, { instance, driver }: EbsStorageClassArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:EbsStorageClass", name, {}, opts);
        this.className = driver === "auto" ? "auto-gp3-encrypted" : "gp3-encrypted";
        this.ready = new StorageClass(
            `${name}-class`,
            {
                metadata: {
                    name: this.className,
                    labels: objectLabels(instance, "platform"),
                    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
                },
                provisioner: provisioners[driver],
                parameters: { type: "gp3", encrypted: "true" },
                // The disk is made in the zone where the scheduler has put the pod.
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
                reclaimPolicy: "Delete",
            },
            { parent: this },
        );
        this.registerOutputs({ className: this.className });
    }
}
