// The job that makes seeds, as the state of the lender's stack knows it.
import { connectionOf, type Connection } from "../dumps/found.ts";
import { labelsOf, metadataOf, type ResourceState } from "../repair/deployment.ts";

export interface StackSeed {
    readonly namespace: string;
    /** Of the CronJob. */
    readonly name: string;
    readonly connection: Connection;
}

/**
 * @param resources with their secrets: a kubeconfig may be one
 * @throws where the stack makes none
 */
export function seedIn(resources: readonly ResourceState[], stack: string): StackSeed {
    const found = resources.find(
        ({ type, inputs, delete: replaced }) =>
            type === "kubernetes:batch/v1:CronJob" &&
            labelsOf(inputs)["app.kubernetes.io/component"] === "database-seed" &&
            !replaced,
    );
    if (found === undefined) {
        throw new Error(
            `The stack ${stack} makes no seeds. Allowed: a stack that lends its database server and has lends.seed. Fix: set lends.seed in Pulumi.${stack}.yaml (docs/seeds.md), and bring it up.`,
        );
    }
    const { name, namespace } = metadataOf(found.outputs ?? found.inputs);
    return {
        namespace: String(namespace),
        name: String(name),
        connection: connectionOf(found.provider, resources),
    };
}
