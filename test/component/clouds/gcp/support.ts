// The provider of Google Cloud beside those that every component test has.
import type { ComponentResourceOptions, CustomResourceOptions } from "@pulumi/pulumi";
import { Provider } from "@pulumi/gcp/provider.js";
import { recordComponent, type RecordedComponent } from "../../../support/component.ts";

export interface RecordedOnGcp extends RecordedComponent {
    /** What no plan shows, such as a wait, by the resource's name. */
    readonly options: ReadonlyMap<string, CustomResourceOptions>;
}

/** As recordComponent, with a provider for Google Cloud too. */
export async function recordGcp(
    create: (opts: ComponentResourceOptions) => Readonly<Record<string, unknown>>,
    settings: { readonly preview?: boolean } = {},
): Promise<RecordedOnGcp> {
    const options = new Map<string, CustomResourceOptions>();
    const plan = await recordComponent((opts) => {
        const gcp = new Provider("gcp", { project: "shop-project", region: "europe-west1" });
        return create({
            ...opts,
            providers: [...(opts.providers as []), gcp],
            transformations: [
                ({ name, opts: given }) => {
                    options.set(name, given);
                    return undefined;
                },
            ],
        });
    }, settings);
    return { ...plan, options };
}
