// The provider of Google Cloud beside those that every component test has.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider } from "@pulumi/gcp/provider.js";
import { recordComponent, type RecordedComponent } from "../../../support/component.ts";

/** As recordComponent, with a provider for Google Cloud too. */
export function recordGcp(
    create: (opts: ComponentResourceOptions) => Readonly<Record<string, unknown>>,
    options: { readonly preview?: boolean } = {},
): Promise<RecordedComponent> {
    return recordComponent((opts) => {
        const gcp = new Provider("gcp", { project: "shop-project", region: "europe-west1" });
        return create({ ...opts, providers: [...(opts.providers as []), gcp] });
    }, options);
}
