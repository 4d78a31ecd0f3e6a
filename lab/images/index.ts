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

/** Every image that can be made. */
export const imageNames: readonly string[] = recipes.map(({ name }) => name);

/** The images of this project that a text names, such as a stack's file: what it needs, and nothing else. */
export function imagesNamedIn(text: string): string[] {
    // Whole names: `localhost/redis:7` is not named by `localhost/redis:7.4`.
    return imageNames.filter((name) => new RegExp(`(?<![\\w./-])${escapeRegExp(name)}(?![\\w.-])`).test(text));
}

/**
 * Makes what is missing of these images, side by side; what has not changed since the last time is found in the cache.
 *
 * @throws naming the images there are, when asked for another one
 */
export async function buildImages(report: Report, names: readonly string[]): Promise<BuiltImage[]> {
    const wanted = names.map(recipeOf);
    const once = memoised();
    const results = await Promise.allSettled(wanted.map((recipe) => buildImage(recipe, once, report)));
    await tidyStore();
    const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason as Error);
    if (failures[0]) {
        throw failures[0];
    }
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function recipeOf(name: string): Recipe {
    const recipe = recipes.find((known) => known.name === name);
    if (recipe === undefined) {
        throw new Error(`${name} is not an image of this project; there are: ${imageNames.join(", ")}`);
    }
    return recipe;
}

function escapeRegExp(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
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
