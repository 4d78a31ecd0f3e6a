// Seals values for this cluster, with kubeseal and the certificate of the controller that runs.
import { attempt } from "./shell.ts";
import { sealingCertificateUrl } from "./addons/secrets.ts";
import { ensurePrograms } from "./programs.ts";

export interface Sealing {
    /** Of the Secret that it will be, with its name. */
    readonly namespace: string;
    readonly name: string;
    /** @default strict: for that namespace and that name alone */
    readonly scope?: "strict" | "namespace-wide" | "cluster-wide";
}

/**
 * The cluster has to run with `sealed-secrets`.
 *
 * @returns what `kubeseal --raw` prints, without the line's end
 * @throws with what kubeseal said
 */
export async function seal(value: string, { namespace, name, scope = "strict" }: Sealing): Promise<string> {
    const { sealedSecrets } = await ensurePrograms(() => undefined, ["sealed-secrets"]);
    const args = ["--raw", "--namespace", namespace, "--name", name, "--scope", scope, "--cert", sealingCertificateUrl];
    const { exitCode, stdout, stderr } = await attempt(sealedSecrets!.kubeseal, args, value);
    if (exitCode !== 0) {
        throw new Error(`kubeseal could not seal for ${namespace}/${name}: ${stderr}`);
    }
    return stdout.trim();
}
