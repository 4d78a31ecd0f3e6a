// Network, registry and zone. Does not prove that DigitalOcean accepts these arguments: that needs an account.
import { describe, expect, test } from "vitest";
import { DigitalOceanDomain, type DigitalOceanDomainArgs } from "../../../../components/dns/digitalocean/domain.ts";
import {
    DigitalOceanRegistry,
    type DigitalOceanRegistryArgs,
} from "../../../../components/registry/digitalocean/registry.ts";
import { DigitalOceanNetwork, type DigitalOceanNetworkArgs } from "../../../../components/vpc/digitalocean/vpc.ts";
import { expectOneFamily } from "../../../support/component.ts";
import { recordDigitalOcean } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const policies = ["protected", "kept", "disposable"] as const;

describe("the network", () => {
    const defaults: DigitalOceanNetworkArgs = {
        instance: "shop-production",
        data: "kept",
        region: "fra1",
        source: { variant: "create", range: "10.110.0.0/20" },
    };
    const record = remembered((changes: Partial<DigitalOceanNetworkArgs> = {}, preview: boolean = false) =>
        recordDigitalOcean((opts) => {
            const { vpcId, range } = new DigitalOceanNetwork("network", { ...defaults, ...changes }, opts);
            return { vpcId, range };
        }, preview),
    );

    test("is made with its range", async () => {
        const plan = await record();
        expect(plan.created).toEqual(["DigitalOcean network", "Vpc network-network"]);
        expectOneFamily(plan, ["DigitalOcean", "network"]);
        expect(plan.get("Vpc", "network-network").props).toEqual({
            name: "shop-production",
            region: "fra1",
            ipRange: "10.110.0.0/20",
            description: "shop-production: cluster and managed stores",
        });
        expect(plan.outputs["range"]).toBe("10.110.0.0/20");
    });

    test.each(policies)("%s", async (data) => {
        expect((await record({ data })).get("Vpc", "network-network").protect).toBe(data === "protected");
    });

    test("is adopted by its id, and not managed", async () => {
        const plan = await record({ source: { variant: "existing", id: "vpc-id", range: "10.9.0.0/20" } });
        expect(plan.created).toEqual(["DigitalOcean network"]);
        expect(plan.outputs).toEqual({ vpcId: "vpc-id", range: "10.9.0.0/20" });
    });

    test("takes DigitalOcean's own arguments", async () => {
        const plan = await record({ native: { description: "ours" } });
        expect(plan.get("Vpc", "network-network").props).toMatchObject({ description: "ours", region: "fra1" });
    });

    test("a preview plans the same", async () => {
        expect((await record({}, true)).created).toEqual((await record()).created);
    });
});

describe("the registry", () => {
    const defaults: DigitalOceanRegistryArgs = {
        data: "protected",
        source: { variant: "create", name: "example-shop", tier: "basic", region: "fra1" },
    };
    const record = remembered((changes: Partial<DigitalOceanRegistryArgs> = {}) =>
        recordDigitalOcean((opts) => ({
            prefix: new DigitalOceanRegistry("registry", { ...defaults, ...changes }, opts).prefix,
        })),
    );

    test("is made with a name and a tier", async () => {
        const plan = await record();
        expect(plan.created).toEqual(["ContainerRegistry registry-registry", "DigitalOcean registry"]);
        expectOneFamily(plan, ["DigitalOcean", "registry"]);
        expect(plan.get("ContainerRegistry", "registry-registry").props).toEqual({
            name: "example-shop",
            subscriptionTierSlug: "basic",
            region: "fra1",
        });
        expect(plan.outputs).toEqual({ prefix: "registry.digitalocean.com/example-shop" });
    });

    test.each(policies)(
        "%s: other stacks of the account pull from it, so only what is thrown away takes it along",
        async (data) => {
            expect((await record({ data })).get("ContainerRegistry", "registry-registry").protect).toBe(
                data !== "disposable",
            );
        },
    );

    test("is adopted by its name", async () => {
        const plan = await record({ source: { variant: "existing", name: "example-shop" } });
        expect(plan.created).toEqual(["DigitalOcean registry"]);
        expect(plan.outputs).toEqual({ prefix: "registry.digitalocean.com/example-shop" });
    });
});

describe("the zone", () => {
    const created = {
        variant: "create",
        domain: "shop.example.org",
        certificateAuthorities: ["letsencrypt.org", "pki.goog"],
    } as const;
    const record = remembered((changes: Partial<DigitalOceanDomainArgs> = {}) =>
        recordDigitalOcean((opts) => {
            const { domain, id, nameServers } = new DigitalOceanDomain(
                "dns",
                { data: "protected", source: created, ...changes },
                opts,
            );
            return { domain, id, nameServers };
        }),
    );

    test("says who may issue certificates for its names", async () => {
        const plan = await record();
        expect(plan.created).toEqual([
            "DigitalOcean dns",
            "DnsRecord dns-caa-letsencrypt.org",
            "DnsRecord dns-caa-pki.goog",
            "Domain dns-domain",
        ]);
        expectOneFamily(plan, ["DigitalOcean", "dns"]);
        expect(plan.get("DnsRecord", "dns-caa-letsencrypt.org").props).toEqual({
            domain: "shop.example.org",
            type: "CAA",
            name: "@",
            flags: 0,
            tag: "issue",
            value: "letsencrypt.org.",
            ttl: 3600,
        });
        expect(plan.outputs).toEqual({
            domain: "shop.example.org",
            id: "shop.example.org",
            nameServers: ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"],
        });
    });

    test("authorities are known by their names: one more, or another order, changes no other", async () => {
        const urns = async (certificateAuthorities: readonly string[]) =>
            (await record({ source: { ...created, certificateAuthorities } })).resources
                .filter(({ type }) => type.endsWith("DnsRecord"))
                .map(({ urn }) => urn);
        const [one] = await urns(["letsencrypt.org"]);
        expect(await urns(["pki.goog", "letsencrypt.org"])).toContain(one);
    });

    test.each(policies)("%s", async (data) => {
        expect((await record({ data })).get("Domain", "dns-domain").protect).toBe(data === "protected");
    });

    test("is named by the domain above, in one record a name server, once it is there", async () => {
        const plan = await record({
            source: { ...created, domain: "shop.eu.example.org", parentZone: "example.org" },
        });
        const delegations = plan.created.filter((name) => name.includes("delegation"));
        expect(delegations).toEqual([
            "DnsRecord dns-delegation-ns1",
            "DnsRecord dns-delegation-ns2",
            "DnsRecord dns-delegation-ns3",
        ]);
        expectOneFamily(plan, ["DigitalOcean", "dns"]);
        // Relative to the zone above, and a value with a dot at its end: else the provider sees a change each time.
        expect(plan.get("DnsRecord", "dns-delegation-ns2").props).toEqual({
            domain: "example.org",
            type: "NS",
            name: "shop.eu",
            value: "ns2.digitalocean.com.",
            ttl: 3600,
        });
        expect(plan.get("DnsRecord", "dns-delegation-ns2").dependencies).toContain(
            plan.get("Domain", "dns-domain").urn,
        );
    });

    test("is adopted by its name, records and all", async () => {
        const plan = await record({ source: { variant: "existing", domain: "example.org" } });
        expect(plan.created).toEqual(["DigitalOcean dns"]);
        expect(plan.outputs).toEqual({ domain: "example.org", id: "example.org", nameServers: [] });
    });
});
