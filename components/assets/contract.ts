import type { Output } from "@pulumi/pulumi";

/** Where static files are and how they get there. */
export interface Assets {
    /** Django's STATIC_URL. */
    readonly url: string;
    /** A volume that the release's collectstatic job fills and every Django pod reads; absent without such a job. */
    readonly volume?: {
        /** The PersistentVolumeClaim's name. */
        readonly claim: Output<string>;
        /** Django's STATIC_ROOT. */
        readonly path: string;
    };
}
