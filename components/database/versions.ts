// The PostgreSQL versions that run in a cluster.

export type PostgresVersion = "15" | "16" | "17" | "18";

export interface PostgresImage {
    readonly image: string;
    /** Where the image declares its volume: a mount beside it would be shadowed by an anonymous one. */
    readonly volumePath: string;
}

/** Official images. Version 18 moved the volume up, to make pg_upgrade with hard links possible. */
export const postgresImages: Record<PostgresVersion, PostgresImage> = {
    "15": { image: "docker.io/library/postgres:15.15-bookworm", volumePath: "/var/lib/postgresql/data" },
    "16": { image: "docker.io/library/postgres:16.11-bookworm", volumePath: "/var/lib/postgresql/data" },
    "17": { image: "docker.io/library/postgres:17.7-bookworm", volumePath: "/var/lib/postgresql/data" },
    "18": { image: "docker.io/library/postgres:18.1-bookworm", volumePath: "/var/lib/postgresql" },
};

/** The user and group of the Debian-based official images. */
export const postgresUser = { user: 999, group: 999 };
