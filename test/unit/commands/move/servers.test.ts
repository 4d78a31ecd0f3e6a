// What the mover's scripts make of an address that has its password in it, as the app's own has. Not proved: that a server lets it in
// (test/prove/move-in.test.ts).
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { projectRoot } from "../../../../commands/support/paths.ts";

const scripts = join(projectRoot, "commands/move/scripts");

async function passwordOf(url: string, apart = ""): Promise<string | undefined> {
    const folder = await mkdtemp(join(tmpdir(), "move-servers-"));
    try {
        const script = `. ${scripts}/say.sh; . ${scripts}/servers.sh; : > $private/services; service target "$URL" "$APART"`;
        const env = { PATH: process.env["PATH"], private: folder, URL: url, APART: apart, move_schema: "a_schema" };
        await promisify(execFile)("bash", ["-euc", script], { env });
        return /^password=(.*)$/m.exec(await readFile(join(folder, "services"), "utf8"))?.[1];
    } finally {
        await rm(folder, { recursive: true });
    }
}

test("a password in the address is read from there", async () => {
    expect(await passwordOf("postgresql://shop:p%40ss%3A%25%2F@database:5432/shop")).toBe("p@ss:%/");
});

test("one that comes apart wins", async () => {
    expect(await passwordOf("postgresql://shop:other@database:5432/shop", "gehe/im")).toBe("gehe/im");
});
