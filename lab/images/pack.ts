// Packs a directory as an image layer. Dates, owners and the umask of the checkout are left out, so the same files give the
// same bytes; that also makes the digest of the pack the fingerprint of the directory.
import { createHash } from "node:crypto";

import { execa } from "execa";

export interface PackOptions {
    /** Where in the image the directory's content goes. @default "/" */
    readonly to?: string;
    /** Only these entries of the directory. @default all */
    readonly only?: readonly string[];
    /** A file of patterns to leave out, in the common ground of .dockerignore and tar. */
    readonly ignoreFile?: string;
    /** Keeps each file's own mode instead of one that every checkout shares. @default false */
    readonly keepModes?: boolean;
}

export async function packDirectory(directory: string, out: string, options: PackOptions = {}): Promise<void> {
    await execa("tar", [...tarArguments(directory, options), "--file", out]);
}

export async function fingerprintDirectory(directory: string, options: PackOptions = {}): Promise<string> {
    const hash = createHash("sha256");
    const tar = execa("tar", tarArguments(directory, options), { buffer: false, encoding: "buffer" });
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
        ...(options.ignoreFile ? [`--exclude-from=${options.ignoreFile}`] : []),
        // Names only: a link's target, relative or not, is right as it is.
        ...(to ? [`--transform=flags=r;s,^\\.,./${to},`] : []),
        ...["--directory", directory],
        ...(options.only ?? ["."]),
    ];
}
