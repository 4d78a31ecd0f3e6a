// Whether this machine can run the cluster at all.
import { existsSync, readFileSync } from "node:fs";
import { execaSync } from "execa";
import { missingControllers } from "./cgroups.ts";
import { missingPackages } from "./packages.ts";
import type { MachineCheck } from "../support/machine.ts";

/** The first obstacle, if any. Installs and changes nothing. */
export function machineRunsCluster(): MachineCheck {
    for (const obstacle of [system, privileges, compiler, packageManager, controllers, capabilities]) {
        const found = obstacle();
        if (found !== undefined) {
            return { ok: false, ...found };
        }
    }
    return { ok: true };
}

type Obstacle = { readonly reason: string; readonly fix: string } | undefined;

const elsewhere = "Use a cluster that exists instead, for example one of kind or minikube.";

function system(): Obstacle {
    return process.platform === "linux"
        ? undefined
        : { reason: `the embedded cluster runs on Linux, and this is ${process.platform}`, fix: elsewhere };
}

function privileges(): Obstacle {
    return process.getuid?.() === 0
        ? undefined
        : {
              reason: "the embedded cluster makes containers and so needs root",
              fix: `Run the command as root, with sudo. ${elsewhere}`,
          };
}

function compiler(): Obstacle {
    const { stdout, exitCode } = execaSync("go", ["env", "GOVERSION"], { reject: false });
    if (exitCode !== 0) {
        return {
            reason: "Go is missing: Kubernetes is built from its modules",
            fix: `Install Go 1.26 or later: https://go.dev/doc/install`,
        };
    }
    const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
    // Since 1.21 Go fetches the newer version that a module asks for.
    return minor >= 21
        ? undefined
        : { reason: `${stdout} is too old`, fix: "Install Go 1.26 or later: https://go.dev/doc/install" };
}

function packageManager(): Obstacle {
    const missing = missingPackages();
    return missing.length === 0 || existsSync("/usr/bin/apt-get")
        ? undefined
        : {
              reason: `what these Debian packages bring is missing: ${missing.join(", ")}`,
              fix: "Install it with your system's package manager.",
          };
}

function controllers(): Obstacle {
    const missing = missingControllers();
    return missing.length === 0
        ? undefined
        : {
              reason: `the kernel offers no cgroup controller for ${missing.join(", ")}`,
              fix: `Enable it at boot. ${elsewhere}`,
          };
}

/** In a container, root may be less than root. */
function capabilities(): Obstacle {
    const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
    const needed = { CAP_NET_ADMIN: 12n, CAP_SYS_CHROOT: 18n, CAP_SYS_ADMIN: 21n };
    const missing = Object.entries(needed).filter(([, bit]) => ((BigInt(`0x${mask}`) >> bit) & 1n) === 0n);
    return missing.length === 0
        ? undefined
        : {
              reason: `root lacks ${missing.map(([name]) => name).join(", ")} here`,
              fix: `Run outside of the container. ${elsewhere}`,
          };
}
