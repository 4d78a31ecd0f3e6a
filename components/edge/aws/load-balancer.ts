// One application load balancer for all apps of an environment, made by the AWS Load Balancer Controller from a Gateway.
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { costLabel } from "../../../lib/cost-label.ts";
import { tlsInFront } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import { lendingLabel, type Edge, type EdgeArgs, type EdgeListener, type EdgeRoute } from "../contract.ts";
import { untilProgrammed } from "../programmed.ts";
import { createRedirect, createRoute, gatewayApi, type RedirectArgs } from "../route.ts";
import { controllerApi, createTarget, metadata, targetGroup } from "./target-group.ts";

export interface AwsLoadBalancerArgs extends EdgeArgs {
    /** The GatewayClass of the controller. */
    readonly className: string;
    /**
     * Of ACM, together for every host and the lent names; the first answers clients that name no host. 25 at most, unless the
     * account's quota is raised. @default [], then the controller looks for one of each host name in the account
     */
    readonly certificateArns?: ReadonlyArray<pulumi.Input<string>>;
    /**
     * Attributes of the load balancer, over ours. @default none
     * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
     */
    readonly attributes?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Who may connect. @default everybody */
    readonly sourceRanges?: readonly string[];
    /** A web ACL of WAFv2, of the load balancer's region. @default none */
    readonly webAclArn?: pulumi.Input<string>;
    /** The spec of the LoadBalancerConfiguration, over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** On the load balancer: the environment's name among all of the account. */
export const instanceTag = "django-on-kubernetes/instance";

/** TLS 1.3 and 1.2, forward secrecy, no CBC (R65). Said, because the controller's default takes TLS 1.0. */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** What clients find at the address; the load balancer is no other program's, so they never differ. */
const [httpPort, httpsPort] = [80, 443];

export class AwsLoadBalancer extends pulumi.ComponentResource implements Edge {
    readonly listener: EdgeListener;
    readonly lentListener?: EdgeListener;
    /** For alarms: whose tag its load balancer carries, known once the Gateway is there. */
    readonly taggedInstance: pulumi.Output<string>;
    readonly certificateArns: ReadonlyArray<pulumi.Input<string>>;

    constructor(name: string, args: AwsLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:AwsLoadBalancer", name, {}, opts);
        const configuration = this.createConfiguration(name, args, this.createDefaultTarget(name, args));
        const gateway = this.createGateway(name, args, configuration);
        this.taggedInstance = gateway.id.apply(() => args.instance);
        this.certificateArns = args.certificateArns ?? [];
        const listenerOf = (section: string): EdgeListener => ({
            namespace: args.namespace,
            gateway: gateway.metadata.name,
            section,
        });
        this.listener = listenerOf("https");
        const redirect = { from: listenerOf("http"), httpsPort };
        for (const route of args.routes) {
            this.createApp(name, args, route, redirect);
        }
        if (args.lentDomain !== undefined) {
            this.lentListener = { ...listenerOf("lent"), healthHost: "pod-address" };
            const lent = { ...args, hosts: [`*.${args.lentDomain}`], redirect };
            createRedirect(`${name}-lent-redirect`, `${name}-lent-redirect`, lent, { parent: this });
        }
        this.registerOutputs({});
    }

    /** For routes of other namespaces, which have no TargetGroupConfiguration: any answer but an error of the server's is health. */
    private createDefaultTarget(name: string, args: AwsLoadBalancerArgs): CustomResource {
        return new CustomResource(
            `${name}-default-target`,
            {
                apiVersion: controllerApi,
                kind: "TargetGroupConfiguration",
                metadata: metadata(`${name}-default`, args),
                spec: { defaultConfiguration: targetGroup("/", "200-499") },
            },
            { parent: this },
        );
    }

    private createConfiguration(
        name: string,
        args: AwsLoadBalancerArgs,
        defaultTarget: CustomResource,
    ): CustomResource {
        const { certificateArns = [], attributes, data, instance, native, requestTimeout } = args;
        const { sourceRanges, webAclArn } = args;
        const [defaultCertificate, ...certificates] = certificateArns;
        const merged: Readonly<Record<string, pulumi.Input<string>>> = {
            "deletion_protection.enabled": String(data === "protected"),
            // A header that no client has a reason to send is how requests are smuggled past a proxy.
            "routing.http.drop_invalid_header_fields.enabled": "true",
            // Of a connection on which nothing comes: so long it waits for an answer.
            ...(requestTimeout !== undefined && { "idle_timeout.timeout_seconds": String(requestTimeout) }),
            ...attributes,
        };
        return new CustomResource(
            `${name}-configuration`,
            {
                apiVersion: controllerApi,
                kind: "LoadBalancerConfiguration",
                metadata: metadata(name, args),
                spec: withNative(
                    {
                        scheme: "internet-facing",
                        defaultTargetGroupConfiguration: { name: defaultTarget.metadata.name },
                        listenerConfigurations: [
                            {
                                protocolPort: `HTTPS:${httpsPort}`,
                                sslPolicy: tlsPolicy,
                                ...(defaultCertificate !== undefined && { defaultCertificate }),
                                ...(certificates.length > 0 && { certificates }),
                            },
                        ],
                        ...(sourceRanges && { sourceRanges }),
                        ...(webAclArn !== undefined && { wafV2: { webACL: webAclArn } }),
                        loadBalancerAttributes: Object.entries(merged).map(([key, value]) => ({ key, value })),
                        // The provider's default tags do not reach what a controller makes.
                        tags: { [instanceTag]: instance, [costLabel]: instance, "managed-by": "pulumi" },
                    },
                    native,
                ),
            },
            { parent: this },
        );
    }

    private createGateway(name: string, args: AwsLoadBalancerArgs, configuration: CustomResource): CustomResource {
        const { className, instance, lentDomain } = args;
        const own = { namespaces: { from: "Same" } };
        const inFront = args.tlsInFront === true && (args.certificateArns ?? []).length === 0;
        // No `tls`: its certificateRefs are Secrets, and here the certificate is ACM's.
        const lent = {
            name: "lent",
            protocol: "HTTPS",
            port: httpsPort,
            hostname: `*.${lentDomain}`,
            allowedRoutes: {
                namespaces: { from: "Selector", selector: { matchLabels: { [lendingLabel]: instance } } },
            },
        };
        return new CustomResource(
            `${name}-gateway`,
            {
                apiVersion: gatewayApi,
                kind: "Gateway",
                metadata: {
                    ...metadata(name, args),
                    annotations: {
                        ...untilProgrammed,
                        ...(inFront && { [tlsInFront.name]: tlsInFront.value }),
                    },
                },
                spec: {
                    gatewayClassName: className,
                    infrastructure: {
                        parametersRef: {
                            group: "gateway.k8s.aws",
                            kind: "LoadBalancerConfiguration",
                            name: configuration.metadata.name,
                        },
                    },
                    listeners: [
                        { name: "http", protocol: "HTTP", port: httpPort, allowedRoutes: own },
                        { name: "https", protocol: "HTTPS", port: httpsPort, allowedRoutes: own },
                        ...(lentDomain === undefined ? [] : [lent]),
                    ],
                },
            },
            // The controller answers a deletion once the load balancer has gone.
            { parent: this, dependsOn: [configuration], customTimeouts: { create: "15m", delete: "20m" } },
        );
    }

    private createApp(name: string, args: AwsLoadBalancerArgs, route: EdgeRoute, redirect: RedirectArgs): void {
        const target = createTarget(name, { ...args, route }, { parent: this });
        // The target group is made when the route is: its kind cannot be changed afterwards.
        const { requestTimeout: _, ...saidByAttribute } = args;
        for (const part of ofFewHosts(route)) {
            createRoute(
                name,
                { ...saidByAttribute, route: part, listener: this.listener, redirect },
                { parent: this, dependsOn: [target] },
            );
        }
    }
}

/**
 * A rule of the load balancer takes five values. The controller writes all names of a route into one, beside the path.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
const hostsOfRule = 4;

/** The first part has the route's own name; an app's name has no dot, so no other app is called as the further ones are. */
function ofFewHosts(route: EdgeRoute): readonly EdgeRoute[] {
    const count = Math.ceil(route.hosts.length / hostsOfRule);
    return Array.from({ length: count }, (_, index) => {
        const hosts = route.hosts.slice(index * hostsOfRule, (index + 1) * hostsOfRule);
        return index === 0 ? { ...route, hosts } : { ...route, hosts, main: false, app: `${route.app}.${index + 1}` };
    });
}
