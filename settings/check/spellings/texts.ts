// Texts as others write them: names, paths, words.

/** `Shop Of_Things` @returns lower-case words with hyphens, as long as one may be */
export function nameFrom(text: string, longest: number): string {
    return text
        .slice(0, 4 * longest)
        .trim()
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]/g, "-")
        .replaceAll(/-{2,}/g, "-")
        .replace(/^[^a-z]{1,256}/, "")
        .slice(0, longest)
        .replace(/-$/, "");
}

/** Everything that only needs a little: other cases, a slash, an underscore, no space around it. */
export function littleChanges(text: string): string[] {
    const bare = text.trim();
    if (bare === "") {
        return [];
    }
    const unslashed = bare.replace(/\/{1,3}$/, "");
    const inSlashes = `/${bare}/`.replaceAll(/\/{2,}/g, "/");
    return [
        bare,
        bare.toLowerCase(),
        bare.toUpperCase(),
        unslashed,
        inSlashes.slice(0, -1),
        inSlashes,
        `${bare}/`,
        bare.replaceAll("-", "_"),
        bare.replaceAll("_", "-"),
        bare.toLowerCase().replaceAll(/[_\s]/g, "-"),
        bare.toLowerCase().replaceAll(/[-\s]/g, "_"),
        bare.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_"),
        `${bare.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_")}_`,
        bare.replaceAll(/\s/g, ""),
        // `https:` for what has to have it; `shop/wsgi.py` for a module.
        `https://${bare}`,
        `https://${unslashed}`,
        `https://${bare}/`,
        bare.replace(/^http:/, "https:"),
        bare.replace(/\.py$/, "").replaceAll("/", "."),
    ];
}
