// Secrets that are keys of Secrets in the cluster: the settings name them before there is a cluster to read them from.
import { output, secret, type Output } from "@pulumi/pulumi";
import type { ExistingSecrets } from "../components/secrets/existing.ts";
import type { SecretKey } from "../components/secrets/contract.ts";
import type { StackSettings } from "../settings/load.ts";
import type { EnvironmentContext } from "./context.ts";

export class ClusterSecrets {
    private readonly reader = Promise.withResolvers<ExistingSecrets>();
    private isNamed = false;

    /** The value, known once the namespace is there. */
    readonly value = (key: SecretKey): Output<string> => {
        this.isNamed = true;
        return secret(output(this.reader.promise.then((existing) => existing.read(key))));
    };

    /** Makes the objects that controllers make Secrets of, and reads what the settings name. Nothing where there is neither. */
    async connect({ secretObjects }: StackSettings, { placement, opts }: EnvironmentContext): Promise<void> {
        const sealed = Object.entries(secretObjects.sealed).map(([name, each]) => ({ name, ...each }));
        const external = Object.entries(secretObjects.external).map(([name, { data, ...each }]) => ({
            name,
            entries: data,
            ...each,
        }));
        if (!this.isNamed && sealed.length + external.length === 0) {
            return;
        }
        const { ExistingSecrets: Component } = await import("../components/secrets/existing.ts");
        this.reader.resolve(new Component("secrets", { ...placement, sealed, external }, opts));
    }
}
