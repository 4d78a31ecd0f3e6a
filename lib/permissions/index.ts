// Which permissions a stack's resources need, and documents to copy: a policy of IAM, a custom role of Google Cloud, scopes of a token.
import { aws, linkedRoles, passedTo } from "./aws.ts";
import { commands, type CommandName, type PermissionTable } from "./contract.ts";
import { digitalocean, needsSpacesKey } from "./digitalocean.ts";
import { gcp } from "./gcp.ts";

export { commands, deeds, type CommandName, type Deed, type Permissions, type PermissionTable } from "./contract.ts";
export { needsSpacesKey };

export const permissionTables = { gcp, aws, digitalocean } as const satisfies Readonly<Record<string, PermissionTable>>;
export type PermissionCloud = keyof typeof permissionTables;
export const permissionClouds = Object.keys(permissionTables) as readonly PermissionCloud[];

/**
 * @param types of the stack's resources; those of other clouds count for nothing
 * @returns sorted, each once
 * @throws Error for a type of the cloud that is in no table
 */
export function permissionsFor(
    cloud: PermissionCloud,
    types: readonly string[],
    command: CommandName,
): readonly string[] {
    const table: PermissionTable = permissionTables[cloud];
    const words = ofCloud(cloud, types).flatMap((type) => {
        const needed = table[type];
        if (needed === undefined) {
            throw new Error(`lib/permissions/${cloud}.ts does not say what ${type} needs`);
        }
        return commands[command].flatMap((deed) => needed[deed]);
    });
    return [...new Set(words)].sort();
}

function ofCloud(cloud: PermissionCloud, types: readonly string[]): readonly string[] {
    return [...new Set(types)].filter((type) => type.startsWith(`${cloud}:`));
}

export interface Statement {
    readonly Sid: string;
    readonly Effect: "Allow";
    readonly Action: string | readonly string[];
    readonly Resource: string;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
    readonly Version: "2012-10-17";
    readonly Statement: readonly Statement[];
}

/** Characters that a managed policy may have, white space aside. A role may have ten of them. */
const longestPolicy = 6144;

/**
 * Policies of IAM that together allow what the types need; as many as one has not room for.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function awsPolicies(types: readonly string[], command: CommandName): readonly PolicyDocument[] {
    const byService = Map.groupBy(permissionsFor("aws", types, command), (action) => action.split(":")[0]!);
    const statements: Statement[] = [...byService].map(([service, Action]) => ({
        Sid: `${service[0]!.toUpperCase()}${service.slice(1).replaceAll(/\W/g, "")}`,
        Effect: "Allow",
        Action,
        Resource: "*",
    }));
    if (command === "up") {
        statements.push(
            ...given("GiveRolesToServices", "iam:PassRole", "iam:PassedToService", passedTo, types),
            ...given("ServicesOwnRoles", "iam:CreateServiceLinkedRole", "iam:AWSServiceName", linkedRoles, types),
        );
    }
    return packed(statements);
}

function given(
    sid: string,
    action: string,
    condition: string,
    table: Readonly<Record<string, readonly string[]>>,
    types: readonly string[],
): Statement[] {
    const services = [...new Set(types.flatMap((type) => table[type] ?? []))].sort();
    return services.length === 0
        ? []
        : [
              {
                  Sid: sid,
                  Effect: "Allow",
                  Action: action,
                  Resource: "*",
                  Condition: { StringEquals: { [condition]: services } },
              },
          ];
}

/** First fit: the statements stay whole. */
function packed(statements: readonly Statement[]): readonly PolicyDocument[] {
    const documents: Statement[][] = [];
    const document = (Statement: readonly Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement });
    for (const statement of statements) {
        const room = documents.find(
            (others) => JSON.stringify(document([...others, statement])).length <= longestPolicy,
        );
        if (room === undefined) {
            documents.push([statement]);
        } else {
            room.push(statement);
        }
    }
    return documents.map(document);
}

/** Of the billing account, not of the project: a role of the project cannot have them. */
export const ofBillingAccount = /^billing\./;

/**
 * A custom role, as `gcloud iam roles create --file` reads it.
 *
 * @see https://cloud.google.com/iam/docs/creating-custom-roles
 */
export function gcpRole(types: readonly string[], command: CommandName): string {
    return [
        `title: Django on Kubernetes, ${command}`,
        "stage: GA",
        "includedPermissions:",
        ...permissionsFor("gcp", types, command)
            .filter((permission) => !ofBillingAccount.test(permission))
            .map((permission) => `  - ${permission}`),
        "",
    ].join("\n");
}
