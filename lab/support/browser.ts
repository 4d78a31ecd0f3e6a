// Chromium without a window, as Debian packages it.
import { execa } from "execa";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const executable = "/usr/bin/chromium";

/** Chromium, and what adds an authority to those that it trusts. */
const packages = ["chromium", "libnss3-tools"] as const;

/** Installs the browser where it is not there. @returns why there is none, undefined when there is one */
export async function ensureBrowser(): Promise<string | undefined> {
    if (await isThere()) {
        return undefined;
    }
    await execa("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], {
        reject: false,
        env: { DEBIAN_FRONTEND: "noninteractive" },
    });
    return (await isThere())
        ? undefined
        : `there is no browser: apt-get install ${packages.join(" ")} did not bring ${executable} and certutil`;
}

async function isThere(): Promise<boolean> {
    const [browser, tool] = await Promise.all([
        execa(executable, ["--version"], { reject: false }),
        execa("certutil", ["-H"], { reject: false }),
    ]);
    // certutil prints its help and then says that it has failed.
    return browser.exitCode === 0 && tool.exitCode !== undefined;
}

export interface TrustingBrowser {
    readonly browser: Browser;
    readonly close: () => Promise<void>;
}

/**
 * A browser with a home of its own.
 *
 * @param root the certificate of an authority, as PEM, that it trusts besides those that every browser does
 * @param names where it goes for a host name
 */
export async function trustingBrowser(root: string, names: Readonly<Record<string, string>>): Promise<TrustingBrowser> {
    const home = await mkdtemp(join(tmpdir(), "browser-"));
    const database = join(home, ".pki/nssdb");
    await mkdir(database, { recursive: true });
    const file = join(home, "root.pem");
    await writeFile(file, root);
    const certutil = (...args: string[]) => execa("certutil", ["-d", `sql:${database}`, ...args]);
    await certutil("-N", "--empty-password");
    await certutil("-A", "-t", "C,,", "-n", "test authority", "-i", file);
    const rules = Object.entries(names).map(([name, address]) => `MAP ${name} ${address}`);
    const browser = await chromium.launch({
        executablePath: executable,
        env: { ...process.env, HOME: home },
        args: ["--no-sandbox", "--disable-background-networking", `--host-resolver-rules=${rules.join(",")}`],
    });
    return {
        browser,
        close: async () => {
            await browser.close();
            await rm(home, { recursive: true, force: true });
        },
    };
}
