// The clouds that a stack uses: one provider each, loaded when something asks for it (N7).
import type { ProviderResource } from "@pulumi/pulumi";
import { setCommand, SettingsError } from "../settings/problems.ts";
import type { CloudName, CloudsSettings } from "../settings/clouds.ts";
import type { Clouds } from "./context.ts";

/** What every resource of a cloud is marked with, so that a bill and an audit can be read. */
export type CloudLabels = Readonly<Record<string, string>>;

/** What of each cloud has to be set at least, with a value to show. */
const examples: Record<CloudName, readonly (readonly [name: string, value: string])[]> = {
    gcp: [
        ["project", "PROJECT"],
        ["region", "europe-west1"],
    ],
    aws: [
        ["account", "ACCOUNT"],
        ["region", "eu-central-1"],
    ],
    digitalocean: [["region", "fra1"]],
};

export function createClouds(settings: CloudsSettings, stack: string, labels: CloudLabels): Clouds {
    const made = new Map<CloudName, Promise<ProviderResource>>();
    const of = <Cloud extends CloudName>(cloud: Cloud): NonNullable<CloudsSettings[Cloud]> => {
        const found = settings[cloud];
        if (found === undefined) {
            const fix = examples[cloud]
                .map(([name, value]) => setCommand(`clouds.${cloud}.${name}`, value))
                .join(" && ");
            const allowed = `the ${examples[cloud].map(([name]) => name).join(" and ")} to work in, because a platform or store of the stack is there`;
            throw new SettingsError(`Pulumi.${stack}.yaml`, [
                { path: `clouds.${cloud}`, found: "nothing", allowed, fix },
            ]);
        }
        return found;
    };
    const create = async (cloud: CloudName): Promise<ProviderResource> => {
        switch (cloud) {
            case "gcp":
                return (await import("./clouds/gcp/provider.ts")).gcpProvider(of(cloud), labels);
            case "aws":
                return (await import("./clouds/aws/provider.ts")).awsProvider(of(cloud), labels);
            case "digitalocean":
                return (await import("./clouds/digitalocean/provider.ts")).digitalOceanProvider(of(cloud));
            default:
                return cloud satisfies never;
        }
    };
    return {
        settings: of,
        provider: (cloud) => {
            const found = made.get(cloud) ?? create(cloud);
            made.set(cloud, found);
            return found;
        },
    };
}
