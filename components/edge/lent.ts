// A way in through the Gateway of another environment on the same cluster: a route, and nothing that costs money or minutes.
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../contract.ts";
import type { EdgeListener, EdgeRoute } from "./contract.ts";
import { createRoute } from "./route.ts";

export interface LentEdgeArgs extends Placement {
    readonly routes: readonly EdgeRoute[];
    /** The other environment's listener. */
    readonly listener: EdgeListener;
    /** Seconds that a request may take, as the other environment's own routes say. @default they say nothing */
    readonly requestTimeout?: number;
}

export class LentEdge extends pulumi.ComponentResource {
    constructor(name: string, args: LentEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:Lent", name, {}, opts);
        for (const route of args.routes) {
            createRoute(name, { ...args, route }, { parent: this });
        }
        this.registerOutputs({});
    }
}
