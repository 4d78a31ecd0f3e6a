// Does not prove that Google takes the ranges, that NAT carries a pod's call, or that the peering is gone after a destroy.
import { describe, expect, test } from "vitest";
import { ExistingGcpNetwork } from "../../../../components/vpc/gcp/existing.ts";
import { GcpNetwork, type GcpNetworkArgs } from "../../../../components/vpc/gcp/network.ts";
import { expectOneFamily } from "../../../support/component.ts";
import { recordGcp } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const defaults: GcpNetworkArgs = {
    region: "europe-west1",
    ranges: { nodes: "10.0.0.0/20", pods: "10.4.0.0/14", services: "10.8.0.0/20", privateServices: "10.9.0.0/16" },
    flowLogSampling: 0.1,
    outgoingAddresses: [],
};

const record = remembered((changes: Partial<GcpNetworkArgs> = {}, preview: boolean = false) =>
    recordGcp(
        (opts) => {
            const { network, subnetwork, podsRange, servicesRange } = new GcpNetwork(
                "vpc",
                { ...defaults, ...changes },
                opts,
            );
            return { network, subnetwork, podsRange, servicesRange };
        },
        { preview },
    ),
);

test("a network, a subnetwork with ranges for pods and services, a way out, and the peering for managed stores", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Connection vpc-peering",
        "GcpNetwork vpc",
        "GlobalAddress vpc-private-services",
        "Network vpc-network",
        "Router vpc-router",
        "RouterNat vpc-nat",
        "Subnetwork vpc-nodes",
    ]);
    expectOneFamily(plan, ["GcpNetwork", "vpc"]);
    expect(plan.get("GcpNetwork", "vpc").type).toBe("django-on-kubernetes:vpc:GcpNetwork");
    expect(plan.get("Network", "vpc-network")).toMatchObject({
        type: "gcp:compute/network:Network",
        props: { autoCreateSubnetworks: false, routingMode: "REGIONAL" },
    });
    expect(plan.outputs).toMatchObject({ podsRange: "pods", servicesRange: "services" });
});

test("nodes have private addresses, and reach Google's services without NAT", async () => {
    const subnetwork = (await record()).get("Subnetwork", "vpc-nodes").props;
    expect(subnetwork).toMatchObject({
        region: "europe-west1",
        ipCidrRange: "10.0.0.0/20",
        secondaryIpRanges: [
            { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
            { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
        ],
        privateIpGoogleAccess: true,
        logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.1, metadata: "INCLUDE_ALL_METADATA" },
    });
    expect((await record({ flowLogSampling: 0 })).get("Subnetwork", "vpc-nodes").props).not.toHaveProperty("logConfig");
});

describe("the way out", () => {
    test("is for this subnetwork, with as many ports as a node needs", async () => {
        expect((await record()).get("RouterNat", "vpc-nat").props).toMatchObject({
            natIpAllocateOption: "AUTO_ONLY",
            // Said: left out, those of an earlier setting would stay (R92).
            natIps: [],
            sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
            subnetworks: [{ sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
            enableDynamicPortAllocation: true,
            // Google refuses both.
            enableEndpointIndependentMapping: false,
            minPortsPerVm: 64,
            maxPortsPerVm: 4096,
            logConfig: { enable: true, filter: "ERRORS_ONLY" },
        });
    });

    test("has fixed addresses where some are named; another name changes none of them", async () => {
        const addresses = async (outgoingAddresses: string[]) =>
            (await record({ outgoingAddresses })).created.filter((resource) => resource.startsWith("Address "));
        expect(await addresses(["first"])).toEqual(["Address vpc-outgoing-first"]);
        expect(await addresses(["second", "first"])).toEqual([
            "Address vpc-outgoing-first",
            "Address vpc-outgoing-second",
        ]);
        const nat = (await record({ outgoingAddresses: ["first"] })).get("RouterNat", "vpc-nat").props;
        expect(nat["natIpAllocateOption"]).toBe("MANUAL_ONLY");
        expect(nat["natIps"]).toHaveLength(1);
    });
});

test("the peering has a range of its own, and lets the network be deleted while Google still holds its side", async () => {
    const plan = await record();
    expect(plan.get("GlobalAddress", "vpc-private-services").props).toMatchObject({
        addressType: "INTERNAL",
        purpose: "VPC_PEERING",
        address: "10.9.0.0",
        prefixLength: 16,
    });
    expect(plan.get("Connection", "vpc-peering").props).toMatchObject({
        service: "servicenetworking.googleapis.com",
        deletionPolicy: "ABANDON",
        updateOnCreationFail: true,
    });
});

test("what the provider knows and we do not can be set", async () => {
    const native = {
        network: { mtu: 8896 },
        subnetwork: { logConfig: { flowSampling: 1 } },
        nat: { minPortsPerVm: 128 },
    };
    const plan = await record({ native });
    expect(plan.get("Network", "vpc-network").props).toMatchObject({ mtu: 8896, autoCreateSubnetworks: false });
    expect(plan.get("Subnetwork", "vpc-nodes").props["logConfig"]).toMatchObject({
        flowSampling: 1,
        metadata: "INCLUDE_ALL_METADATA",
    });
    expect(plan.get("RouterNat", "vpc-nat").props).toMatchObject({ minPortsPerVm: 128, maxPortsPerVm: 4096 });
});

test("a first preview knows no id, and plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

test("a network that is there already is named, and nothing is made", async () => {
    const existing = {
        network: "projects/shop-project/global/networks/main",
        subnetwork: "projects/shop-project/regions/europe-west1/subnetworks/main",
        podsRange: "gke-pods",
        servicesRange: "gke-services",
    };
    const plan = await recordGcp((opts) => {
        const vpc = new ExistingGcpNetwork("vpc", existing, opts);
        const { network, subnetwork, podsRange, servicesRange } = vpc;
        return { network, subnetwork, podsRange, servicesRange, waits: vpc.privateServices === vpc };
    });
    expect(plan.created).toEqual(["ExistingGcpNetwork vpc"]);
    expect(plan.outputs).toEqual({ ...existing, waits: true });
});
