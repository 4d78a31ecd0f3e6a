// What CloudWatch measures of each thing, and from which value on somebody has to know.
import * as pulumi from "@pulumi/pulumi";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { awsAlarms } from "../../../lib/alarms/names.ts";
import { rdsMemory } from "../../../lib/rds-classes.ts";

export interface AwsAlarm extends MetricAlarmArgs {
    readonly alarm: (typeof awsAlarms)[number];
    /** What it is about, for the message: a store's name, a host's. */
    readonly of: string;
    /** Of its name, where there are several of one kind: with a hyphen before it. */
    readonly suffix: string;
}

export interface WatchedRds {
    readonly identifier: pulumi.Output<string>;
    readonly instanceClass: string;
    /** GiB, when it was made. */
    readonly storage: number;
    /** Whether RDS enlarges it by itself. */
    readonly grows: boolean;
    readonly maxConnections: number;
}

export interface WatchedElastiCache {
    /** The replication group's id; its nodes are `<id>-001`, `<id>-002`, ... */
    readonly groupId: pulumi.Output<string>;
    readonly nodes: number;
}

/** Of the environment's own store there is no need to say which; others are named. */
function suffixOf(store: string, kind: string): string {
    return store === kind ? "" : `-${store.replace(new RegExp(`-${kind}$`), "")}`;
}

const minutes = (count: number) => ({ period: 60, evaluationPeriods: count });
const spans = (count: number) => ({ period: 300, evaluationPeriods: count });
const above = "GreaterThanThreshold";
const below = "LessThanThreshold";
const gibibyte = 2 ** 30;

/**
 * RDS enlarges a disk of which less than 10 % is free; below half of that it did not.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 */
export function rdsAlarms(store: string, server: WatchedRds): readonly AwsAlarm[] {
    const { identifier, instanceClass, storage, grows, maxConnections } = server;
    const common = {
        of: store,
        suffix: suffixOf(store, "database"),
        namespace: "AWS/RDS",
        dimensions: { DBInstanceIdentifier: identifier },
    };
    const memory = rdsMemory(instanceClass);
    return [
        {
            ...common,
            alarm: "databaseDisk",
            metricName: "FreeStorageSpace",
            statistic: "Minimum",
            comparisonOperator: below,
            threshold: Math.round(storage * gibibyte * (grows ? 0.05 : 0.1)),
            ...spans(3),
        },
        {
            ...common,
            alarm: "databaseCpu",
            metricName: "CPUUtilization",
            statistic: "Average",
            comparisonOperator: above,
            threshold: 90,
            ...spans(3),
        },
        {
            ...common,
            alarm: "databaseMemory",
            metricName: "FreeableMemory",
            statistic: "Average",
            comparisonOperator: below,
            threshold: memory === undefined ? 256 * 2 ** 20 : Math.round(memory * 0.05),
            ...spans(3),
        },
        {
            ...common,
            alarm: "databaseConnections",
            metricName: "DatabaseConnections",
            statistic: "Maximum",
            comparisonOperator: above,
            threshold: Math.floor(maxConnections * 0.85),
            ...spans(2),
        },
    ];
}

/** Nodes change their roles, so each is watched for all. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html */
export function elastiCacheAlarms(store: string, { groupId, nodes }: WatchedElastiCache): readonly AwsAlarm[] {
    const kind = suffixOf(store, "cache");
    return Array.from({ length: nodes }, (_, index) => String(index + 1).padStart(3, "0")).flatMap(
        (number): AwsAlarm[] => {
            const common = {
                of: `${store}, node ${number}`,
                suffix: `${kind}-${number}`,
                namespace: "AWS/ElastiCache",
                dimensions: { CacheClusterId: pulumi.interpolate`${groupId}-${number}` },
                comparisonOperator: above,
            };
            return [
                {
                    ...common,
                    alarm: "cacheCpu",
                    metricName: "EngineCPUUtilization",
                    statistic: "Average",
                    threshold: 90,
                    ...spans(3),
                },
                {
                    ...common,
                    alarm: "cacheEvictions",
                    metricName: "Evictions",
                    statistic: "Sum",
                    threshold: 1000,
                    ...spans(3),
                },
                ...(nodes === 1
                    ? []
                    : [
                          {
                              ...common,
                              alarm: "cacheReplication" as const,
                              metricName: "ReplicationLag",
                              statistic: "Average",
                              threshold: 30,
                              ...spans(2),
                          },
                      ]),
            ];
        },
    );
}

/**
 * Pods that wait are counted by the control plane, for nothing; pods that crash and nodes by the add-on that collects containers' logs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html
 */
export function clusterAlarms({
    name,
    containerInsights,
}: {
    readonly name: string;
    readonly containerInsights: boolean;
}): readonly AwsAlarm[] {
    const common = {
        of: name,
        suffix: "",
        dimensions: { ClusterName: name },
        statistic: "Maximum",
        comparisonOperator: above,
        threshold: 0,
    };
    const pending: AwsAlarm = {
        ...common,
        alarm: "podsPending",
        namespace: "AWS/EKS",
        metricName: "scheduler_pending_pods_UNSCHEDULABLE",
        // A node that is on its way takes some minutes.
        ...minutes(15),
    };
    if (!containerInsights) {
        return [pending];
    }
    const insights = { ...common, namespace: "ContainerInsights" };
    return [
        pending,
        {
            ...insights,
            alarm: "podsCrashing",
            metricName: "pod_container_status_waiting_reason_crash_loop_back_off",
            ...minutes(10),
            // Between two attempts it runs for a while.
            datapointsToAlarm: 5,
        },
        { ...insights, alarm: "nodesNotReady", metricName: "cluster_failed_node_count", ...minutes(10) },
    ];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export function loadBalancerAlarms(loadBalancer: pulumi.Input<string>): readonly AwsAlarm[] {
    const dimensions = { LoadBalancer: loadBalancer };
    const common = { of: "the load balancer", suffix: "" };
    const count = (id: string, metricName: string) => ({
        id,
        returnData: false,
        metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, stat: "Sum" },
    });
    return [
        {
            ...common,
            alarm: "edgeErrors",
            comparisonOperator: above,
            threshold: 5,
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
            metricQueries: [
                count("served", "RequestCount"),
                count("pods", "HTTPCode_Target_5XX_Count"),
                // Its own 503 and 504, which it does not count among the requests.
                count("own", "HTTPCode_ELB_5XX_Count"),
                { id: "requests", expression: "FILL(served, 0) + FILL(own, 0)", returnData: false },
                {
                    id: "percent",
                    // One failure among a few requests at night is none.
                    expression: "IF(requests > 20, 100 * (FILL(pods, 0) + FILL(own, 0)) / requests, 0)",
                    label: "5xx, percent",
                    returnData: true,
                },
            ],
        },
        {
            ...common,
            alarm: "edgeLatency",
            namespace: "AWS/ApplicationELB",
            metricName: "TargetResponseTime",
            dimensions,
            extendedStatistic: "p95",
            evaluateLowSampleCountPercentiles: "ignore",
            comparisonOperator: above,
            threshold: 2,
            ...spans(3),
        },
        {
            ...common,
            alarm: "edgeUnhealthy",
            comparisonOperator: above,
            threshold: 0,
            evaluationPeriods: 10,
            metricQueries: [
                {
                    id: "unhealthy",
                    // Of all its target groups, whose names nobody knows before the controller makes them.
                    expression: pulumi.interpolate`SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${loadBalancer}'`,
                    period: 60,
                    label: "unhealthy pods",
                    returnData: true,
                },
            ],
        },
    ];
}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html */
export function cdnAlarms(store: string, distribution: pulumi.Input<string>): AwsAlarm {
    return {
        alarm: "cdnErrors",
        of: store,
        suffix: suffixOf(store, "assets"),
        namespace: "AWS/CloudFront",
        metricName: "5xxErrorRate",
        dimensions: { DistributionId: distribution, Region: "Global" },
        statistic: "Average",
        comparisonOperator: above,
        threshold: 5,
        ...spans(2),
    };
}

/** ACM renews 60 days before the end. @see https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html */
export function certificateAlarms(arns: ReadonlyArray<pulumi.Input<string>>): readonly AwsAlarm[] {
    return arns.map((arn, index) => ({
        alarm: "certificate",
        of: "of the load balancer",
        suffix: index === 0 ? "" : `-${index + 1}`,
        namespace: "AWS/CertificateManager",
        metricName: "DaysToExpiry",
        dimensions: { CertificateArn: arn },
        statistic: "Minimum",
        comparisonOperator: below,
        threshold: 30,
        // It is measured twice a day.
        period: 86_400,
        evaluationPeriods: 1,
    }));
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html */
export function hostAlarms(host: string, check: pulumi.Input<string>): AwsAlarm {
    return {
        alarm: "uptime",
        of: host,
        suffix: `-${host}`,
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensions: { HealthCheckId: check },
        statistic: "Minimum",
        comparisonOperator: below,
        threshold: 1,
        treatMissingData: "breaching",
        ...minutes(3),
    };
}
