// Writes a container image as one file: an OCI image layout, with the index that `docker load` wants beside it. Both
// `ctr images import` and `docker load` accept it.
//
// Layers stay uncompressed: the archive never leaves the machine, and compressing costs more than the disk it saves. That
// makes a layer's digest and its diff id the same.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";

import { writeTar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

/** What runs when the image is started; the words are those of a Dockerfile. */
export interface ImageConfig {
    readonly env?: Readonly<Record<string, string>>;
    readonly entrypoint?: readonly string[];
    readonly cmd?: readonly string[];
    /** `uid` or `uid:gid`. In numbers: Kubernetes' `runAsNonRoot` cannot tell what a name stands for. */
    readonly user?: string;
    readonly workdir?: string;
    /** TCP ports; documentation only, as in a Dockerfile. */
    readonly exposedPorts?: readonly number[];
    readonly labels?: Readonly<Record<string, string>>;
    /** @default SIGTERM */
    readonly stopSignal?: string;
}

export interface ImageRequest {
    /** The reference under which the image will be known, for example `localhost/app:v1`. */
    readonly name: string;
    /** Paths of uncompressed layer tars, lowest first. */
    readonly layers: readonly string[];
    readonly config: ImageConfig;
    /** Path of the archive; it appears there only when it is complete. */
    readonly out: string;
}

interface Blob extends TarEntry {
    readonly digest: string;
}

/** Writes the archive and returns the digest of the image's manifest. The same input gives the same bytes. */
export async function writeImage(request: ImageRequest): Promise<string> {
    const { name, out } = request;
    const layers = await Promise.all(request.layers.map(layerBlob));
    const config = jsonBlob({
        architecture: architecture(),
        os: "linux",
        created: epoch,
        config: runtimeConfig(request.config),
        rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
        history: layers.map(() => ({ created: epoch })),
    });
    const manifest = jsonBlob({
        schemaVersion: 2,
        mediaType: mediaTypes.manifest,
        config: descriptor(mediaTypes.config, config),
        layers: layers.map((layer) => descriptor(mediaTypes.layer, layer)),
    });
    const index = {
        schemaVersion: 2,
        mediaType: mediaTypes.index,
        manifests: [
            {
                ...descriptor(mediaTypes.manifest, manifest),
                annotations: {
                    "io.containerd.image.name": name,
                    "org.opencontainers.image.ref.name": name.split(":").at(-1),
                },
            },
        ],
    };
    const dockerIndex = [{ Config: config.name, RepoTags: [name], Layers: layers.map((layer) => layer.name) }];

    const unfinished = `${out}.${process.pid}.part`;
    try {
        await writeTar(unfinished, [
            file("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })),
            file("index.json", JSON.stringify(index)),
            file("manifest.json", JSON.stringify(dockerIndex)),
            manifest,
            config,
            ...new Map(layers.map((layer) => [layer.digest, layer])).values(),
        ]);
        await rename(unfinished, out);
    } finally {
        await rm(unfinished, { force: true });
    }
    return manifest.digest;
}

const epoch = "1970-01-01T00:00:00Z";

const mediaTypes = {
    index: "application/vnd.oci.image.index.v1+json",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar",
};

function runtimeConfig(config: ImageConfig): Record<string, unknown> {
    return {
        Env: Object.entries(config.env ?? {}).map(([key, value]) => `${key}=${value}`),
        Entrypoint: config.entrypoint,
        Cmd: config.cmd,
        User: config.user,
        WorkingDir: config.workdir,
        ExposedPorts: config.exposedPorts && Object.fromEntries(config.exposedPorts.map((port) => [`${port}/tcp`, {}])),
        Labels: config.labels,
        StopSignal: config.stopSignal,
    };
}

/** Node's name of the machine's architecture, in the words of an image. */
function architecture(): string {
    return process.arch === "x64" ? "amd64" : process.arch;
}

async function layerBlob(path: string): Promise<Blob> {
    const { size } = await stat(path);
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
        hash.update(chunk as Buffer);
    }
    const hex = hash.digest("hex");
    return { name: blobPath(hex), size, content: { path }, digest: `sha256:${hex}` };
}

function jsonBlob(value: unknown): Blob {
    const content = Buffer.from(JSON.stringify(value));
    const hex = createHash("sha256").update(content).digest("hex");
    return { name: blobPath(hex), size: content.length, content, digest: `sha256:${hex}` };
}

function descriptor(mediaType: string, blob: Blob): { mediaType: string; digest: string; size: number } {
    return { mediaType, digest: blob.digest, size: blob.size };
}

function file(name: string, text: string): TarEntry {
    const content = Buffer.from(text);
    return { name, size: content.length, content };
}

function blobPath(hex: string): string {
    return `blobs/sha256/${hex}`;
}
