// What `make up` asks of the lab: an engine, a cluster and its images on a machine that has none of them.
export {
    clusterStatus,
    machineRunsCluster,
    loadImages,
    prepareCluster,
    startCluster,
    stopCluster,
} from "./cluster/index.ts";
export { ensureEngine, localBackend, runPulumi, type Engine } from "./engine/index.ts";
export { buildImages, imagesNamedIn, machineMakesImages } from "./images/index.ts";
