// Makes docs/clouds/permissions.md of lib/permissions: `node commands/docs/permissions.ts`.
// With `--check` it writes nothing, and ends with 1 when it is out of date.
import { join } from "node:path";
import { madeIn } from "../../lib/catalogue/index.ts";
import {
    deeds,
    permissionClouds,
    permissionTables,
    type PermissionCloud,
    type PermissionTable,
} from "../../lib/permissions/index.ts";
import { documentsFor } from "../permissions/documents.ts";
import { projectRoot } from "../support/paths.ts";
import { generate } from "./generated.ts";

const names: Readonly<Record<PermissionCloud, string>> = {
    gcp: "Google Cloud",
    aws: "AWS",
    digitalocean: "DigitalOcean",
};

const introductions: Readonly<Record<PermissionCloud, string>> = {
    gcp: `A custom role of the project; in the cluster itself besides \`roles/container.developer\`, and \`roles/container.clusterAdmin\` has
what makes clusters. It follows the calls of the provider's source and the names of Google's
[reference](https://cloud.google.com/iam/docs/permissions-reference); no project has tried it: what is missing is named in the error.
Budgets are of the billing account: \`roles/billing.costsManager\` there. Who would rather have Google's own roles takes
[these](gcp.md#permissions), which let do more than is needed.

\`setIamPolicy\` on the project could give itself anything. Bind it with a condition, so that only the nodes' role can be granted, and with
\`ci\` the roles that its jobs have:

\`\`\`
api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/container.defaultNodeServiceAccount'])
\`\`\``,
    aws: `Policies for the role; in the cluster itself besides, \`cluster.admins\` names it. Every action in them exists, by the service
authorisation reference; [a test](../lab/moto.md) makes every resource of the examples at a stand-in of AWS with these policies alone, and
each call is refused without its action. No account has tried them: what is missing is named in the error. They make IAM roles: give
who has them a permissions boundary where others share the account. \`iam:PassRole\` and the roles that services make for themselves are
for the named services alone; narrow \`Resource\` to \`arn:aws:iam::ACCOUNT:role/*\` where yours have a prefix. Buckets ask most of all:
narrow S3's statement to your stacks' names.`,
    digitalocean: `A token with custom scopes, by DigitalOcean's [list](https://docs.digitalocean.com/reference/api/scopes/). No account has tried
them; the control panel adds what a scope needs of others. In CI: a token that expires, in the CI's own secrets. DigitalOcean has no
login without one.`,
};

function code(words: readonly string[]): string {
    return words.map((word) => `\`${word}\``).join(", ");
}

function table(cloud: PermissionCloud): string {
    const known: PermissionTable = permissionTables[cloud];
    const rows = madeIn(cloud).map((type) => {
        const cells = deeds.map((deed) => code(known[type]?.[deed] ?? []));
        return `| \`${type.split(":").at(-1)!}\` (\`${type.split(":")[1]!.split("/")[0]!}\`) | ${cells.join(" | ")} |`;
    });
    return [`| resource | ${deeds.join(" | ")} |`, `|---|${deeds.map(() => "---|").join("")}`, ...rows].join("\n");
}

function section(cloud: PermissionCloud): string {
    const blocks = documentsFor(cloud, madeIn(cloud), "up").map(({ file, text }) => {
        const language = file.endsWith(".json") ? "json" : file.endsWith(".yaml") ? "yaml" : "text";
        return `\`\`\`${language}\n${text}\`\`\``;
    });
    return [`## ${names[cloud]}`, introductions[cloud], ...blocks, `By resource:`, table(cloud)].join("\n\n");
}

const page = `# Permissions

What a cloud asks of who runs Pulumi, by the resources that this program makes. This page is made of \`lib/permissions\` by
\`make docs\`, and has all that it can make; a stack of yours asks for less:

\`\`\`sh
make permissions STACK=production                  # for up: the documents, on standard output
make permissions STACK=production FOR=preview      # reading alone, for preview --refresh; FOR=destroy reads and deletes
make permissions STACK=production FOLDER=rights    # each to a file
\`\`\`

A plain \`pulumi preview\` asks a cloud for nothing but the load balancer that alarms on AWS watch (\`tag:GetResources\`): it compares with the state. It needs the state's bucket, and the key of the stack's
secrets. The bucket of the state comes on top of all lists here.

${permissionClouds.map(section).join("\n\n")}
`;

await generate(join(projectRoot, "docs/clouds/permissions.md"), page);
