// A Service is there when it leads somewhere: a ready endpoint, and an address if it asks for a load balancer.
import { type KubeObject } from "../object.ts";
import { failed, readyVerdict, waiting, type Awaiter, type Related, type Snapshot, type Verdict } from "./verdict.ts";

interface Service extends KubeObject {
    readonly spec?: {
        readonly type?: string;
        readonly clusterIP?: string;
        readonly selector?: Readonly<Record<string, string>>;
    };
    readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

interface EndpointSlice extends KubeObject {
    readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

export const service: Awaiter = {
    timeout: 600,
    related: (applied): Readonly<Record<string, Related>> =>
        needsEndpoints(applied)
            ? {
                  slices: {
                      apiVersion: "discovery.k8s.io/v1",
                      kind: "EndpointSlice",
                      namespace: applied.metadata?.namespace ?? "default",
                      labelSelector: `kubernetes.io/service-name=${applied.metadata?.name ?? ""}`,
                  },
              }
            : {},
    evaluate,
    advice: 'Check that its selector matches the labels of pods that become ready; a Service that may lead nowhere at first takes the annotation pulumi.com/skipAwait: "true".',
};

/** Headless Services are looked up by pods that are not ready yet; those without a selector get endpoints from somebody else. */
const needsEndpoints = ({ spec }: Service): boolean =>
    spec?.type !== "ExternalName" && spec?.clusterIP !== "None" && Object.keys(spec?.selector ?? {}).length > 0;

function evaluate(snapshot: Snapshot): Verdict {
    if (snapshot.object === undefined) {
        return failed("it was deleted while it was waited for");
    }
    const object = snapshot.object as Service;
    if (needsEndpoints(object)) {
        const slices = (snapshot.related["slices"] ?? []) as readonly EndpointSlice[];
        const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
        if (endpoints.length === 0) {
            return waiting("no pod matches its selector yet");
        }
        // Undefined means ready: the API says so.
        if (!endpoints.some((endpoint) => endpoint.conditions?.ready !== false)) {
            return waiting(`0/${endpoints.length} of its pods ready`);
        }
    }
    if (object.spec?.type === "LoadBalancer" && (object.status?.loadBalancer?.ingress ?? []).length === 0) {
        return waiting("its load balancer has no address yet");
    }
    return readyVerdict;
}
