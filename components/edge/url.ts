// The address that users type, known before anything exists.

/** Where a listener is reached. */
export interface PublicAddress {
    readonly secure: boolean;
    readonly port: number;
}

/** @returns the address of the host, without a slash at its end */
export function publicUrl(host: string, { secure, port }: PublicAddress): string {
    const shown = port === (secure ? 443 : 80) ? "" : `:${port}`;
    return `${secure ? "https" : "http"}://${host}${shown}`;
}
