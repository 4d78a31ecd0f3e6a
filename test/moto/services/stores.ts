// RDS and ElastiCache.
// @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
// @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_Operations.html
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import { renamed, type Making, type Translations } from "./translation.ts";

/** One minute less: moto takes hours that touch for hours that overlap, which AWS does not. */
function endedBefore(hours: string): string {
    const [start, end] = hours.split("-") as [string, string];
    const [hour, minute] = end.split(":").map(Number) as [number, number];
    const last = (hour * 60 + minute + 24 * 60 - 1) % (24 * 60);
    const two = (part: number): string => String(part).padStart(2, "0");
    return `${start}-${two(Math.floor(last / 60))}:${two(last % 60)}`;
}

/** What the provider asks for while AWS restores; other settings it changes afterwards, or at the next update. */
async function restored({ call, text }: Making, given: PlainMap): Promise<PlainMap | undefined> {
    const { restoreToPointInTime, dbSnapshotIdentifier, ...others } = given;
    const sent = [
        "dbInstanceClass",
        "dbSubnetGroupName",
        "dbParameterGroupName",
        "vpcSecurityGroupIds",
        "multiAZ",
        "tags",
    ];
    const input = Object.fromEntries(Object.entries(others).filter(([name]) => sent.includes(name)));
    const made =
        dbSnapshotIdentifier === undefined
            ? await call("rds.RestoreDBInstanceToPointInTime", {
                  ...input,
                  ...renamed(restoreToPointInTime as PlainMap, {
                      sourceDbInstanceIdentifier: "sourceDBInstanceIdentifier",
                      sourceDbInstanceAutomatedBackupsArn: "sourceDBInstanceAutomatedBackupsArn",
                  }),
                  targetDBInstanceIdentifier: text("identifier"),
              })
            : await call("rds.RestoreDBInstanceFromDBSnapshot", {
                  ...input,
                  dbSnapshotIdentifier,
                  dbInstanceIdentifier: text("identifier"),
              });
    const instance = made?.["DBInstance"] as Record<string, never> | undefined;
    return instance && { arn: instance["DBInstanceArn"] };
}

/** A replica is encrypted as its source is; its hours are set by a second call, as the provider does. */
async function replica({ call, text }: Making, given: PlainMap): Promise<PlainMap | undefined> {
    const { preferredMaintenanceWindow, storageEncrypted: _, ...others } = given;
    const made = await call("rds.CreateDBInstanceReadReplica", others);
    if (preferredMaintenanceWindow !== undefined) {
        await call("rds.ModifyDBInstance", { dbInstanceIdentifier: text("identifier"), preferredMaintenanceWindow });
    }
    return made;
}

export const stores: Translations = {
    "aws:rds/subnetGroup:SubnetGroup": {
        up: async ({ call, input, text }) => {
            const { description, ...given } = input("name");
            await call("rds.CreateDBSubnetGroup", {
                ...given,
                dbSubnetGroupName: text("name"),
                dbSubnetGroupDescription: description,
            });
            return undefined;
        },
        down: ({ call, text }) => call("rds.DeleteDBSubnetGroup", { dbSubnetGroupName: text("name") }),
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        up: async ({ call, input, text }) => {
            const { family, parameters, ...given } = input("name", "skipDestroy");
            await call("rds.CreateDBParameterGroup", {
                ...given,
                dbParameterGroupName: text("name"),
                dbParameterGroupFamily: family,
            });
            if (Array.isArray(parameters) && parameters.length > 0) {
                await call("rds.ModifyDBParameterGroup", {
                    dbParameterGroupName: text("name"),
                    parameters: parameters.map((parameter) =>
                        renamed(parameter as Record<string, never>, { name: "parameterName", value: "parameterValue" }),
                    ),
                });
            }
            return undefined;
        },
        down: ({ call, text }) => call("rds.DeleteDBParameterGroup", { dbParameterGroupName: text("name") }),
    },
    "aws:rds/instance:Instance": {
        up: async (making) => {
            const { call, input, text } = making;
            // The provider's own, or asked for when the server is deleted or changed.
            const given = renamed(
                input(
                    "allowMajorVersionUpgrade",
                    "applyImmediately",
                    "deleteAutomatedBackups",
                    "finalSnapshotIdentifier",
                    "skipFinalSnapshot",
                    "identifier",
                    "blueGreenUpdate",
                ),
                {
                    backupWindow: "preferredBackupWindow",
                    caCertIdentifier: "caCertificateIdentifier",
                    instanceClass: "dbInstanceClass",
                    parameterGroupName: "dbParameterGroupName",
                    multiAz: "multiAZ",
                    password: "masterUserPassword",
                    snapshotIdentifier: "dbSnapshotIdentifier",
                    username: "masterUsername",
                    enabledCloudwatchLogsExports: "enableCloudwatchLogsExports",
                    iamDatabaseAuthenticationEnabled: "enableIAMDatabaseAuthentication",
                    maintenanceWindow: "preferredMaintenanceWindow",
                    performanceInsightsEnabled: "enablePerformanceInsights",
                },
            );
            const source = given["replicateSourceDb"];
            if (given["restoreToPointInTime"] !== undefined || given["dbSnapshotIdentifier"] !== undefined) {
                return restored(making, given);
            }
            const { replicateSourceDb: _, preferredBackupWindow: hours, ...others } = given;
            const rest = {
                ...others,
                ...(typeof hours === "string" && { preferredBackupWindow: endedBefore(hours) }),
            };
            const dbInstanceIdentifier = text("identifier");
            const made =
                source === undefined
                    ? await call("rds.CreateDBInstance", { ...rest, dbInstanceIdentifier })
                    : await replica(making, { ...rest, dbInstanceIdentifier, sourceDBInstanceIdentifier: source });
            const instance = made?.["DBInstance"] as Record<string, never> | undefined;
            return instance && { arn: instance["DBInstanceArn"] };
        },
        down: async ({ call, input, text }) => {
            if (input()["deletionProtection"] === true) {
                await call("rds.ModifyDBInstance", {
                    dbInstanceIdentifier: text("identifier"),
                    deletionProtection: false,
                });
            }
            const { skipFinalSnapshot, finalSnapshotIdentifier, deleteAutomatedBackups } = input();
            await call("rds.DeleteDBInstance", {
                dbInstanceIdentifier: text("identifier"),
                skipFinalSnapshot,
                ...(finalSnapshotIdentifier !== undefined && { finalDBSnapshotIdentifier: finalSnapshotIdentifier }),
                ...(deleteAutomatedBackups !== undefined && { deleteAutomatedBackups }),
            });
        },
    },
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        // Both calls are made in the region that gets the copies.
        up: async ({ call, input }) => {
            await call(
                "rds.StartDBInstanceAutomatedBackupsReplication",
                renamed(input(), { retentionPeriod: "backupRetentionPeriod" }),
            );
            return undefined;
        },
        down: ({ call, text }) =>
            call("rds.StopDBInstanceAutomatedBackupsReplication", { sourceDBInstanceArn: text("sourceDbInstanceArn") }),
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {
        up: async ({ call, input, text }) => {
            const { description, ...given } = input("name");
            await call("elasticache.CreateCacheSubnetGroup", {
                ...given,
                cacheSubnetGroupName: text("name"),
                cacheSubnetGroupDescription: description,
            });
            return undefined;
        },
        down: ({ call, text }) => call("elasticache.DeleteCacheSubnetGroup", { cacheSubnetGroupName: text("name") }),
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        up: async ({ call, input, text }) => {
            const { family, parameters, ...given } = input("name");
            await call("elasticache.CreateCacheParameterGroup", {
                ...given,
                cacheParameterGroupName: text("name"),
                cacheParameterGroupFamily: family,
            });
            if (Array.isArray(parameters) && parameters.length > 0) {
                await call("elasticache.ModifyCacheParameterGroup", {
                    cacheParameterGroupName: text("name"),
                    parameterNameValues: parameters.map((parameter) =>
                        renamed(parameter as Record<string, never>, { name: "parameterName", value: "parameterValue" }),
                    ),
                });
            }
            return undefined;
        },
        down: ({ call, text }) =>
            call("elasticache.DeleteCacheParameterGroup", { cacheParameterGroupName: text("name") }),
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        up: async ({ call, input, text }) => {
            const made = await call("elasticache.CreateReplicationGroup", {
                ...renamed(
                    input(
                        "applyImmediately",
                        "authTokenUpdateStrategy",
                        "finalSnapshotIdentifier",
                        "replicationGroupId",
                    ),
                    {
                        description: "replicationGroupDescription",
                        maintenanceWindow: "preferredMaintenanceWindow",
                        multiAzEnabled: "multiAZEnabled",
                        nodeType: "cacheNodeType",
                        parameterGroupName: "cacheParameterGroupName",
                        subnetGroupName: "cacheSubnetGroupName",
                    },
                ),
                replicationGroupId: text("replicationGroupId"),
            });
            const group = made?.["ReplicationGroup"] as Record<string, never> | undefined;
            return group && { arn: group["ARN"] };
        },
        down: ({ call, text }) =>
            call("elasticache.DeleteReplicationGroup", { replicationGroupId: text("replicationGroupId") }),
    },
};
