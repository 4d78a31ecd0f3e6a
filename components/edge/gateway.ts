// Gateway API with any controller: a Gateway, the routes to the web pods, and with an issuer a certificate and the redirect
// to HTTPS (R43).
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
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

/** A certificate that is there: a Secret of the namespace by its name, or what to put into one. */
export type GivenCertificate =
    { readonly secret: string } | { readonly chain: pulumi.Input<string>; readonly key: pulumi.Input<string> };

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
    /**
     * What a Gateway, and all that is at it, waits for: where a cloud puts the kinds into a new cluster, it does so some minutes
     * after the cluster is there, and until then they are unknown. @default nothing
     */
    readonly after?: readonly pulumi.Resource[];
    /** Of the hosts, and where nothing issues one, of the lent names. @default the issuer's, or none */
    readonly certificate?: GivenCertificate;
}

/** What ends TLS, and what has to be there before. */
interface Certificates {
    /** The Secrets' names. */
    readonly own: pulumi.Input<string>;
    readonly lent: pulumi.Input<string>;
    readonly made: readonly pulumi.Resource[];
}

export class GatewayEdge extends pulumi.ComponentResource implements Edge {
    readonly listener: EdgeListener;
    readonly lentListener?: EdgeListener;
    private readonly gatewayName: string;

    constructor(name: string, args: GatewayEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:Gateway", name, {}, opts);
        const { issuer } = args.gateway;
        this.gatewayName = name;

        const certificates = this.createCertificates(name, args);
        const gateway = this.createGateway(name, args, certificates);
        const at = (section: string): EdgeListener => ({
            namespace: args.namespace,
            gateway: gateway.metadata.name,
            section,
        });
        const secure = certificates !== undefined;
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
        if (issuer !== undefined) {
            this.admitSolver(name, args);
        }

        this.registerOutputs({ listener: this.listener });
    }

    private createCertificates(name: string, args: GatewayEdgeArgs): Certificates | undefined {
        const { issuer } = args.gateway;
        const { certificate: given, lentDomain } = args;
        const hosts = args.routes.flatMap((route) => route.hosts);
        const own =
            given !== undefined
                ? this.givenCertificate(name, args, given)
                : issuer && this.issuedCertificate(name, args, issuer, hosts);
        if (own === undefined) {
            return undefined;
        }
        // Two, because a wildcard needs an issuer that answers by DNS-01: without it, the environment's own still works.
        const lent =
            lentDomain !== undefined && issuer !== undefined
                ? this.issuedCertificate(`${name}-lent`, args, issuer, [`*.${lentDomain}`])
                : { secret: own.secret, made: [] };
        return { own: own.secret, lent: lent.secret, made: [...own.made, ...lent.made] };
    }

    private issuedCertificate(
        name: string,
        args: GatewayEdgeArgs,
        issuer: Issuer,
        dnsNames: readonly string[],
    ): { readonly secret: string; readonly made: readonly pulumi.Resource[] } {
        return { secret: certificateSecret(name), made: [this.createCertificate(name, args, issuer, dnsNames)] };
    }

    private givenCertificate(
        name: string,
        { namespace, instance }: GatewayEdgeArgs,
        given: GivenCertificate,
    ): { readonly secret: pulumi.Input<string>; readonly made: readonly pulumi.Resource[] } {
        if ("secret" in given) {
            return { secret: given.secret, made: [] };
        }
        const secret = new Secret(
            `${name}-given-certificate`,
            {
                // Named by hand: the Gateway's controller looks again when the content of that name changes.
                metadata: { name: certificateSecret(name), namespace, labels: objectLabels(instance, "edge") },
                type: "kubernetes.io/tls",
                stringData: { "tls.crt": given.chain, "tls.key": given.key },
            },
            { parent: this },
        );
        return { secret: secret.metadata.name, made: [secret] };
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

    private createGateway(name: string, args: GatewayEdgeArgs, certificates: Certificates | undefined): CustomResource {
        const { gateway, lentDomain, instance } = args;
        const secure = certificates !== undefined;
        const inFront = args.tlsInFront === true && !secure;
        const http = { protocol: "HTTP", port: gateway.httpPort };
        const https = (secret: pulumi.Input<string>) => ({
            protocol: "HTTPS",
            port: gateway.httpsPort,
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: secret }] },
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
                        ...(secure ? [{ name: "https", ...https(certificates.own), ...here }] : []),
                        ...(lentDomain === undefined
                            ? []
                            : [
                                  // In plain HTTP only the redirect, which is this environment's, attaches where there is HTTPS.
                                  { name: "http-lent", ...http, hostname, ...(secure ? here : borrowers) },
                                  ...(secure
                                      ? [{ name: "https-lent", ...https(certificates.lent), hostname, ...borrowers }]
                                      : []),
                              ]),
                    ],
                },
            },
            { parent: this, dependsOn: [...(certificates?.made ?? []), ...(args.after ?? [])] },
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
