// AWS's provider beside those that every component test has.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { awsProvider } from "../../../../stacks/clouds/aws/provider.ts";
import { recordComponent, type RecordedComponent } from "../../../support/component.ts";

/** As recordComponent, with a provider for AWS too. */
export function recordAws(
    create: (opts: ComponentResourceOptions) => Readonly<Record<string, unknown>>,
    options: { readonly preview?: boolean } = {},
): Promise<RecordedComponent> {
    return recordComponent((opts) => {
        const aws = awsProvider({ account: "123456789012", region: "eu-central-1" }, { instance: "shop-staging" });
        return create({ ...opts, providers: [...(opts.providers as []), aws] });
    }, options);
}
