// Controllers that make Secrets, on request: sealed-secrets, which decrypts, and the External Secrets Operator, which fetches.
import { answers } from "../health.ts";
import { kubeconfigOf } from "../kubeconfig.ts";
import { nodeAddress, ports } from "../layout.ts";
import { rights, type Addon } from "./addon.ts";
import { readDefinitions } from "./definitions.ts";

const sealing = `${nodeAddress}:${ports.sealedSecrets}`;

/** The certificate with which kubeseal seals for this cluster; its key lasts as long as the cluster. */
export const sealingCertificateUrl = `http://${sealing}/v1/cert.pem`;

export const sealedSecretsDefinition = "sealedsecrets.bitnami.com";

/** @param definitions the directory with its resource definition */
export async function sealedSecrets(executable: string, definitions: string): Promise<Addon> {
    return {
        server: {
            name: "sealed-secrets",
            command: executable,
            args: [`--kubeconfig=${kubeconfigOf("sealed-secrets")}`, `--listen=${sealing}`],
            ready: () => answers(`http://${sealing}/healthz`),
        },
        objects: [
            ...(await readDefinitions(definitions)),
            ...rights("sealed-secrets", [
                {
                    apiGroups: ["bitnami.com"],
                    resources: ["sealedsecrets"],
                    verbs: ["get", "list", "watch", "update"],
                },
                { apiGroups: ["bitnami.com"], resources: ["sealedsecrets/status"], verbs: ["update"] },
                {
                    apiGroups: [""],
                    resources: ["secrets"],
                    verbs: ["get", "list", "watch", "create", "update", "delete"],
                },
                { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
                { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
            ]),
        ],
    };
}

const group = "external-secrets.io";

/** What it watches; of the module's other definitions nothing is made use of. */
export const externalSecretsDefinitions = [
    ...["clustersecretstores", "externalsecrets", "secretstores"].map((name) => `${name}.${group}`),
    `generatorstates.generators.${group}`,
];

/** @param definitions the directory with its resource definitions */
export async function externalSecrets(executable: string, definitions: string): Promise<Addon> {
    const metrics = `${nodeAddress}:${ports.externalSecretsMetrics}`;
    const served = await readDefinitions(definitions);
    return {
        server: {
            name: "external-secrets",
            command: executable,
            args: [
                `--metrics-addr=${metrics}`,
                ...["cluster-external-secret", "cluster-push-secret", "push-secret"].map(
                    (name) => `--enable-${name}-reconciler=false`,
                ),
            ],
            env: { KUBECONFIG: kubeconfigOf("external-secrets") },
            ready: () => answers(`http://${metrics}/metrics`),
        },
        objects: [
            ...served.filter(({ metadata }) => externalSecretsDefinitions.includes(metadata?.name ?? "")),
            ...rights("external-secrets", [
                { apiGroups: [group, `generators.${group}`], resources: ["*"], verbs: ["*"] },
                {
                    apiGroups: [""],
                    resources: ["secrets"],
                    verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
                },
                {
                    apiGroups: [""],
                    resources: ["configmaps", "namespaces", "serviceaccounts"],
                    verbs: ["get", "list", "watch"],
                },
                // As an account that a store names.
                { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
                { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
            ]),
        ],
    };
}
