// Makes the layer that holds an app's Python packages: a virtual environment below /opt/venv.
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import type { Report } from "../../commands/support/report.ts";
import { packDirectory } from "./pack.ts";
import { stored, withWorkDirectory } from "./store.ts";

const venv = "/opt/venv";
/** Debian's Python in the root, and what its libc can load; not those of the Python that downloads. */
const target = {
    python: "3.11",
    glibc: ["manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_34", "manylinux_2_36"],
};

export interface PythonPackages {
    readonly name: string;
    /** Path of a requirements file that names every package with its version, those that others need included. */
    readonly requirements: string;
    /** The layer that has the Python which will run them. */
    readonly root: string;
}

/** Path of the layer, made if it is not there yet. */
export async function pythonLayer(packages: PythonPackages, report: Report): Promise<string> {
    const inputs = [await readFile(packages.requirements, "utf8"), packages.root.split("/").at(-1), target];
    return stored(`venv-${packages.name}`, inputs, (out) =>
        withWorkDirectory(`venv-${packages.name}`, async (work) => {
            const root = join(work, "root");
            const wheels = join(root, "wheels");
            await mkdir(wheels, { recursive: true });
            report(`${packages.name}: downloading the Python packages`);
            await Promise.all([
                execa("tar", ["--extract", "--file", packages.root, "--directory", root]),
                // By the machine's pip, which knows its proxy, index and certificates; only wheels, so nothing is compiled.
                execa("python3", [
                    ...["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", wheels],
                    ...["--implementation=cp", `--python-version=${target.python}`],
                    ...target.glibc.map((libc) => `--platform=${libc}_${machine()}`),
                    ...["--requirement", packages.requirements, "pip"],
                ]),
            ]);
            report(`${packages.name}: installing the Python packages`);
            await cp(packages.requirements, join(wheels, "requirements.txt"));
            const pip = (await readdir(wheels)).find((file) => /^pip-.*\.whl$/.test(file));
            const inRoot = (command: string[]) =>
                execa("chroot", [root, ...command], {
                    extendEnv: false,
                    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" },
                });
            await inRoot(["python3", "-m", "venv", "--without-pip", venv]);
            await inRoot([
                // pip runs out of its own wheel and so does not become a part of the image.
                ...[
                    `${venv}/bin/python`,
                    `/wheels/${pip}/pip`,
                    "install",
                    "--quiet",
                    "--no-index",
                    "--no-deps",
                    "--no-compile",
                ],
                ...["--no-cache-dir", "--find-links=/wheels", "--requirement=/wheels/requirements.txt"],
            ]);
            // A package that is missing from the requirements would only be noticed when something imports it.
            await inRoot([`${venv}/bin/python`, `/wheels/${pip}/pip`, "check"]);
            // Not by date: every file of a layer gets the same one.
            await inRoot([
                `${venv}/bin/python`,
                "-m",
                "compileall",
                "-q",
                "--invalidation-mode",
                "unchecked-hash",
                venv,
            ]);
            await packDirectory(root, out, { only: [`.${venv}`], keepModes: true });
        }),
    );
}

function machine(): string {
    return process.arch === "arm64" ? "aarch64" : "x86_64";
}
