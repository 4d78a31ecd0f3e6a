// The provider of DigitalOcean beside those that every component test has, and the options that a plan does not show.
import type { ComponentResourceOptions, CustomResourceOptions, ProviderResource } from "@pulumi/pulumi";
import { Provider } from "@pulumi/digitalocean/provider.js";
import { recordComponent, type RecordedComponent } from "../../../support/component.ts";

export interface RecordedOnDigitalOcean extends RecordedComponent {
    /** What a child was registered with, by its name. */
    readonly options: ReadonlyMap<string, CustomResourceOptions>;
}

/** As recordComponent, with a provider for DigitalOcean too. */
export async function recordDigitalOcean(
    create: (opts: ComponentResourceOptions) => Readonly<Record<string, unknown>>,
    preview: boolean = false,
): Promise<RecordedOnDigitalOcean> {
    const options = new Map<string, CustomResourceOptions>();
    const plan = await recordComponent(
        (opts) => {
            const digitalocean = new Provider("digitalocean", {});
            return create({
                ...opts,
                providers: [...(opts.providers as ProviderResource[]), digitalocean],
                transformations: [
                    ({ name, opts: given }) => {
                        options.set(name, given);
                        return undefined;
                    },
                ],
            });
        },
        { preview },
    );
    return { ...plan, options };
}
