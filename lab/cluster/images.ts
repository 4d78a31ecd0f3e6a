// Imports image archives into the node's container runtime.
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { connectsTo } from "./health.ts";
import { containerdSocket, places } from "./layout.ts";
import { snapshotter } from "./node.ts";
import type { Report } from "../../commands/support/report.ts";
import { run } from "./shell.ts";

/** What was imported: the archive's index, and the names that it gave. Gone with the cluster, as the images are. */
type Imported = Map<string, readonly string[]>;

const record = join(places.containerd, "imported.json");

/** Imports the archives that the node does not have yet. An archive is known by its index, which holds the digests. */
export async function importImages(archives: readonly string[], report: Report): Promise<void> {
    if (!(await connectsTo(containerdSocket))) {
        throw new Error(
            "The embedded cluster is not running, so there is nowhere to import images to: start it first.",
        );
    }
    const [imported, present] = await Promise.all([readRecord(), imageNames()]);
    for (const archive of archives) {
        const { digest, names } = await describe(archive);
        const there = imported.get(digest)?.every((name) => present.has(name)) ?? false;
        if (!there) {
            report(`Importing ${names.join(", ") || archive}`);
            await ctr(["images", "import", "--snapshotter", await snapshotter(), archive]);
            forgetNames(imported, names);
            imported.set(digest, names);
            await writeFile(record, JSON.stringify(Object.fromEntries(imported), undefined, 2));
        }
    }
}

/**
 * Imports one archive under a name of our own beside those that it has, whose tag is a digest of its content.
 *
 * @returns the name: `localhost/<repository>:<digest>`
 * @throws when it has no image or several, or one of another architecture
 */
export async function importAs(archive: string, repository: string | undefined, report: Report): Promise<string> {
    const { digest, names, architectures } = await describe(archive);
    const [first, ...others] = names;
    if (first === undefined || others.length > 0 || architectures.length !== 1) {
        const held = names.length === 0 ? "no name" : names.join(", ");
        throw new Error(
            `${archive} has ${held}: give an archive of one image, with its name: docker save --output FILE IMAGE`,
        );
    }
    const own = process.arch === "x64" ? "amd64" : process.arch;
    if (architectures[0] !== own) {
        throw new Error(
            `${archive} is an image for ${architectures[0] ?? "no machine"}, and this machine is ${own}: build it with --platform linux/${own}`,
        );
    }
    await importImages([archive], report);
    const base = first.replace(/:[^:/]*$/, "").replace(/^.*\//, "");
    const name = `localhost/${repository ?? base}:${digest.slice(0, 12)}`;
    await ctr(["images", "tag", "--force", first, name]);
    return name;
}

/** Another name for an image that the node has. */
export async function nameImage(name: string, other: string): Promise<void> {
    await ctr(["images", "tag", "--force", name, other]);
}

/** The image stays under its other names. */
export async function forgetImages(names: readonly string[]): Promise<void> {
    if (names.length > 0) {
        await ctr(["images", "rm", ...names]);
    }
}

/** The images that the node has, by name. */
export async function knownImages(): Promise<ReadonlySet<string>> {
    return imageNames();
}

/** A name belongs to the image that got it last: the one that had it before has to be imported again when it is wanted. */
function forgetNames(imported: Imported, names: readonly string[]): void {
    for (const [digest, had] of imported) {
        if (had.some((name) => names.includes(name))) {
            imported.delete(digest);
        }
    }
}

function ctr(args: readonly string[]): Promise<string> {
    return run("ctr", ["--address", containerdSocket, "--namespace", "k8s.io", ...args]);
}

async function imageNames(): Promise<Set<string>> {
    return new Set((await ctr(["images", "list", "--quiet"])).split("\n"));
}

async function readRecord(): Promise<Imported> {
    const text = await readFile(record, "utf8").catch(() => "{}");
    return new Map(Object.entries(JSON.parse(text) as Record<string, readonly string[]>));
}

interface ArchiveIndex {
    readonly digest: string;
    readonly names: readonly string[];
    /** Of each image, in the words of its configuration: `amd64`. */
    readonly architectures: readonly string[];
}

/** Reads `manifest.json`, which `docker save` and this project's images both have; it names config and layers by their digests. */
async function describe(archive: string): Promise<ArchiveIndex> {
    const manifest = await readMember(archive, "manifest.json");
    if (manifest === undefined) {
        throw new Error(
            `${archive} is no image archive: it has no manifest.json. Make one with: docker save --output FILE IMAGE`,
        );
    }
    const images = JSON.parse(manifest) as { Config: string; RepoTags: string[] | null }[];
    const configs = await Promise.all(images.map(({ Config }) => readMember(archive, Config)));
    return {
        digest: createHash("sha256").update(manifest).digest("hex"),
        names: images.flatMap(({ RepoTags }) => RepoTags ?? []).map(fullName),
        architectures: configs.map(
            (text) => (JSON.parse(text ?? "{}") as { architecture?: string }).architecture ?? "unknown",
        ),
    };
}

/** The name under which containerd knows it. */
function fullName(name: string): string {
    const [first = "", ...rest] = name.split("/");
    const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
    return hasHost ? name : `docker.io/${rest.length > 0 ? "" : "library/"}${name}`;
}

/** One file of a tar, without reading the others. */
async function readMember(archive: string, wanted: string): Promise<string | undefined> {
    const file = await open(archive);
    try {
        const header = Buffer.alloc(512);
        for (let position = 0; ;) {
            const { bytesRead } = await file.read(header, 0, 512, position);
            const name = header.subarray(0, 100).toString("utf8").replace(/\0.*$/s, "");
            if (bytesRead < 512 || name === "") {
                return undefined;
            }
            const size = parseInt(header.subarray(124, 136).toString("latin1"), 8);
            if (name === wanted) {
                const { buffer } = await file.read(Buffer.alloc(size), 0, size, position + 512);
                return buffer.toString("utf8");
            }
            position += 512 + Math.ceil(size / 512) * 512;
        }
    } finally {
        await file.close();
    }
}
