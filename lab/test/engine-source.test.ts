// Where `pulumi` comes from and what becomes of its plugins, with scripts in place of the CLI and an empty cache.
// Does not prove that the launcher or a build work.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let root = "";
beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "engine-source-"));
    vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
    vi.stubEnv("PULUMI_HOME", join(root, "home"));
    vi.resetModules();
});
afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
});

/** The modules read the cache's place when they are loaded. */
const load = () => import("../engine/index.ts");
const loadPlugins = () => import("../engine/plugins.ts");

function script(name: string, body: string): string {
    const directory = join(root, "bin");
    mkdirSync(directory, { recursive: true });
    const file = join(directory, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    return file;
}

/** Logs its arguments; as `plugin install` it makes a plugin, or refuses. */
function fakePulumi(installs: boolean): string {
    const install = `mkdir -p $PULUMI_HOME/plugins/resource-$4-$5 && install -m 755 /dev/null $PULUMI_HOME/plugins/resource-$4-$5/pulumi-resource-$4`;
    const refuse = "echo Will retry in 1s >&2; echo Will retry in 2s >&2; sleep 5; exit 1";
    return script(
        "pulumi",
        `echo "$@" >> ${join(root, "calls")}\n[ "$1 $2" = "plugin install" ] || exit 0\n${installs ? install : refuse}`,
    );
}

const calls = () =>
    existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8").trim().split("\n") : [];

describe("the source", () => {
    test("is the user's own pulumi, whose home and everything else stay as they are", async () => {
        const pulumi = fakePulumi(true);
        vi.stubEnv("PATH", join(root, "bin") + delimiter + (process.env["PATH"] ?? ""));
        const { engineSupport, ensureEngine } = await load();
        expect(engineSupport()).toEqual({ ok: true, source: "installed" });
        const engine = await ensureEngine(() => {});
        expect(engine).toMatchObject({ pulumi, source: "installed", notices: [] });
        expect(engine.env).not.toHaveProperty("PULUMI_HOME");
        expect(engine.env).not.toHaveProperty("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION");
    });

    test("without pulumi, npm and Go there is none, and it says what to install", async () => {
        vi.stubEnv("PATH", join(root, "bin"));
        const { engineSupport, ensureEngine } = await load();
        const support = engineSupport();
        expect(support).toMatchObject({ ok: false, fix: expect.stringContaining("Install Pulumi") as string });
        await expect(ensureEngine(() => {})).rejects.toThrow("Install Pulumi");
    });

    test("with npm it is the launcher until that was refused, then Go", async () => {
        script("npm", "echo no such host >&2; exit 1");
        script("go", "exit 1");
        vi.stubEnv("PATH", join(root, "bin"));
        const { engineSupport, ensureEngine } = await load();
        expect(engineSupport()).toEqual({ ok: true, source: "launcher" });
        await expect(ensureEngine(() => {})).rejects.toThrow("could not be built");
        expect(engineSupport()).toEqual({ ok: true, source: "built" });
    });
});

// Bundling the stand-ins takes a second or two.
describe("plugins", { timeout: 20_000 }, () => {
    const host = (pulumi: string, ownHome?: string) => ({ pulumi, env: { PULUMI_HOME: join(root, "home") }, ownHome });

    test("that can be downloaded are, once, and nothing is said", async () => {
        const pulumi = fakePulumi(true);
        const { ensurePlugins } = await loadPlugins();
        expect(await ensurePlugins(host(pulumi), () => {})).toEqual({ env: {}, path: [], notices: [] });
        expect(calls()).toHaveLength(2);
        await ensurePlugins(host(pulumi), () => {});
        expect(calls()).toHaveLength(2);
    });

    test("on PATH are taken", async () => {
        const pulumi = fakePulumi(false);
        script("pulumi-resource-kubernetes", "");
        script("pulumi-resource-random", "");
        vi.stubEnv("PATH", join(root, "bin") + delimiter + (process.env["PATH"] ?? ""));
        const { ensurePlugins } = await loadPlugins();
        expect(await ensurePlugins(host(pulumi), () => {})).toEqual({ env: {}, path: [], notices: [] });
        expect(calls()).toEqual([]);
    });

    test("that are refused get stand-ins, one line says so, and the next command does not ask again", async () => {
        const pulumi = fakePulumi(false);
        const home = join(root, "home");
        const { ensurePlugins } = await loadPlugins();
        const support = await ensurePlugins(host(pulumi, home), () => {});
        expect(support.notices).toHaveLength(1);
        expect(support.notices[0]).toContain("kubernetes and random");
        expect(support).toMatchObject({ env: { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }, path: [] });
        const { version } = JSON.parse(readFileSync("node_modules/@pulumi/random/package.json", "utf8")) as {
            version: string;
        };
        expect(
            readFileSync(join(home, "plugins", `resource-random-v${version}`, "pulumi-resource-random"), "utf8"),
        ).toContain(process.execPath);
        const asked = calls().length;
        await ensurePlugins(host(pulumi, home), () => {});
        expect(calls()).toHaveLength(asked);
    });

    test("of the user's own home: stand-ins stay out of it, on PATH", async () => {
        const pulumi = fakePulumi(false);
        const { ensurePlugins } = await loadPlugins();
        const { path } = await ensurePlugins(host(pulumi), () => {});
        expect(existsSync(join(path[0] as string, "pulumi-resource-random"))).toBe(true);
        expect(existsSync(join(root, "home", "plugins"))).toBe(false);
    });

    test("a stand-in gives way when the official one can be had", async () => {
        const home = join(root, "home");
        const first = await loadPlugins();
        await first.ensurePlugins(host(fakePulumi(false), home), () => {});
        rmSync(join(root, "cache", "django-on-kubernetes", "refusals"), { recursive: true });
        expect(await first.ensurePlugins(host(fakePulumi(true), home), () => {})).toEqual({
            env: {},
            path: [],
            notices: [],
        });
    });
});
