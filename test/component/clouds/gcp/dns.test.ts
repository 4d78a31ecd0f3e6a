// Does not prove that the parent zone delegates, or that a resolver checks the signatures.
import { expect, test } from "vitest";
import { CloudDnsZone, type CloudDnsZoneArgs } from "../../../../components/dns/gcp/cloud-dns.ts";
import { expectOneFamily } from "../../../support/component.ts";
import { recordGcp } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const defaults: CloudDnsZoneArgs = { domain: "shop.example.org", data: "kept", certificateAuthorities: ["pki.goog"] };

const record = remembered((changes: Partial<CloudDnsZoneArgs> = {}, preview: boolean = false) =>
    recordGcp((opts) => ({ domain: new CloudDnsZone("zone", { ...defaults, ...changes }, opts).domain }), { preview }),
);

test("a public zone, signed, whose names only Google may certify", async () => {
    const plan = await record();
    expect(plan.created).toEqual(["CloudDnsZone zone", "ManagedZone zone-zone", "RecordSet zone-authorities"]);
    expectOneFamily(plan, ["CloudDnsZone", "zone"]);
    expect(plan.outputs).toEqual({ domain: "shop.example.org" });
    expect(plan.get("ManagedZone", "zone-zone").props).toMatchObject({
        dnsName: "shop.example.org.",
        visibility: "public",
        dnssecConfig: { state: "on", nonExistence: "nsec3" },
    });
    expect(plan.get("RecordSet", "zone-authorities").props).toMatchObject({
        name: "shop.example.org.",
        type: "CAA",
        ttl: 3600,
        rrdatas: ['0 issue "pki.goog"'],
    });
});

test.each([
    [{ managedZone: "example-org" }, { managedZone: "example-org" }],
    [
        { project: "shop-production", managedZone: "example-org" },
        { project: "shop-production", managedZone: "example-org" },
    ],
])("the zone above names its servers: %o", async (parentZone, expected) => {
    const plan = await recordGcp((opts) => {
        const zone = new CloudDnsZone("zone", { ...defaults, parentZone }, opts);
        return { delegation: zone.delegation?.urn, servers: zone.nameServers };
    });
    const { props, urn } = plan.get("RecordSet", "zone-delegation");
    expect(props).toMatchObject({ ...expected, name: "shop.example.org.", type: "NS", ttl: 3600 });
    expect(props["rrdatas"]).toEqual(plan.outputs["servers"]);
    expect(props["rrdatas"]).not.toEqual([]);
    expect("project" in props).toBe("project" in parentZone);
    expect(plan.outputs["delegation"]).toBe(urn);
});

test.each([
    { data: "protected", protect: true, forceDestroy: false },
    { data: "kept", protect: false, forceDestroy: false },
    { data: "disposable", protect: false, forceDestroy: true },
] as const)(
    "$data: protect $protect, others' records go with it $forceDestroy (R67, R68)",
    async ({ data, protect, forceDestroy }) => {
        const zone = (await record({ data })).get("ManagedZone", "zone-zone");
        expect(zone.protect).toBe(protect);
        expect(zone.props["forceDestroy"]).toBe(forceDestroy);
    },
);

test("several authorities, or any", async () => {
    const several = await record({ certificateAuthorities: ["pki.goog", "letsencrypt.org"] });
    expect(several.get("RecordSet", "zone-authorities").props["rrdatas"]).toEqual([
        '0 issue "pki.goog"',
        '0 issue "letsencrypt.org"',
    ]);
    expect((await record({ certificateAuthorities: [] })).created).toEqual([
        "CloudDnsZone zone",
        "ManagedZone zone-zone",
    ]);
});

test("what the provider knows and we do not can be set", async () => {
    const plan = await record({ native: { cloudLoggingConfig: { enableLogging: true } } });
    expect(plan.get("ManagedZone", "zone-zone").props).toMatchObject({
        cloudLoggingConfig: { enableLogging: true },
        visibility: "public",
    });
});

test("a first preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
