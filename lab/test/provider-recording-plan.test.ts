// Plans have the recorded clouds' answers: ids, addresses, secrets that stay secret, and a function's result.
import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { DatabaseCluster } from "@pulumi/digitalocean/databaseCluster.js";
import { getDatabaseCaOutput } from "@pulumi/digitalocean/getDatabaseCa.js";
import { Provider as GcpProvider } from "@pulumi/gcp/provider.js";
import { DatabaseInstance } from "@pulumi/gcp/sql/databaseInstance.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { interpolate } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { SecretValue, UnknownValue } from "../../commands/plan/plan.ts";
import { recordPlan } from "../../commands/plan/recorder.ts";
import { cloudOutputs, recordedAuthority, refusedInputs } from "../../test/support/cloud-outputs.ts";

const options = { project: "test", stack: "test", config: {}, secretKeys: [] };

function program(): Promise<Record<string, unknown>> {
    const gcp = new GcpProvider("gcp", { project: "acme", region: "europe-west4" });
    const aws = new AwsProvider("aws", { region: "eu-west-1", allowedAccountIds: ["210987654321"] });
    const settings = { tier: "t", ipConfiguration: { ipv4Enabled: false, privateNetwork: "n" } };
    const sql = new DatabaseInstance("sql", { databaseVersion: "POSTGRES_17", settings }, { provider: gcp });
    const role = new Role("role", { name: "nodes", assumeRolePolicy: "{}" }, { provider: aws });
    const cluster = new DatabaseCluster("pg", {
        engine: "pg",
        version: "17",
        nodeCount: 1,
        region: "fra1",
        size: "db-s-1vcpu-1gb",
    });
    const ca = getDatabaseCaOutput({ clusterId: cluster.id });
    new ConfigMap("leak", {
        data: { host: cluster.privateHost, url: interpolate`postgres://u:${cluster.password}@h` },
    });
    return Promise.resolve({
        sql: sql.connectionName,
        address: sql.privateIpAddress,
        role: role.arn,
        id: cluster.id,
        ca: ca.certificate,
    });
}

test("ids and addresses are those of the provider's project, account and region", async () => {
    const { outputs, resources } = await recordPlan(options, program);
    expect(outputs["sql"]).toMatch(/^acme:europe-west4:sql-[0-9a-f]{7}$/);
    expect(outputs["address"]).toMatch(/^10\.64\.\d+\.\d+$/);
    expect(outputs["role"]).toBe("arn:aws:iam::210987654321:role/nodes");
    expect(outputs["ca"]).toBe(recordedAuthority);
    const sql = resources.find(({ name }) => name === "sql")!;
    expect(await cloudOutputs(sql, { project: "acme", region: "europe-west4" })).toMatchObject({
        connectionName: outputs["sql"],
    });
    const again = await recordPlan(options, program);
    expect(again.outputs).toEqual(outputs);
});

test("what the cloud makes secret is secret in the plan", async () => {
    const { resources } = await recordPlan(options, program);
    const data = resources.find(({ name }) => name === "leak")!.props["data"] as Record<string, unknown>;
    expect(data["host"]).toMatch(/^private-pg-/);
    expect(data["url"]).toBeInstanceOf(SecretValue);
});

test("before the first up all of it is unknown", async () => {
    const { resources } = await recordPlan({ ...options, preview: true }, program);
    const data = resources.find(({ name }) => name === "leak")!.props["data"] as Record<string, unknown>;
    expect(data["host"]).toBeInstanceOf(UnknownValue);
});

test("a plan's inputs can be held against what the clouds accept", async () => {
    const { resources } = await recordPlan(options, program);
    expect(await refusedInputs(resources)).toEqual([]);
    const sql = resources.find(({ name }) => name === "sql")!;
    const wrong = { ...sql, props: { ...sql.props, settings: { tier: "t", edition: "BEST" } } };
    expect(await refusedInputs([wrong])).toEqual([
        expect.stringMatching(/^gcp:sql.* sql: settings.edition is "BEST"; allowed/),
    ]);
});
