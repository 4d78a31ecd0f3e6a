// Does not prove that the cluster enforces Pod Security and NetworkPolicies: that is the cluster layer's (R49).
import { expect, test } from "vitest";
import { notPublic } from "../../lib/not-public.ts";
import type { DataPolicy } from "../../components/contract.ts";
import { RestrictedNamespace } from "../../components/namespace/restricted.ts";
import { dataPolicies, expectOneFamily, recordComponent } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const record = remembered((data: DataPolicy = "kept", preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const args = { name: "shop-staging", environmentKind: "staging", data };
            const { namespace } = new RestrictedNamespace("namespace", args, opts);
            return { namespace };
        },
        { preview },
    ),
);

test("a namespace, and two policies in it", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Namespace namespace",
        "NetworkPolicy namespace-allow-dns",
        "NetworkPolicy namespace-deny-all",
        "Restricted namespace",
    ]);
    expectOneFamily(plan, ["Restricted", "namespace"]);
    expect(plan.get("Restricted", "namespace").type).toBe("django-on-kubernetes:namespace:Restricted");
    expect(plan.get("Namespace", "namespace").type).toBe("kubernetes:core/v1:Namespace");
    expect(plan.outputs).toEqual({ namespace: "shop-staging" });
});

test("Pod Security 'restricted' is enforced, audited and warned of (R37)", async () => {
    const { metadata } = (await record()).get("Namespace", "namespace").props;
    expect(metadata.name).toBe("shop-staging");
    expect(metadata.labels).toEqual({
        "app.kubernetes.io/instance": "shop-staging",
        "app.kubernetes.io/component": "namespace",
        "app.kubernetes.io/managed-by": "pulumi",
        "django-on-kubernetes/environment": "staging",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
    });
});

test("nothing goes in or out of any pod (R46), except to name servers (R47)", async () => {
    const plan = await record();
    expect(plan.get("NetworkPolicy", "namespace-deny-all").props).toMatchObject({
        metadata: { name: "deny-all", namespace: "shop-staging" },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(plan.get("NetworkPolicy", "namespace-deny-all").props["spec"]).not.toHaveProperty("egress");
    expect(plan.get("NetworkPolicy", "namespace-allow-dns").props).toMatchObject({
        metadata: { name: "allow-dns", namespace: "shop-staging" },
        spec: {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: expect.arrayContaining([
                {
                    ports: [
                        { protocol: "UDP", port: 53 },
                        { protocol: "TCP", port: 53 },
                    ],
                },
            ]) as unknown,
        },
    });
});

test("names each private range: on EKS, a range that any rule of a pod leaves out is closed to all that do not name it", async () => {
    const { egress } = (await record()).get("NetworkPolicy", "namespace-allow-dns").props["spec"] as {
        egress: Array<{ ports: unknown; to?: Array<{ ipBlock: { cidr: string } }> }>;
    };
    expect(egress.flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock))).toEqual(
        notPublic.map((cidr) => ({ cidr })),
    );
    // To pods a range of addresses does not lead everywhere: the rule without one stays.
    expect(egress.filter(({ to }) => to === undefined)).toHaveLength(1);
    expect(new Set(egress.map(({ ports }) => JSON.stringify(ports))).size).toBe(1);
});

test("the policies wait for the namespace", async () => {
    const plan = await record();
    const { urn } = plan.get("Namespace", "namespace");
    expect(plan.get("NetworkPolicy", "namespace-deny-all").dependencies).toEqual([urn]);
    expect(plan.get("NetworkPolicy", "namespace-allow-dns").dependencies).toEqual([urn]);
});

test.each(dataPolicies)("with $data data, its protection is $protect", async ({ data, protect }) => {
    expect((await record(data)).get("Namespace", "namespace").protect).toBe(protect);
});

test("a preview plans the same", async () => {
    const [preview, update] = [await record("kept", true), await record()];
    expect(preview.created).toEqual(update.created);
    expect(preview.get("NetworkPolicy", "namespace-deny-all").props["metadata"].namespace).toBe("shop-staging");
});
