// The platform of another stack, by its outputs. They are checked before anything is built on them.
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { checkLender } from "../../settings/lender/check.ts";
import { readOutputs } from "../../settings/lender/outputs.ts";
import type { StackSettings } from "../../settings/load.ts";
import type { StackPlatformSettings } from "../../settings/platform.ts";
import type { Platform } from "./contract.ts";

/** @throws SettingsError that names every output that is missing, of another kind, or not what the settings want to borrow */
export async function platformOfStack({ stack }: StackPlatformSettings, settings: StackSettings): Promise<Platform> {
    const name = stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
    const reference = new pulumi.StackReference("platform", { name });
    const outputs: Record<string, unknown> = {};
    for (const output of Object.keys(readOutputs.shape)) {
        const details: { readonly value?: unknown; readonly secretValue?: unknown } =
            await reference.getOutputDetails(output);
        outputs[output] = details.value ?? details.secretValue;
    }
    const { platform, lends } = checkLender(pulumi.getStack(), settings, name, outputs);
    const { connection, networkPolicy, storageClass, webFrom, webDrain, namespaceLabels } = platform;
    return {
        kubernetes: new Provider("kubernetes", { ...connection, enableServerSideApply: true }),
        connection,
        ready: [],
        networkPolicy,
        storageClass,
        webFrom,
        webDrain,
        namespaceLabels,
        lent: {
            gateway: lends.gateway,
            database: lends.database && {
                ...lends.database,
                password: pulumi.secret(reference.requireOutput("lentDatabasePassword") as pulumi.Output<string>),
            },
        },
    };
}
