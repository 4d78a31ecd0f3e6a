// What Cloud Monitoring measures of each thing, and from which value on somebody has to know.
import * as pulumi from "@pulumi/pulumi";
import type { gcpAlarms } from "../../../lib/alarms/names.ts";

/** One alert policy: any of its conditions rings. */
export interface GcpAlarm {
    readonly alarm: (typeof gcpAlarms)[number];
    /** What it is about, for the message: a store's name, a host's. */
    readonly of: string;
    /** Of its name, where there are several of one kind: with a hyphen before it. */
    readonly suffix: string;
    readonly condition: Threshold | MatchedLog;
}

export interface Threshold {
    readonly kind: "threshold";
    readonly filter: pulumi.Input<string>;
    readonly aligner: string;
    readonly reducer?: string;
    readonly groupBy?: readonly string[];
    /** Seconds of one measurement. */
    readonly period: number;
    /** Seconds for which it has to hold. */
    readonly duration: number;
    readonly comparison: "COMPARISON_GT" | "COMPARISON_LT";
    readonly value: number;
    /** What the value is divided by. @default nothing */
    readonly denominator?: { readonly filter: string; readonly aligner: string; readonly reducer: string };
}

/** A line in a log, of which one is enough. */
export interface MatchedLog {
    readonly kind: "log";
    readonly filter: string;
}

export interface WatchedCloudSql {
    /** `project:instance`. */
    readonly databaseId: pulumi.Output<string>;
    readonly maxConnections: number;
    /** Whether a second zone is to take over. */
    readonly regional: boolean;
}

/** Of the environment's own store there is no need to say which; others are named. */
function suffixOf(store: string, kind: string): string {
    return store === kind ? "" : `-${store.replace(new RegExp(`-${kind}$`), "")}`;
}

const minute = 60;

/** @see https://cloud.google.com/sql/docs/postgres/admin-api/metrics */
export function cloudSqlAlarms(store: string, server: WatchedCloudSql): readonly GcpAlarm[] {
    const { databaseId, maxConnections, regional } = server;
    const common = { of: store, suffix: suffixOf(store, "database") };
    const measured = (metric: string, more: Pick<Threshold, "aligner" | "value"> & Partial<Threshold>): Threshold => ({
        kind: "threshold",
        filter: pulumi.interpolate`resource.type = "cloudsql_database" AND resource.labels.database_id = "${databaseId}" AND metric.type = "cloudsql.googleapis.com/database/${metric}"`,
        period: 5 * minute,
        duration: 15 * minute,
        comparison: "COMPARISON_GT",
        ...more,
    });
    return [
        {
            ...common,
            alarm: "databaseDisk",
            // Of what it has now: it grows before that, until its limit.
            condition: measured("disk/utilization", { aligner: "ALIGN_MAX", value: 0.9 }),
        },
        {
            ...common,
            alarm: "databaseCpu",
            condition: measured("cpu/utilization", { aligner: "ALIGN_MEAN", value: 0.9 }),
        },
        {
            ...common,
            alarm: "databaseMemory",
            condition: measured("memory/utilization", { aligner: "ALIGN_MEAN", value: 0.95 }),
        },
        {
            ...common,
            alarm: "databaseConnections",
            condition: measured("postgresql/num_backends", {
                aligner: "ALIGN_MAX",
                // It is counted by database.
                reducer: "REDUCE_SUM",
                duration: 5 * minute,
                value: Math.floor(maxConnections * 0.85),
            }),
        },
        ...(regional
            ? [
                  {
                      ...common,
                      alarm: "databaseStandby" as const,
                      condition: measured("available_for_failover", {
                          aligner: "ALIGN_MAX",
                          comparison: "COMPARISON_LT",
                          value: 1,
                      }),
                  },
              ]
            : []),
    ];
}

/** @see https://cloud.google.com/memorystore/docs/redis/supported-monitoring-metrics */
export function memorystoreAlarms(store: string, instanceId: pulumi.Output<string>): readonly GcpAlarm[] {
    const common = { of: store, suffix: suffixOf(store, "cache") };
    const filter = (metric: string) =>
        pulumi.interpolate`resource.type = "redis_instance" AND resource.labels.instance_id = "${instanceId}" AND metric.type = "redis.googleapis.com/${metric}"`;
    return [
        {
            ...common,
            alarm: "cacheCpu",
            condition: {
                kind: "threshold",
                filter: filter("stats/cpu_utilization_main_thread"),
                // Seconds of processor time by the second, of user and system together.
                aligner: "ALIGN_RATE",
                reducer: "REDUCE_SUM",
                groupBy: ["resource.labels.node_id"],
                period: 5 * minute,
                duration: 15 * minute,
                comparison: "COMPARISON_GT",
                value: 0.9,
            },
        },
        {
            ...common,
            alarm: "cacheEvictions",
            condition: {
                kind: "threshold",
                filter: filter("stats/evicted_keys"),
                aligner: "ALIGN_RATE",
                period: 5 * minute,
                duration: 15 * minute,
                comparison: "COMPARISON_GT",
                value: 3,
            },
        },
    ];
}

export interface WatchedGke {
    readonly name: string;
    readonly location: string;
}

/**
 * @param namespace of the environment, whose pods and volumes these are; what is of the cluster is of all who are on it
 * @see https://cloud.google.com/monitoring/api/metrics_kubernetes
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility
 */
export function gkeAlarms({ name, location }: WatchedGke, namespace: string): readonly GcpAlarm[] {
    const cluster = `resource.labels.cluster_name = "${name}" AND resource.labels.location = "${location}"`;
    const common = { of: name, suffix: "" };
    return [
        {
            ...common,
            alarm: "podsCrashing",
            condition: {
                kind: "threshold",
                filter: `resource.type = "k8s_container" AND ${cluster} AND resource.labels.namespace_name = "${namespace}" AND metric.type = "kubernetes.io/container/restart_count"`,
                aligner: "ALIGN_DELTA",
                reducer: "REDUCE_SUM",
                groupBy: ["resource.labels.pod_name"],
                period: 15 * minute,
                duration: 0,
                comparison: "COMPARISON_GT",
                value: 3,
            },
        },
        {
            ...common,
            alarm: "podsPending",
            condition: {
                kind: "log",
                filter: `resource.type = "k8s_cluster" AND ${cluster} AND log_id("container.googleapis.com/cluster-autoscaler-visibility") AND jsonPayload.noDecisionStatus.noScaleUp:*`,
            },
        },
        {
            ...common,
            alarm: "nodesNotReady",
            condition: {
                kind: "threshold",
                filter: `resource.type = "k8s_node" AND ${cluster} AND metric.type = "kubernetes.io/node/status_condition" AND metric.labels.condition = "Ready" AND metric.labels.status = one_of("False", "Unknown")`,
                aligner: "ALIGN_FRACTION_TRUE",
                reducer: "REDUCE_MAX",
                groupBy: ["resource.labels.node_name"],
                period: 5 * minute,
                duration: 10 * minute,
                comparison: "COMPARISON_GT",
                value: 0.5,
            },
        },
        {
            ...common,
            alarm: "volumeFull",
            condition: {
                kind: "threshold",
                filter: `resource.type = "k8s_pod" AND ${cluster} AND resource.labels.namespace_name = "${namespace}" AND metric.type = "kubernetes.io/pod/volume/utilization"`,
                aligner: "ALIGN_MAX",
                period: 5 * minute,
                duration: 15 * minute,
                comparison: "COMPARISON_GT",
                value: 0.85,
            },
        },
    ];
}

/**
 * Of the load balancer that GKE makes of the Gateway: its URL map is called after namespace and Gateway, cut where that is long.
 *
 * @see https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring
 */
export function gkeGatewayAlarms(namespace: string): readonly GcpAlarm[] {
    const balancer = `resource.type = "https_lb_rule" AND resource.labels.url_map_name = monitoring.regex.full_match("gkegw1-[a-z0-9]+-${namespace.slice(0, 20)}.*")`;
    const requests = `${balancer} AND metric.type = "loadbalancing.googleapis.com/https/request_count"`;
    const common = { of: "the load balancer", suffix: "" };
    return [
        {
            ...common,
            alarm: "edgeErrors",
            condition: {
                kind: "threshold",
                filter: `${requests} AND metric.labels.response_code_class = 500`,
                aligner: "ALIGN_DELTA",
                reducer: "REDUCE_SUM",
                period: 5 * minute,
                duration: 0,
                comparison: "COMPARISON_GT",
                value: 0.05,
                denominator: { filter: requests, aligner: "ALIGN_DELTA", reducer: "REDUCE_SUM" },
            },
        },
        {
            ...common,
            alarm: "edgeLatency",
            condition: {
                kind: "threshold",
                filter: `${balancer} AND metric.type = "loadbalancing.googleapis.com/https/backend_latencies"`,
                aligner: "ALIGN_DELTA",
                reducer: "REDUCE_PERCENTILE_95",
                period: 5 * minute,
                duration: 15 * minute,
                comparison: "COMPARISON_GT",
                // Milliseconds.
                value: 2000,
            },
        },
    ];
}

/** @see https://cloud.google.com/monitoring/uptime-checks/uptime-alerting-policies */
export function hostAlarms(host: string, secure: boolean, check: pulumi.Output<string>): readonly GcpAlarm[] {
    const common = { of: host, suffix: `-${host}` };
    const filter = (metric: string) =>
        pulumi.interpolate`resource.type = "uptime_url" AND metric.labels.check_id = "${check}" AND metric.type = "monitoring.googleapis.com/uptime_check/${metric}"`;
    const uptime: GcpAlarm = {
        ...common,
        alarm: "uptime",
        condition: {
            kind: "threshold",
            filter: filter("check_passed"),
            aligner: "ALIGN_NEXT_OLDER",
            // Of the places it is asked from: one alone may have lost its way.
            reducer: "REDUCE_COUNT_FALSE",
            groupBy: ["resource.labels.host"],
            period: 5 * minute,
            duration: minute,
            comparison: "COMPARISON_GT",
            value: 1,
        },
    };
    const expiry: GcpAlarm = {
        ...common,
        alarm: "certificate",
        condition: {
            kind: "threshold",
            filter: filter("time_until_ssl_cert_expires"),
            aligner: "ALIGN_NEXT_OLDER",
            reducer: "REDUCE_MEAN",
            groupBy: ["resource.labels.host"],
            period: 20 * minute,
            duration: 10 * minute,
            comparison: "COMPARISON_LT",
            // Days.
            value: 14,
        },
    };
    return secure ? [uptime, expiry] : [uptime];
}
