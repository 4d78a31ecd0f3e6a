// A repository of images in Artifact Registry, where a tag never moves.
import * as pulumi from "@pulumi/pulumi";
import { Repository, type RepositoryArgs } from "@pulumi/gcp/artifactregistry/repository.js";
import { RepositoryIamMember } from "@pulumi/gcp/artifactregistry/repositoryIamMember.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { Registry } from "../contract.ts";

export interface ArtifactRegistryArgs {
    readonly project: string;
    readonly location: string;
    /** The environment's name among all of the project: the repository's. */
    readonly instance: string;
    readonly data: DataPolicy;
    /** Who may pull, by a name that stays: `{ nodes: "serviceAccount:..." }`. */
    readonly readers: Readonly<Record<string, pulumi.Input<string>>>;
    /** Who may push, likewise, for example CI. */
    readonly writers: Readonly<Record<string, pulumi.Input<string>>>;
    /** Images without a tag are deleted after so many days. */
    readonly untaggedDays: number;
    /** Except so many of the newest of each image. */
    readonly keepNewest: number;
    /** Whether known vulnerabilities are looked for in what is pushed, where the project's API for it is enabled. */
    readonly scanning: boolean;
    /** @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

export class ArtifactRegistry extends pulumi.ComponentResource implements Registry {
    readonly prefix: pulumi.Output<string>;

    constructor(name: string, args: ArtifactRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:registry:ArtifactRegistry", name, {}, opts);

        const repository = this.createRepository(name, args);
        for (const [who, member] of Object.entries(args.readers)) {
            this.grant(`${name}-reader-${who}`, args, repository, "roles/artifactregistry.reader", member);
        }
        for (const [who, member] of Object.entries(args.writers)) {
            this.grant(`${name}-writer-${who}`, args, repository, "roles/artifactregistry.writer", member);
        }
        this.prefix = pulumi.interpolate`${args.location}-docker.pkg.dev/${args.project}/${repository.repositoryId}`;

        this.registerOutputs({ prefix: this.prefix });
    }

    private createRepository(name: string, args: ArtifactRegistryArgs): Repository {
        const { location, instance, data, untaggedDays, keepNewest, scanning, native } = args;
        const repository: RepositoryArgs = {
            location,
            repositoryId: cloudName([instance], 63),
            description: "Images of Django on Kubernetes",
            format: "DOCKER",
            mode: "STANDARD_REPOSITORY",
            // What was tested under a tag is what runs under it (R41).
            dockerConfig: { immutableTags: true },
            cleanupPolicies: [
                {
                    id: "delete-untagged",
                    action: "DELETE",
                    condition: { tagState: "UNTAGGED", olderThan: `${untaggedDays * 24 * 60 * 60}s` },
                },
                { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: keepNewest } },
            ],
            cleanupPolicyDryRun: false,
            vulnerabilityScanningConfig: { enablementConfig: scanning ? "INHERITED" : "DISABLED" },
        };
        return new Repository(`${name}-repository`, withNative(repository, native), {
            parent: this,
            protect: data === "protected",
        });
    }

    private grant(
        name: string,
        { location }: ArtifactRegistryArgs,
        repository: Repository,
        role: string,
        member: pulumi.Input<string>,
    ): void {
        new RepositoryIamMember(name, { repository: repository.name, location, role, member }, { parent: this });
    }
}
