// The recorder that these tests stand on: what it would not see, they could not either.
// Does not prove that a recorded plan equals a real preview: that is the engine layer's.
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { describe, expect, test } from "vitest";
import { givenOrGenerated } from "../../components/password/password.ts";
import { SecretValue, UnknownValue } from "../../commands/plan/plan.ts";
import { recordPlan } from "../../commands/plan/recorder.ts";
import { expectOneFamily, recordComponent } from "../support/component.ts";

class Example extends pulumi.ComponentResource {
    constructor(name: string, opts: pulumi.ComponentResourceOptions, make: (parent: pulumi.Resource) => void) {
        super("test:index:Example", name, {}, opts);
        make(this);
        this.registerOutputs({});
    }
}

const record = (make: (parent: pulumi.Resource, opts: pulumi.ComponentResourceOptions) => void, preview = false) =>
    recordComponent(
        (opts) => {
            new Example("example", opts, (parent) => make(parent, opts));
            return {};
        },
        { preview },
    );

test("a call to a provider throws: a plan has nobody to answer it", async () => {
    const options = { project: "test", stack: "test", config: {}, secretKeys: [] };
    const call = () => pulumi.runtime.invoke("aws:index/getRegion:getRegion", {});
    const recording = recordPlan(options, async () => ({ region: (await call()) as unknown }));
    await expect(recording).rejects.toThrow();
});

test("what one recording registers is in no other", async () => {
    const make = (name: string) => record((parent) => new ConfigMap(name, {}, { parent }));
    const [one, other] = await Promise.all([make("one"), make("other")]);
    expect(one.created).toEqual(["ConfigMap one", "Example example"]);
    expect(other.created).toEqual(["ConfigMap other", "Example example"]);
});

describe("a secret that is not in a Secret is seen", () => {
    test("given", async () => {
        const plan = await record(
            (parent) => new ConfigMap("leak", { data: { key: pulumi.secret("s3cret") } }, { parent }),
        );
        expect(plan.get("ConfigMap", "leak").props["data"].key).toBeInstanceOf(SecretValue);
        expect(JSON.stringify(plan.resources)).not.toContain("s3cret");
    });

    test("generated", async () => {
        const plan = await record((parent) => {
            const key = givenOrGenerated("key", undefined, { parent });
            new ConfigMap("leak", { data: { url: pulumi.interpolate`redis://:${key}@cache` } }, { parent });
        });
        expect(plan.get("ConfigMap", "leak").props["data"].url).toBeInstanceOf(SecretValue);
    });
});

test("a value that is unknown in a preview is seen as unknown, not left out", async () => {
    const plan = await record((parent) => {
        const { id } = new RandomPassword("password", { length: 8 }, { parent });
        new ConfigMap("uses", { data: { id } }, { parent });
    }, true);
    expect(plan.get("ConfigMap", "uses").props["data"].id).toBeInstanceOf(UnknownValue);
});

describe("expectOneFamily fails for a child", () => {
    test("without the component as its parent", async () => {
        const plan = await record((_, { providers }) => {
            const [provider] = providers as pulumi.ProviderResource[];
            new ConfigMap("stray", {}, { provider: provider! });
        });
        expect(() => expectOneFamily(plan, ["Example", "example"])).toThrow(/stray/);
    });

    test("on a provider that nobody gave it", async () => {
        const plan = await recordComponent(() => {
            new Example("example", {}, (parent) => new ConfigMap("default", {}, { parent }));
            return {};
        });
        expect(() => expectOneFamily(plan, ["Example", "example"])).toThrow(/default/);
    });
});
