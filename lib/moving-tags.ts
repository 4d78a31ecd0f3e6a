// Image tags that whoever builds images moves on to the next one (R41).

export const movingTags: readonly string[] = [
    "latest",
    "main",
    "master",
    "stable",
    "edge",
    "dev",
    "develop",
    "nightly",
    "testing",
    "current",
];

/** As `17` or `v2`: the next minor version gets it too. */
const majorVersion = /^v?[0-9]{1,2}$/;

/** Whether a reference may be of another image tomorrow: it has no digest, and no tag or one that moves. */
export function moves(image: string): boolean {
    const [name = "", digest] = image.split("@");
    // The colon of a registry's port comes before the last slash.
    const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(name.split("/").at(-1)!)?.[1];
    const isPinned = digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest);
    return !isPinned && (tag === undefined || movingTags.includes(tag) || majorVersion.test(tag));
}
