// What alarms of every cloud are about beside the cloud's own resources.

/** A host name that is asked from outside. */
export interface CheckedHost {
    readonly host: string;
    readonly port: number;
    /** Whether over HTTPS. */
    readonly secure: boolean;
    /** What is asked for: it answers 200 without a login. */
    readonly path: string;
}
