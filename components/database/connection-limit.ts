// What the Service of a server that a stack does not make says of its connections: the rules read it there (R29, R30).
import {
    connectionShareAnnotation,
    maxConnectionsAnnotation,
    pooledAnnotation,
    type Labels,
} from "../../lib/labels.ts";

export interface ConnectionLimit {
    readonly maxConnections: number;
    /** How many of them are for this environment. @default all that nobody else uses */
    readonly connectionShare?: number;
    /** @default false */
    readonly pooled?: boolean;
}

export function connectionLimit({ maxConnections, connectionShare, pooled = false }: ConnectionLimit): Labels {
    return {
        [maxConnectionsAnnotation]: String(maxConnections),
        ...(connectionShare !== undefined && { [connectionShareAnnotation]: String(connectionShare) }),
        ...(pooled && { [pooledAnnotation]: "true" }),
    };
}
