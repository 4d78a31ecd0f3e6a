// All contradictions, in the order in which they are told.
import type { Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { limits, sizes } from "./operator.ts";
import { appNames, environmentNames, workerNames } from "./names.ts";
import { exposedWithoutGateway, processesWithoutBroker } from "./missing.ts";
import { certificate, movingImages, replicas } from "./production.ts";
import { idleSecrets, registryPassword, twiceNamed } from "./secrets.ts";
import { contractVariables } from "./variables.ts";

const all = [
    sizes,
    limits,
    processesWithoutBroker,
    registryPassword,
    idleSecrets,
    twiceNamed,
    contractVariables,
    appNames,
    workerNames,
    environmentNames,
    exposedWithoutGateway,
    replicas,
    movingImages,
    certificate,
];

/** @param settings without the sections that are wrong already */
export function contradictionsIn(settings: Partial<Settings>): Problem[] {
    return all
        .filter(({ needs }) => needs.every((name) => settings[name] !== undefined))
        .flatMap(({ find }) => find(settings as Settings));
}
