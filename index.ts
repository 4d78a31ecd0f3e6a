// Loads the settings of the stack, puts its environment on its platform, and exports what others may read.
import { loadSettings } from "./settings/load.ts";
import { createEnvironment } from "./stacks/environment.ts";
import { createPlatform } from "./stacks/platform/platform.ts";

const settings = loadSettings();
const platform = await createPlatform(settings.platform);

export const { outputsVersion, environment, namespace, app } = await createEnvironment(settings, platform);
