// What a changed provider configuration means for the objects in the cluster. Replacing the provider replaces every
// object made through it, so only another cluster may do that (R73).
import type { PropertyDiff, PropertyMap } from "../provider-host/index.ts";
import { diffProperties, isUnknown, withoutSecrets } from "../provider-host/index.ts";

/** What makes a cluster this cluster, as far as a kubeconfig tells; undefined: cannot be read. */
export type ActiveCluster = (config: PropertyMap) => Promise<string | undefined>;

const clusterKeys: readonly string[] = ["kubeconfig", "context", "cluster"];

export async function configurationChanges(
    oldInputs: PropertyMap,
    newInputs: PropertyMap,
    activeCluster: ActiveCluster,
): Promise<PropertyDiff[]> {
    const [before, after] = [withoutSecrets(oldInputs), withoutSecrets(newInputs)];
    const changes = diffProperties(before, after);
    const [oldIdentifier, newIdentifier] = [before["clusterIdentifier"], after["clusterIdentifier"]];
    const sameIdentifier = oldIdentifier !== undefined && oldIdentifier === newIdentifier;
    if (changes.length === 0 || sameIdentifier) {
        return changes;
    }

    const replacing = new Set<string>();
    // Adding or removing the identifier is not another cluster.
    if (oldIdentifier !== undefined && newIdentifier !== undefined) {
        replacing.add("clusterIdentifier");
    }
    const unknown = clusterKeys.filter((key) => isUnknown(after[key]));
    if (unknown.length > 0) {
        // It may turn out to be another cluster, and then it is too late to plan for it.
        for (const key of unknown) {
            replacing.add(key);
        }
    } else if (changes.some(({ path }) => clusterKeys.includes(String(path[0])))) {
        const [oldCluster, newCluster] = await Promise.all([activeCluster(before), activeCluster(after)]);
        if (oldCluster !== undefined && newCluster !== undefined && oldCluster !== newCluster) {
            for (const key of clusterKeys) {
                replacing.add(key);
            }
        }
    }
    return changes.map((change) => (replacing.has(String(change.path[0])) ? { ...change, replace: true } : change));
}
