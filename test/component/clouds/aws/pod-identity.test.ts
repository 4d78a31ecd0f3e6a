// A pod that starts before its association holds has no credentials for as long as it lives. Does not prove how long AWS takes.
import type { ProviderResource } from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import {
    podIdentityAssociation,
    settling,
    untilItHolds,
} from "../../../../components/pod-identity/aws/pod-identity.ts";
import { recordAws } from "./support.ts";

test("what waits for an association waits longer than AWS needs until it holds, once", async () => {
    const plan = await recordAws((opts) => {
        const args = {
            clusterName: "shop",
            namespace: "shop",
            serviceAccount: "shop",
            roleArn: "arn:aws:iam::1:role/shop",
        };
        podIdentityAssociation("shop", args, {
            provider: (opts.providers as ProviderResource[])[2]!,
            transformations: opts.transformations!,
        });
        return {};
    });
    expect(plan.options.get("shop")?.hooks).toEqual({ afterCreate: [untilItHolds] });
});

test("the wait is no shorter than what was seen, and ends", async () => {
    vi.useFakeTimers();
    let over = false;
    const wait = untilItHolds().then(() => (over = true));
    await vi.advanceTimersByTimeAsync(settling - 1);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await wait;
    expect(over).toBe(true);
    vi.useRealTimers();
    expect(settling).toBeGreaterThanOrEqual(10_000);
});
