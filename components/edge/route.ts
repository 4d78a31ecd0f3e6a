// From a listener to an app's web pods, whatever controller serves the listener.
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { objectLabels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import type { EdgeListener, EdgeRoute } from "./contract.ts";

export const gatewayApi = "gateway.networking.k8s.io/v1";

export interface RouteArgs extends Placement {
    readonly route: EdgeRoute;
    readonly listener: EdgeListener;
    /** The listener in plain HTTP that only sends clients on. @default none */
    readonly redirect?: RedirectArgs;
    /**
     * Seconds that a request may take. Extended support: Cilium keeps it; Traefik up to 3.7 takes the field and ignores it.
     *
     * @default nothing is said
     * @see https://gateway-api.sigs.k8s.io/guides/http-timeouts
     * @see https://github.com/traefik/traefik/issues/11902
     */
    readonly requestTimeout?: number;
}

export interface RedirectArgs {
    readonly from: EdgeListener;
    /** Where clients reach HTTPS. */
    readonly httpsPort: number;
}

/** The main app's resources have no suffix, so that another app changes nothing of them. */
export function routeName(name: string, { app, main }: EdgeRoute): string {
    return main ? name : `${name}-${app}`;
}

export function createRoute(name: string, args: RouteArgs, opts: CustomResourceOptions): CustomResource {
    const { namespace, instance, route, listener, redirect, requestTimeout } = args;
    const objectName = routeName(name, route);
    const suffix = route.main ? "" : `-${route.app}`;
    const made = new CustomResource(
        `${name}-route${suffix}`,
        {
            apiVersion: gatewayApi,
            kind: "HTTPRoute",
            metadata: { name: objectName, namespace, labels: objectLabels(instance, "edge") },
            spec: {
                parentRefs: [parentRef(listener, namespace)],
                hostnames: route.hosts,
                rules: [
                    {
                        matches: [{ path: { type: "PathPrefix", value: "/" } }],
                        backendRefs: [{ name: route.service, port: route.port }],
                        ...(requestTimeout !== undefined && { timeouts: { request: `${requestTimeout}s` } }),
                    },
                ],
            },
        },
        opts,
    );
    if (redirect !== undefined) {
        createRedirect(
            `${name}-redirect${suffix}`,
            `${objectName}-redirect`,
            { ...args, hosts: route.hosts, redirect },
            opts,
        );
    }
    return made;
}

/** Sends every request for these hosts to the same address under HTTPS. */
export function createRedirect(
    name: string,
    objectName: string,
    args: Placement & { readonly hosts: readonly string[]; readonly redirect: RedirectArgs },
    opts: CustomResourceOptions,
): void {
    const { namespace, instance, hosts, redirect } = args;
    const requestRedirect = { scheme: "https", port: redirect.httpsPort, statusCode: 301 };
    new CustomResource(
        name,
        {
            apiVersion: gatewayApi,
            kind: "HTTPRoute",
            metadata: { name: objectName, namespace, labels: objectLabels(instance, "edge") },
            spec: {
                parentRefs: [parentRef(redirect.from, namespace)],
                hostnames: hosts,
                rules: [{ filters: [{ type: "RequestRedirect", requestRedirect }] }],
            },
        },
        opts,
    );
}

/** A namespace only where it is another one: what is the default would show up as a change. */
function parentRef({ gateway, namespace, section }: EdgeListener, own: Input<string>): object {
    return { name: gateway, sectionName: section, ...(namespace !== own && { namespace }) };
}
