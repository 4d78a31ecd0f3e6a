// Gateway API: a Gateway, the route to the web pods, and with an issuer a certificate and the redirect to HTTPS (D7, R43).
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { objectLabels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import type { Edge } from "./contract.ts";
import { publicUrl, type Entry } from "./url.ts";

export interface GatewayEdgeArgs extends Placement, Entry {
    readonly backend: { readonly service: pulumi.Input<string>; readonly port: number };
}

const gatewayApi = "gateway.networking.k8s.io/v1";

export class GatewayEdge extends pulumi.ComponentResource implements Edge {
    readonly url: string;

    constructor(name: string, args: GatewayEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:Gateway", name, {}, opts);
        this.url = publicUrl(args);

        const certificate = args.issuer === undefined ? undefined : this.createCertificate(name, args, args.issuer);
        const gateway = this.createGateway(name, args, certificate);
        this.createRoute(name, args, gateway);
        if (certificate !== undefined) {
            this.createRedirect(name, args, gateway);
            this.admitSolver(name, args);
        }

        this.registerOutputs({ url: this.url });
    }

    private createCertificate(
        name: string,
        { namespace, instance, hosts }: GatewayEdgeArgs,
        issuer: { readonly kind: string; readonly name: string },
    ): CustomResource {
        return new CustomResource(
            `${name}-certificate`,
            {
                apiVersion: "cert-manager.io/v1",
                kind: "Certificate",
                metadata: { name, namespace, labels: objectLabels(instance, "edge") },
                spec: {
                    secretName: certificateSecret(name),
                    dnsNames: hosts,
                    issuerRef: { group: "cert-manager.io", ...issuer },
                    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
                },
            },
            { parent: this },
        );
    }

    private createGateway(name: string, args: GatewayEdgeArgs, certificate: CustomResource | undefined): CustomResource {
        const allowedRoutes = { namespaces: { from: "Same" } };
        const http = { name: "http", protocol: "HTTP", port: args.gateway.httpPort, allowedRoutes };
        const https = {
            name: "https",
            protocol: "HTTPS",
            port: args.gateway.httpsPort,
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: certificateSecret(name) }] },
            allowedRoutes,
        };
        return new CustomResource(
            `${name}-gateway`,
            {
                apiVersion: gatewayApi,
                kind: "Gateway",
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "edge") },
                spec: {
                    gatewayClassName: args.gateway.className,
                    listeners: certificate === undefined ? [http] : [http, https],
                },
            },
            { parent: this, dependsOn: certificate === undefined ? [] : [certificate] },
        );
    }

    private createRoute(name: string, args: GatewayEdgeArgs, gateway: CustomResource): void {
        const { service, port } = args.backend;
        new CustomResource(
            `${name}-route`,
            {
                apiVersion: gatewayApi,
                kind: "HTTPRoute",
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "edge") },
                spec: {
                    parentRefs: [
                        { name: gateway.metadata.name, sectionName: args.issuer === undefined ? "http" : "https" },
                    ],
                    hostnames: args.hosts,
                    rules: [
                        {
                            matches: [{ path: { type: "PathPrefix", value: "/" } }],
                            backendRefs: [{ name: service, port }],
                        },
                    ],
                },
            },
            { parent: this },
        );
    }

    /** cert-manager answers an HTTP-01 challenge from a pod in this namespace, which is closed otherwise. */
    private admitSolver(name: string, { namespace }: GatewayEdgeArgs): void {
        new NetworkPolicy(
            `${name}-certificate-solver`,
            {
                metadata: { name: `${name}-certificate-solver`, namespace },
                spec: {
                    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
                    policyTypes: ["Ingress"],
                    ingress: [{ ports: [{ protocol: "TCP", port: 8089 }] }],
                },
            },
            { parent: this },
        );
    }

    private createRedirect(name: string, args: GatewayEdgeArgs, gateway: CustomResource): void {
        const requestRedirect = {
            scheme: "https",
            port: args.gateway.publicHttpsPort ?? args.gateway.httpsPort,
            statusCode: 301,
        };
        new CustomResource(
            `${name}-redirect`,
            {
                apiVersion: gatewayApi,
                kind: "HTTPRoute",
                metadata: {
                    name: `${name}-redirect`,
                    namespace: args.namespace,
                    labels: objectLabels(args.instance, "edge"),
                },
                spec: {
                    parentRefs: [{ name: gateway.metadata.name, sectionName: "http" }],
                    hostnames: args.hosts,
                    rules: [{ filters: [{ type: "RequestRedirect", requestRedirect }] }],
                },
            },
            { parent: this },
        );
    }
}

function certificateSecret(name: string): string {
    return `${name}-certificate`;
}
