// Makes the lowest layer of an image: a Debian root with just the packages asked for.
import { join } from "node:path";

import { execa } from "execa";

import type { Report } from "../../commands/support/report.ts";
import { aptSources } from "./apt-sources.ts";
import type { DebianRelease } from "./apt-sources.ts";
import { fingerprintDirectory } from "./pack.ts";
import { stored, withWorkDirectory } from "./store.ts";

/** Not even unpacked; `trim.sh` removes what is made while packages are configured. */
const unwanted = ["doc", "man", "info", "locale", "lintian", "bash-completion"];

/** Device files are the runtime's, and what a package has in /run stays. */
const skipped = "output/dev,cleanup/run";

/** The hooks of every root. */
const shared = join(import.meta.dirname, "debian");

/** What mmdebstrap says of its steps; "running --customize-hook in shell: ..." and the like say nothing to a reader. */
const reported = /^I: (?!running --|chroot arch|finding correct|success in|skipping|using|removing tempdir)(.+?)\.*$/;

export interface Root {
    readonly name: string;
    readonly release: DebianRelease;
    readonly packages: readonly string[];
    /** A directory with `before.sh` and `after.sh`: run on the root before the packages are configured, and when it is done. */
    readonly hooks: string;
}

/** Said by apt from its lists, before any package is downloaded. */
export class UnknownPackageError extends Error {
    constructor(names: readonly string[], release: DebianRelease, options?: ErrorOptions) {
        const many = names.length > 1;
        const list = [...new Set(names)].join(", ");
        super(
            `Debian's release ${release} has no package${many ? "s" : ""} ${list}. Look for the right name: ` +
                `https://packages.debian.org/search?suite=${release}&keywords=${encodeURIComponent(names[0]!)}`,
            options,
        );
        this.name = "UnknownPackageError";
    }
}

/** Path of the layer, made if it is not there yet. */
export async function debianLayer(root: Root, report: Report): Promise<string> {
    const scripts = { only: ["./before.sh", "./after.sh"] };
    const inputs = [
        root.release,
        root.packages,
        unwanted,
        skipped,
        await fingerprintDirectory(root.hooks, scripts),
        await fingerprintDirectory(shared),
    ];
    return stored(`root-${root.name}`, inputs, (out) =>
        // A mirror that is being updated gives lists that do not match its packages: a moment later they do.
        makeRoot(root, out, report).catch((error: unknown) => {
            if (error instanceof UnknownPackageError) {
                throw error;
            }
            report(`${root.name}: once more, since ${error instanceof Error ? error.message : String(error)}`);
            return makeRoot(root, out, report);
        }),
    );
}

async function makeRoot(root: Root, out: string, report: Report): Promise<void> {
    await withWorkDirectory(`root-${root.name}`, async (temporary) => {
        const mmdebstrap = execa(
            "mmdebstrap",
            [
                ...["--mode=root", "--variant=essential", "--format=tar", `--skip=${skipped}`],
                `--include=${root.packages.join(",")}`,
                ...unwanted.map((directory) => `--dpkgopt=path-exclude=/usr/share/${directory}/*`),
                `--essential-hook='${join(shared, "quiet.sh")}' "$1"`,
                `--essential-hook='${join(root.hooks, "before.sh")}' "$1"`,
                `--customize-hook='${join(root.hooks, "after.sh")}' "$1"`,
                `--customize-hook='${join(shared, "trim.sh")}' "$1"`,
                ...[root.release, out, ...(await aptSources(root.release))],
            ],
            // Every date that is later becomes this one.
            {
                env: {
                    SOURCE_DATE_EPOCH: "0",
                    TMPDIR: temporary,
                    DEBIAN_FRONTEND: "noninteractive",
                    LC_ALL: "C.UTF-8",
                },
                all: true,
            },
        );
        const lines: string[] = [];
        try {
            for await (const line of mmdebstrap.iterable({ from: "all" })) {
                lines.push(line);
                const step = reported.exec(line)?.[1];
                if (step) {
                    report(`${root.name}: ${step}`);
                }
            }
            await mmdebstrap;
        } catch (error) {
            const unknown = lines.flatMap((line) => /Unable to locate package (\S+)/.exec(line)?.[1] ?? []);
            if (unknown.length > 0) {
                throw new UnknownPackageError(unknown, root.release, { cause: error });
            }
            // Its own words instead of its arguments, which are long and not at fault.
            throw new Error(`mmdebstrap could not make the root of ${root.name}:\n${lines.slice(-15).join("\n")}`, {
                cause: error,
            });
        }
    });
}
