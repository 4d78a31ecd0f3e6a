// The clouds that a stack uses: one provider each, loaded when something asks for it (N7).
import type { ProviderResource } from "@pulumi/pulumi";
import { costLabel } from "../lib/cost-label.ts";
import type { CloudName, CloudsSettings } from "../settings/clouds.ts";
import type { Clouds } from "./context.ts";

/** What every resource of a cloud is marked with, so that a bill and an audit can be read. */
export type CloudLabels = Readonly<Record<string, string>>;

/** @param environment its name, which a bill is split by */
export function createClouds(settings: CloudsSettings, environment: string): Clouds {
    const labels: CloudLabels = { [costLabel]: environment, "managed-by": "pulumi" };
    const made = new Map<CloudName, Promise<ProviderResource>>();
    const of = <Cloud extends CloudName>(cloud: Cloud): NonNullable<CloudsSettings[Cloud]> => {
        const found = settings[cloud];
        if (found === undefined) {
            throw new Error(
                `The section clouds has no ${cloud}, and something is there: the settings' check has a gap.`,
            );
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
