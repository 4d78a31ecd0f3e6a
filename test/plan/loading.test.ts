// Only what a stack uses is loaded (N7): no cloud's SDK, no variant that it does not have.
// Does not prove: how long loading takes; bench/ measures that.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { changed, type Sections } from "./support/plans.ts";

async function loadedBy(sections: Sections): Promise<string[]> {
    const program = join(import.meta.dirname, "support/loaded-modules.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(sections)], { maxBuffer: 2 ** 26 });
    return JSON.parse(stdout) as string[];
}

describe("loading", () => {
    it("the local stack takes no cloud's SDK, and of the others only the used parts", async () => {
        const loaded = await loadedBy(await changed("local", () => undefined));
        const packages = new Set(loaded.flatMap((url) => /node_modules\/(@pulumi\/[^/]+)/.exec(url)?.[1] ?? []));
        expect([...packages].toSorted()).toEqual(["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random"]);
        // The packages' own indexes load every resource there is.
        expect(loaded.filter((url) => /@pulumi\/(kubernetes|random)\/index\.js/.test(url))).toEqual([]);
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
});
