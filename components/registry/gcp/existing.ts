// A repository of images that is there already: only the nodes of a new cluster are let in.
import * as pulumi from "@pulumi/pulumi";
import { RepositoryIamMember } from "@pulumi/gcp/artifactregistry/repositoryIamMember.js";
import type { Registry } from "../contract.ts";

export interface ExistingArtifactRegistryArgs {
    /** What stands before an image's name. */
    readonly prefix: string;
    /** Who is let in to pull, by a name that stays; only in a repository of Artifact Registry. */
    readonly readers: Readonly<Record<string, pulumi.Input<string>>>;
}

export class ExistingArtifactRegistry extends pulumi.ComponentResource implements Registry {
    readonly prefix: pulumi.Output<string>;

    constructor(
        name: string,
        { prefix, readers }: ExistingArtifactRegistryArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("django-on-kubernetes:registry:ExistingArtifactRegistry", name, {}, opts);
        this.prefix = pulumi.output(prefix);
        const repository = repositoryOf(prefix);
        if (repository !== undefined) {
            for (const [who, member] of Object.entries(readers)) {
                // An account that this stack makes: the role goes with it, and nobody else has it by this.
                new RepositoryIamMember(
                    `${name}-reader-${who}`,
                    { ...repository, role: "roles/artifactregistry.reader", member },
                    { parent: this },
                );
            }
        }
        this.registerOutputs({ prefix: this.prefix });
    }
}

/** `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY`; the project of an organisation's own domain has a slash in it, `example.com/shop`. */
function repositoryOf(
    prefix: string,
): { readonly project: string; readonly location: string; readonly repository: string } | undefined {
    const [, location, project, repository] =
        /^([a-z0-9-]+)-docker\.pkg\.dev\/((?:[^/]+\.[^/]+\/)?[^/]+)\/([^/]+)/.exec(prefix) ?? [];
    return location === undefined || project === undefined || repository === undefined
        ? undefined
        : { project: project.replace("/", ":"), location, repository };
}
