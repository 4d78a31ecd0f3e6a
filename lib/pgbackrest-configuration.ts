// pgbackrest.conf: where the backups are, and how they are made. What opens them is in a file of its own, a Secret's.

export interface PgbackrestRepository {
    /** For example `https://s3.example.org`. */
    readonly endpoint: string;
    readonly region: string;
    readonly addressing: "path" | "virtual";
    readonly bucket: string;
    /** Without a slash at either end. */
    readonly prefix: string;
    /** Where the certificates of the CA are. @default those that the image trusts */
    readonly caFile?: string;
}

export interface PgbackrestDatabase {
    readonly stanza: string;
    readonly dataDirectory: string;
    /** A superuser, let in through the socket. */
    readonly user: string;
    readonly socketDirectory: string;
}

/** @see https://pgbackrest.org/configuration.html */
export function pgbackrestConfiguration(repository: PgbackrestRepository, database: PgbackrestDatabase): string {
    const { endpoint, region, addressing, bucket, prefix, caFile } = repository;
    return section("global", {
        "repo1-type": "s3",
        // With its port, where it is another than 443: requests are signed for it.
        "repo1-s3-endpoint": new URL(endpoint).host,
        "repo1-s3-bucket": bucket,
        "repo1-s3-region": region,
        "repo1-s3-uri-style": addressing === "path" ? "path" : "host",
        ...(caFile !== undefined && { "repo1-storage-ca-file": caFile }),
        "repo1-path": `/${prefix}`,
        "repo1-cipher-type": "aes-256-cbc",
        // Thousands of small files as a few objects.
        "repo1-bundle": "y",
        "compress-type": "zst",
        // A checkpoint of its own instead of waiting for the next: minutes in which nothing is copied.
        "start-fast": "y",
        "archive-timeout": "60",
        // Of one try; there are several, and a minute each would hide for long that nobody answers.
        "io-timeout": "15",
        // Removing is decided by what is good (scripts/backups.sh).
        "expire-auto": "n",
        "log-level-console": "warn",
        "log-level-file": "off",
        "lock-path": "/tmp/pgbackrest",
        "spool-path": "/tmp/pgbackrest",
    }).concat(
        "\n",
        section(database.stanza, {
            "pg1-path": database.dataDirectory,
            "pg1-socket-path": database.socketDirectory,
            "pg1-user": database.user,
            "pg1-database": "postgres",
        }),
    );
}

export interface PgbackrestSecrets {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly passphrase: string;
}

export function pgbackrestSecrets({ accessKeyId, secretAccessKey, passphrase }: PgbackrestSecrets): string {
    return section("global", {
        "repo1-s3-key": accessKeyId,
        "repo1-s3-key-secret": secretAccessKey,
        "repo1-cipher-pass": passphrase,
    });
}

function section(name: string, options: Readonly<Record<string, string>>): string {
    return [`[${name}]`, ...Object.entries(options).map(([key, value]) => `${key}=${value}`), ""].join("\n");
}
