// Where the stack `local` keeps its state, and what its secrets are encrypted with.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localDir } from "../support/paths.ts";

/**
 * The passphrase of the stack `local`. It is no secret, and cannot be one: the engine writes what it derives from a
 * passphrase, `encryptionsalt`, into Pulumi.local.yaml, so a passphrase made on each machine would change a tracked file
 * on each machine. With a known one the salt is committed, and a fresh clone stays clean. What it protects is as
 * throwaway as the stack: passwords made for a cluster that `make down` removes, in a directory that only its owner can
 * read, beside that cluster's kubeconfig. Never put a secret of your own into Pulumi.local.yaml.
 */
const localPassphrase = "local";

/** `encryptionsalt` of Pulumi.local.yaml: what the engine derived from that passphrase. A test holds the two together. */
export const localEncryptionSalt = "v1:2rKAlBQN4e0=:v1:2Z2vJOrWUDcTQtZl:noOenLuXceMy04RQDlWrWhvzo4BEiQ==";

/** Environment for the stack `local`: its state in a directory of this checkout, whatever the user's own login is. */
export function localBackend(directory = join(localDir, "pulumi")): Record<string, string> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return {
        PULUMI_BACKEND_URL: `file://${directory}`,
        PULUMI_CONFIG_PASSPHRASE: localPassphrase,
    };
}
