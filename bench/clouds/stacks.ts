// The stacks that are measured: the examples of each cloud, and an ephemeral environment on each.
import { join } from "node:path";
import { planOf, project, type Sections } from "../../test/plan/support/plans.ts";
import { organization, type RecordOptions } from "../../commands/plan/recorder.ts";
import { readStackFile, stackConfig, type StackFile } from "../../commands/plan/stack-file.ts";
import { projectRoot } from "../../commands/support/paths.ts";

/** Folders of examples/stacks. */
export const clouds = ["gcp", "aws", "digitalocean", "mixed"] as const;
export type Cloud = (typeof clouds)[number];

type Example = "production" | "staging";

/** The files of an ephemeral environment, which is what it has of the cloud itself. */
const ephemeralAssets: Record<Cloud, object> = {
    gcp: { variant: "cloud-storage", static: { variant: "create", host: "static.staging.shop.example.org" } },
    aws: { variant: "s3", host: "static.staging.shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ" },
    digitalocean: { variant: "spaces" },
    mixed: { variant: "s3", host: "static.staging.shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ" },
};

/** The stack whose platform an ephemeral one is on. */
export const platformStack = "staging";

const lentDomain = "preview.staging.shop.example.org";

export async function exampleStack(cloud: Cloud, stack: Example): Promise<RecordOptions> {
    const directory = join(projectRoot, "examples/stacks", cloud);
    if (cloud !== "mixed" || stack === "production") {
        return { ...(await readStackFile(stack, directory)), stack };
    }
    // There is no such example: production's settings, for staging.
    const { config, ...file } = await readStackFile("production", directory);
    return { ...file, config: { ...config, [`${project}:environment`]: JSON.stringify({ kind: "staging" }) }, stack };
}

/** @returns the sections of an ephemeral environment's file, and of its platform's */
export async function ephemeralSections(
    cloud: Cloud,
): Promise<{ readonly sections: Sections; readonly platform: Sections }> {
    const platform = sectionsOf(await exampleStack(cloud, platformStack));
    const cluster = platform["platform"] as Sections;
    platform["lends"] = { domain: lentDomain, database: true };
    // A pool leads to one database.
    delete (platform["database"] as { server: Sections }).server["pool"];
    if (cluster["variant"] === "digitalocean") {
        // A wildcard certificate is issued by DNS only; the records need a token, which no file has.
        cluster["dns"] = { variant: "create", domain: "shop.example.org", hostRecords: false };
        cluster["certificates"] = { variant: "existing", issuer: { name: "letsencrypt" } };
    }
    const sections: Sections = {
        ...platform,
        environment: { kind: "ephemeral", timeToLive: "48h" },
        platform: { variant: "stack", stack: platformStack },
        apps: [{ ...(platform["apps"] as Sections[])[0], hosts: [`pr-1.${lentDomain}`] }],
        database: { variant: "platform" },
        cache: { variant: "in-cluster" },
        broker: { variant: "redis", storage: "1Gi" },
        assets: ephemeralAssets[cloud],
        exposure: { variant: "platform" },
    };
    delete sections["lends"];
    return { sections, platform };
}

/** @param names the stacks; each has a host of its own */
export async function ephemeralStacks(cloud: Cloud, names: readonly string[]): Promise<RecordOptions[]> {
    const { sections, platform } = await ephemeralSections(cloud);
    const { outputs } = await planOf(platform, { stack: platformStack });
    const stacks = { [`${organization}/${project}/${platformStack}`]: outputs };
    return names.map((stack) => {
        const [app] = sections["apps"] as Sections[];
        const apps = [{ ...app, hosts: [`${stack}.${lentDomain}`] }];
        return { ...fileOf({ ...sections, apps }, stack), stack, stacks };
    });
}

/** Staging in Google Cloud with that many apps. */
export async function stackWithApps(count: number): Promise<RecordOptions> {
    const { config, ...options } = await exampleStack("gcp", "staging");
    const [app] = JSON.parse(config[`${project}:apps`]!) as Sections[];
    const apps = Array.from({ length: count }, (_, index) => {
        const name = index === 0 ? (app!["name"] as string) : `app-${index}`;
        return {
            ...app,
            name,
            hosts: index === 0 ? (app!["hosts"] as string[]) : [`${name}.staging.shop.example.org`],
        };
    });
    const environment = { kind: "staging", ...(count > 1 && { mainApp: app!["name"] as string }) };
    return {
        ...options,
        config: {
            ...config,
            [`${project}:apps`]: JSON.stringify(apps),
            [`${project}:environment`]: JSON.stringify(environment),
        },
    };
}

function fileOf(sections: Sections, stack: string): StackFile {
    const config = Object.fromEntries(
        Object.entries(sections).map(([name, value]) => [`${project}:${name}`, value as unknown]),
    );
    return stackConfig(project, `Pulumi.${stack}.yaml`, { config });
}

function sectionsOf({ config }: StackFile): Sections {
    return Object.fromEntries(
        Object.entries(config).map(([key, text]) => [key.slice(project.length + 1), JSON.parse(text) as unknown]),
    );
}
