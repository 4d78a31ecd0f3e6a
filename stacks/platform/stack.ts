// The platform of another stack, by its outputs. They are checked before anything is built on them.
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import type { StackPlatformSettings } from "../../settings/platform.ts";
import { SettingsError, settingPath, type Problem } from "../../settings/problems.ts";
import { outputsVersion, readOutputs } from "../outputs.ts";
import type { Platform } from "./contract.ts";

/** @throws SettingsError that names every output that is missing or of another kind, with the stack and the fix */
export async function platformOfStack({ stack }: StackPlatformSettings): Promise<Platform> {
    const name = stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
    const reference = new pulumi.StackReference("platform", { name });
    const outputs: Record<string, unknown> = {};
    for (const output of Object.keys(readOutputs.shape)) {
        const details: { readonly value?: unknown; readonly secretValue?: unknown } =
            await reference.getOutputDetails(output);
        outputs[output] = details.value ?? details.secretValue;
    }
    const result = readOutputs.safeParse(outputs);
    if (!result.success) {
        throw new SettingsError(`Pulumi.${pulumi.getStack()}.yaml`, problemsOf(name, outputs, result.error.issues));
    }
    const { platform, lends } = result.data;
    const { connection, networkPolicy, storageClass, webFrom, webDrain, namespaceLabels } = platform;
    return {
        kubernetes: new Provider("kubernetes", { ...connection, enableServerSideApply: true }),
        connection,
        ready: [],
        networkPolicy,
        ...(storageClass !== undefined && { storageClass }),
        ...(webFrom && { webFrom }),
        ...(webDrain !== undefined && { webDrain }),
        ...(namespaceLabels && { namespaceLabels }),
        lent: {
            ...(lends.gateway && { gateway: lends.gateway }),
            ...(lends.database && {
                database: {
                    ...lends.database,
                    password: pulumi.secret(reference.requireOutput("lentDatabasePassword") as pulumi.Output<string>),
                },
            }),
        },
    };
}

/** One for a stack that is none of ours; else one for each output that is not what it should be. */
function problemsOf(
    stack: string,
    outputs: Readonly<Record<string, unknown>>,
    issues: ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly message: string }>,
): Problem[] {
    const version = outputs["outputsVersion"];
    if (version !== outputsVersion) {
        const none = version === undefined;
        return [
            {
                path: "platform.stack",
                found: none
                    ? `${stack}, which has no output outputsVersion`
                    : `${stack}, whose outputsVersion is ${JSON.stringify(version)}`,
                allowed: `a stack of this program that was brought up with outputsVersion ${outputsVersion}`,
                fix: none
                    ? `check the name; if the stack is new: pulumi up -s ${stack}`
                    : `pulumi up -s ${stack} with this version of the program`,
            },
        ];
    }
    return issues.map(({ path, message }) => ({
        path: "platform.stack",
        found: `${stack}, whose output ${settingPath(path)} is not as it should be: ${message}`,
        allowed: `the outputs of this program's version ${outputsVersion} (stacks/outputs.ts)`,
        fix: `pulumi up -s ${stack}`,
    }));
}
