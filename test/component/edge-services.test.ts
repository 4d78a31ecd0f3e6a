// Ways in without a proxy. Does not prove that a load balancer is made: that is the cluster's, which says so in the Service's status.
import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ServicesEdge, type DirectRoute, type ServicesEdgeArgs } from "../../components/edge/services.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const route = (changes: Partial<DirectRoute> = {}): DirectRoute => ({
    app: "shop",
    main: true,
    hosts: ["shop.example.org"],
    service: output("shop-web"),
    port: 80,
    readyPath: "/healthz/ready",
    pods: { "app.kubernetes.io/name": "shop-web" },
    publicPort: 8080,
    ...changes,
});
const blog = { app: "blog", main: false, pods: { "app.kubernetes.io/name": "blog-web" }, publicPort: 8081 };
const balanced = { kind: "load-balancer", annotations: { "metallb.io/address-pool": "public" } } as const;

const record = remembered(
    (
        changes: Partial<Omit<ServicesEdgeArgs, "routes">> = {},
        others: readonly Partial<DirectRoute>[] = [],
        preview: boolean = false,
    ) =>
        recordComponent(
            (opts) => {
                const routes = [route(), ...others.map(route)];
                const args = { ...placement, routes, through: balanced, sourceRanges: ["198.51.100.0/24"], ...changes };
                const { addresses } = new ServicesEdge("edge", args, opts);
                return { addresses };
            },
            { preview },
        ),
);

describe("load balancers", () => {
    test("one for each app, straight to its web pods, for named addresses", async () => {
        const plan = await record({}, [blog]);
        expect(plan.created).toEqual(["Service edge-service", "Service edge-service-blog", "Services edge"]);
        expect(plan.get("Service", "edge-service").props).toMatchObject({
            metadata: {
                name: "edge",
                namespace: "shop-staging",
                annotations: {
                    "metallb.io/address-pool": "public",
                    "django-on-kubernetes/way-in": "named",
                },
            },
        });
        expect(plan.get("Service", "edge-service").props["spec"]).toEqual({
            type: "LoadBalancer",
            selector: { "app.kubernetes.io/name": "shop-web" },
            ports: [{ name: "http", port: 8080, targetPort: "http" }],
            loadBalancerSourceRanges: ["198.51.100.0/24"],
            externalTrafficPolicy: "Local",
        });
        const other = plan.get("Service", "edge-service-blog").props;
        expect(other["metadata"]).toMatchObject({ name: "edge-blog" });
        expect(other["spec"]).toMatchObject({
            selector: { "app.kubernetes.io/name": "blog-web" },
            ports: [{ port: 8081 }],
        });
    });

    test("are made by the class that was chosen", async () => {
        const plan = await record({ through: { ...balanced, class: "service.k8s.aws/nlb" } });
        expect(plan.get("Service", "edge-service").props["spec"]).toMatchObject({
            loadBalancerClass: "service.k8s.aws/nlb",
        });
    });

    test("are waited for: nothing takes the wait for an address away", async () => {
        const annotations = (await record()).get("Service", "edge-service").props["metadata"].annotations as object;
        expect(annotations).not.toHaveProperty("pulumi.com/skipAwait");
    });

    test("have addresses, of whichever app", async () => {
        const { outputs } = await record({}, [blog]);
        expect(Object.keys(outputs["addresses"] as object)).toEqual(["shop", "blog"]);
    });

    test("say that TLS ends in front only where it does", async () => {
        const annotationOf = async (tlsInFront: boolean) =>
            (await record({ tlsInFront })).get("Service", "edge-service").props["metadata"].annotations[
                "django-on-kubernetes/tls"
            ] as unknown;
        expect(await annotationOf(true)).toBe("in-front");
        expect(await annotationOf(false)).toBeUndefined();
    });
});

test("node ports: the port that was chosen, on nodes that have a pod, and no address", async () => {
    const plan = await record({ through: { kind: "node-port" } });
    const service = plan.get("Service", "edge-service").props;
    expect(service["spec"]).toEqual({
        type: "NodePort",
        selector: { "app.kubernetes.io/name": "shop-web" },
        ports: [{ name: "http", port: 80, targetPort: "http", nodePort: 8080 }],
        externalTrafficPolicy: "Local",
    });
    expect(service["metadata"].annotations).toEqual({ "django-on-kubernetes/way-in": "named" });
    expect(plan.outputs["addresses"]).toBeUndefined();
});

test("everything descends from the component, in a preview too", async () => {
    for (const preview of [false, true]) {
        expectOneFamily(await record({}, [blog], preview), ["Services", "edge"]);
    }
});
