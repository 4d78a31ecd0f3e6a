// All contradictions, in the order in which they are told.
import type { Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { rdsAuthorities, rdsServers, s3HostsZone } from "./aws-stores.ts";
import { limits, sizes } from "./operator.ts";
import { appNames, environmentNames, namesOfOthersParts, workerNames } from "./names.ts";
import { mainApp, twoAppsAtOneHost, twoAppsOfOneName } from "./apps.ts";
import { databaseWithoutStandby, digitalOceanNames, dnsToken, poolOfMany, wildcardByHttp } from "./digitalocean.ts";
import { certifiedByGoogle, gcpRegions, zonalCluster } from "./gcp-platform.ts";
import { cloudSqlNames, staticHostOfApp, zonalProduction } from "./gcp-stores.ts";
import { shortKeepAlive, timeoutBeyondEdge } from "./edge.ts";
import { borrowersOfNothing, connectionsBeyondMemory, lentWithoutLimit } from "./connections.ts";
import type { Contradiction, Weight } from "./contradiction.ts";
import { idleTimeToLive, lendingEphemerally } from "./ephemeral.ts";
import {
    appWithoutDatabase,
    borrowedFromNobody,
    exposedWithoutGateway,
    lentWithoutOwning,
    processesWithoutBroker,
} from "./missing.ts";
import { certificate, movingImages, networkPolicies, replicas } from "./production.ts";
import { idleSecrets, registryPassword, secretsOfNoApp, twiceNamed } from "./secrets.ts";
import { cloudWithoutAccount, storePasswords, unplacedStores } from "./stores.ts";
import { contractVariables } from "./variables.ts";

const all: readonly Contradiction[] = [
    sizes,
    limits,
    twoAppsOfOneName,
    twoAppsAtOneHost,
    mainApp,
    appWithoutDatabase,
    processesWithoutBroker,
    borrowedFromNobody,
    lentWithoutOwning,
    borrowersOfNothing,
    lentWithoutLimit,
    connectionsBeyondMemory,
    registryPassword,
    idleSecrets,
    secretsOfNoApp,
    twiceNamed,
    contractVariables,
    appNames,
    namesOfOthersParts,
    workerNames,
    environmentNames,
    exposedWithoutGateway,
    replicas,
    movingImages,
    certificate,
    networkPolicies,
    idleTimeToLive,
    lendingEphemerally,
    shortKeepAlive,
    timeoutBeyondEdge,
    cloudWithoutAccount,
    unplacedStores,
    storePasswords,
    digitalOceanNames,
    databaseWithoutStandby,
    poolOfMany,
    dnsToken,
    wildcardByHttp,
    rdsServers,
    rdsAuthorities,
    s3HostsZone,
    zonalCluster,
    gcpRegions,
    certifiedByGoogle,
    zonalProduction,
    staticHostOfApp,
    cloudSqlNames,
];

/** @param settings without the sections that are wrong already */
export function contradictionsIn(settings: Partial<Settings>, weight: Weight): Problem[] {
    return all
        .filter((one) => one.weight === weight)
        .filter(({ needs }) => needs.every((name) => settings[name] !== undefined))
        .flatMap(({ find }) => find(settings as Settings));
}
