// The smallest changes by which a database's users fit: each alone is enough, is computed, and is a command to paste.
import { cloudSqlTier, defaultMaxConnections, mostConnections } from "../../lib/cloud-sql-tiers.ts";
import { databasePlan, postgresConnections } from "../../lib/digitalocean-plans.ts";
import { connectionShareAnnotation } from "../../lib/labels.ts";
import { memoryInCluster, mostInCluster, mostOnRds } from "../../lib/postgres-memory.ts";
import { largerRdsClasses, rdsMemory } from "../../lib/rds-classes.ts";
import { djangoRoles, type PlanView, type Workload } from "../plan-view.ts";
import { poolerFactsOf, type Budget, type User } from "./budget.ts";
import { assumed, greenlets, guardians, valueOf } from "./processes.ts";

export interface Change {
    /** In a few words, for example "fewer pods". */
    readonly what: string;
    readonly command: string;
}

/** The most that the setting takes (settings/database.ts). */
const largestSetting = 5000;

/** @returns nothing for a budget that fits; the least drastic first */
export function changesFor(view: PlanView, budget: Budget): readonly Change[] {
    if (budget.free === undefined || budget.free >= 0) {
        return [];
    }
    return [
        ...moreConnections(view, budget),
        ...smallerPool(view, budget),
        ...moreAndFewer(view, budget),
        ...fewerUsers(view, budget),
    ];
}

/** As many connections as the memory has room for, and fewer pods for what is still missing. */
function moreAndFewer(view: PlanView, budget: Budget): readonly Change[] {
    const { kind, limit = 0, free = 0 } = budget;
    const most = Math.min(budget.most ?? 0, largestSetting);
    if (kind === "digitalocean" || most <= limit || budget.sum + budget.reserve <= most) {
        return [];
    }
    const at = databaseSetting(view, budget);
    const more = set(`${at}${kind === "in-cluster" || kind === "external" ? "" : ".server"}.maxConnections`, most);
    return fewerUsers(view, { ...budget, free: free + most - limit })
        .slice(0, 1)
        .map(({ what, command }) => ({ what: `more connections, and ${what}`, command: joined([more, command]) }));
}

/** In a pool that is smaller, clients wait a little longer. */
function smallerPool(view: PlanView, budget: Budget): readonly Change[] {
    const pooler = budget.users.find(({ workload }) => workload?.role === "pooler");
    const [container] = pooler?.workload?.containers ?? [];
    const facts = container && poolerFactsOf(view, pooler!.workload!, container);
    if (facts === undefined || pooler?.pods === undefined) {
        return [];
    }
    const { max, surge } = pooler.pods;
    const each = Math.floor((pooler.connections + budget.free!) / ((max + surge) * facts.databases));
    return each < 1
        ? []
        : [{ what: "a smaller pool", command: set(`${databaseSetting(view, budget)}.pooler.size`, each * max) }];
}

/** Where the settings of a server stand: of the section, or of an app's own store, which is named after the app. */
function databaseSetting(view: PlanView, { name: service }: Pick<Budget, "name">): string {
    // A copy is as its server is.
    const name = service.replace(/-replica$/, "");
    const app = appNames(view).findIndex((app) => name === `${app}-database`);
    return app < 0 ? "database" : `apps[${app}].stores.database`;
}

/** In the order of the settings, which is the order in which the program makes them. */
function appNames(view: PlanView): readonly string[] {
    return view.ofType("django-on-kubernetes:django:App").map(({ name }) => name);
}

function set(path: string, value: number | string): string {
    return `pulumi config set --path '${path}' ${value}`;
}

function moreConnections(view: PlanView, budget: Budget): readonly Change[] {
    const path = databaseSetting(view, budget);
    const needed = budget.sum + budget.reserve;
    switch (budget.kind) {
        case "in-cluster":
            return raised(budget, `${path}.maxConnections`, needed) ?? inClusterSize(path, needed);
        case "rds":
            return raised(budget, `${path}.server.maxConnections`, needed) ?? rdsClass(budget, path, needed);
        case "cloud-sql":
            return raised(budget, `${path}.server.maxConnections`, needed) ?? cloudSqlMachine(budget, path, needed);
        case "digitalocean":
            return [...digitalOceanPlan(budget, path, needed), ...digitalOceanPool(budget, path)];
        case "existing":
        case "external":
            return [
                {
                    what: "if the server has as many, or after its own setting was raised",
                    command: set(`${path}${budget.kind === "external" ? "" : ".server"}.maxConnections`, needed),
                },
            ];
        case "lent":
            // Without a share there is the lender's whole server, and how that grows is its own affair.
            return budget.path.includes(connectionShareAnnotation)
                ? [
                      {
                          what: "more connections, in the lender's stack",
                          command: set("lends.borrowers.connections", budget.sum),
                      },
                  ]
                : [];
        default:
            return budget.kind satisfies never;
    }
}

/** @returns undefined where the memory has no room for as many */
function raised({ most }: Budget, path: string, needed: number): readonly Change[] | undefined {
    return needed <= Math.min(most ?? 0, largestSetting)
        ? [{ what: "more connections", command: set(path, needed) }]
        : undefined;
}

function inClusterSize(path: string, needed: number): readonly Change[] {
    if (needed > largestSetting) {
        return [];
    }
    const connections = set(`${path}.maxConnections`, needed);
    // The standard sizes (settings/operator.ts) that may have room, then one of its own.
    const standard =
        needed <= mostInCluster(512 * 2 ** 20) ? "medium" : needed <= mostInCluster(2 ** 31) ? "large" : undefined;
    if (standard !== undefined) {
        return [{ what: "a larger server", command: `${set(`${path}.size`, standard)} && ${connections}` }];
    }
    const gibibytes = Math.ceil(memoryInCluster(needed) / 2 ** 30);
    const size = [set("operator.sizes.database.cpu", 2), set("operator.sizes.database.memory", `${gibibytes}Gi`)];
    return [{ what: "a larger server", command: [...size, set(`${path}.size`, "database"), connections].join(" && ") }];
}

function rdsClass({ size = "" }: Budget, path: string, needed: number): readonly Change[] {
    // Of the same family if one is enough, then of those with more memory.
    const larger = [
        ...largerRdsClasses(size),
        ...largerRdsClasses("db.m7g.large"),
        ...largerRdsClasses("db.r7g.large"),
    ].find((other) => mostOnRds(rdsMemory(other)!) >= needed);
    return larger === undefined
        ? []
        : [
              {
                  what: "a larger server",
                  command: `${set(`${path}.server.instanceClass`, larger)} && ${set(`${path}.server.maxConnections`, needed)}`,
              },
          ];
}

/** Custom machines of the edition enterprise: of memory in steps of 256 MB, at most 6.5 GB for each processor. */
function cloudSqlMachine({ size = "" }: Budget, path: string, needed: number): readonly Change[] {
    const cpus = Number(/^db-custom-([0-9]+)-/.exec(size)?.[1] ?? (size.startsWith("db-custom") ? NaN : 1));
    const shared = size === "db-f1-micro" || size === "db-g1-small";
    if (!shared && !/^db-custom-[0-9]+-[0-9]+$/.test(size)) {
        return [];
    }
    for (const many of [1, 2, 4, 8, 16, 32].filter((count) => count >= cpus)) {
        for (let memory = Math.max(3840, many * 1024); memory <= many * 6656; memory += 256) {
            const tier = cloudSqlTier(`db-custom-${many}-${memory}`);
            if (tier !== undefined && mostConnections(tier) >= needed) {
                const machine = set(`${path}.server.tier`, `db-custom-${many}-${memory}`);
                const enough = defaultMaxConnections(tier) >= needed;
                return [
                    {
                        what: "a larger server",
                        command: `${machine} && ${set(`${path}.server.maxConnections`, enough ? defaultMaxConnections(tier) : needed)}`,
                    },
                ];
            }
        }
    }
    return [];
}

/** DigitalOcean's plans for all, smallest first. */
const plans = [
    "db-s-1vcpu-1gb",
    "db-s-1vcpu-2gb",
    "db-s-2vcpu-4gb",
    "db-s-4vcpu-8gb",
    "db-s-6vcpu-16gb",
    "db-s-8vcpu-32gb",
    "db-s-16vcpu-64gb",
];

function digitalOceanPlan({ reserve }: Budget, path: string, needed: number): readonly Change[] {
    const plan = plans.find((slug) => postgresConnections(databasePlan(slug)!) + reserve >= needed);
    return plan === undefined ? [] : [{ what: "a larger server", command: set(`${path}.server.size`, plan) }];
}

/** A pool leads to one database: it is no way for a server that apps share or that is lent. */
function digitalOceanPool({ users, limit = 0, reserve, pool }: Budget, path: string): readonly Change[] {
    const room = limit - reserve - others(users, djangoRoles);
    const apps = new Set(users.flatMap(({ workload }) => (workload === undefined ? [] : [workload.resource.parent])));
    if (room < 1 || (pool === undefined && apps.size !== 1) || users.some(({ name }) => name === "borrowers")) {
        return [];
    }
    return [
        {
            what: pool === undefined ? "a pool, behind which pods wait for their turn" : "a smaller pool",
            command: set(`${path}.server.pool.size`, room),
        },
    ];
}

function others(users: readonly User[], roles: readonly string[]): number {
    return users
        .filter(
            ({ workload, name }) => name !== "the pool" && !(workload !== undefined && roles.includes(workload.role)),
        )
        .reduce((sum, { connections }) => sum + connections, 0);
}

interface Scaled {
    readonly path: string;
    readonly workload: Workload;
    readonly pods: { readonly min: number; readonly max: number; readonly surge: number };
    readonly perPod: number;
}

function scaledOf(view: PlanView, { users }: Budget): readonly Scaled[] {
    return users.flatMap(({ workload, pods, perPod }) => {
        const path = workload && pathOf(view, workload);
        return path === undefined || pods === undefined || perPod === undefined
            ? []
            : [{ path, workload: workload!, pods, perPod }];
    });
}

/** Of each that is enough alone: fewer pods, or less in each. Else fewer pods of all together, else the fewest with less in each. */
function fewerUsers(view: PlanView, budget: Budget): readonly Change[] {
    const missing = -(budget.free ?? 0);
    const scaled = scaledOf(view, budget);
    const alone = scaled.flatMap((user): Change[] => {
        const max = user.pods.max - Math.ceil(missing / user.perPod);
        const inEach = fewerInEach(user, user.pods.max + user.pods.surge, missing);
        return [
            ...(max >= fewest(user)
                ? [{ what: `fewer pods of ${user.workload.name}`, command: joined(replicas(user, max)) }]
                : []),
            ...(inEach === undefined
                ? []
                : [{ what: `${inEach.what} in each pod of ${user.workload.name}`, command: joined(inEach.commands) }]),
        ];
    });
    return alone.length > 0 ? alone : fewerOfAll(scaled, missing);
}

interface Less {
    readonly what: string;
    readonly commands: readonly string[];
}

/**
 * Threads before processes: a thread less costs a pod the least.
 *
 * @returns undefined where it is not enough, or where nothing in an owner's own command bounds it
 */
function fewerInEach({ path, workload, perPod }: Scaled, pods: number, missing: number): Less | undefined {
    const most = Math.floor((pods * perPod - missing) / pods);
    const words = workload.containers.find(({ init }) => !init)?.command ?? [];
    const given = (option: string): number => Number(valueOf(words, option));
    if (most < 1) {
        return undefined;
    }
    if (!isOurs(words)) {
        return boundOf(path, words, perPod, most);
    }
    if (words.includes("qcluster")) {
        const concurrency = most - guardians;
        return concurrency < 1
            ? undefined
            : { what: "fewer tasks at a time", commands: [set(`${path}.concurrency`, concurrency)] };
    }
    if (words[0] === "uvicorn") {
        const fewer = Math.floor(most / assumed);
        return fewer < 1 ? undefined : { what: "fewer processes", commands: [set(`${path}.processes`, fewer)] };
    }
    if (workload.role === "worker") {
        return given("--concurrency") === perPod
            ? { what: "fewer tasks at a time", commands: [set(`${path}.concurrency`, most)] }
            : undefined;
    }
    const [processes, threads] = [given("--workers"), given("--threads")];
    if (workload.role !== "web" || processes * threads !== perPod) {
        return undefined;
    }
    if (most >= processes) {
        return { what: "fewer threads", commands: [set(`${path}.threads`, Math.floor(most / processes))] };
    }
    const commands = [set(`${path}.processes`, most), ...(threads === 1 ? [] : [set(`${path}.threads`, 1)])];
    return { what: threads === 1 ? "fewer processes" : "fewer processes, of one thread", commands };
}

/** Whether the settings make the command (components/django/contracts/django.ts), and not its owner. */
function isOurs(words: readonly string[]): boolean {
    const [program, ...rest] = words;
    const last = rest.at(-1);
    return (
        last === "--worker-tmp-dir=/dev/shm" ||
        (program === "celery" && /^--time-limit=/.test(last ?? "")) ||
        (program === "uvicorn" && last === "--no-access-log") ||
        (program === "daphne" && rest[0] === "--bind=0.0.0.0" && /\.asgi:application$/.test(last ?? "")) ||
        (program === "python" && rest[0] === "manage.py" && last === "qcluster")
    );
}

/** How each server is told what one process may do at a time, and how much it is without. */
const bounds: Readonly<Record<string, readonly [option: string, otherwise: number]>> = {
    uvicorn: ["--limit-concurrency", assumed],
    granian: ["--backpressure", assumed],
    gunicorn: ["--worker-connections", greenlets],
};

/** An option in the owner's own command, put in the place of the one that is there, or behind the last word. */
function boundOf(path: string, words: readonly string[], perPod: number, most: number): Less | undefined {
    const name = Object.keys(bounds).find((program) => words[0]?.endsWith(program));
    const [option = "", otherwise = 0] = name === undefined ? [] : bounds[name]!;
    const value = valueOf(words, option);
    const processes = perPod / (value === undefined ? otherwise : Number(value));
    const bound = Math.floor(most / processes);
    // Other servers, gunicorn without greenlets, and commands whose processes are not a whole number.
    if (name === undefined || bound < 1 || !Number.isInteger(processes)) {
        return undefined;
    }
    const at = words.findIndex((word) => word === option || word.startsWith(`${option}=`));
    const [index, word] =
        at < 0
            ? [words.length, `${option}=${bound}`]
            : words[at] === option
              ? [at + 1, String(bound)]
              : [at, `${option}=${bound}`];
    const text = word === String(bound) ? "--type string " : "";
    const dashes = word.startsWith("-") ? "-- " : "";
    return {
        what: "fewer requests at a time",
        commands: [`pulumi config set ${text}--path '${path}.command[${index}]' ${dashes}${word}`],
    };
}

/** Takes a pod off whichever holds most, until all fit; where the fewest pods are too many, less in those of the largest too. */
function fewerOfAll(users: readonly Scaled[], missing: number): readonly Change[] {
    const wanted = users.map((user) => ({ ...user, now: user.pods.max }));
    const fewer = (): string[] =>
        wanted.filter(({ now, pods }) => now < pods.max).flatMap((user) => replicas(user, user.now));
    let over = missing;
    while (over > 0) {
        const [largest] = wanted
            .filter((user) => user.now > fewest(user))
            .toSorted((a, b) => b.now * b.perPod - a.now * a.perPod);
        if (largest === undefined) {
            break;
        }
        largest.now -= 1;
        over -= largest.perPod;
    }
    if (over <= 0) {
        return [{ what: "fewer pods of all", command: joined(fewer()) }];
    }
    const [largest] = wanted.toSorted((a, b) => (b.now + b.pods.surge) * b.perPod - (a.now + a.pods.surge) * a.perPod);
    const inEach = largest && fewerInEach(largest, largest.now + largest.pods.surge, over);
    return inEach === undefined
        ? []
        : [
              {
                  what: `the fewest pods, and ${inEach.what} in each of ${largest!.workload.name}`,
                  command: joined([...fewer(), ...inEach.commands]),
              },
          ];
}

/** Both of them, or a file that has neither would be refused. */
function replicas({ path, pods }: Scaled, max: number): readonly string[] {
    return [set(`${path}.replicas.min`, Math.min(pods.min, max)), set(`${path}.replicas.max`, max)];
}

/** What an autoscaler keeps at least; of a number that is fixed, as few as keep the rules (R8). */
function fewest({ workload, pods }: Scaled): number {
    const fixed = workload.role === "web" ? 2 : 1;
    return pods.min < pods.max ? pods.min : Math.min(pods.min, fixed);
}

function joined(commands: readonly string[]): string {
    return commands.join(" && ");
}

/** Of the settings of a workload; undefined for what no setting scales. */
function pathOf(view: PlanView, { resource, role, name }: Workload): string | undefined {
    const app = view.get(resource.parent ?? "")?.name ?? "";
    const index = appNames(view).indexOf(app);
    if (index < 0) {
        return undefined;
    }
    if (role === "web") {
        return `apps[${index}].web`;
    }
    const worker = name.startsWith(`${app}-worker-`) ? name.slice(app.length + "-worker-".length) : undefined;
    if (role !== "worker" || worker === undefined) {
        return undefined;
    }
    const asItsImageSays = view.children(resource.parent ?? "").some((sibling) => sibling.name === `${app}-init`);
    return asItsImageSays ? `apps[${index}].async` : `apps[${index}].workers.${worker}`;
}
