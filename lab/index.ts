// What `make up` asks of the lab: an engine, a cluster and its images on a machine that has none of them.
export {
    clusterExists,
    clusterStatus,
    haltCluster,
    machineRunsCluster,
    loadArchive,
    loadedImages,
    loadImages,
    prepareCluster,
    startCluster,
    stopCluster,
} from "./cluster/index.ts";
export { ensureEngine, localBackend, runPulumi, type Engine } from "./engine/index.ts";
export {
    buildAppImage,
    buildImages,
    imageName,
    imagesNamedIn,
    leftOutByDefault,
    machineMakesImages,
    pythonVersion,
    pythonVersions,
    readsLikeDevelopment,
    type AppImage,
} from "./images/index.ts";
