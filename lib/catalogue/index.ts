// The catalogue: what is known of each type of resource, by its token. The gate, the policies, the plan and the recording providers
// read it, so that they cannot differ. A type that is missing gets a row in the file of its cloud.
import { aws } from "./aws.ts";
import type { CloudCatalogue, HeldKind, Inputs, ResourceType } from "./contract.ts";
import { digitalocean } from "./digitalocean.ts";
import { gcp } from "./gcp.ts";
import { kubernetes } from "./kubernetes.ts";

export type {
    Closing,
    DeletionSwitch,
    HeldKind,
    Inputs,
    NameLimit,
    Operation,
    Opening,
    ResourceType,
    Role,
    TeardownRole,
} from "./contract.ts";
export { anyObject } from "./kubernetes.ts";
export { takesInEveryone } from "./openings.ts";

export const clouds = ["gcp", "aws", "digitalocean"] as const;
export type Cloud = (typeof clouds)[number];

const catalogues = { gcp, aws, digitalocean, kubernetes };

/** The token of a type that has a row. */
export type Token = {
    [Name in keyof typeof catalogues]:
        keyof (typeof catalogues)[Name]["made"] | keyof (typeof catalogues)[Name]["others"];
}[keyof typeof catalogues];

const rows: Readonly<Record<string, ResourceType>> = Object.fromEntries(
    Object.values<CloudCatalogue>(catalogues).flatMap(({ made, others }) => [
        ...Object.entries(made),
        ...Object.entries(others),
    ]),
);

export const tokens = Object.keys(rows) as readonly Token[];

/**
 * Packages whose resources are nobody's data: the engine's own, and generated values. Kubernetes' are not asked for a row either:
 * a cluster can be taught any kind.
 */
const withoutRows: ReadonlySet<string> = new Set(["pulumi", "random", "kubernetes"]);

/** @returns what the program makes of a cloud */
export function madeIn(cloud: keyof typeof catalogues): readonly Token[] {
    return Object.keys(catalogues[cloud].made) as Token[];
}

/** The tokens whose row has something. */
export function tokensWith(has: (row: ResourceType) => boolean): readonly Token[] {
    return tokens.filter((token) => has(rows[token]!));
}

/**
 * @param inputs when they are not known, one of a type that sometimes holds data counts as holding it
 * @returns undefined for a type that has no row
 */
export function resourceType(token: string, inputs?: Inputs): ResourceType | undefined {
    const row = Object.hasOwn(rows, token) ? rows[token]! : undefined;
    if (row?.empty === undefined || inputs === undefined || !row.empty.when(inputs)) {
        return row;
    }
    const { holds: _, empty, ...rest } = row;
    const { when: __, ...other } = empty;
    return { ...rest, ...other };
}

/** @returns what would be lost with a resource of that type, or undefined for one that can be made again */
export function heldBy(token: string, inputs?: Inputs): HeldKind | undefined {
    return resourceType(token, inputs)?.holds;
}

/** Whether nothing is known of a type of which something should be. */
export function isUnknown(token: string): boolean {
    return resourceType(token) === undefined && !withoutRows.has(packageOf(token));
}

/** Where a row for a type belongs. */
export function fileOf(token: string): string {
    return `lib/catalogue/${packageOf(token)}.ts`;
}

function packageOf(token: string): string {
    return token.split(":", 1)[0]!;
}
