// What a cluster adds to an object, as far as programs read it: addresses.

/** Members to put over the object. */
export function statusOf(
    object: Readonly<Record<string, unknown>>,
    kind: string,
    seed: string,
): Readonly<Record<string, unknown>> {
    const spec = (object["spec"] ?? {}) as Readonly<Record<string, unknown>>;
    const number = parseInt(seed.slice(0, 4), 16);
    const address = `203.0.113.${1 + (number % 254)}`;
    switch (kind) {
        case "Namespace":
            return { status: { phase: "Active" } };
        case "Service": {
            if (spec["clusterIP"] === "None" || spec["type"] === "ExternalName") {
                return {};
            }
            const clusterIP =
                spec["clusterIP"] ?? `10.96.${number % 256}.${1 + (parseInt(seed.slice(4, 8), 16) % 254)}`;
            const status =
                spec["type"] === "LoadBalancer" ? { status: { loadBalancer: { ingress: [{ ip: address }] } } } : {};
            return { spec: { ...spec, clusterIP, clusterIPs: [clusterIP] }, ...status };
        }
        case "Ingress":
            return { status: { loadBalancer: { ingress: [{ ip: address }] } } };
        case "Gateway":
            return { status: { addresses: [{ type: "IPAddress", value: address }] } };
        default:
            return {};
    }
}
