// From what was made on AWS to its alarms.
import * as pulumi from "@pulumi/pulumi";
import { getResourcesOutput } from "@pulumi/aws/resourcegroupstaggingapi/getResources.js";
import { AwsAlarms } from "../../../components/alarms/aws/alarms.ts";
import { answered } from "../../../components/answered.ts";
import { S3Assets } from "../../../components/assets/aws/s3.ts";
import { ElastiCacheCache } from "../../../components/cache/aws/elasticache.ts";
import { RdsDatabase } from "../../../components/database/aws/rds.ts";
import { AwsLoadBalancer, instanceTag } from "../../../components/edge/aws/load-balancer.ts";
import type { AlarmsSettings } from "../../../settings/alarms.ts";
import type { EnvironmentContext } from "../../context.ts";
import { alarmsName, watchedOf, type Watched } from "../../watched.ts";

export async function createAwsAlarms(
    { emails, topics, monthlyBudget, native }: AlarmsSettings["aws"] & Pick<AlarmsSettings, "emails">,
    { stores, edge, hosts }: Watched,
    { placement, platform, clouds }: EnvironmentContext,
): Promise<void> {
    const provider = await clouds.provider("aws");
    const { account, region } = clouds.settings("aws");
    const { watched } = platform;
    const balancer = edge instanceof AwsLoadBalancer ? edge : undefined;
    new AwsAlarms(
        alarmsName,
        {
            instance: placement.instance,
            account,
            region,
            emails,
            topics,
            databases: watchedOf(stores.database, (store) =>
                store instanceof RdsDatabase ? store.watched : undefined,
            ),
            caches: watchedOf(stores.cache, (store) => (store instanceof ElastiCacheCache ? store.watched : undefined)),
            ...(watched?.cloud === "aws" && { cluster: watched }),
            ...(balancer && { loadBalancer: loadBalancerOf(balancer, provider) }),
            distributions: watchedOf(stores.assets, (store) =>
                store instanceof S3Assets ? store.distributionId : undefined,
            ),
            certificates: balancer?.certificateArns ?? [],
            hosts,
            ...(monthlyBudget !== undefined && { monthlyBudget }),
            native,
        },
        { providers: [provider] },
    );
}

/**
 * The controller in the cluster makes it and says its name to nobody, so it is looked for by the tag that it was given. Where there is
 * none yet, the next `up` finds it.
 */
function loadBalancerOf({ taggedInstance }: AwsLoadBalancer, provider: pulumi.ProviderResource): pulumi.Output<string> {
    const found = answered(
        getResourcesOutput(
            {
                resourceTypeFilters: ["elasticloadbalancing:loadbalancer"],
                tagFilters: [{ key: instanceTag, values: [taggedInstance] }],
            },
            { provider },
        ),
    );
    return found.resourceTagMappingLists.apply((resources) => {
        const [name] = resources
            .map(({ resourceArn }) => resourceArn.split(":loadbalancer/")[1])
            .filter((part) => part?.startsWith("app/"));
        if (name === undefined) {
            void pulumi.log.warn(
                "alarms: the environment's load balancer is not there yet, so those of requests watch nothing: run `pulumi up` again once it is (kubectl get gateway)",
            );
        }
        return name ?? "app/none/none";
    });
}
