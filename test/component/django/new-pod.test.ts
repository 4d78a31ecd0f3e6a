// What a job's pod does before its command, for real, where the machine has Python. Not proved here: how long networks take (test/cluster).
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { onceDatabaseIsReached } from "../../../components/django/new-pod.ts";
import { recordDjango } from "../../support/django.ts";

const python = (() => {
    try {
        return execFileSync("sh", ["-c", "command -v python3"], { encoding: "utf8" }).trim();
    } catch {
        return undefined;
    }
})();

const own = { processes: {}, environmentPrefix: "DJANGO_APP_" } as Parameters<typeof onceDatabaseIsReached>[1];

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

describe("a pod that is tried once", () => {
    test.skipIf(python === undefined)("runs its command when the database's server takes connections", async () => {
        const port = await freePort();
        const [, ...args] = onceDatabaseIsReached(["sh", "-c", 'echo "$1"; exit 3', "sh", "a b"], own);
        const env = { ...process.env, DJANGO_APP_DB_HOST: "127.0.0.1", DJANGO_APP_DB_PORT: String(port) };
        const child = spawn(python!, args, { env, stdio: ["ignore", "pipe", "inherit"] });
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        const ended = once(child, "close");
        await sleep(700);
        expect(output).toBe("");
        const server = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
        const [code] = (await ended) as [number];
        server.close();
        expect([output, code]).toEqual(["a b\n", 3]);
    });

    test("is each of a release and each run of a scheduled command; what runs on is not", async () => {
        const plan = await recordDjango();
        const first = (kind: string, name: string): string[] =>
            plan.get(kind, name).props["spec"].template.spec.containers[0].command.slice(1, 3);
        for (const job of ["shop-migrate", "shop-collectstatic", "shop-createsuperuser"]) {
            expect(first("Job", job), job).toEqual(["-I", "-S"]);
        }
        expect(first("Deployment", "shop-web")).not.toEqual(["-I", "-S"]);
    });

    test("of an image that runs itself gets the command alone", () => {
        const itself = { ...own, processes: { ...own.processes, python: ["sh"] } };
        expect(onceDatabaseIsReached(["/init"], itself)).toEqual(["/init"]);
    });
});
