// `make test`: every layer that this machine can run but those that are run by hand, and which were skipped and why. Names on the
// command line choose layers.
import { clusterExists, stopCluster } from "../../lab/cluster/index.ts";
import type { Failure } from "./failures.ts";
import { layers, type Counts } from "./layers.ts";

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !layers.some((layer) => layer.name === name));
if (unknown.length > 0) {
    console.error(`There is no layer ${unknown.join(", ")}. Allowed: ${layers.map(({ name }) => name).join(", ")}`);
    process.exit(2);
}

/** A cluster that the tests start is theirs to remove; one that is there already, running or stopped, stays. */
const clusterWasThere = clusterExists();
const total = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
const failures: Failure[] = [];
for (const layer of layers) {
    if (chosen.length > 0 ? !chosen.includes(layer.name) : layer.byHand === true) {
        continue;
    }
    const missing = await layer.missing?.();
    if (missing !== undefined) {
        total.skipped += 1;
        lines.push(`${layer.name}: skipped, because ${missing}`);
        continue;
    }
    console.log(`\n== ${layer.name}`);
    const start = Date.now();
    const counts: Counts = await layer.run();
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    failures.push(...(counts.failures ?? []));
    const { passed, failed, skipped } = counts;
    lines.push(
        `${layer.name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${Math.round((Date.now() - start) / 1000)} s`,
    );
}

if (!clusterWasThere) {
    await stopCluster(() => undefined);
}
for (const { where, message } of failures) {
    console.log(`\nFailed: ${where}\n${message}`);
}
console.log(`\n${lines.join("\n")}\n`);
for (const { where, message } of failures) {
    console.log(`Failed: ${where}: ${message.trim().split("\n")[0]!.slice(0, 300)}`);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
