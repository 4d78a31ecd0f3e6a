// Packs a directory as an image layer. Dates, owners and the umask of the checkout are left out, so the same files give the
// same bytes; that also makes the digest of the pack the fingerprint of the directory.
import { createHash } from "node:crypto";

import { execa } from "execa";

export interface PackOptions {
    /** Where in the image the directory's content goes. @default "/" */
    readonly to?: string;
    /** Only these entries of the directory. @default all */
    readonly only?: readonly string[];
    /** Only these files and folders, each by its relative path; what is in a folder is not taken with it. @default all */
    readonly paths?: readonly string[];
    /** Keeps each file's own mode instead of one that every checkout shares. @default false */
    readonly keepModes?: boolean;
}

export async function packDirectory(directory: string, out: string, options: PackOptions = {}): Promise<void> {
    await execa("tar", [...tarArguments(directory, options), "--file", out], input(options));
}

export async function fingerprintDirectory(directory: string, options: PackOptions = {}): Promise<string> {
    const hash = createHash("sha256");
    const tar = execa("tar", tarArguments(directory, options), {
        buffer: false,
        encoding: "buffer",
        ...input(options),
    });
    for await (const chunk of tar.stdout) {
        hash.update(chunk as Buffer);
    }
    await tar;
    return hash.digest("hex");
}

function tarArguments(directory: string, options: PackOptions): string[] {
    const to = (options.to ?? "/").replace(/^\/|\/$/g, "");
    return [
        ...["--create", "--format=gnu", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"],
        ...(options.keepModes ? [] : ["--mode=u=rwX,go=rX"]),
        // Names only: a link's target, relative or not, is right as it is.
        ...(to ? [`--transform=flags=r;s,^\\.,./${to},`] : []),
        ...["--directory", directory],
        ...(options.paths ? ["--no-recursion", "--null", "--files-from=-"] : (options.only ?? ["."])),
    ];
}

/** The list of files goes by standard input: a command line has an end. */
function input({ paths }: PackOptions): { readonly input?: string } {
    return paths ? { input: [".", ...paths.map((path) => `./${path}`)].join("\0") } : {};
}
