// How the engine's commands are run: what they are told, what is kept of them, and what a signal does. Pulumi is a script of a few lines
// here; that the engine itself ends its steps when it is told once, test/cluster/interrupted.test.ts proves.
import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";

let folder: string;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-run-"));
    const pulumi = join(folder, "pulumi");
    await writeFile(
        pulumi,
        `#!/bin/sh
echo "begun $*" >> "${folder}/log"
case $1 in
up) trap 'echo told >> "${folder}/log"; told=1' INT
    while [ -z "$told" ]; do sleep 0.05; done
    sleep 0.3; echo ended >> "${folder}/log"; exit 1 ;;
config) read -r line; echo "typed $line" >> "${folder}/log" ;;
reads) if [ -n "$(find "${folder}/state" -name '*.attrs' -size 0)" ]; then
        echo "error: failed to load checkpoint: EOF" >&2; exit 255; fi; echo "it is read" ;;
fails) echo "what is said"; echo "error: what is wrong" >&2; exit 3 ;;
esac
`,
    );
    await chmod(pulumi, 0o755);
});

beforeEach(async () => {
    await writeFile(join(folder, "log"), "");
});

afterAll(async () => {
    await rm(folder, { recursive: true });
});

const log = async () => (await readFile(join(folder, "log"), "utf8")).split("\n").slice(0, -1);

/** In a process of its own, for a signal is the whole process's. */
function program(code: string) {
    const module = pathToFileURL(join(projectRoot, "commands/backend/pulumi.ts")).href;
    const text = `import { complaint, pulumiIn } from ${JSON.stringify(module)}; const pulumi = pulumiIn(process.cwd());\n${code}`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", text], {
        cwd: folder,
        env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
        stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (printed += chunk));
    return { child, ended: new Promise<string>((resolve) => child.once("close", () => resolve(printed.trim()))) };
}

test.each(["SIGTERM", "SIGINT"] as const)("%s reaches the engine once, and nothing more is begun", async (signal) => {
    const { child, ended } = program(`
        const say = (error) => console.log(error.message);
        await pulumi(["up"]).catch(say);
        await pulumi(["destroy"]).catch(say);`);
    await vi.waitFor(async () => expect(await log()).toHaveLength(1), 10_000);
    // As who is impatient does.
    for (let time = 0; time < 3; time++) {
        child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const said = "Interrupted: Pulumi has ended its steps and written its state. The next run goes on.";
    expect(await ended).toBe(`${said}\n${said}`);
    expect(await log()).toEqual(["begun up --non-interactive --color=never", "told", "ended"]);
});

test("one that takes too long is told to end, and is said to be late", async () => {
    const { ended } = program(`
        const answer = await pulumi(["up"], { patience: 0.005 });
        console.log(answer.code, answer.late, complaint(answer));`);
    expect(await ended).toBe("1 true its time was over");
    expect(await log()).toEqual(["begun up --non-interactive --color=never", "told", "ended"]);
});

test("what is typed is among no words; what goes wrong is told in its own", async () => {
    const { ended } = program(`
        await pulumi(["config", "set"], { input: "a secret\\n" });
        const heard = [];
        const answer = await pulumi(["fails"], { onText: (text, from) => heard.push(from + ": " + text.trim()) });
        console.log(answer.code, complaint(answer), heard.toSorted().join("; "));`);
    expect(await ended).toBe("3 error: what is wrong stderr: error: what is wrong; stdout: what is said");
    expect(await log()).toEqual([
        "begun config set --non-interactive --color=never",
        "typed a secret",
        "begun fails --non-interactive --color=never",
    ]);
});

describe("a backend of files in which a killed run has left empty attributes", () => {
    const stacks = () => join(folder, "state/.pulumi/stacks/shop");
    const read = (more: string) => `
        const answer = await pulumi(["reads"]${more});
        console.log(answer.code, (answer.stdout + answer.stderr).trim());`;

    /** @param age seconds since somebody wrote there */
    async function half(name: string, age: number): Promise<void> {
        await mkdir(stacks(), { recursive: true });
        await writeFile(join(stacks(), name), "");
        await utimes(join(stacks(), name), Date.now() / 1000 - age, Date.now() / 1000 - age);
    }

    beforeEach(async () => {
        await rm(join(folder, "state"), { recursive: true, force: true });
        await half("pr-2.json.attrs", 60);
        await writeFile(join(stacks(), "pr-1.json"), "{}");
        await writeFile(join(stacks(), "pr-2.json"), "{}");
        await writeFile(join(stacks(), "pr-1.json.attrs"), "{}");
    });

    const env = () => `, { env: { PULUMI_BACKEND_URL: ${JSON.stringify(pathToFileURL(join(folder, "state")).href)} } }`;

    test("is read again without them", async () => {
        expect(await program(read(env())).ended).toBe("0 it is read");
        expect(await log()).toHaveLength(2);
        expect((await readdir(stacks())).toSorted()).toEqual(["pr-1.json", "pr-1.json.attrs", "pr-2.json"]);
    });

    test("is left as it is where somebody may be writing them", async () => {
        await half("pr-2.json.attrs", 0);
        expect(await program(read(env())).ended).toBe("255 error: failed to load checkpoint: EOF");
        expect(await readdir(stacks())).toContain("pr-2.json.attrs");
    });

    test("is told where the backend is none of files", async () => {
        const elsewhere = ', { env: { PULUMI_BACKEND_URL: "s3://shop-state" } }';
        expect(await program(read(elsewhere)).ended).toBe("255 error: failed to load checkpoint: EOF");
        expect(await log()).toHaveLength(1);
    });
});
