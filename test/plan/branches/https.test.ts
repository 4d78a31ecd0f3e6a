// R95 in all that a way in can be: with certificates of a controller's, of Google's and of ACM, and with TLS in front.
// Does not prove: that a platform writes such a Gateway; test/stacks does.
import type { Plan } from "../../../commands/plan/plan.ts";
import { UnknownValue } from "../../../commands/plan/plan.ts";
import { goodPlan } from "../support/cloud-examples.ts";
import { spoil, withExtra } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

const plan = (spec: object, annotations?: object, kind: "production" | "staging" = "production"): Plan =>
    spoil(goodPlan("aws", kind), "gateway", (r) => {
        r.props["spec"] = { gatewayClassName: "class", ...spec };
        const waited = { "pulumi.com/waitFor": "condition=Programmed" };
        r.props["metadata"] = { ...r.props["metadata"], annotations: { ...waited, ...annotations } };
    });

const http = { name: "http", protocol: "HTTP", port: 80 };
const https = { name: "https", protocol: "HTTPS", port: 443 };
const certified = { ...https, tls: { certificateRefs: [{ name: "certificate" }] } };
const ofAcm = { infrastructure: { parametersRef: { kind: "LoadBalancerConfiguration", name: "edge" } } };

const namespace = "shop";

function withConfiguration(base: Plan, listener: object): Plan {
    return withExtra(base, "gateway", {
        type: "kubernetes:gateway.k8s.aws/v1beta1:LoadBalancerConfiguration",
        name: "configuration",
        props: { metadata: { name: "edge", namespace }, spec: { listenerConfigurations: [listener] } },
    });
}

function withRoute(base: Plan, parent: object, filters: readonly object[] = []): Plan {
    return withExtra(base, "gateway", {
        type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
        name: "route",
        props: {
            metadata: { name: "route", namespace },
            spec: { parentRefs: [{ name: "gateway", ...parent }], rules: [{ filters }] },
        },
    });
}

const redirect = { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } };

const branches: readonly Branch[] = [
    { what: "no listener", plan: () => plan({}), breaks: ["R95 spec.listeners"] },
    { what: "HTTP alone", plan: () => plan({ listeners: [http] }), breaks: ["R95 spec.listeners"] },
    {
        what: "HTTP alone, and TLS in front",
        plan: () => plan({ listeners: [http] }, { "django-on-kubernetes/tls": "in-front" }),
        breaks: [],
    },
    {
        what: "HTTPS without tls",
        plan: () => plan({ listeners: [http, https] }),
        breaks: ["R95 spec.listeners[1].tls"],
    },
    {
        what: "HTTPS with no certificate",
        plan: () => plan({ listeners: [{ ...https, tls: { certificateRefs: [] } }] }),
        breaks: ["R95 spec.listeners[0].tls"],
    },
    { what: "certificates", plan: () => plan({ listeners: [http, certified] }), breaks: [] },
    {
        what: "TLS that the pods end",
        plan: () => plan({ listeners: [{ name: "tls", protocol: "TLS", port: 443, tls: { mode: "Passthrough" } }] }),
        breaks: [],
    },
    {
        what: "a certificate map",
        plan: () => plan({ listeners: [http, https] }, { "networking.gke.io/certmap": new UnknownValue() }),
        breaks: [],
    },
    {
        what: "a certificate of ACM",
        plan: () =>
            withConfiguration(plan({ listeners: [http, https], ...ofAcm }), {
                protocolPort: "HTTPS:443",
                defaultCertificate: new UnknownValue(),
            }),
        breaks: [],
    },
    {
        what: "a load balancer that looks for one itself",
        plan: () => withConfiguration(plan({ listeners: [http, https], ...ofAcm }), { protocolPort: "HTTPS:443" }),
        breaks: ["R95 spec.listeners[1].tls"],
    },
    {
        what: "a configuration that is not there",
        plan: () => plan({ listeners: [http, https], ...ofAcm }),
        breaks: ["R95 spec.listeners[1].tls"],
    },
    {
        what: "a route at HTTP",
        plan: () => withRoute(plan({ listeners: [http, certified] }), { sectionName: "http" }),
        breaks: ["R95 spec.parentRefs[0].sectionName"],
    },
    {
        what: "a route at every listener",
        plan: () => withRoute(plan({ listeners: [http, certified] }), {}),
        breaks: ["R95 spec.parentRefs[0].sectionName"],
    },
    {
        what: "a redirect at HTTP",
        plan: () => withRoute(plan({ listeners: [http, certified] }), { sectionName: "http" }, [redirect]),
        breaks: [],
    },
    {
        what: "a route at HTTPS",
        plan: () => withRoute(plan({ listeners: [http, certified] }), { sectionName: "https" }),
        breaks: [],
    },
    {
        what: "a route of another Gateway",
        plan: () => withRoute(plan({ listeners: [http, certified] }), { name: "other", sectionName: "http" }),
        breaks: [],
    },
    {
        what: "staging over HTTP",
        plan: () => plan({ listeners: [http] }, undefined, "staging"),
        breaks: [],
    },
];

testBranches(branches);
