// What an environment that uses another one's GKE Gateway adds to its routes.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { EdgeArgs } from "../../../components/edge/contract.ts";
import { createBackendPolicies } from "../../../components/edge/gcp/backend-policies.ts";
import { defaultBehaviour } from "./default-behaviour.ts";

export function createGkeBackends(name: string, { routes, ...placement }: EdgeArgs, opts: CustomResourceOptions): void {
    for (const route of routes) {
        createBackendPolicies(name, { ...placement, route, behaviour: defaultBehaviour }, opts);
    }
}
