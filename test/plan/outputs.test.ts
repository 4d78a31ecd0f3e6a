// What is read of another stack is checked when it is read: a missing, foreign or older stack is named, with the fix.
// Does not prove what an engine says of a stack that is not there at all (test/cluster/ephemeral.test.ts).
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { resolveSettings } from "../../settings/resolve/settings.ts";
import { checkSettings } from "../../settings/settings.ts";
import { smallestSettings, withSettings } from "../support/settings.ts";
import { SettingsError } from "../../settings/problems.ts";
import { platformOfStack } from "../../stacks/platform/stack.ts";
import type { Platform } from "../../stacks/platform/contract.ts";
import { recordPlan } from "../../commands/plan/recorder.ts";
import { SecretValue, type Plan } from "../../commands/plan/plan.ts";

const name = "organization/django-on-kubernetes/staging";

const right = {
    outputsVersion: 2,
    platform: { connection: { clusterIdentifier: "staging", context: "staging" }, networkPolicy: { enforced: true } },
    lends: {},
};

/** What borrows nothing but the cluster. */
const borrower = resolveSettings(
    checkSettings(
        withSettings(smallestSettings(), [
            ["platform", { variant: "stack", stack: "staging" }],
            ["exposure.variant", "none"],
        ]),
        "pr-1",
    ),
    (text) => pulumi.secret(text),
    ({ key }) => pulumi.secret(key),
);

async function read(
    outputs: Readonly<Record<string, unknown>>,
    stack = "staging",
): Promise<{ plan: Plan; platform: Platform }> {
    let platform: Platform | undefined;
    const options = {
        project: "django-on-kubernetes",
        stack: "pr-1",
        config: {},
        secretKeys: [],
        stacks: { [name]: outputs },
    };
    const plan = await recordPlan(options, async () => {
        platform = await platformOfStack({ variant: "stack", stack }, borrower);
        return {};
    });
    return { plan, platform: platform! };
}

async function problems(outputs: Readonly<Record<string, unknown>>): Promise<unknown> {
    return await read(outputs).then(
        () => "nothing",
        (error: unknown) => (error instanceof SettingsError ? error.problems : error),
    );
}

describe("the outputs of another stack", () => {
    it("make a platform, named shortly or in full", async () => {
        for (const stack of ["staging", name]) {
            const { plan, platform } = await read(right, stack);
            expect(platform.connection).toEqual({ clusterIdentifier: "staging", context: "staging" });
            expect(plan.resources.find(({ type }) => type === "pulumi:providers:kubernetes")!.props).toMatchObject({
                clusterIdentifier: "staging",
                context: "staging",
            });
        }
    });

    it("of a stack of something else are refused", async () => {
        expect(await problems({ url: "https://example.org" })).toEqual([
            {
                path: "platform.stack",
                found: `${name}, which has no output outputsVersion`,
                allowed: "a stack of this program that was brought up with outputsVersion 2",
                fix: `check the name; if the stack is new: pulumi up -s ${name}`,
            },
        ]);
    });

    it("of an older release are refused", async () => {
        expect(await problems({ ...right, outputsVersion: 1 })).toEqual([
            {
                path: "platform.stack",
                found: `${name}, whose outputsVersion is 1`,
                allowed: "a stack of this program that was brought up with outputsVersion 2",
                fix: `pulumi up -s ${name} with this version of the program`,
            },
        ]);
    });

    it("are each named when they are not as they should be", async () => {
        const found = (await problems({
            ...right,
            platform: { networkPolicy: { enforced: true } },
            lends: { gateway: { domain: 1 } },
        })) as { found: string; fix: string }[];
        const text = found.map((problem) => problem.found).join("\n");
        expect(text).toContain("whose output platform.connection is not as it should be");
        expect(text).toContain("whose output lends.gateway.domain is not as it should be");
        expect(new Set(found.map(({ fix }) => fix))).toEqual(new Set([`pulumi up -s ${name}`]));
    });

    it("keep a lent server's password secret", async () => {
        const database = {
            instance: "shop-staging",
            namespace: "shop-staging",
            host: "database.shop-staging.svc.cluster.local",
            port: 5432,
            name: "shop",
            user: "shop",
            maxConnections: 100,
        };
        const { platform } = await read({ ...right, lends: { database }, lentDatabasePassword: "canary" });
        expect(await isSecret(platform.lent!.database!.password)).toBe(true);
        expect(JSON.stringify(new SecretValue("canary"))).not.toContain("canary");
    });
});

async function isSecret(output: unknown): Promise<boolean> {
    return await (output as { readonly isSecret: Promise<boolean> }).isSecret;
}
