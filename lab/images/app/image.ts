// A Django project as an image whose tag is a digest of its content: another content, another tag, so a rollout happens.
import { createHash } from "node:crypto";
import { basename } from "node:path";

import type { Report } from "../../../commands/support/report.ts";
import { writeImage, type ImageConfig } from "../oci.ts";
import { stored, tidyStore } from "../store.ts";
import { appLayers, type AppLayers, type AppSource } from "./layers.ts";
import { djangoProject, type DjangoProject } from "./project.ts";

/** How an app's image is started when nobody says otherwise; the program's contract says it. */
export const appConfig = {
    env: {
        PATH: "/opt/venv/bin:/usr/local/bin:/usr/bin:/bin",
        LANG: "C.UTF-8",
        HOME: "/tmp",
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONUNBUFFERED: "1",
    },
    cmd: ["gunicorn"],
    user: "10001:10001",
    workdir: "/app",
    exposedPorts: [8000],
} as const satisfies ImageConfig;

export interface AppImageRequest extends Omit<AppSource, "name"> {
    /** @default the folder's name */
    readonly name?: string;
    /** @default a digest of the content */
    readonly tag?: string;
}

export interface AppImage extends Omit<AppLayers, "layers"> {
    /** `localhost/<name>:<tag>` */
    readonly name: string;
    readonly archive: string;
    readonly project: DjangoProject;
}

export async function buildAppImage(request: AppImageRequest, report: Report): Promise<AppImage> {
    const repository = imageName(request.name ?? basename(request.folder));
    const { layers, ...made } = await appLayers({ ...request, name: repository }, report);
    const content = [layers.map((layer) => basename(layer)), appConfig];
    const tag = request.tag ?? createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);
    const name = `localhost/${repository}:${imageTag(tag)}`;
    const archive = await stored(`image-${repository}-${tag}`, [name, content], async (out) => {
        report(`${name}: writing the image`);
        await writeImage({ name, layers, config: appConfig, out });
    });
    await tidyStore();
    return { ...made, name, archive, project: await djangoProject(request.folder, made.files.paths) };
}

/** A folder's name as an image's: https://github.com/distribution/reference/blob/main/regexp.go */
export function imageName(text: string): string {
    const name = text
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, "-")
        .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
    if (name === "") {
        throw new Error(`${JSON.stringify(text)} is no name for an image. Give one: NAME=shop`);
    }
    return name;
}

function imageTag(tag: string): string {
    if (!/^\w[\w.-]{0,127}$/.test(tag)) {
        throw new Error(
            `TAG is ${JSON.stringify(tag)}. Allowed: up to 128 letters, digits, dots, hyphens and underscores, none of the middle two first.`,
        );
    }
    return tag;
}
