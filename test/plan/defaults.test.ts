// Every effective setting with its source, of real stacks, and that no secret is in it.
// Does not prove: that each setting acts; test/plan/every-setting.test.ts does.
import { describe, expect, it } from "vitest";
import { defaultsText, effectiveSettings } from "../../commands/plan/defaults.ts";
import { readStackFile } from "../../commands/plan/stack-file.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { project } from "./support/plans.ts";

describe("effective settings", () => {
    it("come from the file, the schema, the kind of environment, or other settings", async () => {
        const settings = effectiveSettings(await readStackFile("production", projectRoot), "production");
        const of = (path: string): object | undefined => settings.find((setting) => setting.path === path);
        expect(of("environment.kind")).toEqual({
            section: "environment",
            path: "environment.kind",
            value: "production",
            from: "file",
        });
        expect(of("apps[0].web.port")).toEqual({
            section: "apps",
            path: "apps[0].web.port",
            value: 8000,
            from: "default",
        });
        expect(of("apps[0].web.replicas.max")).toMatchObject({ value: 12, from: "file" });
        expect(of("database.server.availability")).toMatchObject({ value: "regional", from: "kind" });
        expect(of("environment.namespace")).toMatchObject({ value: "shop-production", from: "others" });
        expect(of("platform.cluster.zone")).toEqual({
            section: "platform",
            path: "platform.cluster.zone",
            words: "the whole region",
            from: "default",
        });
        expect(new Set(settings.map(({ path }) => path)).size).toBe(settings.length);
    });

    it("are a line each, below their section", async () => {
        const text = defaultsText(effectiveSettings(await readStackFile("local", projectRoot), "local"));
        expect(text).toMatch(/^environment\n {2}environment\.kind = "local" {2}\(file\)$/m);
        expect(text).toMatch(/^lends\n {2}lends\.database = false {2}\(default\)$/m);
    });

    it("name secrets, and never show one", async () => {
        const file = await readStackFile("local", projectRoot);
        const secret = { environment: { STRIPE_KEY: "planted-canary" }, databasePassword: "planted-canary-2" };
        const config = { ...file.config, [`${project}:secrets`]: JSON.stringify(secret) };
        const settings = effectiveSettings({ ...file, config }, "local");
        expect(settings).toContainEqual({ section: "secrets", path: "secrets.environment.STRIPE_KEY", from: "file" });
        expect(defaultsText(settings)).toContain("  secrets.environment.STRIPE_KEY = a secret  (file)");
        expect(JSON.stringify(settings)).not.toContain("planted-canary");
    });
});
