// Where the tools keep things. Three places, each with one life time.
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The checkout this file belongs to. */
export const projectRoot = resolve(import.meta.dirname, "../..");

/** State of this checkout: kubeconfig, Pulumi's file backend, logs. Ignored by git; `make down` empties it. */
export const localDir = join(projectRoot, ".local");

/** The kubeconfig that the `local` stack reads; its only context is named `local`. */
export const kubeconfigPath = join(localDir, "kubeconfig");

/** Built binaries and images, shared by all checkouts of this user; safe to delete, costs a rebuild. */
export const cacheDir = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "django-on-kubernetes");

/**
 * The embedded cluster: sockets, data, volumes, pid files and logs. One per machine, because node address, bridge and
 * service rules are the machine's; short, because a Unix socket's path may have 107 bytes. Gone after `down`.
 */
export const clusterDir = "/var/lib/django-on-kubernetes";
