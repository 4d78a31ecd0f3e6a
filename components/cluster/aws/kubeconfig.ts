// How kubectl and Pulumi reach an EKS cluster: by a token that the AWS CLI makes when one is needed.

export interface EksAddress {
    readonly name: string;
    readonly region: string;
    readonly endpoint: string;
    /** Base64 of the PEM, as EKS gives it. */
    readonly certificateAuthority: string;
}

/** @returns a kubeconfig without any credential, as JSON, which is YAML too */
export function eksKubeconfig({ name, region, endpoint, certificateAuthority }: EksAddress): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
        users: [
            {
                name,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
                        interactiveMode: "Never",
                        provideClusterInfo: false,
                        installHint:
                            "The AWS CLI is needed: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
                    },
                },
            },
        ],
    });
}

/** The cluster's name for ever (R73): known before it exists. */
export function eksClusterArn({
    account,
    region,
    name,
}: Pick<EksAddress, "name" | "region"> & { readonly account: string }): string {
    return `arn:aws:eks:${region}:${account}:cluster/${name}`;
}
