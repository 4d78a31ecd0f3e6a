// What NetworkPolicies say of the pods of a running environment, by the same evaluation that judges plans; read from the cluster,
// so that a policy or a workload that is new is judged without a word here.
import { NetworkingV1Api, type KubernetesObject } from "@kubernetes/client-node";
import { PlanView, type Workload } from "../../../policy/plan-view.ts";
import type { Port } from "../../../policy/network-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import type { Cluster } from "./kubernetes.ts";

/** @param barePods the names of pods without an owner, which count as workloads of their own */
export async function liveView(
    cluster: Cluster,
    namespaces: readonly string[],
    barePods: readonly string[],
): Promise<PlanView> {
    const networking = cluster.config.makeApiClient(NetworkingV1Api);
    const resources: PolicyResource[] = [];
    const take = (type: string, objects: readonly KubernetesObject[]): void => {
        resources.push(...objects.map((object) => resourceOf(type, object)));
    };
    for (const namespace of namespaces) {
        take("kubernetes:core/v1:Namespace", [await cluster.core.readNamespace({ name: namespace })]);
        take("kubernetes:apps/v1:Deployment", (await cluster.apps.listNamespacedDeployment({ namespace })).items);
        take("kubernetes:apps/v1:StatefulSet", (await cluster.apps.listNamespacedStatefulSet({ namespace })).items);
        const pods = await cluster.pods(namespace);
        take(
            "kubernetes:core/v1:Pod",
            pods.filter(({ metadata }) => barePods.includes(metadata?.name ?? "")),
        );
        const { items } = await networking.listNamespacedNetworkPolicy({ namespace });
        take("kubernetes:networking.k8s.io/v1:NetworkPolicy", items);
    }
    return new PlanView({ resources });
}

function resourceOf(type: string, object: KubernetesObject): PolicyResource {
    const { name = "", namespace = "" } = object.metadata ?? {};
    return {
        urn: `urn:pulumi:live::test::${type}::${namespace}/${name}`,
        type,
        name,
        // As JSON: the client calls `from` `_from`, and has undefined for what is absent.
        props: JSON.parse(JSON.stringify(object).replaceAll('"_from":', '"from":')) as PolicyResource["props"],
        dependencies: [],
        protect: false,
    };
}

/** The TCP ports that a workload's containers name. */
export function tcpPorts({ containers }: Workload): readonly Port[] {
    const numbers = containers
        .filter(({ init }) => !init)
        .flatMap(({ ports = [] }) => ports.filter(({ protocol = "TCP" }) => protocol === "TCP"))
        .map(({ containerPort }) => containerPort);
    return [...new Set(numbers)].map((number) => ({ protocol: "TCP", number: Number(number) }));
}
