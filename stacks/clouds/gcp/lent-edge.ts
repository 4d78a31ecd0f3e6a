// What an environment that uses another one's GKE Gateway adds to its routes.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { EdgeArgs } from "../../../components/edge/contract.ts";
import { createBackendPolicies } from "../../../components/edge/gcp/backend-policies.ts";
import { googleRequest } from "../../../settings/edge-timeouts.ts";
import type { LentGateway } from "../../../settings/lender/outputs.ts";

/** Of a lender that was brought up before it told them: the defaults. */
const untold = { requestTimeout: googleRequest, requestLogSampling: 1 };

/** Google's load balancer does with the borrower's requests what it does with the lender's. */
export function createGkeBackends(
    name: string,
    { routes, ...placement }: EdgeArgs,
    lent: Pick<LentGateway, "requestTimeout" | "requestLogSampling" | "backendPolicy">,
    opts: CustomResourceOptions,
): void {
    const {
        requestTimeout = untold.requestTimeout,
        requestLogSampling = untold.requestLogSampling,
        backendPolicy: native,
    } = lent;
    for (const route of routes) {
        const behaviour = { requestTimeout, requestLogSampling, native };
        createBackendPolicies(name, { ...placement, route, behaviour }, opts);
    }
}
