// Which targets install packages, and which say that those of development are missing. Not proved: that npm installs them.
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";

let folder: string;

/** A checkout after `npm ci --omit=dev`, with an npm and a node that only write down what they are asked. */
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "makefile-"));
    const programs = join(folder, "node_modules/.bin");
    await mkdir(programs, { recursive: true });
    await copyFile(join(projectRoot, "Makefile"), join(folder, "Makefile"));
    for (const name of ["npm", "node"]) {
        await writeFile(join(programs, name), `#!/bin/sh\necho "${name} $*" >> "${folder}/asked"\n`);
        await chmod(join(programs, name), 0o755);
    }
    for (const [minute, file] of ["package-lock.json", "node_modules/.package-lock.json"].entries()) {
        await writeFile(join(folder, file), "{}");
        await setAge(file, 10 - minute);
    }
});
afterEach(async () => {
    await rm(folder, { recursive: true });
});

async function setAge(file: string, minutes: number): Promise<void> {
    const time = Date.now() / 1000 - minutes * 60;
    await utimes(join(folder, file), time, time);
}

async function make(...args: string[]) {
    const env = { PATH: process.env["PATH"] };
    const failed = await new Promise<{ code: number; stderr: string }>((resolve) => {
        execFile("make", args, { cwd: folder, env }, (error, _, stderr) => {
            resolve({ code: Number(error?.code ?? 0), stderr });
        });
    });
    const asked = await readFile(join(folder, "asked"), "utf8").catch(() => "");
    return { ...failed, asked: asked.split("\n").slice(0, -1) };
}

describe("make", () => {
    it("has each target once, and make has nothing to warn of", async () => {
        const { code, stderr } = await make("-n", "help");
        expect([code, stderr]).toEqual([0, ""]);
        const makefile = await readFile(join(projectRoot, "Makefile"), "utf8");
        const targets = [...makefile.matchAll(/^([a-z-]+):(?!=)/gm)].map(([, name]) => name!);
        expect(targets.filter((name, index) => targets.indexOf(name) !== index)).toEqual([]);
        const phony = /^\.PHONY: (.*)$/m.exec(makefile)![1]!.split(" ");
        expect(targets.filter((name) => !phony.includes(name))).toEqual([]);
    });

    it("plans with the packages that are there", async () => {
        const { code, asked } = await make("plan", "STACK=production");
        expect(code).toBe(0);
        expect(asked).toEqual(["node commands/plan/main.ts --stack production"]);
    });

    it("installs packages when the list of them has changed since, and then no more", async () => {
        await setAge("package-lock.json", 1);
        expect((await make("plan")).asked[0]).toBe("npm ci --loglevel=error");
        await rm(join(folder, "asked"));
        expect((await make("plan")).asked).toEqual(["node commands/plan/main.ts --stack local"]);
    });

    it("says that packages of development are missing", async () => {
        const targets = [
            "image",
            "up",
            "preview",
            "gate",
            "move-in",
            "move-out",
            "status",
            "shell",
            "stop",
            "down",
            "env",
            "test",
            "lint",
            "bench",
        ];
        const results = await Promise.all(targets.map((target) => make(target)));
        for (const [index, { code, stderr, asked }] of results.entries()) {
            expect(code).toBe(2);
            expect(stderr).toContain(
                `make ${targets[index]}: the lab and the checks need their packages, which --omit=dev left out: npm ci`,
            );
            expect(asked).toEqual([]);
        }
    });

    it("brings the stack up where they are", async () => {
        await mkdir(join(folder, "node_modules/execa"));
        const { code, asked } = await make("up");
        expect(code).toBe(0);
        expect(asked).toEqual(["node commands/local/main.ts up --stack local --context "]);
    });

    it("hands a branch's name over as it is, whatever somebody called it", async () => {
        await mkdir(join(folder, "node_modules/execa"));
        const branch = "x';touch${IFS}hacked;'\"`id`\"";
        const { code, asked } = await make(
            "review",
            "PR=7",
            "IMAGE=a:1",
            `BRANCH=${branch.replaceAll("$", "$$$$")}`,
            "KEEP=1",
        );
        expect(code).toBe(0);
        expect(asked).toEqual([
            `node lab/engine/main.ts with -- node commands/review/main.ts open --number 7 --branch ${branch} --image a:1 --keep`,
        ]);
        await expect(readFile(join(folder, "hacked"))).rejects.toThrow("ENOENT");
        const closed = await make("review-close", "PR=7", "STACK=mine", "JSON=1");
        expect(closed.asked.at(-1)).toBe(
            "node lab/engine/main.ts with -- node commands/review/main.ts close --number 7 --stack mine --json",
        );
    });
});
