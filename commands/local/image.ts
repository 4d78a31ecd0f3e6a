// `make image`: a Django project, or an archive, becomes an image that the embedded cluster knows.
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { Listr } from "listr2";
import type { Report } from "../support/report.ts";
import {
    buildAppImage,
    imageName,
    loadArchive,
    loadImages,
    machineMakesImages,
    machineRunsCluster,
    prepareCluster,
    pythonVersion,
    startCluster,
    type AppImage,
} from "./lab.ts";
import { advise } from "./image-advice.ts";
import { makeWith } from "./make.ts";
import { settingsOf, writeImage } from "./stack-file.ts";
import { recordedTarget } from "./target.ts";

export interface ImageOptions {
    readonly folder: string | undefined;
    readonly archive: string | undefined;
    readonly name: string | undefined;
    readonly tag: string | undefined;
    readonly requirements: string | undefined;
    readonly python: string | undefined;
    readonly packages: readonly string[];
    readonly buildPackages: readonly string[];
    readonly stack: string | undefined;
}

/** @returns the exit code */
export async function image(options: ImageOptions): Promise<number> {
    const { folder, archive } = options;
    if ((folder === undefined) === (archive === undefined)) {
        console.error(
            "Name a project or an archive, one of the two: make image APP=../shop, or make image ARCHIVE=shop.tar",
        );
        return 1;
    }
    const target = await recordedTarget();
    const here = target?.kind !== "context";
    const checks = [...(folder === undefined ? [] : [machineMakesImages()]), ...(here ? [machineRunsCluster()] : [])];
    const missing = checks.find(({ ok }) => !ok);
    if (missing !== undefined && !missing.ok) {
        console.error(`Not here: ${missing.reason}. ${missing.fix}`);
        return 1;
    }
    if (archive !== undefined) {
        return await fromArchive(resolve(archive), options, here);
    }
    return await fromFolder(resolve(folder!), options, here);
}

async function fromFolder(folder: string, options: ImageOptions, here: boolean): Promise<number> {
    await mustBe(folder, "folder");
    const { name, tag, requirements, packages, buildPackages } = options;
    const request = {
        folder,
        packages: packageNames("PACKAGES", packages),
        buildPackages: packageNames("BUILD_PACKAGES", buildPackages),
        ...(options.python !== undefined && { python: pythonVersion(options.python) }),
        ...(name !== undefined && { name }),
        ...(tag !== undefined && { tag }),
        ...(requirements !== undefined && { requirements }),
    };
    const made: { image?: AppImage } = {};
    const build = step("Image", async (report) => {
        made.image = await buildAppImage(request, report);
    });
    await run([build, ...(here ? [cluster] : [])]);
    const built = made.image!;
    if (here) {
        await run([step("Image into the cluster", (report) => loadImages([built.archive], report))]);
    }
    const size = Math.round((await stat(built.archive)).size / 1e6);
    console.log(
        `\n${built.name}: Python packages ${built.lock.versions.size}, ${size} MB${here ? "" : `, in ${built.archive}`}`,
    );
    if (!here) {
        console.log(`Your cluster does not know it yet; for kind: kind load image-archive ${built.archive}`);
    }
    const written = options.stack === undefined ? undefined : await writeImage(options.stack, built.name, built);
    const settings = options.stack === undefined ? undefined : await settingsOf(options.stack, built.name);
    for (const line of advise(built, packages, settings)) {
        console.log(line);
    }
    return tellStack(built.name, options.stack, written);
}

async function fromArchive(archive: string, options: ImageOptions, here: boolean): Promise<number> {
    await mustBe(archive, "file");
    if (!here) {
        console.error(
            `The stacks are on a cluster of yours, which loads images its own way; for kind: kind load image-archive ${archive}`,
        );
        return 1;
    }
    const made: { name?: string } = {};
    const own = options.name === undefined ? undefined : imageName(options.name);
    await run([cluster]);
    await run([
        step("Image into the cluster", async (report) => {
            made.name = await loadArchive(archive, own, report);
        }),
    ]);
    console.log(`\n${made.name!}`);
    const written = options.stack === undefined ? undefined : await writeImage(options.stack, made.name!);
    return tellStack(made.name!, options.stack, written);
}

function tellStack(name: string, stack: string | undefined, written: string | undefined): number {
    if (stack === undefined || written === undefined) {
        console.log(`\nIn the stack's file, at the app:\n      image: ${name}`);
        return 0;
    }
    console.log(`\n${written}\nThen: ${makeWith("up", stack)}`);
    return 0;
}

/** Debian's names: https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
function packageNames(option: string, names: readonly string[]): readonly string[] {
    const wrong = names.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
    if (wrong !== undefined) {
        throw new Error(
            `${option} names ${JSON.stringify(wrong)}, which is no name of a Debian package: small letters, digits, +, - and dots. Names are parted by spaces: ${option}="gettext libpq5"`,
        );
    }
    return names;
}

async function mustBe(path: string, kind: "folder" | "file"): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || found.isDirectory() !== (kind === "folder")) {
        throw new Error(
            found === undefined
                ? `There is no ${kind} ${path}.`
                : `${path} is no ${kind}. ${kind === "folder" ? "An archive is named by ARCHIVE=" : "A project is named by APP="}${basename(path)}`,
        );
    }
}

type Step = ReturnType<typeof step>;

function step(title: string, work: (report: Report) => Promise<void>) {
    return {
        title,
        task: (_: unknown, task: { output: string }) =>
            work((message) => {
                task.output = message;
            }),
    };
}

const cluster = step("Kubernetes", async (report) => {
    await prepareCluster(report);
    await startCluster(report);
});

/** The error's text is shown once, at the end. */
async function run(steps: readonly Step[]): Promise<void> {
    const rendererOptions = { showErrorMessage: false };
    await new Listr([...steps], { concurrent: true, exitOnError: true, rendererOptions }).run();
}
