// Names of time zones, as Kubernetes takes them: exactly those of the IANA database, in its own spelling.

/** `Local` is Go's word for the time zone of the machine, which Kubernetes refuses. */
const form = /^(?:UTC|[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2})$/;

/**
 * @returns what is wrong with a name, as the end of a sentence; undefined for one that Kubernetes takes
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ "Time zones"
 */
export function timeZoneFault(name: string): string | undefined {
    const known = canonical(name);
    // Offsets such as +01:00 are a time zone to JavaScript, and none to Go.
    if (known === undefined || /^[+-]/.test(known) || name === "Local") {
        return "";
    }
    const spelt = Intl.supportedValuesOf("timeZone").find((zone) => zone.toLowerCase() === name.toLowerCase());
    const right = spelt ?? known;
    return name === spelt || (form.test(name) && (spelt === undefined || name === "UTC"))
        ? undefined
        : `: did you mean ${right}?`;
}

function canonical(name: string): string | undefined {
    try {
        return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
        return undefined;
    }
}
