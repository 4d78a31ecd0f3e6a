// What an environment that uses another one's application load balancer adds to its routes.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { createTarget } from "../../../components/edge/aws/target-group.ts";
import type { EdgeArgs } from "../../../components/edge/contract.ts";

/** Else the lender's own are taken, which ask for `/` and count almost any answer as health. */
export function createAwsTargets(name: string, { routes, ...placement }: EdgeArgs, opts: CustomResourceOptions): void {
    for (const route of routes) {
        createTarget(name, { ...placement, route }, opts);
    }
}
