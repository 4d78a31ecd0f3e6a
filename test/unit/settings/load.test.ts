// From Pulumi's configuration to settings. Does not prove how the engine decrypts and hands over a stack's file.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../../settings/load.ts";
import { SettingsError } from "../../../settings/problems.ts";
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
    return loadSettings(({ name, key }) => pulumi.secret(`${name}/${key}`));
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

test("sections are read from the project's own keys, and Pulumi's keys are left alone", async () => {
    const settings = await load(smallestSettings(), [], { "pulumi:tags": '{"team":"shop"}' });
    expect(settings.environment).toEqual({
        kind: "staging",
        name: "staging",
        namespace: "shop-staging",
        mainApp: "shop",
        data: "kept",
        borrowsDatabase: false,
    });
    expect(settings.platform).toMatchObject({ context: "staging" });
});

test("keys that nothing reads are told with everything else, without the stack's file too", async () => {
    const { cache, ...others } = withSettings(smallestSettings(), [["apps[0].image", "shop"]]);
    const more = { "aws:region": "eu-west-1", "django-on-kubernets:cache": JSON.stringify(cache) };
    const error: unknown = await load(others, [], more).catch((reason: unknown) => reason);
    expect((error as SettingsError).problems.map(({ path }) => path)).toEqual([
        "aws:region",
        "django-on-kubernets:cache",
        "apps[0].image",
    ]);
});

test("names that objects have already are told, and nothing is dropped", async () => {
    const raw = JSON.parse(
        JSON.stringify(smallestSettings()).replace('"hosts":', '"workers":{"__proto__":{"queues":["a"]}},"hosts":'),
    ) as RawSettings;
    expect(await problems(raw, [])).toEqual([
        {
            path: "apps[0].workers.__proto__",
            found: "the name __proto__, which every object of JavaScript has already",
            allowed: "any other name: the programs that read this one would find their own",
            fix: "rename __proto__, in the stack's file",
        },
    ]);
});

test("a stack cannot be on its own platform", async () => {
    const raw = withSettings(smallestSettings(), [["platform", { variant: "stack", stack: "staging" }]]);
    expect((await problems(raw, []))[0]).toEqual({
        path: "platform.stack",
        found: '"staging", which is this stack itself',
        allowed: "a stack with a platform of its own, or one of those behind it has one",
        fix: "name another stack, or give this one a platform: pulumi config rm --path 'platform.stack', and choose platform.variant",
    });
});

test("every secret is a secret Output, where it is used", async () => {
    const raw = withSettings(largestSettings(), [
        ["secrets.secretKey", canary],
        ["secrets.databasePassword", "database-password"],
        ["secrets.superuserPassword", "superuser-password"],
        ["platform", digitalOceanWithRecords],
        ["clouds.digitalocean.region", "fra1"],
        ["secrets.digitaloceanDnsToken", "dns-token"],
    ]);
    const { apps, stores, dnsToken } = await load(raw, ["secrets"]);
    const { secrets, registry, superuser } = apps[0]!;
    expect(await secretValue(secrets.secretKey)).toEqual({ value: canary, secret: true });
    expect(await secretValue(registry?.password)).toEqual({ value: "registry-password", secret: true });
    expect(await secretValue(superuser?.password)).toEqual({ value: "superuser-password", secret: true });
    expect(await secretValue(secrets.environment["API_KEY"])).toEqual({ value: "api-key", secret: true });
    expect(await secretValue(secrets.files["/etc/key.pem"])).toEqual({ value: "key", secret: true });
    expect(await secretValue(stores.database[0]!.password)).toEqual({ value: "database-password", secret: true });
    expect(await secretValue(dnsToken)).toEqual({ value: "dns-token", secret: true });
    expect(stores.cache[0]!.password).toBeUndefined();
});

const digitalOceanWithRecords = {
    variant: "digitalocean",
    network: { variant: "create", range: "10.110.0.0/20" },
    cluster: {
        variant: "create",
        version: "1.34",
        podRange: "10.112.0.0/16",
        serviceRange: "10.113.0.0/20",
        apiAccess: { cidrs: ["203.0.113.0/24"] },
        pools: { apps: { size: "s-4vcpu-8gb", max: 3 } },
    },
    dns: { variant: "create", domain: "example.org" },
    certificates: { variant: "none" },
};

test("so are those of other apps, which are theirs alone", async () => {
    const blog = {
        contract: "django",
        name: "blog",
        module: "blog",
        image: "registry.example.org/blog:4f2a91c",
        hosts: ["blog.example.org"],
    };
    const raw = withSettings(smallestSettings(), [
        ["apps[1]", blog],
        ["environment.mainApp", "shop"],
        ["secrets.apps.blog", { secretKey: canary, files: { "/etc/key.pem": "key" } }],
    ]);
    const { apps } = await load(raw, ["secrets"]);
    const { secrets } = apps[1]!;
    expect(await secretValue(secrets.secretKey)).toEqual({ value: canary, secret: true });
    expect(await secretValue(secrets.files["/etc/key.pem"])).toEqual({ value: "key", secret: true });
    expect(apps[0]!.secrets).toEqual({ environment: {}, files: {}, secretKey: undefined });
});

test("no plain text is left beside the Outputs", async () => {
    const settings = await load(largestSettings(), ["secrets"]);
    const [app] = settings.apps;
    const values = [
        ...Object.values(app!.secrets.environment),
        ...Object.values(app!.secrets.files),
        app!.registry?.password,
    ];
    expect(values.every((value) => pulumi.Output.isInstance(value))).toBe(true);
    expect(settings).not.toHaveProperty("secrets");
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
            allowed:
                "settings with variant: in-cluster, memcached, digitalocean, elasticache, memorystore, external, none",
        },
    ]);
});
