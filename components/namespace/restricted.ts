// A namespace under Pod Security 'restricted' and a default-deny network (R37, R46, R47).
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { objectLabels } from "../../lib/labels.ts";
import type { DataPolicy } from "../contract.ts";
import type { IsolatedNamespace } from "./contract.ts";

export interface RestrictedNamespaceArgs {
    /** The namespace's name. */
    readonly name: string;
    /** Shown as a label, so that one can list the environments of a kind. */
    readonly environmentKind: string;
    /** `protected` refuses to delete the namespace, with all that is in it. */
    readonly data: DataPolicy;
}

export class RestrictedNamespace extends pulumi.ComponentResource implements IsolatedNamespace {
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: RestrictedNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:namespace:Restricted", name, {}, opts);

        const namespace = this.createNamespace(name, args);
        this.namespace = namespace.metadata.name;
        this.denyAll(name);
        this.allowNameResolution(name);

        this.registerOutputs({ namespace: this.namespace });
    }

    private createNamespace(name: string, args: RestrictedNamespaceArgs): Namespace {
        const modes = ["enforce", "audit", "warn"];
        return new Namespace(
            name,
            {
                metadata: {
                    name: args.name,
                    labels: {
                        ...objectLabels(args.name, "namespace"),
                        "django-on-kubernetes/environment": args.environmentKind,
                        ...Object.fromEntries(modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"])),
                    },
                },
            },
            { parent: this, protect: args.data === "protected" },
        );
    }

    private denyAll(name: string): void {
        new NetworkPolicy(
            `${name}-deny-all`,
            {
                metadata: { name: "deny-all", namespace: this.namespace },
                spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
            },
            { parent: this },
        );
    }

    /** To any address, because a resolver may run in pods, on the nodes or on a link-local address. */
    private allowNameResolution(name: string): void {
        new NetworkPolicy(
            `${name}-allow-dns`,
            {
                metadata: { name: "allow-dns", namespace: this.namespace },
                spec: {
                    podSelector: {},
                    policyTypes: ["Egress"],
                    egress: [{ ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })) }],
                },
            },
            { parent: this },
        );
    }
}
