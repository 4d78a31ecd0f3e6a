// The state of a stack as `pulumi stack export` prints it, as far as a repair reads and changes it. Secrets in it are
// ciphertext, and stay so: a repair asks for names and labels only.

export interface Export {
    /** 4 where a resource has what older engines do not know, such as a hook or `replaceWith`; `features` then names it. */
    readonly version: Version;
    readonly deployment: Deployment;
}

type Version = 3 | 4;

export interface Deployment {
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly Operation[];
    readonly [key: string]: unknown;
}

/** What an update that was cut off had begun. */
export interface Operation {
    readonly type: string;
    readonly resource: ResourceState;
}

export interface ResourceState {
    readonly urn: string;
    readonly type: string;
    readonly custom?: boolean;
    readonly id?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly parent?: string;
    /** URN and id. */
    readonly provider?: string;
    readonly dependencies?: readonly string[] | null;
    readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
    readonly deletedWith?: string;
    readonly replaceWith?: readonly string[] | null;
    /** The next update deletes it: another has taken its place. */
    readonly delete?: boolean;
    /** It is deleted already, and what takes its place has not been made. */
    readonly pendingReplacement?: boolean;
    readonly [key: string]: unknown;
}

/** @throws when the text is not what `pulumi stack export` prints; never with the text in the message */
export function readExport(text: string): Export {
    let read: Partial<Export>;
    try {
        read = JSON.parse(text) as Partial<Export>;
    } catch {
        throw new Error(
            `Found ${text.length} characters that are no JSON. Allowed: what \`pulumi stack export\` prints.`,
        );
    }
    const { version, deployment } = read;
    if ((version !== 3 && version !== 4) || typeof deployment !== "object") {
        throw new Error(
            `Found a state of version ${String(version)}. Allowed: version 3 or 4. Fix: use the version of Pulumi that this project names.`,
        );
    }
    return { ...read, version, deployment };
}

/** An object's metadata: what names it and what marks it as the stack's. */
export interface Metadata {
    readonly name?: unknown;
    readonly namespace?: unknown;
    readonly labels?: unknown;
}

export function metadataOf(properties: Readonly<Record<string, unknown>> | undefined): Metadata {
    const metadata = properties?.["metadata"];
    return typeof metadata === "object" && metadata !== null ? metadata : {};
}

export function labelsOf(properties: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> {
    const { labels } = metadataOf(properties);
    return typeof labels === "object" && labels !== null ? (labels as Record<string, unknown>) : {};
}

/** A name as the user knows it: `StatefulSet database-server`. */
export function title({ type, urn }: ResourceState): string {
    return `${type.split(":").at(-1)!} ${urn.split("::").at(-1)!}`;
}
