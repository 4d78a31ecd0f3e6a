// The images of the local cluster, made on this machine from Debian and PyPI packages: no registry, no daemon.
import { basename } from "node:path";

import type { Report } from "../../commands/support/report.ts";
import { appLayers } from "./app/layers.ts";
import { debianLayer } from "./debian.ts";
import { writeImage } from "./oci.ts";
import { fingerprintDirectory, packDirectory } from "./pack.ts";
import { recipes } from "./recipes.ts";
import type { FilesLayer, Recipe } from "./recipes.ts";
import { stored, tidyStore } from "./store.ts";
import { installTools } from "./machine.ts";

export { leftOutByDefault } from "./app/files.ts";
export { buildAppImage, imageName, type AppImage, type AppImageRequest } from "./app/image.ts";
export { readsLikeDevelopment } from "./app/project.ts";
export { machineMakesImages } from "./machine.ts";
export { pythonVersion, pythonVersions } from "./python.ts";

export interface BuiltImage {
    readonly name: string;
    /** Path of an archive that `ctr images import` and `docker load` accept. */
    readonly archive: string;
}

/** Makes what is missing; what has not changed since the last time is found in the cache. */
export async function buildImages(report: Report): Promise<BuiltImage[]> {
    const once = memoised();
    const results = await Promise.allSettled(recipes.map((recipe) => buildImage(recipe, once, report)));
    await tidyStore();
    const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason as Error);
    if (failures[0]) {
        throw failures[0];
    }
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

type Once = <T>(key: string, make: () => Promise<T>) => Promise<T>;

async function buildImage(recipe: Recipe, once: Once, report: Report): Promise<BuiltImage> {
    const { name, config } = recipe;
    const layers = [
        ...(await lowerLayers(recipe, once, report)),
        ...(await Promise.all(
            recipe.files.map((files) => once(`files ${JSON.stringify(files)}`, () => filesLayer(files))),
        )),
    ];
    const fileName = `image-${name.replace(/^.*\//, "").replace(":", "-")}`;
    const archive = await stored(
        fileName,
        [name, layers.map((layer) => layer.split("/").at(-1)), config],
        async (out) => {
            report(`${name}: writing the image`);
            await writeImage({ name, layers, config, out });
        },
    );
    return { name, archive };
}

async function lowerLayers(recipe: Recipe, once: Once, report: Report): Promise<readonly string[]> {
    await once("tools", () => installTools(report));
    if ("app" in recipe) {
        const { app: folder } = recipe;
        return once(`app ${folder}`, async () => (await appLayers({ name: basename(folder), folder }, report)).layers);
    }
    const { root } = recipe;
    return [await once(`root ${root.name}`, () => debianLayer(root, report))];
}

async function filesLayer(files: FilesLayer): Promise<string> {
    const { directory, ...options } = files;
    return stored("files", await fingerprintDirectory(directory, options), (out) =>
        packDirectory(directory, out, options),
    );
}

/** Images that share a layer make it once, also when they are built side by side. */
function memoised(): Once {
    const made = new Map<string, Promise<unknown>>();
    return <T>(key: string, make: () => Promise<T>) => {
        const known = made.get(key) ?? make();
        made.set(key, known);
        return known as Promise<T>;
    };
}
