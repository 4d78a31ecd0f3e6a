import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fingerprint, type GoProgram } from "../cluster/go-build.ts";

const folders: string[] = [];

afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A checkout's copy of a program, with a package that is exchanged. */
async function checkout(): Promise<GoProgram> {
    const folder = await mkdtemp(join(tmpdir(), "go-build-"));
    folders.push(folder);
    const source = join(folder, "server");
    await cp(join(import.meta.dirname, "../cluster/servers/gateway"), source, { recursive: true });
    return {
        name: "server",
        source,
        package: "example.org/server",
        packages: 1,
        replacements: [{ module: "example.org/module", directory: "providers", by: join(source, "stubs/dns") }],
    };
}

test("a program that one checkout has built is the program of every other", async () => {
    const [first, second] = await Promise.all([checkout(), checkout()]);
    expect(await fingerprint(first)).toBe(await fingerprint(second));
});

test("another content of an exchanged package is another program, and so is another place of it", async () => {
    const program = await checkout();
    const before = await fingerprint(program);
    await writeFile(join(program.source, "stubs/dns/more.go"), "package dns\n");
    const changed = await fingerprint(program);
    expect(changed).not.toBe(before);
    const [replacement] = program.replacements!;
    const elsewhere = { ...replacement!, by: join(program.source, "stubs/ecs") };
    expect(await fingerprint({ ...program, replacements: [elsewhere] })).not.toBe(changed);
});
