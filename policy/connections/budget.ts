// The connections of each database server: how many it takes, and how many all that use it may hold at once (R29).
// A rare moment is counted, and on purpose: the autoscaler at its most, in the middle of an update, every thread at work.
import { cloudSqlTier, defaultMaxConnections, mostConnections } from "../../lib/cloud-sql-tiers.ts";
import { databasePlan, postgresConnections } from "../../lib/digitalocean-plans.ts";
import {
    borrowersAnnotation,
    connectionShareAnnotation,
    maxConnectionsAnnotation,
    pooledAnnotation,
} from "../../lib/labels.ts";
import { poolerFacts, type PoolerFacts } from "../../lib/pgbouncer-configuration.ts";
import { mostInCluster, mostOnRds } from "../../lib/postgres-memory.ts";
import { rdsMemory } from "../../lib/rds-classes.ts";
import { bytesOf, numberOf, textOf } from "../kubernetes.ts";
import { addressesOf } from "../needs.ts";
import {
    commandLine,
    componentLabel,
    djangoRoles,
    examine,
    metadataOf,
    option,
    podsOf,
    reachesPrefix,
    type PlacedContainer,
    type PlanView,
    type Service,
    type Workload,
} from "../plan-view.ts";
import type { PolicyResource } from "../resource.ts";
import { inputOf, listOf } from "../setting.ts";
import { otherConnections, webConnections, workerConnections } from "./processes.ts";

export type ServerKind = "in-cluster" | "cloud-sql" | "rds" | "digitalocean" | "existing" | "external" | "lent";

/** Where a server's limit stands, and what it is. */
export interface ServerLimit {
    readonly kind: ServerKind;
    /** What the rule names. */
    readonly resource: PolicyResource;
    /** The way to the limit in its inputs. */
    readonly path: string;
    /** Undefined while it is not known. */
    readonly limit: number | undefined;
    /** Where the limit comes from, for example `max_connections` or `the plan db-s-1vcpu-2gb`. */
    readonly from: string;
    /** How many of them the server keeps for its administrators. */
    readonly reserve: number;
    /** As many as its memory has room for; undefined where the limit is no setting of this stack, or the memory unknown. */
    readonly most?: number;
    /** The machine, plan or memory that the limit depends on. */
    readonly size?: string;
    /** Connections of a pool in front of it. */
    readonly pool?: number;
}

export interface User {
    readonly name: string;
    /** How many it may hold at once. */
    readonly connections: number;
    /** How that is counted. */
    readonly arithmetic: string;
    /** Absent for what is no workload of the plan, such as another environment. */
    readonly workload?: Workload;
    readonly pods?: { readonly min: number; readonly max: number; readonly surge: number };
    readonly perPod?: number;
}

export interface Budget extends ServerLimit {
    /** The Service by which its users call it; the first of several. */
    readonly name: string;
    readonly users: readonly User[];
    /** All users together. */
    readonly sum: number;
    /** What is left of the limit, less the reserve; negative when it does not fit, undefined while the limit is not known. */
    readonly free: number | undefined;
}

/** PostgreSQL keeps these for its superusers (superuser_reserved_connections). */
const superusers = 3;

/** On RDS two more are for members of rds_superuser (rds.rds_superuser_reserved_connections). */
const rdsReserve = superusers + 2;

const digitalOceanReplica = "digitalocean:index/databaseReplica:DatabaseReplica";

const found = new WeakMap<PlanView, readonly Budget[]>();

export function budgetsOf(view: PlanView): readonly Budget[] {
    let budgets = found.get(view);
    if (budgets === undefined) {
        budgets = serversIn(view).map((server) => budgetOf(view, server));
        found.set(view, budgets);
    }
    return budgets;
}

interface Server extends ServerLimit {
    readonly services: readonly Service[];
}

/** One for each server, whatever number of Services leads to it. */
function serversIn(view: PlanView): readonly Server[] {
    const services = view.services.filter((service) => isDatabase(service));
    const groups = Map.groupBy(services, (service) => identityOf(view, service));
    return [...groups.values()].flatMap((group) => {
        const limit = limitOf(view, group[0]!);
        return limit === undefined ? [] : [{ ...limit, services: group }];
    });
}

function isDatabase({ resource, workloads }: Service): boolean {
    return (
        workloads.some(({ role }) => role === "database") ||
        (workloads.length === 0 && metadataOf(resource).labels?.[componentLabel] === "database")
    );
}

/** Two Services that lead to one address are one server; so are all that the platform's stack lends. */
function identityOf(view: PlanView, service: Service): string {
    if (componentOf(view, service) === "OnServer") {
        return "lent";
    }
    const name = `${service.namespace ?? ""}/${service.name ?? service.resource.urn}`;
    return textOf(service.spec.externalName) ?? endpointOf(view, service) ?? name;
}

function endpointOf(view: PlanView, { name, namespace }: Service): string | undefined {
    const slice = view.find("kubernetes:discovery.k8s.io/v1:EndpointSlice", name, namespace);
    const [endpoint] = listOf(slice?.props["endpoints"]) as ReadonlyArray<{ readonly addresses?: unknown }>;
    return textOf(listOf(endpoint?.addresses)[0]);
}

function annotation({ resource }: Service, name: string): string | undefined {
    return textOf(metadataOf(resource).annotations?.[name]);
}

/** Which of components/database it belongs to, by the last word of the component's type. */
function componentOf(view: PlanView, { resource }: Service): string | undefined {
    return view
        .get(resource.parent ?? "")
        ?.type.split(":")
        .at(-1);
}

function limitOf(view: PlanView, service: Service): ServerLimit | undefined {
    const [database] = service.workloads;
    if (database !== undefined) {
        return inCluster(database);
    }
    const beside = view.children(service.resource.parent ?? "");
    // A server and its copy are made side by side: the Service's address tells which.
    const named = new Set(addressOf(view, service).flatMap(({ dependencies }) => dependencies));
    const one = (type: string): PolicyResource | undefined => {
        const all = beside.filter((resource) => resource.type === type);
        return all.find(({ urn }) => named.has(urn)) ?? all[0];
    };
    const rds = one("aws:rds/instance:Instance");
    const sql = one("gcp:sql/databaseInstance:DatabaseInstance");
    const digitalOcean = one("digitalocean:index/databaseCluster:DatabaseCluster");
    const replica = beside.find(({ type, urn }) => type === digitalOceanReplica && named.has(urn));
    if (rds !== undefined) {
        return onRds(rds, one("aws:rds/parameterGroup:ParameterGroup"));
    }
    if (sql !== undefined) {
        return onCloudSql(sql);
    }
    if (replica !== undefined) {
        return onDigitalOcean(replica, []);
    }
    if (digitalOcean !== undefined) {
        const pools = beside.filter(
            ({ type }) => type === "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool",
        );
        return onDigitalOcean(digitalOcean, pools);
    }
    const component = componentOf(view, service);
    return component === "OnServer" ? lent(service) : existing(service, component);
}

/** What a Service without pods leads by. */
function addressOf(view: PlanView, { resource, name, namespace }: Service): readonly PolicyResource[] {
    const slice = view.find("kubernetes:discovery.k8s.io/v1:EndpointSlice", name, namespace);
    return slice === undefined ? [resource] : [resource, slice];
}

function inCluster({ resource, containers }: Workload): ServerLimit | undefined {
    const container = containers.find(({ init }) => !init);
    if (container === undefined) {
        return undefined;
    }
    const memory = bytesOf(container.resources?.limits?.["memory"]);
    const reserved = (name: string): number | undefined => numberOf(option(container, name));
    return {
        kind: "in-cluster",
        resource,
        path: `${container.path}.args`,
        limit: numberOf(option(container, "max_connections")) ?? 100,
        from: "max_connections",
        reserve: (reserved("superuser_reserved_connections") ?? superusers) + (reserved("reserved_connections") ?? 0),
        ...(memory !== undefined && {
            most: mostInCluster(memory),
            size: textOf(container.resources?.limits?.["memory"]),
        }),
    };
}

function onRds(instance: PolicyResource, parameters: PolicyResource | undefined): ServerLimit {
    const size = textOf(inputOf(instance, "instanceClass"));
    const memory = size === undefined ? undefined : rdsMemory(size);
    const most = memory === undefined ? undefined : mostOnRds(memory);
    const parameter = (
        listOf(parameters?.props["parameters"]) as ReadonlyArray<{ readonly name?: unknown; readonly value?: unknown }>
    ).find(({ name }) => name === "max_connections");
    const common = {
        kind: "rds" as const,
        reserve: rdsReserve,
        ...(most !== undefined && { most }),
        ...(size && { size }),
    };
    return parameters === undefined || parameter === undefined
        ? {
              ...common,
              resource: instance,
              path: "instanceClass",
              limit: most,
              from: `the class ${size ?? "of the server"}`,
          }
        : {
              ...common,
              resource: parameters,
              path: "parameters",
              limit:
                  numberOf(parameter.value) ??
                  (/DBInstanceClassMemory/.test(textOf(parameter.value) ?? "") ? most : undefined),
              from: "max_connections",
          };
}

function onCloudSql(instance: PolicyResource): ServerLimit {
    const size = textOf(inputOf(instance, "settings.tier"));
    const tier = size === undefined ? undefined : cloudSqlTier(size);
    const flags = listOf(inputOf(instance, "settings.databaseFlags")) as ReadonlyArray<{
        readonly name?: unknown;
        readonly value?: unknown;
    }>;
    const value = (wanted: string): unknown => flags.find(({ name }) => name === wanted)?.value;
    const given = value("max_connections");
    return {
        kind: "cloud-sql",
        resource: instance,
        path: given === undefined ? "settings.tier" : "settings.databaseFlags",
        limit: given === undefined ? tier && defaultMaxConnections(tier) : numberOf(given),
        from: given === undefined ? `the tier ${size ?? "of the server"}` : "max_connections",
        reserve: superusers,
        ...(tier !== undefined && { most: mostConnections(tier) }),
        ...(size !== undefined && { size }),
    };
}

function onDigitalOcean(cluster: PolicyResource, pools: readonly PolicyResource[]): ServerLimit {
    const size = textOf(inputOf(cluster, "size"));
    const plan = size === undefined ? undefined : databasePlan(size);
    const sizes = pools.map(({ props }) => numberOf(props["size"]) ?? 0);
    return {
        kind: "digitalocean",
        resource: cluster,
        path: "size",
        limit: plan && postgresConnections(plan) + superusers,
        from: `the plan ${size ?? "of the server"}`,
        reserve: superusers,
        ...(size !== undefined && { size }),
        ...(sizes.length > 0 && { pool: sizes.reduce((sum, one) => sum + one, 0) }),
    };
}

function lent(service: Service): ServerLimit {
    const share = numberOf(annotation(service, connectionShareAnnotation));
    const name = share === undefined ? maxConnectionsAnnotation : connectionShareAnnotation;
    return {
        kind: "lent",
        resource: service.resource,
        path: `metadata.annotations["${name}"]`,
        limit: share ?? numberOf(annotation(service, maxConnectionsAnnotation)),
        from: share === undefined ? "the lender's max_connections" : "the lender's lends.borrowers.connections",
        reserve: share === undefined ? superusers : 0,
    };
}

/** A server that was there: what its settings say of it. */
function existing(service: Service, component: string | undefined): ServerLimit {
    const external = component === "External";
    // What DigitalOcean reserves is taken off what the setting asks for.
    const reserve = component === "Rds" ? rdsReserve : component === "DigitalOceanPostgresql" ? 0 : superusers;
    return {
        kind: external ? "external" : "existing",
        resource: service.resource,
        path: `metadata.annotations["${maxConnectionsAnnotation}"]`,
        limit: numberOf(annotation(service, maxConnectionsAnnotation)),
        from: external ? "maxConnections" : "server.maxConnections",
        reserve,
        ...(annotation(service, pooledAnnotation) === "true" && { pool: 0 }),
    };
}

function budgetOf(view: PlanView, { services, ...server }: Server): Budget {
    const users = usersOf(view, services);
    const behindPool = (user: User): boolean => server.pool !== undefined && isDjango(user.workload);
    // Of those behind a pool, the pool's own connections are all that the server sees.
    const direct: readonly User[] =
        server.pool === undefined
            ? users
            : [
                  ...(server.pool > 0 ? [{ name: "the pool", connections: server.pool, arithmetic: "pool.size" }] : []),
                  ...users.filter((user) => !behindPool(user)),
              ];
    const sum = direct.reduce((total, { connections }) => total + connections, 0);
    return {
        ...server,
        name: services[0]!.name ?? services[0]!.resource.name,
        // By name where they are equal: in which order pods are registered is the SDK's affair.
        users: direct.toSorted((a, b) => b.connections - a.connections || (a.name < b.name ? -1 : 1)),
        sum,
        free: server.limit === undefined ? undefined : server.limit - server.reserve - sum,
    };
}

function isDjango(workload: Workload | undefined): boolean {
    return workload !== undefined && djangoRoles.includes(workload.role);
}

function usersOf(view: PlanView, services: readonly Service[]): User[] {
    const clients = view.workloads.filter(
        (workload) => workload.role !== "database" && services.some((service) => calls(view, workload, service)),
    );
    const standing = clients.filter(({ kind, role }) => kind !== "Job" && role !== "other");
    const borrowers = clients.flatMap((workload) => borrowersOf(workload));
    // The jobs of one app run one after the other; those of several apps, and psql's beside them, at once.
    const releases = Map.groupBy(
        clients.filter(({ role }) => role === "release"),
        ({ resource }) => resource.parent ?? "",
    );
    const administration = clients.filter(({ role }) => role === "other").length;
    return [
        ...standing.map((workload) => userOf(view, workload)),
        ...[...releases.values()].map((jobs): User => ({
            name: jobs.length === 1 ? jobs[0]!.name : `a job of ${appOf(jobs[0]!)}'s release`,
            connections: 1,
            arithmetic: "",
            workload: jobs[0]!,
        })),
        ...(administration > 0
            ? [
                  {
                      name: administration === 1 ? "psql's job" : "psql's jobs",
                      connections: administration,
                      arithmetic: "",
                  },
              ]
            : []),
        ...borrowers,
    ];
}

/** Those that a server is lent to are told of on what sweeps up after them. */
function borrowersOf({ resource }: Workload): User[] {
    const text = textOf(metadataOf(resource).annotations?.[borrowersAnnotation]);
    const [, environments, connections] = /^([0-9]+) x ([0-9]+)$/.exec(text ?? "") ?? [];
    return environments === undefined
        ? []
        : [
              {
                  name: "borrowers",
                  connections: Number(environments) * Number(connections),
                  arithmetic: `${environments} environments x ${connections}`,
              },
          ];
}

/** By the label that lets a pod through, which a preview knows too, or by what its containers are told. */
function calls(view: PlanView, workload: Workload, { name, namespace }: Service): boolean {
    if (name === undefined || workload.namespace !== namespace) {
        return false;
    }
    return workload.podLabels[`${reachesPrefix}${name}`] === "true" || tellsOf(view, workload, name);
}

const told = new WeakMap<Workload, ReadonlySet<string | undefined>>();

function tellsOf(view: PlanView, workload: Workload, name: string): boolean {
    let names = told.get(workload);
    if (names === undefined) {
        const hosts = [...addressesOf(view, workload)].map(({ address }) => address.host);
        names = new Set(hosts.map((host) => view.serviceAt(host, workload.namespace)?.name));
        told.set(workload, names);
    }
    return names.has(name);
}

function userOf(view: PlanView, workload: Workload): User {
    const { min, max } = podsOf(view, workload);
    const surge = surgeOf(workload, max);
    const { connections: perPod, arithmetic } = podConnections(view, workload);
    const pods = surge === 0 ? (max === 1 ? "" : `${max} pods`) : `(${max} + ${surge}) pods`;
    return {
        name: workload.name,
        connections: (max + surge) * perPod,
        arithmetic: [pods, arithmetic].filter((part) => part !== "").join(" x "),
        workload,
        pods: { min, max, surge },
        perPod,
    };
}

/** Pods beyond the wanted ones in an update; a share is of the wanted ones, rounded up. */
function surgeOf({ kind, spec }: Workload, pods: number): number {
    if (kind !== "Deployment" || spec.strategy?.type === "Recreate") {
        return 0;
    }
    const surge = spec.strategy?.rollingUpdate?.maxSurge ?? "25%";
    const share = /^([0-9]+)%$/.exec(String(surge))?.[1];
    return share === undefined ? (numberOf(surge) ?? 0) : Math.ceil((pods * Number(share)) / 100);
}

function podConnections(
    view: PlanView,
    workload: Workload,
): { readonly connections: number; readonly arithmetic: string } {
    const counted = djangoContainers(view, workload).map((container) =>
        containerConnections(view, workload, container),
    );
    return counted.length === 1
        ? counted[0]!
        : {
              connections: counted.reduce((sum, { connections }) => sum + connections, 0),
              arithmetic: `(${counted.map(({ connections }) => connections).join(" + ")})`,
          };
}

/** Of several containers in a pod, those that are told the same as the app; a proxy beside it calls no database. */
function djangoContainers(view: PlanView, workload: Workload): readonly PlacedContainer[] {
    const running = workload.containers.filter(({ init }) => !init);
    const told = running.filter((container) =>
        [...view.environmentOf(workload, container).keys()].some((name) => /(^|_)(DB_HOST|DATABASE_URL)$/.test(name)),
    );
    return told.length > 0 ? told : running.slice(0, 1);
}

function containerConnections(view: PlanView, workload: Workload, container: PlacedContainer) {
    const words = commandLine(container);
    const environment = view.environmentOf(workload, container);
    const read = (name: string): string | undefined => examine(environment.get(name), (text) => text);
    switch (workload.role) {
        case "web":
            return webConnections(words, read);
        case "worker":
            return workerConnections(
                words,
                read([...environment.keys()].find((name) => name.endsWith("Q_WORKERS")) ?? ""),
            );
        case "scheduled":
        case "app":
            return otherConnections(words);
        case "pooler":
            return pooledConnections(view, workload, container);
        default:
            // Beat, and whoever works in the shell.
            return { connections: 1, arithmetic: "" };
    }
}

/** Those of a pooler to its server: whoever comes through it, comes in one of these. */
function pooledConnections(view: PlanView, workload: Workload, container: PlacedContainer) {
    const facts = poolerFactsOf(view, workload, container);
    if (facts === undefined) {
        return { connections: 0, arithmetic: "not known yet" };
    }
    const { databases, poolSize } = facts;
    return {
        connections: databases * poolSize,
        arithmetic: databases === 1 ? `${poolSize} connections` : `${databases} databases x ${poolSize}`,
    };
}

/** @returns undefined while its configuration is not known */
export function poolerFactsOf(view: PlanView, workload: Workload, container: PlacedContainer): PoolerFacts | undefined {
    const files = [...view.filesOf(workload, container)].filter(([path]) => path.endsWith(".ini"));
    const [facts] = files.map(([, file]) => examine(file, poolerFacts));
    return facts;
}

/** Who comes to a pooler, with how many connections each at the most. */
export function clientsOf(view: PlanView, pooler: Workload): User[] {
    return usersOf(
        view,
        view.services.filter(({ workloads }) => workloads.includes(pooler)),
    );
}

function appOf({ resource, name }: Workload): string {
    return resource.parent?.split("::").at(-1) ?? name;
}
