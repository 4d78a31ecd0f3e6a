// Gateway API with any controller: a Gateway, the routes to the web pods, and with an issuer a certificate and the redirect
// to HTTPS (R43).
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { objectLabels, tlsInFront } from "../../lib/labels.ts";
import { lendingLabel, type Edge, type EdgeArgs, type EdgeListener } from "./contract.ts";
import { createRedirect, createRoute, gatewayApi } from "./route.ts";

interface Issuer {
    readonly kind: "ClusterIssuer" | "Issuer";
    readonly name: string;
    /** Whether it answers HTTP-01 through whatever Gateway the certificate names. @default false, it knows the way itself */
    readonly throughGateway?: boolean;
}

/** Where the controller listens and for whom. */
export interface GatewayEdgeArgs extends EdgeArgs {
    readonly gateway: {
        readonly className: string;
        readonly httpPort: number;
        readonly httpsPort: number;
        /** The port at which clients reach `httpsPort`. @default httpsPort */
        readonly publicHttpsPort?: number;
        /** A cert-manager issuer; without one there is no TLS. */
        readonly issuer?: Issuer;
        /** For what the controller makes of the Gateway, such as a cloud's load balancer. @default none */
        readonly infrastructureAnnotations?: Readonly<Record<string, string>>;
    };
}

export class GatewayEdge extends pulumi.ComponentResource implements Edge {
    readonly listener: EdgeListener;
    readonly lentListener?: EdgeListener;
    private readonly gatewayName: string;

    constructor(name: string, args: GatewayEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:Gateway", name, {}, opts);
        const { issuer } = args.gateway;
        this.gatewayName = name;

        const certificates = issuer === undefined ? [] : this.createCertificates(name, args, issuer);
        const gateway = this.createGateway(name, args, certificates);
        const at = (section: string): EdgeListener => ({
            namespace: args.namespace,
            gateway: gateway.metadata.name,
            section,
        });
        const secure = issuer !== undefined;
        const httpsPort = args.gateway.publicHttpsPort ?? args.gateway.httpsPort;
        this.listener = at(secure ? "https" : "http");
        for (const route of args.routes) {
            const redirect = secure ? { redirect: { from: at("http"), httpsPort } } : {};
            createRoute(name, { ...args, route, listener: this.listener, ...redirect }, { parent: this });
        }
        if (args.lentDomain !== undefined) {
            this.lentListener = at(secure ? "https-lent" : "http-lent");
            if (secure) {
                const lent = {
                    ...args,
                    hosts: [`*.${args.lentDomain}`],
                    redirect: { from: at("http-lent"), httpsPort },
                };
                createRedirect(`${name}-lent-redirect`, `${name}-lent-redirect`, lent, { parent: this });
            }
        }
        if (secure) {
            this.admitSolver(name, args);
        }

        this.registerOutputs({ listener: this.listener });
    }

    /** Two, because a wildcard needs an issuer that answers by DNS-01: without it, the environment's own still works. */
    private createCertificates(name: string, args: GatewayEdgeArgs, issuer: Issuer): CustomResource[] {
        const own = this.createCertificate(
            name,
            args,
            issuer,
            args.routes.flatMap(({ hosts }) => hosts),
        );
        const { lentDomain } = args;
        return lentDomain === undefined
            ? [own]
            : [own, this.createCertificate(`${name}-lent`, args, issuer, [`*.${lentDomain}`])];
    }

    private createCertificate(
        name: string,
        { namespace, instance }: GatewayEdgeArgs,
        { throughGateway = false, ...issuer }: Issuer,
        dnsNames: readonly string[],
    ): CustomResource {
        // The Gateway has the component's own name; an Output of it would make each wait for the other.
        const gateway = this.gatewayName;
        const annotations = {
            "acme.cert-manager.io/http01-parentrefkind": "Gateway",
            "acme.cert-manager.io/http01-parentrefname": gateway,
        };
        return new CustomResource(
            `${name}-certificate`,
            {
                apiVersion: "cert-manager.io/v1",
                kind: "Certificate",
                metadata: {
                    name,
                    namespace,
                    labels: objectLabels(instance, "edge"),
                    ...(throughGateway && { annotations }),
                },
                spec: {
                    secretName: certificateSecret(name),
                    dnsNames,
                    issuerRef: { group: "cert-manager.io", ...issuer },
                    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
                },
            },
            { parent: this },
        );
    }

    private createGateway(name: string, args: GatewayEdgeArgs, certificates: CustomResource[]): CustomResource {
        const { gateway, lentDomain, instance } = args;
        const secure = certificates.length > 0;
        const inFront = args.tlsInFront === true && !secure;
        const http = { protocol: "HTTP", port: gateway.httpPort };
        const https = (secretOf: string) => ({
            protocol: "HTTPS",
            port: gateway.httpsPort,
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: certificateSecret(secretOf) }] },
        });
        const here = { allowedRoutes: { namespaces: { from: "Same" } } };
        const borrowers = {
            allowedRoutes: {
                namespaces: { from: "Selector", selector: { matchLabels: { [lendingLabel]: instance } } },
            },
        };
        const hostname = `*.${lentDomain ?? ""}`;
        return new CustomResource(
            `${name}-gateway`,
            {
                apiVersion: gatewayApi,
                kind: "Gateway",
                metadata: {
                    name,
                    namespace: args.namespace,
                    labels: objectLabels(instance, "edge"),
                    ...(inFront && { annotations: { [tlsInFront.name]: tlsInFront.value } }),
                },
                spec: {
                    gatewayClassName: gateway.className,
                    ...(gateway.infrastructureAnnotations && {
                        infrastructure: { annotations: gateway.infrastructureAnnotations },
                    }),
                    listeners: [
                        { name: "http", ...http, ...here },
                        ...(secure ? [{ name: "https", ...https(name), ...here }] : []),
                        ...(lentDomain === undefined
                            ? []
                            : [
                                  // In plain HTTP only the redirect, which is this environment's, attaches where there is HTTPS.
                                  { name: "http-lent", ...http, hostname, ...(secure ? here : borrowers) },
                                  ...(secure
                                      ? [{ name: "https-lent", ...https(`${name}-lent`), hostname, ...borrowers }]
                                      : []),
                              ]),
                    ],
                },
            },
            { parent: this, dependsOn: certificates },
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
}

function certificateSecret(name: string): string {
    return `${name}-certificate`;
}
