// `make shell`: a terminal in the environment's shell pod, where manage.py runs (E1).
import { execIn } from "./cluster-client.ts";
import { deployedOutputs } from "./deployed.ts";
import { makeWith } from "./make.ts";

/** @returns the command's exit code */
export async function shell(stack: string, command: string[]): Promise<number> {
    const { namespace, apps, mainApp } = await deployedOutputs(stack);
    const app = apps[mainApp]!;
    if (app.shell === undefined) {
        throw new Error(
            `The stack has no shell. Add \`shell: {}\` to the app in Pulumi.${stack}.yaml, then: ${makeWith("up", stack)}`,
        );
    }
    return await execIn(namespace, app.shell, command);
}
