// Libraries of the system that compiled Python packages want, and an image's root may lack: seen when it is made, not when a page fails.
import type { Sandbox } from "./sandbox.ts";

/**
 * What a wheel does not bring along, with Debian's package for it. What else it names and nothing brings is an optional part of it,
 * such as another vendor's driver.
 *
 * @see https://peps.python.org/pep-0599/
 */
const ofTheSystem: ReadonlyMap<string, string> = new Map([
    ["libGL.so.1", "libgl1"],
    ["libICE.so.6", "libice6"],
    ["libSM.so.6", "libsm6"],
    ["libX11.so.6", "libx11-6"],
    ["libXext.so.6", "libxext6"],
    ["libXrender.so.1", "libxrender1"],
    ["libglib-2.0.so.0", "libglib2.0-0"],
    ["libgobject-2.0.so.0", "libglib2.0-0"],
    ["libgthread-2.0.so.0", "libglib2.0-0"],
    ["libstdc++.so.6", "libstdc++6"],
]);

/** A library that was not found, and a file that wants it. */
export type Missing = ReadonlyMap<string, string>;

/** @param below a folder of the root */
export async function missingLibraries(sandbox: Sandbox, below: string): Promise<Missing> {
    const look = 'for f; do ldd "$f" 2>/dev/null | sed -n "s|^\\s*\\(\\S*\\) => not found.*|\\1 $f|p"; done';
    const { stdout } = await sandbox.run(["find", below, "-name", "*.so", "-exec", "sh", "-c", look, "sh", "{}", "+"]);
    return new Map(
        stdout
            .split("\n")
            .filter(Boolean)
            .map((line) => line.split(" ") as [string, string]),
    );
}

/** @throws when what was compiled for this image lacks a library: each that it was linked to is needed */
export function refuseUnlinked(missing: Missing): void {
    if (missing.size > 0) {
        throw new Error(
            `What was built needs libraries at run time that the image lacks:\n${listed(missing)}\n` +
                'Name the Debian packages that bring them, beside those of the build: PACKAGES="libpq5" for libpq.so.5, for example.',
        );
    }
}

/** @throws when a wheel lacks what wheels expect of the system */
export function refuseBareWheels(missing: Missing): void {
    const wanted = new Map([...missing].filter(([library]) => ofTheSystem.has(library)));
    if (wanted.size > 0) {
        const packages = new Set([...wanted.keys()].map((library) => ofTheSystem.get(library)!));
        throw new Error(
            `Python packages need libraries of the system that the image lacks:\n${listed(wanted)}\n` +
                `Name the Debian packages that bring them: PACKAGES="${[...packages].sort().join(" ")}"`,
        );
    }
}

function listed(missing: Missing): string {
    return [...missing].map(([library, by]) => `  ${library}, for ${by.replace(/^.*site-packages\//, "")}`).join("\n");
}
