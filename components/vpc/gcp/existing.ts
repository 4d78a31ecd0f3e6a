// A network that is there already, by the names of its parts. Nothing of it is changed.
import * as pulumi from "@pulumi/pulumi";
import type { GcpVpc } from "../contract.ts";

export interface ExistingGcpNetworkArgs {
    readonly network: string;
    readonly subnetwork: string;
    readonly podsRange: string;
    readonly servicesRange: string;
}

export class ExistingGcpNetwork extends pulumi.ComponentResource implements GcpVpc {
    readonly cloud = "gcp";
    readonly network: string;
    readonly subnetwork: string;
    readonly podsRange: string;
    readonly servicesRange: string;
    /** There is nothing to wait for: the peering is part of what was adopted. */
    readonly privateServices = this;

    constructor(name: string, args: ExistingGcpNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:vpc:ExistingGcpNetwork", name, {}, opts);
        this.network = args.network;
        this.subnetwork = args.subnetwork;
        this.podsRange = args.podsRange;
        this.servicesRange = args.servicesRange;
        this.registerOutputs({ network: this.network, subnetwork: this.subnetwork });
    }
}
