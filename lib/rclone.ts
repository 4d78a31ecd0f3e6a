// How rclone is told of a server that speaks S3: by variables, so that no file of settings has to be written.

/** The name of one of rclone's remotes, in small letters. */
export type Remote = string;

export interface S3Server {
    readonly endpoint: string;
    readonly region: string;
    readonly addressing: "path" | "virtual";
}

/**
 * Servers whose ways differ from AWS's, by the ends of their names: rclone knows which requests each of them takes, and how it signs them.
 *
 * @see https://rclone.org/s3/#s3-provider
 */
const providers: ReadonlyArray<readonly [end: string, provider: string]> = [
    [".amazonaws.com", "AWS"],
    [".amazonaws.com.cn", "AWS"],
    ["storage.googleapis.com", "GCS"],
    [".digitaloceanspaces.com", "DigitalOcean"],
    [".r2.cloudflarestorage.com", "Cloudflare"],
    [".wasabisys.com", "Wasabi"],
    [".scw.cloud", "Scaleway"],
];

export function providerOf(endpoint: string): string {
    const { hostname } = new URL(endpoint);
    return providers.find(([end]) => hostname.endsWith(end))?.[1] ?? "Other";
}

/** Of a remote for the server; its key is told from a file, by the script that starts rclone. */
export function s3Remote(remote: Remote, { endpoint, region, addressing }: S3Server): Readonly<Record<string, string>> {
    return variables(remote, {
        type: "s3",
        provider: providerOf(endpoint),
        endpoint,
        region,
        force_path_style: String(addressing === "path"),
    });
}

export function variables(remote: Remote, options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(
        Object.entries(options).map(([name, value]) => [`RCLONE_CONFIG_${remote}_${name}`.toUpperCase(), value]),
    );
}
