// The only way to Google Cloud. Credentials come from gcloud's application-default login, or Workload Identity Federation in CI.
import { Provider } from "@pulumi/gcp/provider.js";

export interface GcpAccount {
    readonly project: string;
    readonly region: string;
}

/** @param labels on every resource that has labels: lower-case letters, digits, hyphens and underscores, at most 63 each */
export function gcpProvider({ project, region }: GcpAccount, labels: Readonly<Record<string, string>>): Provider {
    return new Provider("gcp", { project, region, defaultLabels: { ...labels } });
}
