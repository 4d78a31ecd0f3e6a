// A release in one go: images into the stack's file, preview, rules, gate, update, and the wait until what runs is what was meant.
import { gate, preview } from "./preview.ts";
import type { Images } from "./images.ts";
import type { Pulumi } from "./pulumi.ts";

export interface Around {
    readonly pulumi: Pulumi;
    readonly say: (text: string) => void;
    readonly columns: number;
    /** The stack's file, for the images. */
    readonly file: StackImages;
    /** Waits until the stack's pods are those of the release. @throws when they do not become so */
    readonly rolledOut: () => Promise<string>;
}

export interface StackImages {
    /** Apps in the order that the file has. */
    readonly apps: readonly string[];
    readonly images: Images;
    /** Puts the file back as it was. */
    restore(): Promise<void>;
}

export interface Wanted {
    readonly images: Images;
    /** Names of what may be lost. */
    readonly allow: readonly string[];
    readonly policyPack?: string;
}

/** @returns the exit code: 1 where the gate or the engine says no */
export async function release(wanted: Wanted, around: Around): Promise<0 | 1> {
    const { pulumi, say, file, columns } = around;
    await setImages(wanted.images, around);
    let passed = false;
    try {
        const { open, said } = gate(await preview(pulumi, wanted.policyPack), wanted.allow, columns);
        say(said);
        passed = open;
    } finally {
        if (!passed) {
            await file.restore();
        }
    }
    if (!passed) {
        return 1;
    }
    // It previews once more: by that alone the engine stops at what is protected before it deletes what is not.
    const rules = wanted.policyPack === undefined ? [] : ["--policy-pack", wanted.policyPack];
    if ((await pulumi.shown(["up", "--yes", ...rules])) !== 0) {
        say("The update failed: what it says is above, what a failed release leaves is in docs/release.md.");
        return 1;
    }
    say(await around.rolledOut());
    return 0;
}

/** Of apps whose image in the file is another. */
export async function setImages(
    images: Images,
    { pulumi, say, file }: Pick<Around, "pulumi" | "say" | "file">,
): Promise<void> {
    for (const [index, app] of file.apps.entries()) {
        const image = images[app];
        if (image === undefined || image === file.images[app]) {
            continue;
        }
        say(`${app}: ${image}`);
        const { code } = await pulumi.read(["config", "set", "--path", `apps[${index}].image`, image]);
        if (code !== 0) {
            throw new Error("The image could not be written into the stack's file: pulumi says why above.");
        }
    }
}
