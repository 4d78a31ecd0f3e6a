// Gateway API with any controller: a Gateway, the routes to the web pods, and with an issuer a certificate and the redirect
// to HTTPS (R43).
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { objectLabels, tlsInFront } from "../../lib/labels.ts";
import { lendingLabel, type Edge, type EdgeArgs, type EdgeListener } from "./contract.ts";
import { untilProgrammed, untilReady, unwaited } from "./programmed.ts";
import { createRedirect, createRoute, gatewayApi } from "./route.ts";

interface Issuer {
    readonly kind: "ClusterIssuer" | "Issuer";
    readonly name: string;
    /** How it proves a name: `http-01` through whatever Gateway the certificate names. @default unknown, it knows the way itself */
    readonly challenge?: "http-01" | "dns-01";
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
        /**
         * Whether the Gateway counts as programmed only once every listener has its certificate: Traefik's does, Cilium's does not.
         *
         * @default true
         */
        readonly needsCertificates?: boolean;
        /** Whether the controller ever says that a Gateway is programmed. @default true */
        readonly untilProgrammed?: boolean;
    };
    /**
     * What a Gateway, and all that is at it, waits for: where a cloud puts the kinds into a new cluster, it does so some minutes
     * after the cluster is there, and until then they are unknown. @default nothing
     */
    readonly after?: readonly pulumi.Resource[];
    /** Whether the hosts' records come by themselves, so that HTTP-01 can be waited for. @default false */
    readonly hasRecords?: boolean;
    /** Of the hosts, and where nothing issues one, of the lent names. @default the issuer's, or none */
    readonly certificate?: GivenCertificate;
}

/** What ends TLS at one listener. */
interface ListenerCertificate {
    /** The Secret's name. */
    readonly secret: pulumi.Input<string>;
    /** Whether the Secret is there, with a certificate in it, once `made` is. */
    readonly isThere: boolean;
    /** What the Gateway waits for. */
    readonly made: readonly pulumi.Resource[];
}

interface Certificates {
    readonly own: ListenerCertificate;
    readonly lent: ListenerCertificate;
}

/** Proofs by DNS are slow, and so are records that come by themselves. */
const issuing = "20m";

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
        const routes = args.routes.map((route) => {
            const redirect = secure ? { redirect: { from: at("http"), httpsPort } } : {};
            return createRoute(name, { ...args, route, listener: this.listener, ...redirect }, { parent: this });
        });
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
            const solver = this.admitSolver(name, args);
            if (isProvedThroughRoutes(args)) {
                this.createCertificate(name, args, issuer, hostsOf(args), [...routes, solver]);
            }
        }

        this.registerOutputs({ listener: this.listener });
    }

    private createCertificates(name: string, args: GatewayEdgeArgs): Certificates | undefined {
        const { issuer } = args.gateway;
        const { certificate: given, lentDomain } = args;
        const own =
            given !== undefined
                ? this.givenCertificate(name, args, given)
                : issuer && this.issuedCertificate(name, args, issuer, hostsOf(args));
        if (own === undefined) {
            return undefined;
        }
        // Two, because a wildcard needs an issuer that answers by DNS-01: without it, the environment's own still works.
        const lent =
            lentDomain !== undefined && issuer !== undefined
                ? this.issuedCertificate(`${name}-lent`, args, issuer, [`*.${lentDomain}`])
                : { ...own, made: [] };
        return { own, lent };
    }

    private issuedCertificate(
        name: string,
        args: GatewayEdgeArgs,
        issuer: Issuer,
        dnsNames: readonly string[],
    ): ListenerCertificate {
        const secret = certificateSecret(name);
        if (name === this.gatewayName && isProvedThroughRoutes(args)) {
            return { secret, isThere: false, made: [] };
        }
        const certificate = this.createCertificate(name, args, issuer, dnsNames);
        return { secret, isThere: issuer.challenge === "dns-01", made: [certificate] };
    }

    private givenCertificate(
        name: string,
        { namespace, instance }: GatewayEdgeArgs,
        given: GivenCertificate,
    ): ListenerCertificate {
        if ("secret" in given) {
            return { secret: given.secret, isThere: false, made: [] };
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
        return { secret: secret.metadata.name, isThere: true, made: [secret] };
    }

    /**
     * Waited for where it is certain that it can be issued by then: by DNS, or through the routes once there are records.
     *
     * @param after what it is proved through
     */
    private createCertificate(
        name: string,
        { namespace, instance }: GatewayEdgeArgs,
        { challenge, ...issuer }: Issuer,
        dnsNames: readonly string[],
        after: pulumi.Resource[] = [],
    ): CustomResource {
        // The Gateway has the component's own name; an Output of it would make each wait for the other.
        const gateway = this.gatewayName;
        const annotations = {
            ...(challenge === "http-01" && {
                "acme.cert-manager.io/http01-parentrefkind": "Gateway",
                "acme.cert-manager.io/http01-parentrefname": gateway,
            }),
            ...((challenge === "dns-01" || after.length > 0) && untilReady),
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
                    ...(Object.keys(annotations).length > 0 && { annotations }),
                },
                spec: {
                    secretName: certificateSecret(name),
                    dnsNames,
                    issuerRef: { group: "cert-manager.io", ...issuer },
                    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
                },
            },
            { parent: this, dependsOn: after, customTimeouts: { create: issuing, update: issuing } },
        );
    }

    private createGateway(name: string, args: GatewayEdgeArgs, certificates: Certificates | undefined): CustomResource {
        const { gateway, lentDomain, instance } = args;
        const secure = certificates !== undefined;
        const inFront = args.tlsInFront === true && !secure;
        const all = certificates === undefined ? [] : [certificates.own, certificates.lent];
        const annotations = {
            // Of a controller that asks for every certificate first, one that is proved through this Gateway's routes would be waited for
            // before there are any.
            ...(gateway.untilProgrammed === false
                ? unwaited
                : (gateway.needsCertificates === false || all.every(({ isThere }) => isThere)) && untilProgrammed),
            ...(inFront && { [tlsInFront.name]: tlsInFront.value }),
        };
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
                    ...(Object.keys(annotations).length > 0 && { annotations }),
                },
                spec: {
                    gatewayClassName: gateway.className,
                    ...(gateway.infrastructureAnnotations && {
                        infrastructure: { annotations: gateway.infrastructureAnnotations },
                    }),
                    listeners: [
                        { name: "http", ...http, ...here },
                        ...(secure ? [{ name: "https", ...https(certificates.own.secret), ...here }] : []),
                        ...(lentDomain === undefined
                            ? []
                            : [
                                  // In plain HTTP only the redirect, which is this environment's, attaches where there is HTTPS.
                                  { name: "http-lent", ...http, hostname, ...(secure ? here : borrowers) },
                                  ...(secure
                                      ? [
                                            {
                                                name: "https-lent",
                                                ...https(certificates.lent.secret),
                                                hostname,
                                                ...borrowers,
                                            },
                                        ]
                                      : []),
                              ]),
                    ],
                },
            },
            {
                parent: this,
                dependsOn: [...all.flatMap(({ made }) => made), ...(args.after ?? [])],
                customTimeouts: { create: "15m", update: "15m" },
            },
        );
    }

    /** cert-manager answers an HTTP-01 challenge from a pod in this namespace, which is closed otherwise. */
    private admitSolver(name: string, { namespace }: GatewayEdgeArgs): NetworkPolicy {
        return new NetworkPolicy(
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

function hostsOf({ routes }: GatewayEdgeArgs): readonly string[] {
    return routes.flatMap(({ hosts }) => hosts);
}

/** Records come from the routes, the proof comes by the records: then the certificate is the last to be made, and can be waited for. */
function isProvedThroughRoutes({ gateway: { issuer }, certificate, hasRecords = false }: GatewayEdgeArgs): boolean {
    return certificate === undefined && issuer?.challenge === "http-01" && hasRecords;
}

function certificateSecret(name: string): string {
    return `${name}-certificate`;
}
