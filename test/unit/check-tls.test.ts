// What the release's first job (components/django/check) says of certificates, as each app's own client would: libpq's modes, redis-py's
// and py-amqp's ways to compare. Those of PostgreSQL: check.test.ts, where one is installed. Not proved: that the clients do so, which
// test/prove/external-tls.test.ts does.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificateFor } from "../support/certificate.ts";
import { redisInfo, runCheck } from "../support/check-program.ts";

let directory: string;
const servers: Server[] = [];

beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "check-tls-"));
    await chmod(directory, 0o755);
});

afterAll(async () => {
    for (const server of servers) {
        server.close();
    }
    await rm(directory, { recursive: true, force: true });
});

/** @returns the port of a server that does this with each client that has begun TLS */
async function serveTls(
    certificate: { readonly chain: string; readonly key: string },
    answer: (socket: Socket) => void,
): Promise<number> {
    const server = createTlsServer({ cert: certificate.chain, key: certificate.key }, (socket) => {
        socket.on("error", () => undefined);
        answer(socket);
    });
    server.on("tlsClientError", () => undefined);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
}

describe("a certificate", () => {
    const answers: Readonly<Record<string, string>> = { INFO: redisInfo({}), LPUSH: ":1\r\n" };
    const redis = (socket: Socket): void => {
        socket.on("data", (data) => socket.write(answers[data.toString().split("\r\n")[2] ?? ""] ?? "+OK\r\n"));
    };

    /** @param ca whom the client trusts, a file in the folder of this test */
    async function overTls(port: number, ca: string, store: "cache" | "broker" = "cache", env = {}) {
        const query = `ssl_cert_reqs=required&ssl_ca_certs=${join(directory, ca)}&ssl_check_hostname=true`;
        const url = `rediss://:letmein1@localhost:${port}/0?${query}`;
        const { code, output } = await runCheck(directory, { store, protocol: "redis", url }, env);
        return { code, output: output.replaceAll(`:${port}`, ":6379") };
    }

    test("of a Redis with a certificate of the CA that is given", async () => {
        const certificate = certificateFor(["localhost"]);
        await writeFile(join(directory, "right.pem"), certificate.chain);
        const port = await serveTls(certificate, redis);
        expect(await overTls(port, "right.pem")).toEqual({ code: 0, output: "cache: Redis 7.4.1, TLSv1.3" });
    });

    test.each([
        [
            "another CA",
            "localhost",
            300,
            "other.pem",
            "the certificate of server.example.org:6379 is not signed by a CA that the image trusts",
        ],
        [
            "another name",
            "elsewhere.example",
            300,
            "right.pem",
            "the certificate of server.example.org:6379 is for another name",
        ],
        [
            "a time that is over",
            "localhost",
            -1,
            "right.pem",
            "the certificate of server.example.org:6379, or of its CA, has expired",
        ],
    ])("with a certificate of %s", async (_, name, days, ca, said) => {
        const certificate = certificateFor([name], days);
        await writeFile(join(directory, "right.pem"), certificate.chain);
        await writeFile(join(directory, "other.pem"), certificateFor(["localhost"]).chain);
        const { code, output } = await overTls(await serveTls(certificate, redis), ca, "broker");
        expect(code).toBe(1);
        expect(output.split("\n")[0]).toContain(`broker: ${said}`);
        expect(output).toMatch(/\n {2}allowed: \S.*\n {2}fix: \S/);
        expect(output).not.toContain("letmein1");
    });

    test("of RabbitMQ, by the variables that Celery is told of it by", async () => {
        const certificate = certificateFor(["localhost"]);
        const ca = join(directory, "rabbitmq.pem");
        await writeFile(ca, certificateFor(["localhost"]).chain);
        const port = await serveTls(certificate, (socket) => socket.end());
        const url = `amqps://shop:letmein1@localhost:${port}/shop`;
        const asked = (mode: string) =>
            runCheck(
                directory,
                { store: "broker", protocol: "amqp", url },
                { APP_BROKER_SSLMODE: mode, APP_BROKER_SSLROOTCERT: ca },
            );
        expect((await asked("verify-ca")).output).toContain("is not signed by a CA that the image trusts");
        // Whoever answers is believed; this one has nothing to say.
        expect((await asked("require")).output).toContain("closes the connection without a word of AMQP's");
    });

    test("with a CA that Python's clients refuse from 3.13 on, although libpq and py-amqp do not", async () => {
        const folder = join(directory, "strict");
        await mkdir(folder);
        const openssl = (...args: string[]): void =>
            void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
        const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
        openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca");
        openssl("req", ...key.slice(0, -2), "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server");
        await writeFile(join(folder, "names"), "subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\n");
        const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"];
        openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", ...signing);
        const [chain, secret] = await Promise.all(
            ["server.pem", "server.key"].map((file) => readFile(join(folder, file), "utf8")),
        );
        const port = await serveTls({ chain: chain!, key: secret! }, redis);
        // Python's defaults of 3.13, whichever version is here.
        await writeFile(
            join(folder, "sitecustomize.py"),
            `import ssl
made = ssl.create_default_context
def strict(*given, **named):
    context = made(*given, **named)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context
ssl.create_default_context = strict
`,
        );
        const { code, output } = await overTls(port, "strict/ca.pem", "cache", { PYTHONPATH: folder });
        expect(code).toBe(1);
        expect(output).toContain(
            "cache: the certificate of server.example.org:6379, or that of its CA, is not as RFC 5280 wants it: CA cert does not include key usage extension",
        );
        expect(output).toContain("keyUsage=critical,keyCertSign,cRLSign");
    });
});
