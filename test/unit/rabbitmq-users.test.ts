// Which users of RabbitMQ the script lets in and ends. Its rabbitmqctl is one of a few lines that keeps users in a file: that RabbitMQ
// takes them, test/prove/rotation-rabbitmq.test.ts proves.
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { operationIn } from "../../lib/data-operations.ts";

const run = promisify(execFile);
const script = join(projectRoot, "components", "broker", "scripts", "users.sh");

let directory: string;

beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "rabbitmq-users-"));
    const rabbitmqctl = join(directory, "rabbitmqctl");
    await writeFile(
        rabbitmqctl,
        `#!/bin/sh
set -eu
echo "$*" >> "${directory}/said"
while [ "\${1#--}" != "$1" ]; do case $1 in --node) shift 2 ;; *) shift ;; esac; done
case $1 in
    list_users) sed 's/$/\t[]/' "${directory}/known" ;;
    import_definitions) cat "$2" > "${directory}/imported" ;;
    delete_user) grep -vxF "$2" "${directory}/known" > "${directory}/left" || true; cp "${directory}/left" "${directory}/known" ;;
esac
`,
    );
    await chmod(rabbitmqctl, 0o755);
    await writeFile(join(directory, "cookie"), "a cookie");
    await writeFile(join(directory, "definitions.json"), '{"users":[]}');
});

afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
});

async function users(known: readonly string[], ...args: readonly string[]) {
    await writeFile(join(directory, "known"), known.map((name) => `${name}\n`).join(""));
    await writeFile(join(directory, "said"), "");
    await rm(join(directory, "imported"), { force: true });
    const env = {
        PATH: `${directory}:${process.env["PATH"]}`,
        HOME: directory,
        COOKIE: join(directory, "cookie"),
        STORE: "broker",
        TERMINATION_LOG: join(directory, "log"),
    };
    const result = await run("sh", [script, ...args], { env }).then(
        ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
        (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    const left = (await readFile(join(directory, "known"), "utf8")).trim().split("\n");
    const imported = await readFile(join(directory, "imported"), "utf8").catch(() => undefined);
    return { ...result, left, imported, said: await readFile(join(directory, "said"), "utf8") };
}

const node = "rabbit@broker-0.broker-nodes";
const definitions = () => join(directory, "definitions.json");

test("a number's logins are imported at a node that runs", async () => {
    const { code, imported, said } = await users(["shop", "shop.1"], "admit", "2", definitions(), "shop blog", node);
    expect([code, imported]).toEqual([0, '{"users":[]}']);
    expect(said).toContain(`--longnames --node ${node} import_definitions`);
});

test("a number that is below one that the broker has had is refused, with what to write", async () => {
    const { code, stderr, imported } = await users(["shop.2", "shop.10"], "admit", "9", definitions(), "shop", node);
    expect([code, imported]).toEqual([1, undefined]);
    expect(stderr).toContain("login number 10 of shop, which is above 9");
    expect(stderr).toContain("Write 10 or more");
});

test("what came before a number ends, of these apps alone", async () => {
    const known = ["shop", "shop.1", "shop.2", "shop.3", "shop-eu", "shop-eu.1", "blog.1x", "guest", "blog.0"];
    const { code, left, stdout } = await users(known, "retire", "2", "0", "shop blog", node);
    expect(code).toBe(0);
    expect(left).toEqual(["shop.2", "shop.3", "shop-eu", "shop-eu.1", "blog.1x", "guest"]);
    expect(operationIn(stdout)).toMatchObject({ kind: "rotation", store: "broker", result: "succeeded" });
});
