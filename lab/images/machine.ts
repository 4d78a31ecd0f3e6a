// Whether this machine can make images, and the two programs that making them takes.
import { execFileSync } from "node:child_process";

import { execa } from "execa";

import type { Report } from "../../commands/support/report.ts";
import type { MachineCheck } from "../support/machine.ts";

const useRegistry =
    "build the images with examples/django/Dockerfile and push them to a registry that the cluster can read";

export function machineMakesImages(): MachineCheck {
    if (process.platform !== "linux") {
        return no(`images are made on Linux, this is ${process.platform}`, useRegistry);
    }
    if (!["x64", "arm64"].includes(process.arch)) {
        return no(`no wheels are published for ${process.arch}`, useRegistry);
    }
    if (process.getuid?.() !== 0) {
        return no("only root can unpack packages with their owners", "run the same command as root");
    }
    if (!found("apt-get")) {
        return no("images are made of Debian packages, by apt", useRegistry);
    }
    return { ok: true };
}

/** Installs what is missing; on a machine that has it all, no network is touched. */
export async function installTools(report: Report): Promise<void> {
    const missing = [
        ...(found("mmdebstrap") ? [] : ["mmdebstrap", "debian-archive-keyring"]),
        ...(found("python3") && (await hasPip()) ? [] : ["python3-pip"]),
    ];
    if (missing.length === 0) {
        return;
    }
    report(`installing ${missing.join(", ")}`);
    const apt = (...args: string[]) =>
        execa("apt-get", ["--option", "DPkg::Lock::Timeout=300", "--quiet", ...args], {
            env: { DEBIAN_FRONTEND: "noninteractive" },
        });
    await apt("update");
    await apt("install", "--yes", "--no-install-recommends", ...missing);
}

async function hasPip(): Promise<boolean> {
    return (await execa("python3", ["-m", "pip", "--version"], { reject: false })).exitCode === 0;
}

function found(command: string): boolean {
    try {
        execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
        return true;
    } catch {
        return false;
    }
}

function no(reason: string, fix: string): MachineCheck {
    return { ok: false, reason, fix };
}
