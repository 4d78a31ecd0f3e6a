// Loads the settings of the stack, puts its environment on its platform, and exports what others may read.
import { loadSettings } from "./settings/load.ts";
import { withPlaces } from "./settings/places.ts";
import { createClouds } from "./stacks/clouds.ts";
import { createEnvironment } from "./stacks/environment.ts";
import { tellErrorsInWords } from "./stacks/errors-in-words.ts";
import type { StackOutputs } from "./stacks/outputs.ts";
import { createPlatform } from "./stacks/platform/platform.ts";
import { ClusterSecrets } from "./stacks/secrets.ts";
import { wholeOrNothing } from "./stacks/unfinished.ts";

/** A function, so that outputs which this stack does not have are not announced: Pulumi exports what it returns. */
export default (): Promise<StackOutputs> => {
    tellErrorsInWords();
    return wholeOrNothing(() =>
        withPlaces(async () => {
            const secrets = new ClusterSecrets();
            const settings = loadSettings(secrets.value);
            const clouds = createClouds(settings.clouds, settings.environment.namespace);
            const platform = await createPlatform(settings, clouds);
            return await createEnvironment(settings, platform, clouds, secrets);
        }),
    );
};
