export interface Row {
    readonly role: string;
    readonly name: string;
    readonly kind: string;
    readonly pods: string;
    readonly size: string;
    readonly reaches: string;
    /** On a line of their own below. */
    readonly notes: readonly string[];
}

export function emptyRow(role: string, name: string, kind: string): Row {
    return { role, name, kind, pods: "", size: "", reaches: "", notes: [] };
}
