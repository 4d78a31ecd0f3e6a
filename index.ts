// Loads the settings of the stack, puts its environment on its platform, and exports what others may read.
import { getStack } from "@pulumi/pulumi/runtime/settings.js";
import { loadSettings } from "./settings/load.ts";
import { createClouds } from "./stacks/clouds.ts";
import { dataPolicies } from "./stacks/data-policies.ts";
import { createEnvironment } from "./stacks/environment.ts";
import { createPlatform } from "./stacks/platform/platform.ts";
import { wholeOrNothing } from "./stacks/unfinished.ts";

const outputs = await wholeOrNothing(async () => {
    const stack = getStack();
    const settings = loadSettings();
    const { namespace: instance, kind } = settings.environment;
    const clouds = createClouds(settings.clouds, stack, { environment: instance, "managed-by": "pulumi" });
    const context = { instance, kind, data: dataPolicies[kind], clouds, secrets: settings.secrets };
    const ground = await createPlatform(settings.platform, context);
    return await createEnvironment(stack, settings, ground, clouds);
});

export const { outputsVersion, environment, namespace, mainApp, apps, platform, lends, lentDatabasePassword } = outputs;
export const { dnsRecords, nameServers, registry, secretsProvider } = outputs;
