// Policies of AWS as JSON: what is not known yet, or is no JSON, has no statement.
import { objectOf, textOf } from "./kubernetes.ts";

export function parsedDocument(document: unknown): Readonly<Record<string, unknown>> {
    try {
        return objectOf(JSON.parse(textOf(document) ?? "{}"));
    } catch {
        return {};
    }
}

/** Of what is a text or a list of texts. */
export function textsOf(value: unknown): readonly string[] {
    return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => textOf(one) ?? []);
}
