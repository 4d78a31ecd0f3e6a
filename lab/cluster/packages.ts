// The servers and commands that Debian packages.
import { execa } from "execa";
import { accessSync, constants, existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../commands/support/report.ts";
import { attempt } from "./shell.ts";

interface Need {
    /** A command on PATH, or a file in one of the directories. */
    readonly file: string;
    readonly directories?: readonly string[];
    readonly package: string;
}

/** Debian's place, then the place where the plugins' own releases go. */
const cniDirectories = ["/usr/lib/cni", "/opt/cni/bin"];

// Asked for by what they bring, not by name: containerd may be there from Docker's packages, which Debian's would remove.
const needs: readonly Need[] = [
    { file: "etcd", package: "etcd-server" },
    { file: "containerd", package: "containerd" },
    { file: "ctr", package: "containerd" },
    { file: "runc", package: "runc" },
    { file: "ptp", directories: cniDirectories, package: "containernetworking-plugins" },
    { file: "portmap", directories: cniDirectories, package: "containernetworking-plugins" },
    { file: "iptables", package: "iptables" },
    { file: "ipset", package: "ipset" },
    { file: "nft", package: "nftables" },
    { file: "ip", package: "iproute2" },
    { file: "openssl", package: "openssl" },
    { file: "mount", package: "mount" },
    { file: "tar", package: "tar" },
];

/** What the packages would start at once and at every boot; the cluster runs its own, in its own directory. */
const services: Readonly<Record<string, readonly string[]>> = { "etcd-server": ["etcd"], containerd: ["containerd"] };

/** The packages that are not there, each once. */
export function missingPackages(): string[] {
    return [...new Set(needs.filter((need) => !present(need)).map((need) => need.package))];
}

/** Where the CNI plugins are. */
export function cniPlugins(): string {
    return cniDirectories.find((directory) => existsSync(join(directory, "ptp"))) ?? cniDirectories[0]!;
}

/** Installs what is missing; does nothing, and asks nobody, when all is there. */
export async function installPackages(report: Report): Promise<void> {
    const missing = missingPackages();
    if (missing.length === 0) {
        return;
    }
    report(`Installing ${missing.join(", ")}`);
    await withoutServices(async () => {
        // The lists on the machine usually do; fetching them again costs more than the packages.
        if (!(await aptInstall(missing))) {
            report("Updating the package lists");
            await apt(["update"]);
            report(`Installing ${missing.join(", ")}`);
            await apt(installArguments(missing));
        }
    });
    await disableServices(missing.flatMap((name) => services[name] ?? []));
    const still = missingPackages();
    if (still.length > 0) {
        throw new Error(
            `Installed, and yet not found: ${still.join(", ")}. See: apt-get install --reinstall ${still.join(" ")}`,
        );
    }
}

function present({ file, directories = searchPath() }: Need): boolean {
    return directories.some((directory) => executable(join(directory, file)));
}

function searchPath(): string[] {
    return [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"].filter((directory) => directory !== "");
}

function executable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

function installArguments(packages: readonly string[]): string[] {
    return ["install", "--yes", "--no-install-recommends", ...packages];
}

async function aptInstall(packages: readonly string[]): Promise<boolean> {
    return apt(installArguments(packages)).then(
        () => true,
        () => false,
    );
}

async function apt(args: readonly string[]): Promise<void> {
    // Someone else may be installing at the same time: wait for the lock.
    const { exitCode, all } = await execa("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", ...args], {
        env: { DEBIAN_FRONTEND: "noninteractive" },
        stdin: "ignore",
        all: true,
        reject: false,
    });
    if (exitCode !== 0) {
        const words = all.split("\n").slice(-15).join("\n");
        throw new Error(`apt-get ${args.join(" ")} failed (${exitCode ?? "not started"}):\n${words}`);
    }
}

/** Debian's switch against services that start as they are installed; one that the machine has already stays. */
const policyPath = "/usr/sbin/policy-rc.d";

async function withoutServices(install: () => Promise<void>): Promise<void> {
    const ours = await writeFile(policyPath, "#!/bin/sh\nexit 101\n", { flag: "wx", mode: 0o755 }).then(
        () => true,
        () => false,
    );
    try {
        await install();
    } finally {
        if (ours) {
            await rm(policyPath, { force: true });
        }
    }
}

/** Not at the next boot either. A machine without systemd has no systemctl, and nothing that starts them. */
async function disableServices(names: readonly string[]): Promise<void> {
    if (names.length > 0) {
        await attempt("systemctl", ["disable", "--quiet", ...names]).catch(() => undefined);
    }
}
