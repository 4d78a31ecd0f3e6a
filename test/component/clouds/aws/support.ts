// AWS's provider beside those that every component test has.
import type { ComponentResourceOptions, CustomResourceOptions } from "@pulumi/pulumi";
import { awsProvider } from "../../../../stacks/clouds/aws/provider.ts";
import { recordComponent, type RecordedComponent } from "../../../support/component.ts";

export interface RecordedOnAws extends RecordedComponent {
    /** What no plan shows, such as `ignoreChanges`, by the resource's name. */
    readonly options: ReadonlyMap<string, CustomResourceOptions>;
}

/** As recordComponent, with a provider for AWS too. */
export async function recordAws(
    create: (opts: ComponentResourceOptions) => Readonly<Record<string, unknown>>,
    settings: { readonly preview?: boolean } = {},
): Promise<RecordedOnAws> {
    const options = new Map<string, CustomResourceOptions>();
    const plan = await recordComponent((opts) => {
        const aws = awsProvider({ account: "123456789012", region: "eu-central-1" }, { instance: "shop-staging" });
        return create({
            ...opts,
            providers: [...(opts.providers as []), aws],
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
