// What a cloud's console or tool takes: one document or more, each for a file.
import {
    awsPolicies,
    gcpRole,
    needsSpacesKey,
    permissionsFor,
    type CommandName,
    type PermissionCloud,
} from "../../lib/permissions/index.ts";

export interface Document {
    /** For example `aws-up-1.json`. */
    readonly file: string;
    readonly text: string;
}

/** By what the documents are given to who runs Pulumi. */
export const given: Readonly<Record<PermissionCloud, string>> = {
    aws: "aws iam create-policy --policy-name NAME --policy-document file://FILE, then attach it to the role",
    gcp: "gcloud iam roles create NAME --project PROJECT --file FILE, then bind it to the account",
    digitalocean: "a token with these custom scopes",
};

export function documentsFor(
    cloud: PermissionCloud,
    types: readonly string[],
    command: CommandName,
): readonly Document[] {
    switch (cloud) {
        case "aws": {
            const policies = awsPolicies(types, command);
            return policies.map((policy, index) => ({
                file: policies.length === 1 ? `aws-${command}.json` : `aws-${command}-${index + 1}.json`,
                text: `${JSON.stringify(policy, undefined, 2)}\n`,
            }));
        }
        case "gcp":
            return [{ file: `gcp-${command}.yaml`, text: gcpRole(types, command) }];
        case "digitalocean": {
            const scopes = permissionsFor(cloud, types, command);
            const spaces = needsSpacesKey(types)
                ? "# and a Spaces key with full access: buckets are not in the API\n"
                : "";
            return [{ file: `digitalocean-${command}.txt`, text: `${spaces}${scopes.join("\n")}\n` }];
        }
        default:
            return cloud satisfies never;
    }
}
