// Image tags that whoever builds images moves on to the next one (R41).

export const movingTags: readonly string[] = [
    "latest",
    "main",
    "master",
    "trunk",
    "head",
    "stable",
    "unstable",
    "edge",
    "rolling",
    "canary",
    "next",
    "lts",
    "dev",
    "develop",
    "nightly",
    "snapshot",
    "testing",
    "staging",
    "release",
    "prod",
    "production",
    "live",
    "current",
];

/** As `17` or `v2`: the next minor version gets it too. */
const majorVersion = /^v?[0-9]{1,2}$/;

/** What builders put behind a tag for another base of the same version. */
const base = /-(alpine|slim|bookworm|bullseye|trixie|noble|jammy)([0-9.]*)$/;

/** @returns the tag without its base, in lower case; undefined where there is none, or a digest pins the image */
function movable(image: string): { readonly tag: string | undefined } | undefined {
    const [name = "", digest] = image.split("@");
    if (digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)) {
        return undefined;
    }
    // The colon of a registry's port comes before the last slash.
    const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(name.split("/").at(-1)!)?.[1];
    return { tag: tag?.toLowerCase().replace(base, "") };
}

/** Whether a reference may be of another image tomorrow: it has no digest, and no tag or one that moves. */
export function moves(image: string): boolean {
    const found = movable(image);
    return found !== undefined && (hasMovingWord(image) || majorVersion.test(found.tag!));
}

/** The same, but that `17` may go on to the next minor version. */
export function hasMovingWord(image: string): boolean {
    const found = movable(image);
    return found !== undefined && (found.tag === undefined || movingTags.includes(found.tag));
}
