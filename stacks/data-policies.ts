import type { DataPolicy } from "../components/contract.ts";
import type { EnvironmentKind } from "../settings/environment.ts";

/** What becomes of the data of each kind of environment. */
export const dataPolicies: Record<EnvironmentKind, DataPolicy> = {
    local: "disposable",
    staging: "kept",
    production: "protected",
    ephemeral: "disposable",
};
