// The private network of a DOKS cluster and its managed stores.
import * as pulumi from "@pulumi/pulumi";
import { Vpc } from "@pulumi/digitalocean/vpc.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";

export type DigitalOceanNetworkSource =
    /** A new one. Its range overlaps no other network of the account and is never changed: cluster and stores would be made anew. */
    | { readonly variant: "create"; readonly range: string }
    /** One that is there; nothing about it is changed. */
    | { readonly variant: "existing"; readonly id: string; readonly range: string };

export interface DigitalOceanNetworkArgs {
    /** The platform's name among all of an account. */
    readonly instance: string;
    readonly data: DataPolicy;
    readonly region: string;
    readonly source: DigitalOceanNetworkSource;
    /** Arguments of digitalocean.Vpc over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

export class DigitalOceanNetwork extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    /** Addresses of nodes, load balancers and managed stores; not of pods. */
    readonly range: string;

    constructor(name: string, args: DigitalOceanNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:vpc:DigitalOcean", name, {}, opts);
        this.range = args.source.range;
        this.vpcId =
            args.source.variant === "existing"
                ? pulumi.output(args.source.id)
                : this.create(name, args, args.source.range).id;
        this.registerOutputs({ vpcId: this.vpcId });
    }

    private create(name: string, { instance, data, region, native }: DigitalOceanNetworkArgs, ipRange: string): Vpc {
        // One name per account, and one that people find again in the control panel.
        const ours = {
            name: cloudName([instance], 64),
            region,
            ipRange,
            description: `${instance}: cluster and managed stores`,
        };
        return new Vpc(`${name}-network`, withNative(ours, native), {
            parent: this,
            // What replaces the network replaces everything in it.
            protect: data === "protected",
            // A cluster is gone for the API before its nodes have left the network; until then a deletion is refused.
            customTimeouts: { delete: "15m" },
        });
    }
}
