// Helm releases: the stand-in for the real plugin runs none, on paper they are inputs like others.
import {
    diffProperties,
    toPlain,
    type CheckCall,
    type CheckFailure,
    type CheckResult,
    type DiffCall,
    type DiffResult,
    type PropertyMap,
} from "../../provider-host/index.ts";
import { autoname } from "../../provider-kubernetes/autoname.ts";

export const releaseType = "kubernetes:helm.sh/v3:Release";

/** A release's name may have 53 characters: Helm adds to it. */
const nameLimit = 53;

export function checkRelease(call: CheckCall, defaultNamespace: string): CheckResult {
    const { newInputs, oldInputs, name, randomSeed } = call;
    const failures: CheckFailure[] = [];
    if ((newInputs["chart"] ?? null) === null) {
        failures.push({ path: ["chart"], reason: "is missing. Fix: name a chart." });
    }
    const isNamed = (newInputs["name"] ?? null) !== null;
    const made = oldInputs?.["__autonamed"] === true ? oldInputs["name"] : autoname(name, randomSeed);
    const inputs = {
        ...newInputs,
        ...(!isNamed && { name: made, __autonamed: true }),
        namespace: newInputs["namespace"] ?? defaultNamespace,
    };
    if (typeof inputs.name === "string" && inputs.name.length > nameLimit) {
        failures.push({
            path: ["name"],
            reason: `has ${inputs.name.length} characters; allowed are ${nameLimit}. Fix: shorten it.`,
        });
    }
    return { inputs, failures };
}

/** A release is where it is: another name or namespace is another one. */
export function diffRelease({ oldInputs, newInputs }: DiffCall): DiffResult {
    const changes = diffProperties(oldInputs, newInputs, {
        replaces: ([property]) => property === "name" || property === "namespace",
        ignores: ([property]) => String(property).startsWith("__"),
    });
    return {
        changes,
        deleteBeforeReplace: newInputs["__autonamed"] !== true && oldInputs["name"] === newInputs["name"],
    };
}

export function releaseId(inputs: PropertyMap): string {
    const { namespace, name } = toPlain(inputs);
    return `${namespace as string}/${name as string}`;
}

export function releaseOutputs(inputs: PropertyMap): PropertyMap {
    const { name, namespace, chart, version } = toPlain(inputs);
    const status = { name, namespace, chart, version: version ?? "", revision: 1, status: "deployed", appVersion: "" };
    return { ...inputs, status, resourceNames: {} };
}
