// What a size's name says. Does not prove that DigitalOcean has the size.
import { describe, expect, test } from "vitest";
import { allowsStandby, databasePlan, postgresConnections } from "../../../lib/digitalocean-plans.ts";

describe("sizes", () => {
    test.each([
        ["db-s-1vcpu-1gb", { vcpus: 1, memory: 1 }, 22, false],
        ["db-amd-2vcpu-8gb", { vcpus: 2, memory: 8 }, 197, true],
        ["gd-4vcpu-16gb", { vcpus: 4, memory: 16 }, 397, true],
        ["so1_5-2vcpu-16gb", { vcpus: 2, memory: 16 }, 397, true],
        ["db-intel-1vcpu-2gb", { vcpus: 1, memory: 2 }, 47, true],
        ["m3-32vcpu-256gb", { vcpus: 32, memory: 256 }, 997, true],
    ] as const)("%s", (size, plan, connections, standby) => {
        expect(databasePlan(size)).toEqual(plan);
        expect(postgresConnections(plan)).toBe(connections);
        expect(allowsStandby(plan)).toBe(standby);
    });

    test.each(["", "large", "db-s-2vcpu", "db-s-0vcpu-1gb", "2vcpu-4gb"])("%j is none", (size) => {
        expect(databasePlan(size)).toBeUndefined();
    });
});
