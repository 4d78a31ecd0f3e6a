// The images that stores have when nothing is said: each tag was looked up where it is published, or found in use by others with a digest.
// A registry is not asked, so this does not prove that a tag is still there; it stops one that nobody has looked up.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";

/** By where the tag stands. Valkey's images are of Debian 13 from 8.1.4 on, and have no tag of Debian 12. */
const lookedUp: Readonly<Record<string, string>> = {
    "docker.io/library/postgres:15.15-bookworm": "https://hub.docker.com/_/postgres",
    "docker.io/library/postgres:16.11-bookworm": "https://hub.docker.com/_/postgres",
    "docker.io/library/postgres:17.7-bookworm": "https://hub.docker.com/_/postgres",
    "docker.io/library/postgres:18.1-bookworm": "https://hub.docker.com/_/postgres",
    "docker.io/valkey/valkey:8.1.8-trixie": "https://github.com/valkey-io/valkey-container/blob/mainline/versions.json",
    "docker.io/library/redis:8.2.2-bookworm": "https://hub.docker.com/_/redis",
    "docker.io/library/memcached:1.6.39": "https://hub.docker.com/_/memcached",
    "docker.io/library/rabbitmq:4.0.9": "https://hub.docker.com/_/rabbitmq",
    "docker.io/library/rabbitmq:4.1.8": "https://hub.docker.com/_/rabbitmq",
    "docker.io/library/rabbitmq:4.2.5": "https://hub.docker.com/_/rabbitmq",
    "ghcr.io/cloudnative-pg/pgbouncer:1.25.2-202609151159-trixie":
        "https://github.com/cloudnative-pg/pgbouncer-containers/pull/62",
    "docker.io/percona/percona-pgbackrest:2.58.0-2": "https://hub.docker.com/r/percona/percona-pgbackrest",
    "docker.io/rclone/rclone:1.72.1": "https://hub.docker.com/r/rclone/rclone",
};

test("every default image has a tag that was looked up", async () => {
    const found = new Set<string>();
    const files = await readdir(join(projectRoot, "components"), { recursive: true });
    for (const file of files.filter((name) => name.endsWith(".ts"))) {
        const source = await readFile(join(projectRoot, "components", file), "utf8");
        for (const [, image] of source.matchAll(
            /"((?:docker|ghcr|quay|registry\.k8s|public\.ecr)\.[^"\s]+:[^"\s/]+)"/g,
        )) {
            found.add(image!);
        }
    }
    expect([...found].toSorted()).toEqual(Object.keys(lookedUp).toSorted());
});
