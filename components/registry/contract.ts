import type { Output } from "@pulumi/pulumi";

/** Where the app's images are pushed to and pulled from. The cluster's nodes may read it without a pull secret. */
export interface Registry {
    /** What stands before an image's name, for example `europe-west1-docker.pkg.dev/project/shop`. */
    readonly prefix: Output<string>;
}
