// Run as a program: imports the SDK as `make plan` does, and prints what of it works.
import { createRequire } from "node:module";
import "../../../commands/plan/quick-start.ts";

const require = createRequire(import.meta.url);
const pulumi = await import("@pulumi/pulumi");
const loaded = (): string[] =>
    [
        "@npmcli/arborist/lib/arborist",
        "typescript/lib",
        "automation/localWorkspace",
        "normalize-package-data/lib/fixer",
    ].filter((part) => Object.keys(require.cache).some((file) => file.includes(part)));
const before = loaded();
const seven = 7;
const { text } = await pulumi.runtime.serializeFunction(() => seven);
const packages = await pulumi.runtime.computeCodePaths();
const workspace = typeof pulumi.automation.LocalWorkspace.create;
process.stdout.write(
    JSON.stringify({
        before,
        after: loaded(),
        serialized: text.includes("seven"),
        packages: packages.size > 0,
        workspace,
    }),
);
