// The image that every pod needs: the process that holds its namespaces.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeImage } from "../images/oci.ts";
import { run } from "./shell.ts";

export const pauseImage = "localhost/pause:1";

/** The path of the image's archive; made beside the executable, whose path changes with its content. */
export async function pauseArchive(executable: string): Promise<string> {
    const out = join(dirname(executable), "image.tar");
    if (!existsSync(out)) {
        await makeArchive(executable, out);
    }
    return out;
}

async function makeArchive(executable: string, out: string): Promise<void> {
    const work = await mkdtemp(join(tmpdir(), "pause-image-"));
    try {
        const layer = join(work, "layer.tar");
        await mkdir(join(work, "root"));
        await cp(executable, join(work, "root", "pause"));
        await run("tar", [
            ...["--create", "--file", layer, "--directory", join(work, "root")],
            ...["--owner=0", "--group=0", "--numeric-owner", "--mode=0755", "--mtime=@0", "pause"],
        ]);
        await writeImage({
            name: pauseImage,
            layers: [layer],
            config: { entrypoint: ["/pause"], user: "65535:65535" },
            out,
        });
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}
