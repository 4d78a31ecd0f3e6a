// `make status`: the servers of the embedded cluster and the pods of the environment.
import { podsOf } from "./cluster-client.ts";
import { deployedOutputs } from "./deployed.ts";
import { podsTable } from "./pods-table.ts";

/** @returns the exit code */
export async function status(stack: string): Promise<number> {
    const { namespace, apps } = await deployedOutputs(stack);
    console.log(podsTable(await podsOf(namespace)));
    for (const app of Object.values(apps)) {
        console.log(app.url ?? `http://${app.service}.${namespace}:${app.port} (inside the cluster)`);
    }
    return 0;
}
