// From Pulumi's configuration to settings. Does not prove how the engine decrypts and hands over a stack's file.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../../settings/load.ts";
import { SettingsError } from "../../../settings/problems.ts";
import { onDigitalOcean } from "../../stacks/support/clouds.ts";
import { largestSettings, smallestSettings, withSettings, type RawSettings } from "../../support/settings.ts";

const project = "django-on-kubernetes";
const canary = "canary-f00d";

/** @param encrypted the sections that hold an encrypted value, in whole or in part */
async function load(raw: RawSettings, encrypted: readonly string[], more: Record<string, string> = {}) {
    await pulumi.runtime.setMocks(
        { newResource: ({ inputs }) => ({ id: "", state: inputs }), call: () => ({}) },
        project,
        "staging",
    );
    const config = Object.entries(raw).map(([name, value]) => [
        `${project}:${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(
        { ...more, ...(Object.fromEntries(config) as Record<string, string>) },
        encrypted.map((name) => `${project}:${name}`),
    );
    return loadSettings();
}

async function problems(raw: RawSettings, encrypted: readonly string[]) {
    const error = await load(raw, encrypted).catch((reason: unknown) => reason);
    if (!(error instanceof SettingsError)) {
        throw new Error("the settings were taken");
    }
    expect(error.message).not.toContain(canary);
    return error.problems;
}

async function secretValue(output: pulumi.Output<string> | undefined) {
    const { promise, isSecret } = output as unknown as { promise(): Promise<string>; isSecret: Promise<boolean> };
    return { value: await promise.call(output), secret: await isSecret };
}

test("sections are read from the project's own keys, and other keys are left alone", async () => {
    const settings = await load(smallestSettings(), [], {
        "kubernetes:context": "elsewhere",
        "aws:region": "eu-west-1",
    });
    expect(settings.environment).toEqual({
        kind: "staging",
        name: "staging",
        namespace: "shop-staging",
        mainApp: "shop",
    });
    expect(settings.platform).toMatchObject({ context: "staging" });
});

test("every secret is a secret Output, and one that is not set is absent", async () => {
    const raw = withSettings(largestSettings(), [["secrets.secretKey", canary]]);
    const { secrets } = await load(raw, ["secrets"]);
    expect(await secretValue(secrets.secretKey)).toEqual({ value: canary, secret: true });
    expect(await secretValue(secrets.registryPassword)).toEqual({ value: "registry-password", secret: true });
    expect(await secretValue(secrets.environment["API_KEY"])).toEqual({ value: "api-key", secret: true });
    expect(await secretValue(secrets.files["/etc/key.pem"])).toEqual({ value: "key", secret: true });
    expect(secrets).not.toHaveProperty("databasePassword");
});

test("so are those of other apps, and a cloud's token", async () => {
    const given = {
        digitaloceanDnsToken: "token",
        apps: { blog: { secretKey: canary, files: { "/etc/key.pem": "key" } } },
    };
    const { secrets } = await load({ ...onDigitalOcean(), secrets: given }, ["secrets"]);
    expect(await secretValue(secrets.digitaloceanDnsToken)).toEqual({ value: "token", secret: true });
    expect(await secretValue(secrets.apps["blog"]!.secretKey)).toEqual({ value: canary, secret: true });
    expect(await secretValue(secrets.apps["blog"]!.files["/etc/key.pem"])).toEqual({ value: "key", secret: true });
    expect(secrets.apps["blog"]).not.toHaveProperty("databasePassword");
});

test("no plain text is left beside the Outputs", async () => {
    const { secrets } = await load(largestSettings(), ["secrets"]);
    const values = [...Object.values(secrets.environment), ...Object.values(secrets.files), secrets.registryPassword];
    expect(values.every((value) => pulumi.Output.isInstance(value))).toBe(true);
});

describe("secrets in the wrong place", () => {
    test("in plain text", async () => {
        expect(await problems({ ...smallestSettings(), secrets: { secretKey: canary } }, [])).toEqual([
            {
                path: "secrets",
                found: "values in plain text",
                allowed: "encrypted values only",
                fix: "remove them, then set each by: pulumi config set --secret --path 'secrets.NAME' (and replace what was written down)",
            },
        ]);
    });

    test("encrypted, where the program would write them in plain text", async () => {
        const raw = withSettings(smallestSettings(), [["apps[0].environment.API_KEY", canary]]);
        expect(await problems(raw, ["apps"])).toEqual([
            {
                path: "apps",
                found: "an encrypted value",
                allowed: "plain values only: they end in objects that everybody may read",
                fix: "remove it, then set it where secrets are, for example: pulumi config set --secret --path 'secrets.environment.NAME'",
            },
        ]);
    });

    test("are told before anything that could show them", async () => {
        const raw = withSettings(smallestSettings(), [
            ["apps[0].image", canary],
            ["cache.variant", canary],
        ]);
        expect((await problems(raw, ["apps", "cache"])).map(({ path }) => path)).toEqual(["apps", "cache"]);
    });
});

test("what is wrong is told with the stack's file", async () => {
    await expect(load(withSettings(smallestSettings(), [["apps[0].image", "shop"]]), [])).rejects.toThrow(
        /^Pulumi\.staging\.yaml: 1 setting needs mending/,
    );
});

test("a section that is plain text is no reason to fail otherwise than by a message", async () => {
    expect(await problems({ ...smallestSettings(), cache: "none" }, [])).toMatchObject([
        {
            path: "cache",
            found: '"none"',
            allowed: "settings with variant: in-cluster, digitalocean, elasticache, memorystore, none",
        },
    ]);
});
