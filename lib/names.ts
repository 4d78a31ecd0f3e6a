// Kubernetes object names: a DNS label has at most 63 characters.
import { createHash } from "node:crypto";

/** The longest name of a Service, a Namespace or a label value. Source: Kubernetes, "Object Names and IDs". */
export const labelLimit = 63;

/**
 * Joins parts to a DNS label. A name that would be too long keeps its beginning and ends in a hash of the whole, so two
 * long names that differ only at their end stay different.
 *
 * @param parts words of lower-case letters, digits and hyphens
 * @param limit the most characters allowed, 63 unless something is appended later
 */
export function dnsLabel(parts: readonly string[], limit: number = labelLimit): string {
    const whole = parts.join("-");
    if (whole.length <= limit) {
        return whole;
    }
    const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
    return `${whole.slice(0, limit - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
