// What is run, in which order, and when nothing more is. The programs are shell scripts that write down what they are asked.
// Does not prove that Google lets go of the peering: only an account does.
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import type { ResourceState } from "../../../commands/repair/deployment.ts";

let folder: string;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "destroy-"));
});
afterEach(async () => {
    await rm(folder, { recursive: true });
});

const urn = (type: string, name: string): string => `urn:pulumi:staging::shop::shop:vpc:Network$${type}::${name}`;
const network: ResourceState = {
    urn: urn("gcp:compute/network:Network", "vpc-network"),
    type: "gcp:compute/network:Network",
    outputs: { name: "vpc-network-1a2b3c4", project: "example-shop-staging" },
};
const cluster: ResourceState = {
    urn: urn("gcp:container/cluster:Cluster", "cluster"),
    type: "gcp:container/cluster:Cluster",
    dependencies: [network.urn],
};
const removal =
    "gcloud compute networks peerings delete servicenetworking-googleapis-com --network vpc-network-1a2b3c4 --project example-shop-staging --quiet";

interface Machine {
    /** What is in the state after the first destroy. */
    readonly left: readonly ResourceState[];
    /** Exit codes of the destroys, one after the other. */
    readonly destroys: readonly number[];
    readonly gcloud?: number | "missing";
}

async function destroyOn({ left, destroys, gcloud = 0 }: Machine, ...args: string[]) {
    const script = async (name: string, text: string) => {
        await writeFile(join(folder, name), `#!/bin/sh\n${text}`);
        await chmod(join(folder, name), 0o755);
    };
    await writeFile(join(folder, "state.json"), JSON.stringify({ version: 3, deployment: { resources: left } }));
    await writeFile(join(folder, "codes"), `${destroys.join("\n")}\n`);
    const asked = `echo "$(basename "$0") $*" >> ${folder}/asked\n`;
    await script(
        "pulumi",
        `if [ "$1" = stack ]; then cat ${folder}/state.json; exit 0; fi\n${asked}` +
            `code=$(head -n 1 ${folder}/codes); sed -i 1d ${folder}/codes; exit "$code"\n`,
    );
    if (gcloud !== "missing") {
        await script("gcloud", `${asked}exit ${gcloud}\n`);
    }
    const command = join(projectRoot, "commands/destroy/main.ts");
    // The machine's own gcloud is not to be found.
    for (const program of ["basename", "cat", "head", "sed"]) {
        await symlink(`/usr/bin/${program}`, join(folder, program));
    }
    const env = { ["PATH"]: folder };
    const { code, stderr } = await new Promise<{ code: number; stderr: string }>((resolve) => {
        execFile(process.execPath, [command, "--stack", "staging", ...args], { env }, (error, _, text) => {
            resolve({ code: Number(error?.code ?? 0), stderr: text });
        });
    });
    const lines = (await readFile(join(folder, "asked"), "utf8")).trimEnd().split("\n");
    return { code, stderr, asked: lines };
}

describe("a destroy", () => {
    it("that ends is all there is to it", async () => {
        const { code, asked } = await destroyOn({ left: [], destroys: [0] });
        expect({ code, asked }).toEqual({ code: 0, asked: ["pulumi destroy --stack staging"] });
    });

    it("that stops at a network with nothing in it but the peering goes on without the peering, and asks nobody again", async () => {
        const { code, asked } = await destroyOn({ left: [network], destroys: [255, 0] });
        expect(code).toBe(0);
        expect(asked).toEqual(["pulumi destroy --stack staging", removal, "pulumi destroy --stack staging --yes"]);
    });

    it("asks nothing at all with --yes", async () => {
        const { asked } = await destroyOn({ left: [network], destroys: [255, 0] }, "--yes");
        expect(asked.filter((line) => line.startsWith("pulumi"))).toEqual([
            "pulumi destroy --stack staging --yes",
            "pulumi destroy --stack staging --yes",
        ]);
    });

    it("that stopped at something else, which still uses the peering, stays as it is", async () => {
        const { code, asked } = await destroyOn({ left: [network, cluster], destroys: [255] });
        expect({ code, asked }).toEqual({ code: 255, asked: ["pulumi destroy --stack staging"] });
    });

    it("ends with what gcloud says, where that fails", async () => {
        const { code, asked } = await destroyOn({ left: [network], destroys: [255], gcloud: 7 });
        expect({ code, asked }).toEqual({ code: 7, asked: ["pulumi destroy --stack staging", removal] });
    });

    it("names the command that is missing, and what it would have been asked", async () => {
        const { code, stderr } = await destroyOn({ left: [network], destroys: [255], gcloud: "missing" });
        expect(code).toBe(2);
        expect(stderr).toBe(`gcloud is not installed. It would have run: ${removal}\n`);
    });
});
