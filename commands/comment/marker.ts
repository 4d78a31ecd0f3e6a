// Markers: the first line of a comment, which says what it is, and nobody sees.
import { BadInputError } from "./run.ts";

const prefix = "<!-- django-on-kubernetes:";

/** @param name as in `verdict:staging`, `review` */
export function markerOf(name: string): string {
    if (!/^[a-z]+(:[A-Za-z0-9_.-]+)?$/.test(name)) {
        throw new BadInputError(`--marker is "${name}". Allowed: verdict:STACK, review`);
    }
    return `${prefix}${name} -->`;
}

/** The text without its marker, which a verdict has none of yet. @throws BadInputError where it has another's */
export function belowMarker(text: string, marker: string): string {
    const trimmed = text.trimStart();
    if (trimmed.startsWith(marker)) {
        return trimmed.slice(marker.length).trimStart();
    }
    if (trimmed.startsWith(prefix)) {
        throw new BadInputError(`The file begins with another marker. Allowed: ${marker}`);
    }
    return trimmed;
}
