// Files that running servers read and watch.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes the file unless it says so already, and then at one stroke: kube-proxy ends when its configuration is touched, and
 * containerd reads a CNI network as soon as the file changes.
 */
export async function writeFileOnce(path: string, text: string, mode = 0o600): Promise<void> {
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) {
        return;
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const unfinished = `${path}.${process.pid}.part`;
    await writeFile(unfinished, text, { mode });
    await rename(unfinished, path);
}
