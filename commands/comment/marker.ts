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

/** The text below its marker. @throws BadInputError where it is another's */
export function belowMarker(text: string, marker: string, required: boolean): string {
    const trimmed = text.trimStart();
    if (trimmed.startsWith(marker)) {
        return trimmed.slice(marker.length).trimStart();
    }
    if (trimmed.startsWith(prefix)) {
        throw new BadInputError(`The file begins with another marker. Allowed: ${marker}`);
    }
    if (required) {
        throw new BadInputError(`The file begins with no marker. Allowed: ${marker}`);
    }
    return trimmed;
}
