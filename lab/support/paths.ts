// Where the lab keeps what it builds and runs, each with one life time; the checkout's own places are those of the commands.
import { homedir } from "node:os";
import { join } from "node:path";

export { kubeconfigPath, localDir, projectRoot } from "../../commands/support/paths.ts";

/** Built binaries and images, shared by all checkouts of this user; safe to delete, costs a rebuild. */
export const cacheDir = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "django-on-kubernetes");

/**
 * The embedded cluster: sockets, data, volumes, pid files and logs. One per machine, because node address, bridge and
 * service rules are the machine's; short, because a Unix socket's path may have 107 bytes. Gone after `down`.
 */
export const clusterDir = "/var/lib/django-on-kubernetes";
