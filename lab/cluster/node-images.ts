// Images of one static executable each: the process that holds a pod's namespaces, and the one that answers for a name.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { writeImage } from "../images/oci.ts";
import { run } from "./shell.ts";

export const pauseImage = "localhost/pause:1";
export const acmeSolverImage = "localhost/acmesolver:1";

/** The path of the archive of an image that consists of the executable; made beside it, and its path changes with its content. */
export async function imageArchive(image: string, executable: string): Promise<string> {
    const out = join(dirname(executable), "image.tar");
    if (!existsSync(out)) {
        await makeArchive(image, executable, out);
    }
    return out;
}

async function makeArchive(image: string, executable: string, out: string): Promise<void> {
    const name = basename(executable);
    const work = await mkdtemp(join(tmpdir(), `${name}-image-`));
    try {
        const layer = join(work, "layer.tar");
        await mkdir(join(work, "root"));
        await cp(executable, join(work, "root", name));
        await run("tar", [
            ...["--create", "--file", layer, "--directory", join(work, "root")],
            ...["--owner=0", "--group=0", "--numeric-owner", "--mode=0755", "--mtime=@0", name],
        ]);
        await writeImage({
            name: image,
            layers: [layer],
            config: { entrypoint: [`/${name}`], user: "65535:65535" },
            out,
        });
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}
