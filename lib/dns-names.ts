// DNS names: which zone one is in, and which no public authority certifies.

/** Whether a name is a zone's own or below it. */
export function isInZone(name: string, zone: string): boolean {
    return name === zone || name.endsWith(`.${zone}`);
}

/**
 * Top-level names that are nobody's on the internet.
 *
 * @see https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 */
const local: readonly string[] = [
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "test",
];

/** Whether a name can be certified by a public authority: it has a dot, and an end that is somebody's. */
export function isPublicName(name: string): boolean {
    const labels = name.split(".");
    return labels.length > 1 && !local.includes(labels.at(-1)!) && !name.endsWith(".home.arpa");
}
