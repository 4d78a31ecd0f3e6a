// A repository of images that is there already: only the nodes of a new cluster are let in.
import * as pulumi from "@pulumi/pulumi";
import { RepositoryIamMember } from "@pulumi/gcp/artifactregistry/repositoryIamMember.js";
import { artifactRepositoryOf } from "../../../lib/registry-paths.ts";
import type { Registry } from "../contract.ts";

export interface ExistingArtifactRegistryArgs {
    /** What stands before an image's name. */
    readonly prefix: string;
    /** Who is let in to pull, by a name that stays; only in a repository of Artifact Registry. */
    readonly readers: Readonly<Record<string, pulumi.Input<string>>>;
    /** Who is let in to push, likewise. */
    readonly writers: Readonly<Record<string, pulumi.Input<string>>>;
}

export class ExistingArtifactRegistry extends pulumi.ComponentResource implements Registry {
    readonly prefix: pulumi.Output<string>;

    constructor(
        name: string,
        { prefix, readers, writers }: ExistingArtifactRegistryArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("django-on-kubernetes:registry:ExistingArtifactRegistry", name, {}, opts);
        this.prefix = pulumi.output(prefix);
        const repository = artifactRepositoryOf(prefix);
        if (repository !== undefined) {
            // Accounts that this stack makes: the role goes with each, and nobody else has it by this.
            for (const [right, members] of Object.entries({ reader: readers, writer: writers })) {
                for (const [who, member] of Object.entries(members)) {
                    new RepositoryIamMember(
                        `${name}-${right}-${who}`,
                        { ...repository, role: `roles/artifactregistry.${right}`, member },
                        { parent: this },
                    );
                }
            }
        }
        this.registerOutputs({ prefix: this.prefix });
    }
}
