// All contradictions, in the order in which they are told.
import type { Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import type { Contradiction, Weight } from "./contradiction.ts";
import { mainApp, twoAppsAtOneHost, twoAppsOfOneName } from "./apps/apps.ts";
import { closedDestinations, doubtfulDestinations } from "./apps/destinations.ts";
import { reservedFiles } from "./apps/files.ts";
import { idleLogin, imageElsewhere, imageOfNoRepository } from "./apps/images.ts";
import { fileForModule } from "./apps/modules.ts";
import {
    appNames,
    environmentNames,
    namesOfOthersParts,
    namespaceOfController,
    workerNames,
    workloadNames,
} from "./apps/names.ts";
import { objectSizes } from "./apps/object-size.ts";
import { breakingVariables, surprisingVariables } from "./apps/reserved-variables.ts";
import { contractVariables } from "./apps/variables.ts";
import { groupsOfMedia, mediaBelowStatic, namesOfVolumes, reservedVolumes, samplesOfNoMedia } from "./apps/volumes.ts";
import { idleConcurrency, memoryOfProcesses, memoryOfServers, tightMemory } from "./capacity/memory.ts";
import { nodesAtMaximum, nodesAtMinimum, podsBeyondNodes } from "./capacity/nodes.ts";
import { limits, sizes } from "./capacity/operator.ts";
import { quotaAtMaximum, quotaAtMinimum } from "./capacity/quota.ts";
import { smallVolumes, tightVolumes } from "./capacity/volumes.ts";
import {
    alarmsOfEphemeral,
    alarmsWithoutCloud,
    budgetWithoutAccount,
    idleAlarms,
    productionWithoutAlarms,
    unheardAlarms,
} from "./environment/alarms.ts";
import { idlePullRequest, idleTimeToLive, lendingEphemerally } from "./environment/ephemeral.ts";
import {
    appWithoutDatabase,
    borrowedFromNobody,
    exposedWithoutGateway,
    lentWithoutOwning,
    processesWithoutBroker,
} from "./environment/missing.ts";
import {
    fewRabbits,
    movingImages,
    networkPolicies,
    openMemcached,
    openNetwork,
    replicas,
} from "./environment/production.ts";
import { seedsOfNoBucket, seedsOfNothing, unmaskedSeeds } from "./environment/seeds.ts";
import { sleepingAtRoot, sleepingByImage, sleepingElsewhere, sleepingWithoutWayIn } from "./environment/sleep.ts";
import { movingTags } from "./environment/tags.ts";
import { rangesOfDoks } from "./platform/digitalocean-ranges.ts";
import { imagesOutOfReach, missingEndpoints } from "./platform/endpoints.ts";
import {
    certifiedByGoogle,
    gcpRegions,
    secretsWithoutKey,
    volumesOfNoNode,
    zonalCluster,
} from "./platform/gcp-platform.ts";
import { kubeconfigContent, missingKubeconfig } from "./platform/kubeconfig.ts";
import { metadataEgress, metadataOfBackups, metadataOfBuckets } from "./platform/metadata.ts";
import {
    otherArchitecture,
    twoArchitectures,
    unknownMachines,
    unknownStoreSizes,
    unknownVersions,
    unknownZones,
} from "./platform/offers.ts";
import {
    openApi,
    openStores,
    sameAddresses,
    startOfBackups,
    startOfBuckets,
    startOfEgress,
    startOfServers,
    startOfSources,
    startOfVisitors,
} from "./platform/ranges.ts";
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
} from "./platform/regions.ts";
import {
    beatOfOthersWorkers,
    beatWithoutWorkers,
    celeryAsCommand,
    idleDefaultQueue,
    unsaidOfWorkers,
    workerCommands,
} from "./processes/celery.ts";
import {
    idleBesideCommand,
    idleBesideServer,
    idleGunicornArguments,
    oneGatewayPort,
    portsOfCommands,
    privilegedPorts,
    serverOfCommand,
    unsaidPorts,
} from "./processes/ports.ts";
import { longTasks, tasksBeyondNodes } from "./processes/task-limits.ts";
import {
    fallbackWithoutKey,
    idleRotations,
    impossibleRotations,
    rotationsOfGiven,
    rotationsOfNoApp,
    sharedRotations,
} from "./rotations/rotations.ts";
import {
    idleObjects,
    keysOfNoObject,
    secretsBeforeTheirNamespace,
    storesBeforeTheirNamespace,
    twoObjectsOfOneName,
} from "./secrets/existing-secrets.ts";
import { idleSecrets, registryPassword, secretsOfNoApp, twiceNamed } from "./secrets/secrets.ts";
import { copyBesideServer, rdsAuthorities, rdsServers, s3HostsZone } from "./stores/aws-stores.ts";
import {
    backupsAmongFiles,
    closedBackups,
    dottedBucketsOfBackups,
    idleAuthoritiesOfBackups,
    keysOfBackups,
    onePlaceOfBackups,
    plainBackups,
    restoredFromNothing,
    weakPassphrases,
} from "./stores/backups.ts";
import { passwordOfRestored, restoredElsewhere, restoredWithoutBackups } from "./stores/restores.ts";
import { borrowersOfNothing, connectionsBeyondMemory, lentWithoutLimit } from "./stores/connections.ts";
import {
    databaseWithoutStandby,
    digitalOceanNames,
    dnsToken,
    podsOfAdoptedCluster,
    poolOfMany,
    wildcardByHttp,
} from "./stores/digitalocean.ts";
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
} from "./stores/external.ts";
import { cloudSqlNames, staticHostOfApp, zonalProduction } from "./stores/gcp-stores.ts";
import {
    closedBuckets,
    dottedBuckets,
    idleAuthorities,
    halfStaticKey,
    keysOfBuckets,
    oneBucketForBoth,
    oneKeyForBoth,
    plainBucketsElsewhere,
    plainBucketsInProduction,
    sharedKeyInProduction,
} from "./stores/object-storage.ts";
import { lonePooler, poolerWithoutConnections } from "./stores/poolers.ts";
import { postgresNames } from "./stores/postgres-names.ts";
import { cloudWithoutAccount, storePasswords, unplacedStores } from "./stores/stores.ts";
import { endsOfUpgrades, imagesOfUpgrades, upgradesBackwards, upgradesOfRestores } from "./stores/upgrades.ts";
import { otherServers, postgresImages, redisImages } from "./stores/versions.ts";
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
} from "./ways-in/certificates.ts";
import { directOnCloud, portsOfApps, servicesOfOneName } from "./ways-in/direct.ts";
import { shortKeepAlive, shortKeepAliveOfDaphne, timeoutBeyondEdge, twoIdleTimeouts } from "./ways-in/edge.ts";
import { closedToProofs, guardsOfOthers, guardsSaidTwice } from "./ways-in/guards.ts";
import { cdnHostOfApp, hostsOfNobody, hostsOfOneMachine, hostsThatAreLent } from "./ways-in/hosts.ts";
import {
    certificateNotGiven,
    certificateOfCloud,
    endingCertificate,
    unfitCertificate,
} from "./ways-in/own-certificate.ts";
import { largeTmpOnAutopilot, smallTmp } from "./ways-in/uploads.ts";
import { certifiedByLetsEncrypt, hostsOutsideZone, topLevelZone } from "./ways-in/zones.ts";

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
    idleRotations,
    impossibleRotations,
    sharedRotations,
    rotationsOfGiven,
    rotationsOfNoApp,
    fallbackWithoutKey,
    keysOfNoObject,
    twoObjectsOfOneName,
    idleObjects,
    secretsBeforeTheirNamespace,
    storesBeforeTheirNamespace,
    contractVariables,
    objectSizes,
    appNames,
    namesOfOthersParts,
    workerNames,
    environmentNames,
    exposedWithoutGateway,
    directOnCloud,
    portsOfApps,
    servicesOfOneName,
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
    missingEndpoints,
    imagesOutOfReach,
    unknownZones,
    unknownMachines,
    otherArchitecture,
    twoArchitectures,
    unknownStoreSizes,
    unknownVersions,
    regionWithoutSpaces,
    keysElsewhere,
    certificatesElsewhere,
    databaseElsewhere,
    idlePullRequest,
    idleTimeToLive,
    lendingEphemerally,
    unmaskedSeeds,
    seedsOfNothing,
    seedsOfNoBucket,
    sleepingElsewhere,
    sleepingWithoutWayIn,
    sleepingByImage,
    sleepingAtRoot,
    shortKeepAlive,
    shortKeepAliveOfDaphne,
    twoIdleTimeouts,
    guardsOfOthers,
    guardsSaidTwice,
    closedToProofs,
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
    podsOfAdoptedCluster,
    poolOfMany,
    dnsToken,
    wildcardByHttp,
    rdsServers,
    copyBesideServer,
    rdsAuthorities,
    s3HostsZone,
    zonalCluster,
    secretsWithoutKey,
    gcpRegions,
    certifiedByGoogle,
    volumesOfNoNode,
    rangesOfDoks,
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
    upgradesBackwards,
    imagesOfUpgrades,
    upgradesOfRestores,
    endsOfUpgrades,
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
    halfStaticKey,
    oneKeyForBoth,
    sharedKeyInProduction,
    plainBucketsInProduction,
    plainBucketsElsewhere,
    closedBuckets,
    idleAuthorities,
    dottedBuckets,
    oneBucketForBoth,
    startOfBuckets,
    metadataOfBuckets,
    metadataOfBackups,
    keysOfBackups,
    weakPassphrases,
    plainBackups,
    closedBackups,
    idleAuthoritiesOfBackups,
    dottedBucketsOfBackups,
    onePlaceOfBackups,
    backupsAmongFiles,
    restoredFromNothing,
    restoredElsewhere,
    restoredWithoutBackups,
    passwordOfRestored,
    startOfBackups,
    reservedVolumes,
    namesOfVolumes,
    groupsOfMedia,
    mediaBelowStatic,
    samplesOfNoMedia,
    closedDestinations,
    doubtfulDestinations,
    productionWithoutAlarms,
    alarmsOfEphemeral,
    alarmsWithoutCloud,
    idleAlarms,
    unheardAlarms,
    budgetWithoutAccount,
];

/** @param settings without the sections that are wrong already */
export function contradictionsIn(settings: Partial<Settings>, weight: Weight): Problem[] {
    return all
        .filter((one) => one.weight === weight)
        .filter(({ needs }) => needs.every((name) => settings[name] !== undefined))
        .flatMap(({ find }) => find(settings as Settings));
}
