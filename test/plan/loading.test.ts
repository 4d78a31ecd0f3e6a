// Only what a stack uses is loaded (N7): no cloud's SDK, no variant that it does not have.
// Does not prove: how long loading takes; bench/ measures that.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Plan } from "../../commands/plan/plan.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { changed, planOf, project, type Sections } from "./support/plans.ts";

/** @param outputs those of the stack whose platform it is on, so that that one is not loaded too */
async function loadedBy(sections: Sections, outputs?: Plan["outputs"]): Promise<string[]> {
    const program = join(import.meta.dirname, "support/loaded-modules.ts");
    const args = [sections, ...(outputs === undefined ? [] : [outputs])].map((value) => JSON.stringify(value));
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { maxBuffer: 2 ** 26 });
    return JSON.parse(stdout) as string[];
}

/** The packages of Pulumi that something was loaded of. */
function packagesOf(loaded: readonly string[]): string[] {
    const packages = new Set(loaded.flatMap((url) => /node_modules\/(@pulumi\/[^/]+)/.exec(url)?.[1] ?? []));
    return [...packages].toSorted();
}

/** A package's own index loads every resource there is, or the way to it. */
const indexes = /node_modules\/@pulumi\/(kubernetes|random|gcp|aws|digitalocean)\/index\.js/;

async function sectionsOfExample(path: string): Promise<Sections> {
    const [directory, stack] = path.split("/");
    const text = await readFile(join(projectRoot, "examples/stacks", directory!, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(text) as { config: Sections };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

describe("loading", () => {
    it("the local stack takes no cloud's SDK, and of the others only the used parts", async () => {
        const loaded = await loadedBy(await changed("local", () => undefined));
        expect(packagesOf(loaded)).toEqual(["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random"]);
        expect(loaded.filter((url) => indexes.test(url))).toEqual([]);
        expect(loaded.some((url) => url.endsWith("/components/cache/in-cluster.ts"))).toBe(true);
    });

    it("a stack loads no variant that it does not have", async () => {
        const sections = await changed("local", (all) => {
            delete all["apps"][0].workers;
            delete all["apps"][0].beat;
            all["cache"] = { variant: "none" };
            all["broker"] = { variant: "none" };
            all["exposure"] = { variant: "none" };
        });
        const loaded = await loadedBy(sections);
        const unused = /\/components\/(cache\/in-cluster|broker\/redis|edge\/gateway|redis\/)/;
        expect(loaded.filter((url) => unused.test(url))).toEqual([]);
    });

    it.each([
        "gcp/production",
        "gcp/staging",
        "aws/production",
        "aws/staging",
        "digitalocean/production",
        "digitalocean/staging",
        "mixed/production",
    ])("%s loads the SDKs of the clouds that it names, and of no other", async (example) => {
        const sections = await sectionsOfExample(example);
        const clouds = Object.keys(sections["clouds"] as object);
        const loaded = await loadedBy(sections);
        const named = ["kubernetes", "pulumi", "random", ...clouds].map((name) => `@pulumi/${name}`);
        expect(packagesOf(loaded)).toEqual(named.toSorted());
        expect(loaded.filter((url) => indexes.test(url))).toEqual([]);
        const others = ["gcp", "aws", "digitalocean"].filter((cloud) => !clouds.includes(cloud));
        // Settings know every cloud, for an error names what is allowed.
        const ofOthers = new RegExp(`/(stacks|components)/.*\\b(${others.join("|")})/`);
        expect(loaded.filter((url) => ofOthers.test(url))).toEqual([]);
    });

    it("an environment on another stack's platform loads no cloud's SDK, unless a store of its own is there", async () => {
        const platform = await sectionsOfExample("gcp/staging");
        const domain = "preview.staging.shop.example.org";
        platform["lends"] = { domain, database: true };
        const [app] = platform["apps"] as Sections[];
        const ephemeral: Sections = {
            environment: { kind: "ephemeral" },
            platform: { variant: "stack", stack: "staging" },
            apps: [{ ...app, hosts: [`pr-1.${domain}`] }],
            database: { variant: "platform" },
            cache: { variant: "in-cluster" },
            broker: { variant: "redis", storage: "1Gi" },
            assets: { variant: "whitenoise" },
            exposure: { variant: "platform" },
        };
        const { outputs } = await planOf(platform, { stack: "staging" });
        expect(packagesOf(await loadedBy(ephemeral, outputs))).toEqual([
            "@pulumi/kubernetes",
            "@pulumi/pulumi",
            "@pulumi/random",
        ]);
        const clouds = { aws: { account: "123456789012", region: "eu-central-1" } };
        const assets = { variant: "s3", host: "static.shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ" };
        const packages = packagesOf(await loadedBy({ ...ephemeral, clouds, assets }, outputs));
        expect(packages).toEqual(["@pulumi/aws", "@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random"]);
    });
});
