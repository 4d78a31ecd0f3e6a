// Keys and logs. Does not prove that EKS or Pulumi can use the key: only an account does.
import { describe, expect, test } from "vitest";
import type { DataPolicy } from "../../../../components/contract.ts";
import { KmsKey, secretsProviderOf, type KmsKeyArgs } from "../../../../components/keys/aws/key.ts";
import { ContainerLogs } from "../../../../components/logs/aws/containers.ts";
import { ControlPlaneLogs } from "../../../../components/logs/aws/control-plane.ts";
import { VpcFlowLogs } from "../../../../components/logs/aws/flow-logs.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { account } from "./place.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

describe("a key", () => {
    const record = remembered((changes: Partial<KmsKeyArgs> = {}) =>
        recordAws((opts) => {
            const args: KmsKeyArgs = {
                data: "kept",
                description: "Secrets",
                alias: "alias/shop-staging-stack",
                ...changes,
            };
            const { arn, keyId } = new KmsKey("key", args, opts);
            return {
                arn,
                keyId,
                provider: secretsProviderOf(keyId, "eu-central-1"),
                alias: secretsProviderOf("alias/shop", "eu-central-1"),
            };
        }),
    );

    test("is rotated, and found by a name", async () => {
        const plan = await record();
        expect(plan.created).toEqual(["Alias key-alias", "Key key-key", "Kms key"]);
        expectOneFamily(plan, ["Kms", "key"]);
        expect(plan.get("Key", "key-key").props).toMatchObject({ enableKeyRotation: true });
        expect(plan.get("Key", "key-key").props).not.toHaveProperty("policy");
        expect(plan.get("Alias", "key-alias").props["name"]).toBe("alias/shop-staging-stack");
    });

    test.each(dataPolicies)("can be called back as $data data", async ({ data }) => {
        const key = (await record({ data })).get("Key", "key-key");
        expect(key.protect).toBe(data === "protected");
        expect(key.props["deletionWindowInDays"]).toBe(data === "protected" ? 30 : 7);
    });

    test.each(dataPolicies)(
        "of a stack's secrets outlives the stack, but for $data data: state and settings are read with it",
        async ({ data }) => {
            const key = (await record({ data, outlivesStack: true })).get("Key", "key-key");
            expect(key.retainOnDelete).toBe(data !== "disposable");
            expect((await record({ data })).get("Key", "key-key").retainOnDelete).toBe(false);
        },
    );

    test("is what Pulumi is told to encrypt a stack's secrets with", async () => {
        const { outputs } = await record();
        expect(outputs["provider"]).toMatch(/^awskms:\/\/\/[^/]+\?region=eu-central-1$/);
        expect(outputs["alias"]).toBe("awskms:///alias/shop?region=eu-central-1");
    });
});

describe("logs", () => {
    const recordFlow = (data: DataPolicy) =>
        recordAws((opts) => {
            new VpcFlowLogs("flow", { data, account, vpcId: "vpc-1", traffic: "REJECT", retentionDays: 30 }, opts);
            return {};
        });

    test.each(dataPolicies)("of the control plane end at some time, $data", async ({ data }) => {
        const plan = await recordAws((opts) => {
            new ControlPlaneLogs("logs", { data, clusterName: "shop", retentionDays: 90 }, opts);
            return {};
        });
        expect(plan.get("LogGroup", "logs-group").props).toMatchObject({
            name: "/aws/eks/shop/cluster",
            retentionInDays: 90,
            skipDestroy: data === "protected",
        });
    });

    test.each(dataPolicies)("of the network stay when they are protected, $data", async ({ data }) => {
        const plan = await recordFlow(data);
        expect(plan.get("LogGroup", "flow-group").props).toMatchObject({
            retentionInDays: 30,
            skipDestroy: data === "protected",
        });
    });

    test("of the network are written by a role that can do nothing else", async () => {
        const plan = await recordFlow("kept");
        expect(plan.created).toEqual([
            "FlowLog flow-flow",
            "LogGroup flow-group",
            "Role flow-role",
            "RolePolicy flow-policy",
            "VpcFlow flow",
        ]);
        expect(plan.get("FlowLog", "flow-flow").props).toMatchObject({ vpcId: "vpc-1", trafficType: "REJECT" });
        const { Statement } = JSON.parse(plan.get("RolePolicy", "flow-policy").props["policy"]) as {
            Statement: [{ Resource: string[] }];
        };
        expect(Statement[0].Resource.every((resource) => resource !== "*")).toBe(true);
    });

    test("of containers go to groups that are there before, by an add-on of EKS", async () => {
        const plan = await recordAws((opts) => {
            new ContainerLogs("containers", { data: "kept", clusterName: "shop", retentionDays: 30, after: [] }, opts);
            return {};
        });
        const addon = plan.get("Addon", "containers-addon");
        expect(addon.props).toMatchObject({
            addonName: "amazon-cloudwatch-observability",
            podIdentityAssociations: [{ serviceAccount: "cloudwatch-agent" }],
        });
        // Else, from version 5 on, it changes the pods of every Service: 'restricted' namespaces refuse what it makes of them.
        expect(JSON.parse(addon.props["configurationValues"])).toEqual({
            manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
        });
        expect(plan.get("LogGroup", "containers-application").props["name"]).toBe(
            "/aws/containerinsights/shop/application",
        );
        expect(addon.dependencies).toContain(plan.get("LogGroup", "containers-application").urn);
    });

    test.each([
        ["protected", true],
        ["kept", false],
        ["disposable", false],
    ] as const)("of containers outlive the stack only where data is %s", async (data, stays) => {
        const plan = await recordAws((opts) => {
            new ContainerLogs("containers", { data, clusterName: "shop", retentionDays: 30, after: [] }, opts);
            return {};
        });
        for (const group of ["application", "dataplane", "host", "performance"]) {
            expect(plan.get("LogGroup", `containers-${group}`).props["skipDestroy"]).toBe(stays);
        }
    });
});
