// A canary secret is nowhere in state, logs or errors (R74). The engine, the cluster and the app are real; not proved: the
// engine's own log at verbosity 9 and above, which prints what it sends to a provider by design.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appearancesOf, filesBelow } from "../cluster/support/appearances.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster } from "../cluster/support/kubernetes.ts";

/** With characters that every layer escapes differently around a core that none does. */
const core = "c4n4ryCoreThatNobodyEscapes";
const canary = `p@ss:w/o?r#d[]%20'"\\ é$${core}`;

const paths = [
    "secrets.environment.CANARY",
    'secrets.files["/etc/sample/licence.key"]',
    "secrets.registryPassword",
    "secrets.superuserPassword",
    "secrets.secretKey",
    "secrets.databasePassword",
    "secrets.cachePassword",
    "secrets.brokerPassword",
];

let environment: TestEnvironment;

beforeAll(async () => {
    environment = await TestEnvironment.create("canary");
    await environment.configure((config) => {
        config["apps"][0].registry = { server: "localhost", username: "ci" };
    });
    for (const path of paths) {
        await environment.setSecret(path, canary);
    }
}, 30 * 60_000);

afterAll(async () => {
    await environment?.remove();
}, 10 * 60_000);

function appearancesIn(text: string): string[] {
    return appearancesOf(core, text);
}

describe("a secret", () => {
    test("is found by this test where it is allowed to be", () => {
        expect(appearancesIn(`x${canary}y`)).toEqual([core]);
        expect(appearancesIn(Buffer.from(`postgresql://u:${core}@h`).toString("base64"))).not.toEqual([]);
        expect(appearancesIn(Buffer.from(`xx${core}@h`).toString("base64"))).not.toEqual([]);
    });

    test("reaches the app whatever its characters are, and is not printed by an update", async () => {
        const { exitCode, output } = await environment.pulumi("up", "--diff");
        expect(exitCode, output.replaceAll(core, "[the canary]")).toBe(0);

        const cluster = new Cluster();
        const [pod] = await cluster.pods(environment.namespace, "sample-shell");
        const inside = await cluster.exec(pod!, ["python", "-c", "import os; print(os.environ['CANARY'])"]);
        expect(inside.trim() === canary).toBe(true);
        expect(appearancesIn(output)).toEqual([]);
    });

    test("is not in the error of a release that fails", async () => {
        await environment.configure((config) => {
            config["apps"][0].registry = { server: "localhost", username: "ci" };
            config["apps"][0].image = "localhost/django-sample:broken";
            config["secrets"] = undefined;
        });
        for (const path of paths) {
            await environment.setSecret(path, canary);
        }
        const { exitCode, output } = await environment.pulumi("up", "--diff");
        expect(exitCode).not.toBe(0);
        expect(output).toContain("broken on purpose: this migration never succeeds");
        expect(appearancesIn(output)).toEqual([]);
    });

    test("is not in the state, its backups and history, nor in an export", async () => {
        const exported = await environment.run(["stack", "export", "--stack", environment.stack]);
        expect(exported.exitCode).toBe(0);
        expect(appearancesIn(exported.output)).toEqual([]);
        const files = await filesBelow(environment.directory);
        expect(files.length).toBeGreaterThan(2);
        for (const file of files) {
            expect(appearancesIn(await readFile(file, "utf8")), file).toEqual([]);
        }
    });

    test("is not in the settings' errors", async () => {
        await environment.configure((config) => {
            config["secrets"] = undefined;
        });
        await environment.setSecret("secrets.enviroment.CANARY", canary);
        await environment.setSecret("secrets.cachePassword.nested", canary);
        const { exitCode, output } = await environment.pulumi("preview");
        expect(exitCode).not.toBe(0);
        expect(output).toContain("secrets.cachePassword");
        expect(appearancesIn(output)).toEqual([]);
    });
});
