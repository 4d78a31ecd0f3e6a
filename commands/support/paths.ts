// Where the commands keep things.
import { join, resolve } from "node:path";

/** The checkout this file belongs to. */
export const projectRoot = resolve(import.meta.dirname, "../..");

/** State of this checkout: kubeconfig, Pulumi's file backend, logs. Ignored by git; `make down` empties it. */
export const localDir = join(projectRoot, ".local");

/** The kubeconfig that the `local` stack reads; its only context is named `local`. */
export const kubeconfigPath = join(localDir, "kubeconfig");
