// Does not prove that packets flow: only an account does.
import { describe, expect, test } from "vitest";
import { zoneAddresses, zoneLetters } from "../../../../components/vpc/aws/addresses.ts";
import { AwsNetwork, type AwsNetworkArgs } from "../../../../components/vpc/aws/network.ts";
import { overlaps } from "../../../../lib/cidr.ts";
import { expectOneFamily } from "../../../support/component.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const defaults: AwsNetworkArgs = {
    instance: "shop-staging",
    region: "eu-central-1",
    cidr: "10.40.0.0/16",
    zones: ["a", "b", "c"],
    nat: "perZone",
    endpoints: [],
};

const record = remembered((changes: Partial<AwsNetworkArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const { vpcId, publicSubnetIds, privateSubnetIds, storeSubnetIds, storeCidrs, publicCidrs, ready } =
                new AwsNetwork("network", { ...defaults, ...changes }, opts);
            const names = ready.map(({ urn }) => urn.apply((text) => text.split("::").at(-1)!));
            return { vpcId, publicSubnetIds, privateSubnetIds, storeSubnetIds, storeCidrs, publicCidrs, ready: names };
        },
        { preview },
    ),
);

describe("the addresses of zones", () => {
    test.each(["10.40.0.0/16", "172.16.0.0/17", "192.168.0.0/18"])("of %s overlap nowhere", (cidr) => {
        const all = zoneLetters.flatMap((zone) =>
            Object.values(zoneAddresses(cidr, zone) as unknown as Record<string, string>),
        );
        expect(all).toHaveLength(18);
        for (const [index, one] of all.entries()) {
            expect(overlaps(cidr, one)).toBe(true);
            expect(all.slice(index + 1).filter((other) => overlaps(one, other))).toEqual([]);
        }
    });

    test("are mostly for pods; a load balancer's subnet has 27 bits at most", () => {
        expect(zoneAddresses("10.40.0.0/16", "a")).toEqual({
            private: "10.40.0.0/19",
            public: "10.40.192.0/24",
            store: "10.40.224.0/24",
        });
        expect(zoneAddresses("10.40.0.0/18", "f").public).toMatch(/\/26$/);
    });
});

describe("three zones", () => {
    test("have three subnets, a way out and a table each, and one for all stores", async () => {
        const plan = await record();
        const perZone = (kind: string, ...names: string[]) =>
            ["a", "b", "c"].flatMap((zone) => names.map((name) => `${kind} ${name.replace("Z", zone)}`));
        expect(plan.created).toEqual(
            [
                "Aws network",
                "DefaultSecurityGroup network-default-group",
                "InternetGateway network-internet",
                "Route network-public-internet",
                "RouteTable network-public",
                "RouteTable network-store",
                "Vpc network-vpc",
                "VpcEndpoint network-s3",
                ...perZone("Subnet", "network-public-Z", "network-private-Z", "network-store-Z"),
                ...perZone("RouteTable", "network-private-Z"),
                ...perZone("RouteTableAssociation", "network-public-Z", "network-private-Z", "network-store-Z"),
                ...perZone("Route", "network-private-Z-nat"),
                ...perZone("NatGateway", "network-nat-Z"),
                ...perZone("Eip", "network-nat-Z-address"),
            ].sort(),
        );
        expectOneFamily(plan, ["Aws", "network"]);
        expect(plan.get("Aws", "network").type).toBe("django-on-kubernetes:vpc:Aws");
    });

    test("give names to nodes inside, and nobody a public address by itself", async () => {
        const plan = await record();
        expect(plan.get("Vpc", "network-vpc").props).toMatchObject({
            cidrBlock: "10.40.0.0/16",
            enableDnsHostnames: true,
            enableDnsSupport: true,
        });
        for (const zone of ["a", "b", "c"]) {
            for (const kind of ["public", "private", "store"]) {
                expect(plan.get("Subnet", `network-${kind}-${zone}`).props).toMatchObject({
                    availabilityZone: `eu-central-1${zone}`,
                    mapPublicIpOnLaunch: false,
                });
            }
        }
    });

    test("tell the load balancer controller which subnets are for which load balancers", async () => {
        const plan = await record();
        const tags = (name: string) => plan.get("Subnet", name).props["tags"];
        expect(tags("network-public-a")).toEqual({ Name: "shop-staging-public-a", "kubernetes.io/role/elb": "1" });
        expect(tags("network-private-a")).toEqual({
            Name: "shop-staging-private-a",
            "kubernetes.io/role/internal-elb": "1",
        });
        expect(tags("network-store-a")).toEqual({ Name: "shop-staging-store-a" });
    });

    test("leave nothing in the group that everything without one of its own is put in", async () => {
        expect((await record()).get("DefaultSecurityGroup", "network-default-group").props).toMatchObject({
            ingress: [],
            egress: [],
        });
    });

    test("have stores without any way out, not even to S3", async () => {
        const plan = await record();
        expect(plan.get("RouteTable", "network-store").props["routes"]).toEqual([]);
        const routes = plan.resources.filter(({ type }) => type === "aws:ec2/route:Route");
        expect(routes.map(({ name }) => name).filter((name) => name.includes("store"))).toEqual([]);
        expect(plan.get("VpcEndpoint", "network-s3").props["routeTableIds"]).toHaveLength(3);
    });

    test("say what stores and load balancers have, in the order of the zones", async () => {
        const { outputs } = await record({ zones: ["c", "a", "b"] });
        expect(outputs).toMatchObject({
            publicCidrs: ["10.40.192.0/24", "10.40.193.0/24", "10.40.194.0/24"],
            storeCidrs: ["10.40.224.0/24", "10.40.225.0/24", "10.40.226.0/24"],
        });
        expect(outputs["storeSubnetIds"]).toHaveLength(3);
        expect(outputs["ready"]).toEqual(
            expect.arrayContaining([
                "network-public-internet",
                "network-private-a-nat",
                "network-private-c",
                "network-store-b",
                "network-s3",
            ]),
        );
    });
});

test("another zone, and another order of them, changes nothing of the others", async () => {
    const [two, three] = await Promise.all([record({ zones: ["c", "a"] }), record({ zones: ["a", "b", "c"] })]);
    for (const { name, type, props } of two.resources.filter((resource) => resource.type.startsWith("aws:"))) {
        const same = three.resources.find((other) => other.name === name && other.type === type);
        if (type === "aws:ec2/vpcEndpoint:VpcEndpoint") {
            continue; // Its list of tables grows, in place.
        }
        expect(same?.props, name).toEqual(props);
    }
});

describe("the way out", () => {
    const nats = async (nat: AwsNetworkArgs["nat"]) =>
        (await record({ nat })).created.filter((name) => /^(NatGateway|Route|RouteTable) /.test(name));

    test("is one gateway for all zones, and a table for each", async () => {
        expect(await nats("single")).toEqual([
            "NatGateway network-nat-a",
            "Route network-private-a-nat",
            "Route network-private-b-nat",
            "Route network-private-c-nat",
            "Route network-public-internet",
            "RouteTable network-private-a",
            "RouteTable network-private-b",
            "RouteTable network-private-c",
            "RouteTable network-public",
            "RouteTable network-store",
        ]);
    });

    test("is none, and the tables stay", async () => {
        const created = await nats("none");
        expect(created).not.toContainEqual(expect.stringMatching(/nat/));
        expect(created).toContain("RouteTable network-private-a");
    });

    test("stands in its own zone, behind the internet gateway", async () => {
        const plan = await record();
        const { dependencies } = plan.get("NatGateway", "network-nat-b");
        expect(dependencies).toContain(plan.get("InternetGateway", "network-internet").urn);
        expect(dependencies).toContain(plan.get("Subnet", "network-public-b").urn);
    });
});

test("services get an address in the private subnets, reached by HTTPS from inside alone", async () => {
    const plan = await record({ endpoints: ["ecr.api", "sts"] });
    expect(plan.get("VpcEndpoint", "network-ecr.api").props).toMatchObject({
        serviceName: "com.amazonaws.eu-central-1.ecr.api",
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
    });
    expect(plan.get("VpcEndpoint", "network-sts").props["subnetIds"]).toHaveLength(3);
    expect(plan.get("SecurityGroupIngressRule", "network-endpoints-https").props).toMatchObject({
        cidrIpv4: "10.40.0.0/16",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
    });
});

test("takes arguments by AWS's own names", async () => {
    const plan = await record({ native: { enableNetworkAddressUsageMetrics: true, tags: { team: "shop" } } });
    expect(plan.get("Vpc", "network-vpc").props).toMatchObject({
        enableNetworkAddressUsageMetrics: true,
        tags: { Name: "shop-staging", team: "shop" },
    });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
