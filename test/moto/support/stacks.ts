// The stacks that ask AWS for something: the examples, and those in which every setting is there.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../../commands/support/paths.ts";
import { project, type Secrets, type Sections } from "../../plan/support/plans.ts";
import { bases } from "../../plan/support/setting-bases.ts";

export interface AwsStack {
    readonly name: string;
    readonly sections: Sections;
    readonly secrets?: Secrets;
}

const examples = [
    "aws/Pulumi.production",
    "aws/Pulumi.staging",
    "eks-adopted/Pulumi.production",
    "mixed/Pulumi.production",
];

/** @param example for example `aws/Pulumi.production` */
export async function exampleSections(example: string): Promise<Sections> {
    const text = await readFile(join(projectRoot, "examples/stacks", `${example}.yaml`), "utf8");
    // One account for all: moto's.
    const { config } = parse(text.replaceAll("210987654321", "123456789012")) as { config: Record<string, unknown> };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

export async function awsStacks(): Promise<readonly AwsStack[]> {
    const ofFiles = await Promise.all(examples.map(async (name) => ({ name, sections: await exampleSections(name) })));
    const production = await exampleSections("aws/Pulumi.production");
    return [
        ...ofFiles,
        signed(production),
        restored(await exampleSections("aws/Pulumi.staging")),
        ...bases.filter(({ sections }) => sections["clouds"]?.aws !== undefined),
    ];
}

/** A database beside the one that its data comes from, with what goes with each. */
function restored(staging: Sections): AwsStack {
    const { database } = staging;
    return {
        name: "a database restored beside the first",
        sections: {
            ...staging,
            database: {
                ...database,
                server: { ...database.server, readReplica: true, backupCopy: { region: "eu-west-1" } },
                restore: { at: "latest" },
            },
        },
    };
}

/** What nodes without a way out need. */
const endpoints = ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "monitoring", "sts"];

/** What no example asks for: a signed zone, and nodes that reach AWS by addresses of their own network alone. */
function signed(production: Sections): AwsStack {
    const { platform } = production;
    return {
        name: "a signed zone, no NAT",
        sections: {
            ...production,
            platform: {
                ...platform,
                network: { ...platform.network, nat: "none", endpoints },
                dns: { ...platform.dns, dnssec: true },
            },
        },
    };
}
