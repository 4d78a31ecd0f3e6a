// All contradictions, in the order in which they are told.
import type { Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { rdsAuthorities, rdsServers, s3HostsZone } from "./aws-stores.ts";
import { idleConcurrency, memoryOfProcesses, memoryOfServers, tightMemory } from "./capacity-memory.ts";
import { nodesAtMaximum, nodesAtMinimum, podsBeyondNodes } from "./capacity-nodes.ts";
import { quotaAtMaximum, quotaAtMinimum } from "./capacity-quota.ts";
import { smallVolumes, tightVolumes } from "./capacity-volumes.ts";
import { idleObjects, keysOfNoObject, secretsBeforeTheirNamespace, twoObjectsOfOneName } from "./existing-secrets.ts";
import { limits, sizes } from "./operator.ts";
import {
    beatOfOthersWorkers,
    beatWithoutWorkers,
    celeryAsCommand,
    idleDefaultQueue,
    unsaidOfWorkers,
    workerCommands,
} from "./celery.ts";
import { closedDestinations, doubtfulDestinations } from "./destinations.ts";
import { reservedFiles } from "./files.ts";
import { cdnHostOfApp, hostsOfNobody, hostsOfOneMachine, hostsThatAreLent } from "./hosts.ts";
import { idleLogin, imageElsewhere, imageOfNoRepository } from "./images.ts";
import { fileForModule } from "./modules.ts";
import {
    idleBesideCommand,
    idleBesideServer,
    idleGunicornArguments,
    oneGatewayPort,
    portsOfCommands,
    privilegedPorts,
    serverOfCommand,
    unsaidPorts,
} from "./ports.ts";
import { lonePooler, poolerWithoutConnections } from "./poolers.ts";
import { certificateNotGiven, certificateOfCloud, endingCertificate, unfitCertificate } from "./own-certificate.ts";
import { postgresNames } from "./postgres-names.ts";
import { breakingVariables, surprisingVariables } from "./reserved-variables.ts";
import { otherServers, postgresImages, redisImages } from "./versions.ts";
import {
    appNames,
    environmentNames,
    namesOfOthersParts,
    namespaceOfController,
    workerNames,
    workloadNames,
} from "./names.ts";
import { mainApp, twoAppsAtOneHost, twoAppsOfOneName } from "./apps.ts";
import { databaseWithoutStandby, digitalOceanNames, dnsToken, poolOfMany, wildcardByHttp } from "./digitalocean.ts";
import { certifiedByGoogle, gcpRegions, zonalCluster } from "./gcp-platform.ts";
import { cloudSqlNames, staticHostOfApp, zonalProduction } from "./gcp-stores.ts";
import { directOnCloud, portsOfApps } from "./direct.ts";
import { shortKeepAlive, shortKeepAliveOfDaphne, timeoutBeyondEdge, twoIdleTimeouts } from "./edge.ts";
import {
    longLentDomain,
    longNamesElsewhere,
    longNamesOfAcm,
    manyCertificates,
    manyNames,
    namesOfNobody,
    plainHttp,
    plainHttpInProduction,
    untrustedInProduction,
} from "./certificates.ts";
import { kubeconfigContent, missingKubeconfig } from "./kubeconfig.ts";
import { metadataEgress, metadataOfBuckets } from "./metadata.ts";
import { otherArchitecture, unknownMachines, unknownStoreSizes, unknownVersions, unknownZones } from "./offers.ts";
import {
    openApi,
    openStores,
    sameAddresses,
    startOfBuckets,
    startOfEgress,
    startOfServers,
    startOfSources,
    startOfVisitors,
} from "./ranges.ts";
import {
    certificatesElsewhere,
    databaseElsewhere,
    keysElsewhere,
    malformedPlaces,
    malformedRegions,
    malformedStorePlaces,
    regionWithoutSpaces,
    unknownPlaces,
    unknownRegions,
    unknownStorePlaces,
} from "./regions.ts";
import { movingTags } from "./tags.ts";
import { certifiedByLetsEncrypt, hostsOutsideZone, topLevelZone } from "./zones.ts";
import { borrowersOfNothing, connectionsBeyondMemory, lentWithoutLimit } from "./connections.ts";
import type { Contradiction, Weight } from "./contradiction.ts";
import {
    administratorPassword,
    brokerAsCache,
    lentExternally,
    metadataServers,
    oneVirtualHost,
    plainInProduction,
    plainOverInternet,
    serversInCluster,
    sharedWithoutAdministrator,
    unreachableServers,
    wideServers,
    withoutPassword,
} from "./external.ts";
import { idleTimeToLive, lendingEphemerally } from "./ephemeral.ts";
import {
    appWithoutDatabase,
    borrowedFromNobody,
    exposedWithoutGateway,
    lentWithoutOwning,
    processesWithoutBroker,
} from "./missing.ts";
import {
    closedBuckets,
    dottedBuckets,
    idleAuthorities,
    keysOfBuckets,
    oneBucketForBoth,
    plainBucketsElsewhere,
    plainBucketsInProduction,
} from "./object-storage.ts";
import { objectSizes } from "./object-size.ts";
import { fewRabbits, movingImages, networkPolicies, openMemcached, openNetwork, replicas } from "./production.ts";
import { idleSecrets, registryPassword, secretsOfNoApp, twiceNamed } from "./secrets.ts";
import { cloudWithoutAccount, storePasswords, unplacedStores } from "./stores.ts";
import { longTasks, tasksBeyondNodes } from "./task-limits.ts";
import { largeTmpOnAutopilot, smallTmp } from "./uploads.ts";
import { contractVariables } from "./variables.ts";
import { groupsOfMedia, mediaBelowStatic, namesOfVolumes, reservedVolumes } from "./volumes.ts";

const all: readonly Contradiction[] = [
    // What others are compared with comes first: with the cause goes its shadow.
    malformedRegions,
    unknownRegions,
    malformedPlaces,
    unknownPlaces,
    malformedStorePlaces,
    unknownStorePlaces,
    kubeconfigContent,
    missingKubeconfig,
    sizes,
    limits,
    memoryOfProcesses,
    memoryOfServers,
    tightMemory,
    idleConcurrency,
    smallVolumes,
    tightVolumes,
    quotaAtMinimum,
    quotaAtMaximum,
    podsBeyondNodes,
    nodesAtMinimum,
    nodesAtMaximum,
    longTasks,
    tasksBeyondNodes,
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
    poolerWithoutConnections,
    lonePooler,
    registryPassword,
    idleSecrets,
    secretsOfNoApp,
    twiceNamed,
    keysOfNoObject,
    twoObjectsOfOneName,
    idleObjects,
    secretsBeforeTheirNamespace,
    contractVariables,
    objectSizes,
    appNames,
    namesOfOthersParts,
    workerNames,
    environmentNames,
    exposedWithoutGateway,
    directOnCloud,
    portsOfApps,
    certificateOfCloud,
    certificateNotGiven,
    unfitCertificate,
    endingCertificate,
    smallTmp,
    largeTmpOnAutopilot,
    replicas,
    fewRabbits,
    movingImages,
    movingTags,
    plainHttpInProduction,
    plainHttp,
    untrustedInProduction,
    namesOfNobody,
    longNamesOfAcm,
    longNamesElsewhere,
    longLentDomain,
    manyNames,
    manyCertificates,
    topLevelZone,
    hostsOutsideZone,
    certifiedByLetsEncrypt,
    networkPolicies,
    openMemcached,
    openNetwork,
    metadataEgress,
    openApi,
    openStores,
    startOfEgress,
    startOfSources,
    startOfServers,
    startOfVisitors,
    sameAddresses,
    unknownZones,
    unknownMachines,
    otherArchitecture,
    unknownStoreSizes,
    unknownVersions,
    regionWithoutSpaces,
    keysElsewhere,
    certificatesElsewhere,
    databaseElsewhere,
    idleTimeToLive,
    lendingEphemerally,
    shortKeepAlive,
    shortKeepAliveOfDaphne,
    twoIdleTimeouts,
    timeoutBeyondEdge,
    cloudWithoutAccount,
    unplacedStores,
    storePasswords,
    unreachableServers,
    metadataServers,
    plainOverInternet,
    plainInProduction,
    wideServers,
    serversInCluster,
    brokerAsCache,
    administratorPassword,
    sharedWithoutAdministrator,
    oneVirtualHost,
    lentExternally,
    withoutPassword,
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
    postgresNames,
    workloadNames,
    namespaceOfController,
    fileForModule,
    idleLogin,
    imageOfNoRepository,
    imageElsewhere,
    postgresImages,
    redisImages,
    otherServers,
    reservedFiles,
    breakingVariables,
    surprisingVariables,
    portsOfCommands,
    serverOfCommand,
    idleBesideServer,
    idleBesideCommand,
    unsaidPorts,
    idleGunicornArguments,
    privilegedPorts,
    oneGatewayPort,
    beatWithoutWorkers,
    beatOfOthersWorkers,
    idleDefaultQueue,
    workerCommands,
    unsaidOfWorkers,
    celeryAsCommand,
    hostsOfNobody,
    hostsOfOneMachine,
    hostsThatAreLent,
    cdnHostOfApp,
    keysOfBuckets,
    plainBucketsInProduction,
    plainBucketsElsewhere,
    closedBuckets,
    idleAuthorities,
    dottedBuckets,
    oneBucketForBoth,
    startOfBuckets,
    metadataOfBuckets,
    reservedVolumes,
    namesOfVolumes,
    groupsOfMedia,
    mediaBelowStatic,
    closedDestinations,
    doubtfulDestinations,
];

/** @param settings without the sections that are wrong already */
export function contradictionsIn(settings: Partial<Settings>, weight: Weight): Problem[] {
    return all
        .filter((one) => one.weight === weight)
        .filter(({ needs }) => needs.every((name) => settings[name] !== undefined))
        .flatMap(({ find }) => find(settings as Settings));
}
