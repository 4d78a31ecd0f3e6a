/**
 * For the end of a mapping: what is left of settings once everything that is read was taken out of them. A setting that is
 * added to the schema and that nobody reads fails to compile here.
 */
export function nothingElse(_rest: Readonly<Record<string, never>>): void {
    // The compiler does the work.
}
