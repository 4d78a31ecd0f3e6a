// Where an app's containers find the certificates by which they know a server.

export type CertifiedStore = "database" | "database-replica" | "cache" | "broker" | "assets";

/** A folder that only the program writes. */
export const certificateDirectory = "/etc/django-on-kubernetes/certificates";

/** The file that is named to the store's client. */
export function certificatePath(store: CertifiedStore): string {
    return `${certificateDirectory}/${store}.pem`;
}

/** What the package `ca-certificates` of Debian and of Alpine writes, and so the Python images have. */
export const publicCertificates = "/etc/ssl/certs/ca-certificates.crt";
