// The lists of what clouds offer: those that come from an SDK are what it has, and all are of one form.
// Does not prove: that a cloud offers today what stands there.
import { InstanceType } from "@pulumi/aws/types/enums/ec2/index.js";
import { DatabaseSlug, DropletSlug } from "@pulumi/digitalocean/types/enums/index.js";
import { describe, expect, test } from "vitest";
import {
    awsRegions,
    isArm,
    isInstanceType,
    isStoreClass,
    storeClassesLike,
    storeFamilies,
} from "../../../lib/offers/aws.ts";
import { instanceFamilies, sizesOfFamily } from "../../../lib/offers/aws-instance-types.ts";
import { digitalOceanRegions, isDatabaseSize, isDroplet } from "../../../lib/offers/digitalocean.ts";
import { gcpRegions, isArmMachine, isMachineType } from "../../../lib/offers/gcp.ts";
import { alikeTo, nearestOf } from "../../../lib/offers/offers.ts";
import { rdsRegions } from "../../../lib/rds-ca.ts";

test("EC2's types are those of the SDK", () => {
    const ours = instanceFamilies.flatMap((family) => sizesOfFamily(family)!.map((size) => `${family}.${size}`));
    expect(ours.toSorted()).toEqual([...new Set(Object.values(InstanceType))].toSorted());
    expect(isInstanceType("m7i")).toBe(false);
    expect(isInstanceType("constructor.large")).toBe(false);
});

test("DigitalOcean's sizes are among ours, but for what was called by its memory alone", () => {
    expect(Object.values(DropletSlug).filter((slug) => !isDroplet(slug) && !/^[0-9]+[gm]b$/.test(slug))).toEqual([]);
    expect(Object.values(DatabaseSlug).filter((slug) => !isDatabaseSize(slug))).toEqual([]);
    expect(isDroplet("s-3vcpu-5gb")).toBe(false);
    expect(isDroplet("gpu-h100x1-80gb")).toBe(true);
    expect(isDatabaseSize("gd-2vcpu-8gb-50gb")).toBe(true);
});

test.each(Object.entries({ aws: awsRegions, gcp: gcpRegions, digitalocean: digitalOceanRegions }))(
    "regions of %s have the form of regions, and zones that of zones",
    (_, { zones, form, zoneForm, asOf, source }) => {
        expect(asOf).toMatch(/^20[0-9]{2}-[0-9]{2}-[0-9]{2}$/);
        expect(source).toMatch(/^https:/);
        for (const [region, letters] of zones) {
            expect(region).toMatch(form);
            expect(new Set(letters).size).toBe(letters.length);
            for (const letter of letters) {
                const zone = gcpRegions.zones.has(region) ? `${region}-${letter}` : `${region}${letter}`;
                expect(zoneForm!.exec(zone)?.[1]).toBe(region);
                expect(zone).not.toMatch(form);
            }
        }
    },
);

test("every region with authorities of RDS is a region of AWS, or of another partition", () => {
    expect(rdsRegions.filter((region) => !awsRegions.zones.has(region))).toEqual(
        rdsRegions.filter((region) => /^(cn|us-gov)-/.test(region)),
    );
});

describe("classes of stores", () => {
    test.each([
        ["db.t4g.micro", true],
        ["db.x2g.large", true],
        ["db.t9.micro", false],
        ["cache.r6gd.xlarge", true],
        ["cache.m5d.large", false],
        ["db.t4g.32xlarge", false],
    ])("%s: %s", (name, known) => expect(isStoreClass(name)).toBe(known));

    test("every family has sizes", () => {
        for (const service of ["db", "cache"] as const) {
            for (const family of storeFamilies[service]) {
                const sizes = ["medium", "large", "16xlarge"];
                expect(
                    sizes.some((size) => isStoreClass(`${service}.${family}.${size}`)),
                    family,
                ).toBe(true);
            }
        }
        expect(storeClassesLike("db.t4g.huge")).toContain("db.t4g.large");
    });
});

test.each([
    ["m7g.large", true],
    ["c7gn.xlarge", true],
    ["a1.large", true],
    ["im4gn.large", true],
    ["g5g.xlarge", true],
    ["m7i.large", false],
    ["g4dn.xlarge", false],
    ["i7ie.large", false],
    ["p4de.24xlarge", false],
])("%s is of arm64: %s", (type, arm) => expect(isArm(type)).toBe(arm));

test.each([
    ["e2-medium", true],
    ["e2-standard-4", true],
    ["c3-standard-22-lssd", true],
    ["custom-2-4096", true],
    ["n2-custom-8-65536-ext", true],
    ["m3-ultramem-32", true],
    ["e2-gigantic-4", false],
    ["e2-standard-3", false],
    ["e9-standard-4", false],
])("%s is a machine type: %s", (type, known) => expect(isMachineType(type)).toBe(known));

test.each([
    ["t2a-standard-4", true],
    ["c4a-highmem-8-lssd", true],
    ["n4a-custom-4-8192", true],
    ["a4x-highgpu-4g", true],
    ["t2d-standard-4", false],
    ["c4-standard-4", false],
    ["c4d-standard-4", false],
    ["a2-highgpu-1g", false],
])("%s has processors of arm64: %s", (type, arm) => expect(isArmMachine(type)).toBe(arm));

test("the nearest is a correction, else what begins and ends alike", () => {
    const known = ["e2-micro", "e2-standard-2", "e2-standard-4", "n1-standard-4"];
    expect(nearestOf("e2-standart-4", known)).toEqual(["e2-standard-4", "e2-standard-2", "e2-micro"]);
    expect(nearestOf("e2-gigantic-4", known, 1)).toEqual(["e2-standard-4"]);
    expect(alikeTo("q", known)).toEqual(known);
});
