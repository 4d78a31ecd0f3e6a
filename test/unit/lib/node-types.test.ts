// What machines have, by their names, and what is left of them for pods. Compared with nodes that were seen: what is reckoned here
// may be a little more, for a machine's own system takes some memory that no formula tells, and never less.
import { describe, expect, it, test } from "vitest";
import { awsInstance, eksNode } from "../../../lib/node-types/aws.ts";
import { doksNode, droplet } from "../../../lib/node-types/digitalocean.ts";
import { gcpMachine, gkeNode } from "../../../lib/node-types/gcp.ts";
import { nodesFor, withoutPlace } from "../../../lib/node-types/packing.ts";
import { gibibyte, mebibyte, withoutKubelet, type Room } from "../../../lib/node-types/room.ts";

const room = (processors: number, gibibytes: number): Room => ({
    cpu: processors * 1000,
    memory: Math.round(gibibytes * gibibyte),
});

test.each([
    [1000, 940],
    [2000, 1930],
    [4000, 3920],
    [8000, 7910],
    [16000, 15890],
])("the kubelet leaves of %d thousandths of a processor %d", (cpu, left) => {
    expect(withoutKubelet(cpu)).toBe(left);
});

describe("Compute Engine", () => {
    test.each([
        ["e2-standard-4", room(4, 16)],
        ["e2-highmem-8", room(8, 64)],
        ["e2-highcpu-16", room(16, 16)],
        ["e2-medium", room(2, 4)],
        ["n1-standard-1", room(1, 3.75)],
        ["n2d-standard-224", room(224, 896)],
        ["c4-standard-8", room(8, 30)],
        ["c3-standard-8-lssd", room(8, 32)],
        ["n2-custom-6-12288", room(6, 12)],
        ["custom-4-5120", room(4, 5)],
        ["n2-custom-2-32768-ext", room(2, 32)],
    ])("knows %s", (name, size) => {
        expect(gcpMachine(name)).toEqual(size);
    });

    test.each([
        "e2-gigantic-4",
        "e2-standard-0",
        "a2-highgpu-1g",
        "toString",
        "e2-standard",
        "n2-custom-6",
        "m3-ultramem-32",
    ])("does not know %s", (name) => {
        expect(gcpMachine(name)).toBeUndefined();
        expect(gkeNode(name)).toBeUndefined();
    });

    it("leaves of a node what GKE's page shows of one, less its own pods", () => {
        const { cpu, memory, pods } = gkeNode("e2-standard-4")!;
        expect(cpu + 215).toBe(3920);
        // The page's node has 13498416Ki allocatable.
        expect((memory + 346 * mebibyte) / (13_498_416 * 1024)).toBeCloseTo(1, 1);
        expect(pods).toBe(110);
    });

    it("keeps more of processors that are shared", () => {
        expect(gkeNode("e2-medium")!.cpu).toBe(940 - 215);
    });
});

describe("EC2", () => {
    test.each([
        ["m7i.large", room(2, 8), 29],
        ["m7g.medium", room(1, 4), 8],
        ["c6a.xlarge", room(4, 8), 58],
        ["r7i.48xlarge", room(192, 1536), 737],
        ["m7i-flex.4xlarge", room(16, 64), 234],
        ["t3.small", room(2, 2), 11],
        ["t4g.2xlarge", room(8, 32), 58],
    ])("knows %s", (name, size, pods) => {
        expect(awsInstance(name)).toEqual({ ...size, pods });
    });

    test.each([
        "c5n.large",
        "m4.large",
        "t2.micro",
        "m7i.metal-24xl",
        "m7i.huge",
        "x2idn.16xlarge",
        "g5.xlarge",
        "t3.constructor",
    ])("does not know %s", (name) => {
        expect(awsInstance(name)).toBeUndefined();
        expect(eksNode(name)).toBeUndefined();
    });

    it("leaves of a node what nodeadm does, less EKS's own pods", () => {
        expect(eksNode("m7i.large")).toEqual({
            cpu: 1930 - 180,
            memory: 8 * gibibyte - (11 * 29 + 255 + 100 + 120) * mebibyte,
            pods: 29,
        });
    });
});

describe("Droplets", () => {
    test.each([
        ["s-2vcpu-4gb", room(2, 4)],
        ["s-4vcpu-8gb-intel", room(4, 8)],
        ["s-2vcpu-4gb-120gb-intel", room(2, 4)],
        ["c-4", room(4, 8)],
        ["c2-4vcpu-8gb", room(4, 8)],
        ["so1_5-2vcpu-16gb", room(2, 16)],
        ["gd-40vcpu-160gb", room(40, 160)],
    ])("knows %s", (slug, size) => {
        expect(droplet(slug)).toEqual(size);
    });

    test.each(["s-99", "gpu-h100x1-80gb", "s-2vcpu", "c-"])("does not know %s", (slug) => {
        expect(droplet(slug)).toBeUndefined();
        expect(doksNode(slug)).toBeUndefined();
    });

    test.each([
        ["s-1vcpu-2gb", 1],
        ["s-2vcpu-4gb", 2.5],
        ["s-4vcpu-8gb", 6],
        ["s-32vcpu-192gb", 182],
        // Not in DigitalOcean's table: as much is kept as of the next smaller, beyond it as large a part.
        ["s-4vcpu-10gb", 8],
        ["m-48vcpu-384gb", 364],
    ])("%s leaves %d GiB", (slug, left) => {
        expect(doksNode(slug)!.memory).toBe(left * gibibyte);
    });
});

describe("places on nodes", () => {
    const node = { ...room(4, 8), pods: 10 };
    const places = (count: number) => [{ room: node, count }];

    test.each([
        ["as many as fit", [{ room: room(1, 2), count: 8 }], 2, 0],
        ["one more than fit", [{ room: room(1, 2), count: 9 }], 2, 1],
        [
            "large ones first, small ones between them",
            [
                { room: room(1, 1), count: 2 },
                { room: room(3, 7), count: 2 },
            ],
            2,
            0,
        ],
        ["room in all that is enough, and none for one", [{ room: room(3, 5), count: 3 }], 2, 1],
        ["small ones, of which a node takes ten", [{ room: room(0.1, 0.1), count: 21 }], 2, 1],
        ["what no node is large enough for", [{ room: room(5, 1), count: 1 }], 2, 1],
    ])("%s", (_, pods, count, waiting) => {
        expect(withoutPlace(pods, places(count)).reduce((sum, rest) => sum + rest.count, 0)).toBe(waiting);
    });

    it("reckons how many nodes there have to be", () => {
        expect(nodesFor([{ room: room(1, 2), count: 9 }], node)).toBe(3);
        expect(nodesFor([], node)).toBe(0);
        expect(nodesFor([{ room: room(5, 1), count: 1 }], node)).toBeUndefined();
    });
});
