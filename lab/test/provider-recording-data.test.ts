// The data of the recording providers: complete for this program, and what the installed SDKs say.
// Does not prove that the facts looked up upstream are still true there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { awsOutputs } from "../../commands/plan/answers/outputs/aws.ts";
import { digitaloceanOutputs } from "../../commands/plan/answers/outputs/digitalocean.ts";
import { gcpOutputs } from "../../commands/plan/answers/outputs/gcp.ts";
import { accountOf, outputsOf } from "../../commands/plan/answers/outputs.ts";
import { extractSchema, formatSchema } from "../provider-recording/schema/extract.ts";
import { loadSchema } from "../../commands/plan/answers/schema/load.ts";
import { clouds, modules } from "../../commands/plan/answers/schema/resources.ts";
import { projectRoot } from "../support/paths.ts";

const tables = { gcp: gcpOutputs, aws: awsOutputs, digitalocean: digitaloceanOutputs };

/** What the program imports of the clouds' SDKs: `gcp/sql/databaseInstance`. */
function imported(): Set<string> {
    const sources = ["components", "stacks"].flatMap((folder) =>
        readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
            .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
    );
    const found = sources.flatMap((source) => [
        ...source.matchAll(/^import \{.*from "@pulumi\/((?:gcp|aws|digitalocean)\/[\w/]+)\.js"/gm),
    ]);
    return new Set(found.map(([, module]) => module!).filter((module) => !/\/(provider|get\w+)$/.test(module)));
}

test("every resource type that the program imports is known", () => {
    const known = clouds.flatMap((cloud) => modules[cloud].map((module) => `${cloud}/${module}`));
    expect([...imported()].filter((module) => !known.includes(module))).toEqual([]);
});

describe.each(clouds)("%s", (cloud) => {
    test("the file is what the SDK and the facts make (node lab/provider-recording/schema/main.ts)", () => {
        const file = join(projectRoot, "commands/plan/answers/schema", `${cloud}.json`);
        expect(readFileSync(file, "utf8") === formatSchema(extractSchema(cloud))).toBe(true);
    });

    test("every type has an answer, and every answer a type", async () => {
        const { resources } = await loadSchema(cloud);
        expect(Object.keys(tables[cloud]).sort()).toEqual(Object.keys(resources).sort());
    });

    test("answers have no output that the SDK does not know", async () => {
        const { resources } = await loadSchema(cloud);
        const strangers = Object.entries(resources).flatMap(([type, resource]) => {
            const call = { type, name: "x", urn: `${type}::x`, inputs: {}, account: accountOf(cloud, {}) };
            const { outputs } = outputsOf(resource, call);
            return Object.keys(outputs)
                .filter((name) => !(name in resource.outputs) && !(name in resource.properties))
                .map((name) => `${type} ${name}`);
        });
        expect(strangers).toEqual([]);
    });

    test("it says where replacements were looked up", async () => {
        const { resources } = await loadSchema(cloud);
        expect(Object.entries(resources).filter(([, { source }]) => source === undefined)).toEqual([]);
    });
});
