// The alarms of each cloud by name. Settings change one by its name, components make it under its name, so that neither has one
// that the other does not know.

/** What is said of an alarm beside its numbers. */
export interface AlarmText {
    /** What has happened, as the subject of a message. */
    readonly title: string;
    /** What to do about it: the first thing that whoever is woken reads. */
    readonly action: string;
}

/** Those of every cloud's stores and way in: what is to be done does not depend on whose they are. */
const texts = {
    databaseDisk: {
        title: "The database's disk is nearly full",
        action: "Find out what grows (pg_total_relation_size), then raise the server's storage or its limit: a full disk stops every write.",
    },
    databaseCpu: {
        title: "The database's processors are busy",
        action: "Look for the slowest statements in the server's query insights; then an index, or a larger machine.",
    },
    databaseMemory: {
        title: "The database is short of memory",
        action: "Fewer connections (a pooler), or a larger machine: the next thing that happens is a restart.",
    },
    databaseConnections: {
        title: "The database's connections are nearly used up",
        action: "See pg_stat_activity for who holds them; lower the replicas' most, or put a pooler in front: new pods cannot connect soon.",
    },
    databaseStandby: {
        title: "The database has no standby to take over",
        action: "Look at the instance's operations: until it is back, the loss of a zone is an outage.",
    },
    cacheCpu: {
        title: "The cache's processors are busy",
        action: "Look for large keys and KEYS or SCAN in the slow log; then a larger node.",
    },
    cacheMemory: {
        title: "The cache's memory is nearly used up",
        action: "It throws away what was not used for the longest time; where pages become slow, take a larger size.",
    },
    cacheEvictions: {
        title: "The cache throws away what it should keep",
        action: "Its memory is too small for what the apps put there: a larger node, or shorter time-outs.",
    },
    cacheReplication: {
        title: "The cache's replicas are behind",
        action: "Readers see old values; look at the primary's load and at the size of what is written.",
    },
    podsPending: {
        title: "Pods find no node",
        action: "kubectl get pods -A --field-selector=status.phase=Pending, then kubectl describe pod: limits of node pools, quota of the account, or a request that no machine has room for.",
    },
    podsCrashing: {
        title: "Pods crash again and again",
        action: "kubectl get pods -A, then kubectl logs --previous: after a release, roll back; otherwise a store that is gone or too little memory.",
    },
    nodesNotReady: {
        title: "A node is not ready",
        action: "kubectl describe node: pods move by themselves; delete the node's machine where it does not come back.",
    },
    volumeFull: {
        title: "A volume in the cluster is nearly full",
        action: "Raise the storage of what owns it (broker, database in the cluster, files): volumes grow while they are used.",
    },
    nodesCpu: {
        title: "Nodes are busy",
        action: "kubectl top pods -A; raise the pool's most nodes, or its machines' size.",
    },
    nodesMemory: {
        title: "Nodes are short of memory",
        action: "kubectl top pods -A; what uses more than it asked for is ended first: raise its size, or the pool's most nodes.",
    },
    nodesDisk: {
        title: "A node's disk is nearly full",
        action: "Old images and logs go by themselves; where they do not, drain and delete the node.",
    },
    edgeErrors: {
        title: "Requests fail with 5xx",
        action: "kubectl logs of the web pods; after a release, roll back: docs/release.md.",
    },
    edgeLatency: {
        title: "Answers are slow",
        action: "Look at the database's load first, then at whether web has reached its most replicas.",
    },
    edgeUnhealthy: {
        title: "The load balancer finds web pods unhealthy",
        action: "kubectl describe pod of a web pod: its readiness probe says why.",
    },
    cdnErrors: {
        title: "The CDN answers 5xx for static files",
        action: "See whether the bucket and its policy are there; a release's collectstatic fills it again.",
    },
    certificate: {
        title: "A certificate is about to expire",
        action: "It is renewed by itself while its DNS records are there and the host leads here: compare both.",
    },
    uptime: {
        title: "A host does not answer from outside",
        action: "curl -v the address; then the Gateway (kubectl describe gateway), the web pods, and the host's DNS record.",
    },
    uptimeLatency: {
        title: "A host answers slowly from outside",
        action: "Look at the database's load first, then at whether web has reached its most replicas.",
    },
} as const satisfies Readonly<Record<string, AlarmText>>;

export type AlarmName = keyof typeof texts;

export const alarmTexts: Readonly<Record<AlarmName, AlarmText>> = texts;

export const awsAlarms = [
    "databaseDisk",
    "databaseCpu",
    "databaseMemory",
    "databaseConnections",
    "cacheCpu",
    "cacheEvictions",
    "cacheReplication",
    "podsPending",
    "podsCrashing",
    "nodesNotReady",
    "edgeErrors",
    "edgeLatency",
    "edgeUnhealthy",
    "cdnErrors",
    "certificate",
    "uptime",
] as const satisfies readonly AlarmName[];

export const gcpAlarms = [
    "databaseDisk",
    "databaseCpu",
    "databaseMemory",
    "databaseConnections",
    "databaseStandby",
    "cacheCpu",
    "cacheEvictions",
    "podsPending",
    "podsCrashing",
    "nodesNotReady",
    "volumeFull",
    "edgeErrors",
    "edgeLatency",
    "certificate",
    "uptime",
] as const satisfies readonly AlarmName[];

export const digitalOceanAlarms = [
    "databaseDisk",
    "databaseCpu",
    "databaseMemory",
    "cacheCpu",
    "cacheMemory",
    "nodesCpu",
    "nodesMemory",
    "nodesDisk",
    "certificate",
    "uptime",
    "uptimeLatency",
] as const satisfies readonly AlarmName[];

/** Arguments of alarms over ours, by the alarm's name. */
export type AlarmNatives<Name extends AlarmName> = Readonly<
    Partial<Record<Name, Readonly<Record<string, unknown>> | undefined>>
>;

/** Of a name in letters of both sizes, for names of resources: `databaseDisk` is `database-disk`. */
export function dashed(name: string): string {
    return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The title, and what to do, as one text for whoever is woken. */
export function alarmText(name: AlarmName, of: string): string {
    const { title, action } = texts[name];
    return `${title} (${of}). ${action}`;
}
