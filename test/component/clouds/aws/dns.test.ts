// Does not prove that the zone is delegated or that ACM issues: only DNS does.
import { describe, expect, test } from "vitest";
import { AcmCertificate, type AcmCertificateArgs } from "../../../../components/certificates/aws/certificate.ts";
import { Route53Zone, type Route53ZoneArgs } from "../../../../components/dns/aws/zone.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { account } from "./place.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const defaults: Route53ZoneArgs = {
    account,
    data: "kept",
    domain: "shop.example.org",
    certificateAuthorities: ["amazon.com", "amazontrust.com"],
    dnssec: false,
};

const record = remembered((changes: Partial<Route53ZoneArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const { domain, id, nameServers } = new Route53Zone("zone", { ...defaults, ...changes }, opts);
            return { domain, id, nameServers };
        },
        { preview },
    ),
);

describe("a zone", () => {
    test("says who may issue certificates for its names", async () => {
        const plan = await record();
        expect(plan.created).toEqual(["Record zone-caa", "Route53 zone", "Zone zone-zone"]);
        expectOneFamily(plan, ["Route53", "zone"]);
        expect(plan.get("Record", "zone-caa").props).toMatchObject({
            name: "shop.example.org",
            type: "CAA",
            records: ['0 issue "amazon.com"', '0 issue "amazontrust.com"'],
        });
        expect(plan.outputs["domain"]).toBe("shop.example.org");
    });

    test.each(dataPolicies)("is treated as $data data", async ({ data }) => {
        const zone = (await record({ data })).get("Zone", "zone-zone");
        expect(zone.protect).toBe(data === "protected");
        expect(zone.props["forceDestroy"]).toBe(data !== "protected");
    });

    test("is entered in the zone above, when that is known", async () => {
        const { props } = (await record({ parentZoneId: "Z1" })).get("Record", "zone-delegation");
        expect(props).toMatchObject({ zoneId: "Z1", name: "shop.example.org", type: "NS", ttl: 3600 });
    });

    test("is signed by a key of us-east-1 that only Route 53 signs with", async () => {
        const plan = await record({ dnssec: true });
        expect(plan.created).toEqual([
            "HostedZoneDnsSec zone-dnssec",
            "Key zone-dnssec-key",
            "KeySigningKey zone-dnssec-signing",
            "Record zone-caa",
            "Route53 zone",
            "Zone zone-zone",
        ]);
        const key = plan.get("Key", "zone-dnssec-key").props;
        expect(key).toMatchObject({
            region: "us-east-1",
            keyUsage: "SIGN_VERIFY",
            customerMasterKeySpec: "ECC_NIST_P256",
        });
        expect(JSON.parse(key["policy"] as unknown as string)).toMatchObject({
            Statement: [
                { Principal: { AWS: `arn:aws:iam::${account}:root` } },
                { Principal: { Service: "dnssec-route53.amazonaws.com" } },
                {},
            ],
        });
    });

    test("a preview plans the same", async () => {
        expect((await record({ dnssec: true }, true)).created).toEqual((await record({ dnssec: true })).created);
    });
});

describe("a certificate", () => {
    const certificate = (args: Partial<AcmCertificateArgs> = {}, preview = false) =>
        recordAws(
            (opts) => {
                const hosts = ["www.shop.example.org", "shop.example.org", "*.shop.example.org"];
                return { arn: new AcmCertificate("certificate", { hosts, zoneId: "Z1", ...args }, opts).arn };
            },
            { preview },
        );

    test("is proved by a record per name; a wildcard's is that of the name below it", async () => {
        const plan = await certificate();
        expect(plan.created).toEqual([
            "Acm certificate",
            "Certificate certificate-certificate",
            "CertificateValidation certificate-validation",
            "Record certificate-proof-shop.example.org",
            "Record certificate-proof-www.shop.example.org",
        ]);
        expectOneFamily(plan, ["Acm", "certificate"]);
        for (const host of ["shop.example.org", "www.shop.example.org"]) {
            const { props } = plan.get("Record", `certificate-proof-${host}`);
            expect(props).toMatchObject({ zoneId: "Z1", type: "CNAME", allowOverwrite: true });
            expect(props["name"]).toMatch(new RegExp(`^_[^.]+\\.${host.replaceAll(".", "\\.")}\\.?$`));
        }
    });

    test("has the shortest name as its own, in whatever order they are given", async () => {
        const names = async (hosts: readonly string[]) =>
            (await certificate({ hosts })).get("Certificate", "certificate-certificate").props;
        const first = await names(["www.shop.example.org", "shop.example.org", "b.shop.example.org"]);
        expect(first).toMatchObject({
            domainName: "shop.example.org",
            subjectAlternativeNames: ["b.shop.example.org", "www.shop.example.org"],
            validationMethod: "DNS",
        });
        expect(await names(["b.shop.example.org", "shop.example.org", "www.shop.example.org"])).toEqual(first);
    });

    test("may be in another region, for CloudFront", async () => {
        const plan = await certificate({ region: "us-east-1" });
        expect(plan.get("Certificate", "certificate-certificate").props["region"]).toBe("us-east-1");
        expect(plan.get("CertificateValidation", "certificate-validation").props["region"]).toBe("us-east-1");
    });

    test("is for someone", async () => {
        await expect(certificate({ hosts: [] })).rejects.toThrow("hosts is empty. Allowed: at least one name");
    });

    test("another host changes no record of the others; a preview plans the same", async () => {
        const [one, two] = [await certificate({ hosts: ["shop.example.org"] }), await certificate()];
        // The recorded certificate is another one, and so are its proofs; ACM's depend on the account and the name alone.
        expect(two.created).toEqual(expect.arrayContaining([...one.created]));
        expect((await certificate({}, true)).created).toEqual(two.created);
    });
});
