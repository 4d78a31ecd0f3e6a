// The Service under which the app finds a store of its namespace (E4).
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { objectLabels, type Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";

export interface StoreServiceArgs extends Placement {
    /** What the store is: the value of the label app.kubernetes.io/component. */
    readonly component: string;
    /** The labels of the store's pods. */
    readonly store: Labels;
    readonly port: number;
    /** The name of that port in the pods. */
    readonly portName: string;
    /** Each pod has a name of its own below the Service's, as StatefulSets give them: `cache-0.cache`. @default one address for all */
    readonly headless?: boolean;
}

export function storeService(name: string, args: StoreServiceArgs, opts: CustomResourceOptions): void {
    const { namespace, instance, component, store, port, portName, headless = false } = args;
    new Service(
        `${name}-service`,
        {
            metadata: {
                name,
                namespace,
                labels: objectLabels(instance, component),
                // The servers are awaited; waiting for their endpoints too would only take longer.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                ...(headless && { clusterIP: "None" }),
                selector: store,
                ports: [{ name: portName, port, targetPort: portName }],
            },
        },
        opts,
    );
}
