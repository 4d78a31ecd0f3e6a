// The address that users type, known before anything exists.

/** Where a Gateway listens and for whom. */
export interface Entry {
    /** At least one; the first is the app's address. */
    readonly hosts: readonly string[];
    readonly gateway: {
        readonly className: string;
        readonly httpPort: number;
        readonly httpsPort: number;
        /** The port at which clients reach `httpPort`. @default httpPort */
        readonly publicHttpPort?: number;
        /** The port at which clients reach `httpsPort`. @default httpsPort */
        readonly publicHttpsPort?: number;
    };
    /** A cert-manager issuer; without one there is no TLS. */
    readonly issuer?: { readonly kind: "ClusterIssuer" | "Issuer"; readonly name: string };
}

/** @returns the address of the first host, without a slash at its end */
export function publicUrl({ hosts: [host], gateway, issuer }: Entry): string {
    const secure = issuer !== undefined;
    const port = secure
        ? (gateway.publicHttpsPort ?? gateway.httpsPort)
        : (gateway.publicHttpPort ?? gateway.httpPort);
    const shown = port === (secure ? 443 : 80) ? "" : `:${port}`;
    return `${secure ? "https" : "http"}://${host}${shown}`;
}
