// The Google APIs that a project has to have enabled before anything of theirs can be made.
import * as pulumi from "@pulumi/pulumi";
import { Service } from "@pulumi/gcp/projects/service.js";

/** What the platform and every store of this cloud call. An enabled API costs nothing. */
export const platformApis = [
    "artifactregistry.googleapis.com",
    // Alarms: what a month may cost.
    "billingbudgets.googleapis.com",
    "certificatemanager.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "container.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "redis.googleapis.com",
    "servicenetworking.googleapis.com",
    "sqladmin.googleapis.com",
    "storage.googleapis.com",
] as const;

/** Enabled, it looks for vulnerabilities in every image that is pushed to the project: each costs something. */
export const scanningApi = "containerscanning.googleapis.com";

export interface ProjectApisArgs {
    /** For example `pubsub.googleapis.com`, beside `platformApis`. */
    readonly additional: readonly string[];
}

export class ProjectApis extends pulumi.ComponentResource {
    constructor(name: string, args: ProjectApisArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:apis:ProjectApis", name, {}, opts);
        for (const service of new Set([...platformApis, ...args.additional])) {
            const [api] = service.split(".");
            new Service(
                `${name}-${api}`,
                {
                    service,
                    // Others of the project use it too; and what of it is still being taken down needs it.
                    disableOnDestroy: false,
                    disableDependentServices: false,
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}
