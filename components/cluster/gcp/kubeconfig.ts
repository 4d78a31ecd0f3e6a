// How kubectl and Pulumi reach a GKE cluster: its public data, and a program that asks Google for a token each time.

export interface GkeAddress {
    /** As `gcloud` names contexts: `gke_PROJECT_LOCATION_CLUSTER`. */
    readonly identifier: string;
    /** A host name or an address, without scheme. */
    readonly endpoint: string;
    /** As base64. @default one that every machine trusts, as for the DNS-based endpoint */
    readonly caCertificate?: string;
}

export function gkeIdentifier(project: string, location: string, name: string): string {
    return `gke_${project}_${location}_${name}`;
}

/** @returns JSON, which is YAML. No credential is in it, and nothing that expires. */
export function gkeKubeconfig({ identifier, endpoint, caCertificate }: GkeAddress): string {
    const named = { name: identifier };
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            {
                ...named,
                cluster: {
                    server: `https://${endpoint}`,
                    ...(caCertificate !== undefined && { "certificate-authority-data": caCertificate }),
                },
            },
        ],
        users: [
            {
                ...named,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "gke-gcloud-auth-plugin",
                        // The same credentials as the provider's: without, those of `gcloud auth login`, which CI does not have.
                        args: ["--use_application_default_credentials"],
                        installHint: "gcloud components install gke-gcloud-auth-plugin",
                        interactiveMode: "Never",
                        provideClusterInfo: true,
                    },
                },
            },
        ],
        contexts: [{ ...named, context: { cluster: identifier, user: identifier } }],
        "current-context": identifier,
    });
}
