// Which of Amazon's certificates a database's own descends from.
import { X509Certificate } from "node:crypto";

/**
 * Every instance has a certificate of its region's authority, of which there is one per kind of key. All of them are
 * given, so that another `caCertificateIdentifier` needs no new bundle; those of before 2021 have expired.
 *
 * @param certificates PEM, one each
 * @returns the region's roots as one PEM; undefined when the region is not among them
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsCertificateAuthorities(certificates: readonly string[], region: string): string | undefined {
    const names = ["RSA2048", "RSA4096", "ECC384"].map((key) => `CN=Amazon RDS ${region} Root CA ${key} G1`);
    const found = certificates.filter((pem) => {
        // A hundred and fifty of them: parsing takes longer than looking whether the region is named at all.
        if (!Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64").includes(`Amazon RDS ${region} Root CA`)) {
            return false;
        }
        const { subject } = new X509Certificate(pem);
        return subject.split("\n").some((line) => names.includes(line));
    });
    return found.length === 0 ? undefined : found.map((pem) => `${pem.trim()}\n`).join("");
}
