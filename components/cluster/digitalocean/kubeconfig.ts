// How to reach a DOKS cluster without a stored login: DigitalOcean's kubeconfigs hold a token that is good for seven days.

export interface DoksConnection {
    readonly name: string;
    readonly id: string;
    /** `https://....k8s.ondigitalocean.com`. */
    readonly endpoint: string;
    /** The API server's CA as PEM, in base64. No secret. */
    readonly ca: string;
}

/**
 * @returns a kubeconfig as JSON, which is YAML too; doctl asks for a token when one is needed, with the login that it has
 * from DIGITALOCEAN_ACCESS_TOKEN or `doctl auth init`
 */
export function doksKubeconfig({ name, id, endpoint, ca }: DoksConnection): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": name,
        contexts: [{ name, context: { cluster: name, user: name } }],
        clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": ca } }],
        users: [
            {
                name,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "doctl",
                        args: ["kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=v1beta1", id],
                        installHint: "Install doctl: https://docs.digitalocean.com/reference/doctl/how-to/install/",
                        interactiveMode: "Never",
                        provideClusterInfo: false,
                    },
                },
            },
        ],
    });
}
