// What cannot fit, by its exact message, and the neighbour that does: an ephemeral environment's quota, nodes, memory, volumes.
// Does not prove that the sums are those of what is planned: test/plan/inputs/capacity.test.ts does.
import { describe, expect, it, test } from "vitest";
import type { Problem } from "../../../../settings/problems.ts";
import { quiet } from "../../../support/findings.ts";
import { adviceAfter, problemsAfter, type Change } from "../../../support/settings.ts";

interface Case {
    readonly changes: readonly Change[];
    readonly problems: readonly Problem[];
}

const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;

const ephemeral: readonly Change[] = [
    ["environment.kind", "ephemeral"],
    ["exposure.variant", "none"],
];

const gke = (pool: Readonly<Record<string, unknown>> = {}): Change => [
    "platform",
    {
        variant: "gcp",
        cluster: {
            variant: "create",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            nodes: {
                variant: "pools",
                pools: { general: { machineType: "e2-standard-4", min: 3, max: 12, ...pool } },
            },
        },
    },
];

const autopilot: Change = [
    "platform",
    {
        variant: "gcp",
        cluster: {
            variant: "create",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            nodes: { variant: "autopilot" },
        },
    },
];

const eks = (nodes: Readonly<Record<string, unknown>>): Change => [
    "platform",
    {
        variant: "aws",
        cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"], nodes },
        dns: { variant: "create", domain: "shop.example.org" },
    },
];

const doks = (pools: Readonly<Record<string, unknown>>): Change => [
    "platform",
    {
        variant: "digitalocean",
        network: { variant: "create", range: "10.110.0.0/20" },
        cluster: {
            variant: "create",
            version: "1.34",
            podRange: "10.112.0.0/16",
            serviceRange: "10.113.0.0/20",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            pools,
        },
        certificates: { variant: "letsencrypt", email: "operations@example.org" },
    },
];

const small = { apps: { size: "s-2vcpu-4gb", min: 1, max: 3 } };
const large = (min: number, max: number): Change => ["apps[0].web", { size: "large", replicas: { min, max } }];
const sizes = (own: Readonly<Record<string, unknown>>): Change => ["operator.sizes", own];
const huge = sizes({ huge: { cpu: "50m", memory: "512Gi" } });
const worker = (own: Readonly<Record<string, unknown>>): Change => [
    "apps[0].workers.default",
    { queues: ["celery"], ...own },
];

function refuses(cases: Readonly<Record<string, Case>>): void {
    test.each(Object.entries(cases))("%s", (_, { changes, problems }) => {
        expect(problemsAfter(...changes)).toEqual(problems);
    });
}

function advises(cases: Readonly<Record<string, Case>>): void {
    test.each(Object.entries(cases))("%s", (_, { changes, problems }) => {
        expect(adviceAfter(...quiet, ...changes)).toEqual(problems);
    });
}

function accepts(cases: Readonly<Record<string, readonly Change[]>>): void {
    test.each(Object.entries(cases))("nothing is said of %s", (_, changes) => {
        expect(adviceAfter(...quiet, ...changes)).toEqual([]);
    });
}

describe("an ephemeral environment beyond its quota", () => {
    refuses({
        "ten large web pods and a volume of 90Gi": {
            changes: [
                ...ephemeral,
                large(10, 20),
                ["operator.quota", { cpu: "4", memory: "20Gi" }],
                ["database.storage", "90Gi"],
            ],
            problems: [
                {
                    path: "operator.quota.cpu",
                    found: "4; pods need at least 11.35: 10 x shop-web 1, database 250m, cache 50m, broker 50m, and 1 for what a release adds",
                    allowed: "at least 11.35, or fewer or smaller pods",
                    fix: `${set("operator.quota.cpu", "11.35")}, or lower apps[0].web.replicas.min`,
                },
                {
                    path: "operator.quota.memory",
                    found: "20Gi; pods need at least 23Gi: 10 x shop-web 2Gi, database 512Mi, cache 256Mi, broker 256Mi, and 2Gi for what a release adds",
                    allowed: "at least 23Gi, or fewer or smaller pods",
                    fix: `${set("operator.quota.memory", "23Gi")}, or lower apps[0].web.replicas.min`,
                },
                {
                    path: "operator.quota.storage",
                    found: "20Gi; volumes need 92Gi: database 90Gi, broker 2Gi",
                    allowed: "at least 92Gi, or smaller volumes",
                    fix: `${set("operator.quota.storage", "92Gi")}, or lower database.storage`,
                },
            ],
        },
        "pods that fit, and none more for a release": {
            changes: [...ephemeral, ["operator.quota.memory", "2Gi"]],
            problems: [
                {
                    path: "operator.quota.memory",
                    found: "2Gi; pods need at least 2.5Gi: 2 x shop-web 512Mi, database 512Mi, cache 256Mi, broker 256Mi, and 512Mi for what a release adds",
                    allowed: "at least 2560Mi, or fewer or smaller pods",
                    fix: `${set("operator.quota.memory", "2560Mi")}, or lower apps[0].web.replicas.min`,
                },
            ],
        },
        "too many pods": {
            changes: [...ephemeral, ["operator.quota.pods", 5]],
            problems: [
                {
                    path: "operator.quota.pods",
                    found: "5; pods need at least 6: 2 x shop-web, database, cache, broker, and 1 for what a release adds",
                    allowed: "at least 6, or fewer or smaller pods",
                    fix: `${set("operator.quota.pods", "6")}, or lower apps[0].web.replicas.min`,
                },
            ],
        },
        "one large pod: its size is named": {
            changes: [
                ...ephemeral,
                ["apps[0].web.replicas", { min: 1, max: 1 }],
                ["database.size", "large"],
                ["operator.quota.memory", "3Gi"],
            ],
            problems: [
                {
                    path: "operator.quota.memory",
                    found: "3Gi; pods need at least 3.5Gi: database 2Gi, shop-web 512Mi, cache 256Mi, broker 256Mi, and 512Mi for what a release adds",
                    allowed: "at least 3584Mi, or fewer or smaller pods",
                    fix: `${set("operator.quota.memory", "3584Mi")}, or lower database.size`,
                },
            ],
        },
    });
    advises({
        "what fits at least, and not at most": {
            changes: [...ephemeral, large(1, 4), ["operator.quota.cpu", "6"]],
            problems: [
                {
                    path: "operator.quota.memory",
                    found: "8Gi; pods need at most 11Gi: 4 x shop-web 2Gi, database 512Mi, cache 256Mi, broker 256Mi, and 2Gi for what a release adds",
                    allowed:
                        "11Gi of memory, or a lower replicas.max: the autoscaler gets no pod beyond the quota, and a release waits",
                    fix: `${set("operator.quota.memory", "11Gi")}, or lower apps[0].web.replicas.max`,
                },
            ],
        },
    });
    accepts({
        "the defaults": ephemeral,
        "what just fits with a release": [
            ...ephemeral,
            ["apps[0].web.replicas", { min: 2, max: 2 }],
            ["operator.quota", { memory: "2560Mi", pods: 6, storage: "12Gi", cpu: "1100m" }],
        ],
        "as much where there is no quota": [large(10, 20), ["database.storage", "90Gi"]],
    });
});

describe("pods and nodes", () => {
    refuses({
        "a pod larger than each node": {
            changes: [gke(), huge, ["apps[0].web.size", "huge"]],
            problems: [
                {
                    path: "apps[0].web.size",
                    found: '"huge": 50m processors and 512Gi',
                    allowed:
                        "at most 3.705 processors and 12.96Gi: what a pod can have of a node of the type e2-standard-4, the largest here",
                    fix: `${set("apps[0].web.size", "large")}, or name a larger type in platform.cluster.nodes.pools.general.machineType`,
                },
            ],
        },
        "a server with more processors than each node": {
            changes: [
                doks({ apps: { size: "c-4", max: 3 } }),
                sizes({ wide: { cpu: 4, memory: "1Gi" } }),
                ["cache.size", "wide"],
            ],
            problems: [
                {
                    path: "cache.size",
                    found: '"wide": 4 processors and 1Gi',
                    allowed:
                        "at most 3.388 processors and 6Gi: what a pod can have of a node of the type c-4, the largest here",
                    fix: `${set("cache.size", "large")}, or name a larger type in platform.cluster.pools.apps.size`,
                },
            ],
        },
        "a pod larger than Autopilot's largest": {
            changes: [autopilot, huge, ["apps[0].web.size", "huge"]],
            problems: [
                {
                    path: "apps[0].web.size",
                    found: '"huge": 50m processors and 512Gi',
                    allowed: "at most 30 processors and 110Gi: what a pod can have of a node of Autopilot",
                    fix: set("apps[0].web.size", "large"),
                },
            ],
        },
        "a pod larger than Auto Mode's largest node": {
            changes: [
                eks({ variant: "auto" }),
                sizes({ vast: { cpu: "200", memory: "2Gi" } }),
                ["database.size", "vast"],
            ],
            problems: [
                {
                    path: "database.size",
                    found: '"vast": 200 processors and 2Gi',
                    allowed: "at most 192 processors and 1.5Ti: what a pod can have of a node of Auto Mode",
                    fix: set("database.size", "large"),
                },
            ],
        },
        "a pod larger than what pools of one's own on Auto Mode make": {
            changes: [
                eks({
                    variant: "auto",
                    pools: ["system"],
                    ownPools: { apps: { instanceTypes: ["m7i.large", "m7i.xlarge"] } },
                }),
                sizes({ vast: { cpu: "8", memory: "2Gi" } }),
                ["database.size", "vast"],
            ],
            problems: [
                {
                    path: "database.size",
                    found: '"vast": 8 processors and 2Gi',
                    allowed: expect.stringMatching(
                        /^at most 3\.[0-9]+ processors and 1[0-9.]+Gi: what a pod can have of a node of Auto Mode$/,
                    ) as string,
                    fix: set("database.size", "large"),
                },
            ],
        },
        "more pods than all nodes hold": {
            changes: [doks(small), large(6, 8)],
            problems: [
                {
                    path: "platform.cluster.pools.apps.max",
                    found: "3; 3 pods find no place on 3 x s-2vcpu-4gb, 1 x s-2vcpu-4gb, with at least 6 x shop-web 2Gi, database 512Mi, cache 256Mi, broker 256Mi, and what a release adds",
                    allowed:
                        "at least 6, or fewer or smaller pods: a node of the type s-2vcpu-4gb has 1.388 processors and 2.5Gi for them",
                    fix: `${set("platform.cluster.pools.apps.max", "6")}, or name a larger type in platform.cluster.pools.apps.size`,
                },
            ],
        },
        "the first pool of DOKS alone, which does not grow": {
            changes: [doks({}), ["apps[0].web.size", "large"]],
            problems: [
                {
                    path: "platform.cluster.firstPool.size",
                    found: '"s-2vcpu-4gb"; 4 pods find no place on 1 x s-2vcpu-4gb, with at least 2 x shop-web 2Gi, database 512Mi, cache 256Mi, broker 256Mi, and what a release adds',
                    allowed:
                        "more or larger nodes, or fewer or smaller pods: a node of the type s-2vcpu-4gb has 1.388 processors and 2.5Gi for them",
                    fix: `${set("platform.cluster.pools.apps.size", "s-2vcpu-4gb")} && ${set("platform.cluster.pools.apps.max", "2")}, or name a larger type in platform.cluster.firstPool.size`,
                },
            ],
        },
    });
    advises({
        "more pods at most than all nodes hold": {
            changes: [doks(small), large(2, 8)],
            problems: [
                {
                    path: "platform.cluster.pools.apps.max",
                    found: "3; 5 pods find no place on 3 x s-2vcpu-4gb, 1 x s-2vcpu-4gb, with at most 8 x shop-web 2Gi, database 512Mi, cache 256Mi, broker 256Mi, and what a release adds",
                    allowed:
                        "at least 8, or fewer or smaller pods: a node of the type s-2vcpu-4gb has 1.388 processors and 2.5Gi for them",
                    fix: `${set("platform.cluster.pools.apps.max", "8")}, or name a larger type in platform.cluster.pools.apps.size`,
                },
            ],
        },
        "nodes on which few pods get an address": {
            changes: [eks({ variant: "managed", groups: { main: { instanceTypes: ["t3.small"], min: 1, max: 2 } } })],
            problems: [
                {
                    path: "platform.cluster.nodes.groups.main.max",
                    found: "2; 2 pods find no place on 2 x t3.small, with at most 4 x shop-web 512Mi, database 512Mi, cache 256Mi, broker 256Mi, and what a release adds",
                    allowed:
                        "at least 3, or fewer or smaller pods: a node of the type t3.small has 1.75 processors and 1.42Gi for them",
                    fix: `${set("platform.cluster.nodes.groups.main.max", "3")}, or name a larger type in platform.cluster.nodes.groups.main.instanceTypes`,
                },
            ],
        },
        "a type that is not known: that alone, whatever pods ask for": {
            changes: [gke({ machineType: "e2-gigantic-4" }), huge, ["apps[0].web.size", "huge"]],
            problems: [
                {
                    path: "platform.cluster.nodes.pools.general.machineType",
                    found: '"e2-gigantic-4", which the list of 2026-11-30 does not have',
                    allowed:
                        "a machine type of Google Cloud, such as e2-standard-4, e2-highmem-4, e2-highcpu-4; a newer one is right too (gcloud compute machine-types list)",
                    fix: set("platform.cluster.nodes.pools.general.machineType", "e2-standard-4"),
                },
            ],
        },
    });
    accepts({
        "what fits": [gke(), large(3, 12)],
        "a custom machine": [gke({ machineType: "n2-custom-8-32768" }), large(3, 12)],
        "a large pod on a large node": [
            gke({ machineType: "n2-highmem-96" }),
            huge,
            ["apps[0].web", { size: "huge", replicas: { min: 2, max: 4 } }],
        ],
        "a cluster that is there, whose nodes nobody knows": [huge, ["apps[0].web.size", "huge"]],
        "pools changed by native arguments": [
            gke({ native: { nodeConfig: { machineType: "n2-highmem-96" } } }),
            huge,
            ["apps[0].web.size", "huge"],
        ],
        "nodes as needed": [eks({ variant: "auto" }), large(3, 20)],
    });

    it("leaves out a pool whose taint no pod tolerates", () => {
        const taints = [{ key: "only", value: "gpu", effect: "NoSchedule" }];
        const [problem] = problemsAfter(doks({ gpu: { size: "s-16vcpu-64gb", max: 5, taints } }), large(2, 4));
        expect(problem?.path).toBe("platform.cluster.firstPool.size");
    });

    it("does not take longer for a million pods", () => {
        const begin = performance.now();
        const [problem] = problemsAfter(
            gke({ max: 1000 }),
            ["operator.limits.replicas", 1_000_000],
            large(1_000_000, 1_000_000),
        );
        expect(problem?.path).toBe("platform.cluster.nodes.pools.general.max");
        expect(performance.now() - begin).toBeLessThan(2000);
    });
});

describe("memory and what is in it", () => {
    refuses({
        "64 processes of 64 threads in 256Mi": {
            changes: [["apps[0].web", { size: "small", processes: 64, threads: 64 }]],
            problems: [
                {
                    path: "apps[0].web.processes",
                    found: '64 in a pod of "small", which has 256Mi of memory',
                    allowed:
                        "at most 8: gunicorn takes 15Mi and each process 30Mi, an empty Django project's: 1.89Gi for 64",
                    fix: `${set("apps[0].web.processes", "8")}, or ${set("apps[0].web.size", "large")}`,
                },
            ],
        },
        "a concurrency of 16 in 256Mi": {
            changes: [worker({ size: "small", concurrency: 16 })],
            problems: [
                {
                    path: "apps[0].workers.default.concurrency",
                    found: '16 in a pod of "small", which has 256Mi of memory',
                    allowed:
                        "at most 7: celery takes 35Mi and each process 30Mi, an empty Django project's: 515Mi for 16",
                    fix: `${set("apps[0].workers.default.concurrency", "7")}, or ${set("apps[0].workers.default.size", "large")}`,
                },
            ],
        },
        "more than any size has": {
            changes: [["operator.limits.concurrency", 100], worker({ size: "large", concurrency: 100 })],
            problems: [
                {
                    path: "apps[0].workers.default.concurrency",
                    found: '100 in a pod of "large", which has 2Gi of memory',
                    allowed:
                        "at most 67: celery takes 35Mi and each process 30Mi, an empty Django project's: 2.96Gi for 100",
                    fix: `${set("apps[0].workers.default.concurrency", "67")}, or have the operator define a size of 2.96Gi or more (operator.sizes)`,
                },
            ],
        },
        "servers and a shell in 8Mi": {
            changes: [
                sizes({ tiny: { cpu: "50m", memory: "8Mi" } }),
                ["cache.size", "tiny"],
                ["database.size", "tiny"],
                ["apps[0].shell", { size: "tiny" }],
            ],
            problems: [
                {
                    path: "apps[0].shell.size",
                    found: '"tiny", which has 8Mi of memory',
                    allowed: "a size with at least 30Mi: manage.py takes 30Mi, an empty Django project's",
                    fix: set("apps[0].shell.size", "small"),
                },
                {
                    path: "database.size",
                    found: '"tiny", which has 8Mi of memory',
                    allowed: "a size with at least 64Mi: the server does not run in less",
                    fix: set("database.size", "small"),
                },
                {
                    path: "cache.size",
                    found: '"tiny", which has 8Mi of memory',
                    allowed: "a size with at least 16Mi: the server does not run in less",
                    fix: set("cache.size", "small"),
                },
            ],
        },
        "web pods in which no process has room": {
            changes: [sizes({ tiny: { cpu: "50m", memory: "32Mi" } }), ["apps[0].web", { size: "tiny" }]],
            problems: [
                {
                    path: "apps[0].web.size",
                    found: '"tiny", which has 32Mi of memory',
                    allowed:
                        "a size with at least 75Mi: gunicorn takes 15Mi and each process 30Mi, an empty Django project's: 75Mi for 2",
                    fix: set("apps[0].web.size", "small"),
                },
            ],
        },
    });
    advises({
        "64 processes of 64 threads with memory for them": {
            changes: [
                sizes({ big: { cpu: "1", memory: "8Gi" } }),
                ["apps[0].web", { size: "big", processes: 64, threads: 64 }],
            ],
            problems: [
                {
                    path: "apps[0].web.threads",
                    found: "64",
                    allowed:
                        "at most 32: threads of a process wait for one another, and 64 x 64 requests at a time in each pod are more than it can serve",
                    fix: `${set("apps[0].web.threads", "4")}, and more pods`,
                },
                {
                    path: "apps[0].web.processes",
                    found: '64 in a pod of "big", which reserves 1 of cpu',
                    allowed: "at most 12: gunicorn advises two for each processor and one",
                    fix: `${set("apps[0].web.processes", "12")}, and more pods`,
                },
            ],
        },
        "as many processes as an empty project has room for": {
            changes: [["apps[0].web", { size: "small", processes: 8 }]],
            problems: [
                {
                    path: "apps[0].web.processes",
                    found: '8 in a pod of "small", which has 256Mi of memory',
                    allowed:
                        "at most 5: gunicorn takes 15Mi and each process 48Mi, a small Django project's: 399Mi for 8",
                    fix: `${set("apps[0].web.processes", "5")}, or ${set("apps[0].web.size", "medium")}`,
                },
            ],
        },
    });
    accepts({
        "four processes of four threads in 256Mi": [["apps[0].web", { size: "small", processes: 4, threads: 4 }]],
        "a concurrency of 4 in 256Mi": [worker({ size: "small", concurrency: 4 })],
        "a server of the owner's own, whose processes nobody knows": [
            [
                "apps[0].web",
                { size: "small", command: ["granian", "--host=0.0.0.0", "--port=8000", "--workers=64", "shop.wsgi"] },
            ],
        ],
        "a worker of the owner's own": [
            worker({
                size: "small",
                concurrency: 16,
                command: ["celery", "--app=shop", "worker", "--pool=gevent", "--queues=celery", "--concurrency=16"],
            }),
        ],
    });

    it("does not stumble over a size that nobody defined", () => {
        const paths = problemsAfter(["apps[0].web.size", "toString"], ["database.size", "__proto__"]).map(
            ({ path }) => path,
        );
        expect(paths).toEqual(["apps[0].web.size", "database.size"]);
    });
});

describe("volumes and what is on them", () => {
    const onVolume = (storage: string): Change => [
        "assets.files",
        { from: "volume", storage, accessMode: "ReadWriteMany" },
    ];
    const log = "its log is rewritten beside the old one, and";

    refuses({
        "1Ki of everything": {
            changes: [["database.storage", "1Ki"], ["broker.storage", "1Ki"], onVolume("1Ki")],
            problems: [
                {
                    path: "database.storage",
                    found: '"1Ki"',
                    allowed: "at least 128Mi: an empty PostgreSQL with its log takes as much",
                    fix: set("database.storage", "1Gi"),
                },
                {
                    path: "broker.storage",
                    found: '"1Ki"',
                    allowed: `at least 256Mi: ${log} 256Mi of memory hold messages up to half of that`,
                    fix: `${set("broker.storage", "512Mi")}, or a smaller broker.size`,
                },
                {
                    path: "assets.files.storage",
                    found: '"1Ki"',
                    allowed: "at least 8Mi: the static files of Django's admin take as much",
                    fix: set("assets.files.storage", "8Mi"),
                },
            ],
        },
        "a broker with less volume than memory": {
            changes: [["broker", { variant: "redis", size: "large", storage: "1Gi" }]],
            problems: [
                {
                    path: "broker.storage",
                    found: '"1Gi"',
                    allowed: `at least 2Gi: ${log} 2Gi of memory hold messages up to half of that`,
                    fix: `${set("broker.storage", "4Gi")}, or a smaller broker.size`,
                },
            ],
        },
        "the volume of an app's own database": {
            changes: [["apps[0].stores.database", { variant: "in-cluster", version: "17", storage: "1Mi" }]],
            problems: [
                {
                    path: "apps[0].stores.database.storage",
                    found: '"1Mi"',
                    allowed: "at least 128Mi: an empty PostgreSQL with its log takes as much",
                    fix: set("apps[0].stores.database.storage", "1Gi"),
                },
            ],
        },
    });
    advises({
        "volumes that hold it just so": {
            changes: [
                ["broker", { variant: "redis", size: "large", storage: "2Gi" }],
                ["database.storage", "512Mi"],
            ],
            problems: [
                {
                    path: "database.storage",
                    found: '"512Mi"',
                    allowed: "at least 1Gi: PostgreSQL's log alone may take as much (max_wal_size)",
                    fix: set("database.storage", "1Gi"),
                },
                {
                    path: "broker.storage",
                    found: '"2Gi"',
                    allowed: `at least 4Gi: ${log} 2Gi of memory hold messages up to half of that`,
                    fix: `${set("broker.storage", "4Gi")}, or a smaller broker.size`,
                },
            ],
        },
    });
    accepts({
        "small volumes that suffice": [["database.storage", "1Gi"], ["broker.storage", "512Mi"], onVolume("8Mi")],
    });
});
