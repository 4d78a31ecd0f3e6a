// The release's first job (components/django/check) as a program: each thing that can be wrong with a server, and what is said of it.
// Redis, Memcached and RabbitMQ are stand-ins that answer as those do; PostgreSQL is real where one is installed.
// Not proved: that a pod of the job is let through to the server, and shows its log: the cluster's tests do.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisInfo as info, runCheck, type CheckedStore } from "../support/check-program.ts";

let directory: string;
const servers: Server[] = [];

beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "check-"));
    await chmod(directory, 0o755);
});

afterAll(async () => {
    for (const server of servers) {
        server.close();
    }
    await rm(directory, { recursive: true, force: true });
});

const check = (store: CheckedStore, variables?: Readonly<Record<string, string>>) =>
    runCheck(directory, store, variables);

/** @returns the port of a server that does this with each connection */
async function serve(answer: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
        socket.on("error", () => undefined);
        answer(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
}

/** Answers each command of Redis by its first word. @default +OK */
async function redisLike(answers: Readonly<Record<string, string>>): Promise<number> {
    return serve((socket) => {
        socket.on("data", (data) => {
            const word = data.toString().split("\r\n")[2] ?? "";
            socket.write(answers[word] ?? "+OK\r\n");
        });
    });
}

const failure = (found: string, allowed: string, fix: string): { code: number; output: string } => ({
    code: 1,
    output: `${found}\n  allowed: ${allowed}\n  fix: ${fix}`,
});

describe("the network", () => {
    test("a name that nobody knows", async () => {
        const { code, output } = await check({
            store: "cache",
            protocol: "redis",
            url: "redis://no-such-server.invalid:6379/0",
            hosts: ["no-such-server.invalid"],
        });
        expect(code).toBe(1);
        expect(output).toMatch(/^cache: the name no-such-server\.invalid is not known in the cluster/);
        expect(output).toContain("fix: mend the name or its record, or pulumi config set --path 'cache.host' ADDRESS");
    });

    test("a port at which nobody listens", async () => {
        const port = await serve(() => undefined);
        await new Promise((resolve) => servers.pop()!.close(resolve));
        expect(await check({ store: "cache", protocol: "redis", url: `redis://127.0.0.1:${port}/0` })).toEqual(
            failure(
                `cache: server.example.org:${port} refuses connections at 127.0.0.1`,
                "a server that listens there for other machines, and nothing before it that rejects: a firewall or a NetworkPolicy may",
                "start it, let it listen on more than localhost, or mend the port: pulumi config set --path 'cache.port' PORT",
            ),
        );
    });

    test("a server at an address that was not opened, where the network rejects what it was not told of", async () => {
        const port = await serve(() => undefined);
        await new Promise((resolve) => servers.pop()!.close(resolve));
        const { output } = await check({
            store: "cache",
            protocol: "redis",
            url: `redis://127.0.0.1:${port}/0`,
            cidrs: ["10.20.0.0/28"],
        });
        expect(output).toContain(
            "cache: server.example.org has the address 127.0.0.1, which is in none of cache.cidrs (10.20.0.0/28)",
        );
        expect(output).toContain("fix: pulumi config set --path 'cache.cidrs[1]' 127.0.0.1/32");
    });

    test("one that does not speak TLS", async () => {
        const port = await serve((socket) => socket.end("-ERR unknown command\r\n"));
        const { output } = await check({
            store: "broker",
            protocol: "redis",
            url: `rediss://:letmein1@127.0.0.1:${port}/0?ssl_cert_reqs=none&ssl_check_hostname=false`,
        });
        expect(output).toContain(`broker: server.example.org:${port} does not speak TLS at this port`);
        expect(output).toContain("pulumi config set --path 'broker.tls.mode' disable");
    });
});

describe("Redis", () => {
    const redis = async (
        answers: Readonly<Record<string, string>>,
        url = "redis://:letmein1@HOST/0",
        store: "cache" | "broker" = "cache",
    ) => {
        const port = await redisLike(answers);
        const { code, output } = await check({
            store,
            protocol: "redis",
            url: url.replace("HOST", `127.0.0.1:${port}`),
        });
        return { code, output: output.replaceAll(`:${port}`, ":6379") };
    };

    test("that is right", async () => {
        expect(
            await redis({ INFO: info({ maxmemory: "100", maxmemory_policy: "allkeys-lru" }), LPUSH: ":1\r\n" }),
        ).toEqual({
            code: 0,
            output: "cache: Redis 7.4.1, no TLS",
        });
        expect(await redis({ INFO: info({ valkey_version: "8.1.0" }) })).toEqual({
            code: 0,
            output: "cache: Valkey 8.1.0, no TLS",
        });
        // A user who may not ask, or has keys of his own.
        expect(
            await redis({ INFO: "-NOPERM no\r\n", SET: "-NOPERM No permissions to access a key\r\n" }),
        ).toMatchObject({ code: 0 });
    });

    test.each<readonly [string, Readonly<Record<string, string>>, string, "cache" | "broker", string]>([
        [
            "no password",
            { PING: "-NOAUTH Authentication required.\r\n" },
            "redis://HOST/0",
            "cache",
            "asks for a password",
        ],
        [
            "a wrong one",
            { AUTH: "-WRONGPASS invalid username-password pair\r\n" },
            "redis://u:letmein1@HOST/0",
            "cache",
            "refuses the login of u: WRONGPASS",
        ],
        [
            "one too many",
            { AUTH: "-ERR AUTH <password> called without any password configured for the default user.\r\n" },
            "redis://:letmein1@HOST/0",
            "cache",
            "has no password, and was given one",
        ],
        [
            "a user of an old server",
            { AUTH: "-ERR wrong number of arguments for 'auth' command\r\n" },
            "redis://u:letmein1@HOST/0",
            "cache",
            "knows no users: it is older than version 6",
        ],
        [
            "protected mode",
            { PING: "-DENIED Redis is running in protected mode\r\n" },
            "redis://HOST/0",
            "cache",
            "takes no connections from other machines: it is in protected mode",
        ],
        [
            "a database that is not there",
            { SELECT: "-ERR DB index is out of range\r\n" },
            "redis://HOST/99",
            "broker",
            "says: ERR DB index is out of range",
        ],
        [
            "a cluster",
            { INFO: info({ redis_mode: "cluster" }) },
            "redis://HOST/0",
            "cache",
            "is a node of a Redis Cluster",
        ],
        [
            "a Sentinel",
            { INFO: info({ redis_mode: "sentinel" }) },
            "redis://HOST/0",
            "broker",
            "is a Sentinel, which knows where the primary is and has no keys",
        ],
        [
            "a replica",
            { INFO: info({ role: "slave", master_host: "10.0.0.1" }) },
            "redis://HOST/0",
            "cache",
            "takes no writes: it is a replica of 10.0.0.1",
        ],
        [
            "a broker that evicts",
            { INFO: info({ maxmemory: "1", maxmemory_policy: "allkeys-lru" }) },
            "redis://HOST/0",
            "broker",
            "evicts when it is full: maxmemory-policy allkeys-lru",
        ],
        [
            "a cache that does not",
            { INFO: info({ maxmemory: "1", maxmemory_policy: "noeviction" }) },
            "redis://HOST/0",
            "cache",
            "refuses writes when it is full: maxmemory-policy noeviction",
        ],
        [
            "a right that is missing",
            { INFO: info({}), LPUSH: "-NOPERM this user has no permissions to run the 'lpush' command\r\n" },
            "redis://HOST/0",
            "broker",
            "NOPERM this user has no permissions to run the 'lpush' command",
        ],
        [
            "a full server",
            { INFO: info({}), SET: "-OOM command not allowed when used memory > 'maxmemory'.\r\n" },
            "redis://HOST/0",
            "cache",
            "is full: OOM",
        ],
        ["Memcached", { PING: "ERROR\r\n" }, "redis://HOST/0", "cache", "is Memcached, and no Redis"],
        [
            "a web server",
            { PING: "HTTP/1.1 400 Bad Request\r\n" },
            "redis://HOST/0",
            "cache",
            "is a web server, and no Redis",
        ],
        [
            "TLS at the port of none",
            { PING: "\x15\x03\x03\x00\x02\x02\x32\r\n" },
            "redis://HOST/0",
            "cache",
            "speaks TLS at this port",
        ],
    ])("%s", async (_, answers, url, store, said) => {
        const { code, output } = await redis(answers, url, store);
        expect(code).toBe(1);
        expect(output.split("\n")[0]).toContain(
            `${store}: server.example.org:6379 ${said}`.replace("6379 NOPERM", "6379: NOPERM"),
        );
        expect(output).toMatch(/\n {2}allowed: \S.*\n {2}fix: \S/);
        expect(output).not.toContain("letmein1");
    });

    test("a replica that is a primary", async () => {
        const [first, second] = [await redisLike({ INFO: info({}) }), await redisLike({ INFO: info({}) })];
        const url = `redis://127.0.0.1:${first}/0 redis://127.0.0.1:${second}/0`;
        const { output } = await check({ store: "cache", protocol: "redis", url });
        expect(output).toContain(`cache: server.example.org:${second} is a primary and no replica`);
    });
});

describe("Memcached", () => {
    const memcached = async (answers: Readonly<Record<string, string>>) => {
        const port = await serve((socket) => {
            socket.on("data", (data) => socket.write(answers[data.toString().split(/[ \r]/)[0]!] ?? "ERROR\r\n"));
        });
        return check({ store: "cache", protocol: "memcached", url: `127.0.0.1:${port}` });
    };

    test("that is right", async () => {
        const answers = { version: "VERSION 1.6.18\r\n", set: "STORED\r\n", delete: "DELETED\r\n" };
        expect(await memcached(answers)).toEqual({ code: 0, output: "cache: Memcached 1.6.18" });
    });

    test.each([
        [{ version: "-ERR unknown command 'version'\r\n" }, "is Redis, and no Memcached"],
        [{ version: "CLIENT_ERROR unauthenticated\r\n" }, "asks for a password"],
        [
            { version: "VERSION 1.6.18\r\n", set: "SERVER_ERROR out of memory storing object\r\n" },
            "is full and evicts nothing",
        ],
        [{ version: "220 mail.example.org ESMTP\r\n" }, "answers 220 mail.example.org ESMTP"],
    ])("%o", async (answers, said) => {
        const { code, output } = await memcached(answers);
        expect(code).toBe(1);
        expect(output).toContain(said);
    });
});

test("an answer in a pod's first moments, when a network may let everything through, is asked for again", async () => {
    const answers: Readonly<Record<string, string>> = { version: "VERSION 1.6.18\r\n", set: "STORED\r\n" };
    let connections = 0;
    const port = await serve((socket) => {
        connections += 1;
        if (connections > 1) {
            socket.end();
            return;
        }
        socket.on("data", (data) => socket.write(answers[data.toString().split(/[ \r]/)[0]!] ?? "DELETED\r\n"));
    });
    const patience = { DJANGO_ON_KUBERNETES_CHECK_GRACE: "1" };
    const { code, output } = await check({ store: "cache", protocol: "memcached", url: `127.0.0.1:${port}` }, patience);
    expect({ code, output }).toMatchObject({
        code: 1,
        output: expect.stringContaining("closes the connection") as string,
    });
});

describe("RabbitMQ", () => {
    const frame = (name: readonly [number, number], args: Buffer, channel = 0): Buffer => {
        const body = Buffer.concat([Buffer.from([0, name[0], 0, name[1]]), args]);
        const head = Buffer.alloc(7);
        head.writeUInt8(1, 0);
        head.writeUInt16BE(channel, 1);
        head.writeUInt32BE(body.length, 3);
        return Buffer.concat([head, body, Buffer.from([0xce])]);
    };
    const short = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
    const long = (data: Buffer): Buffer => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(data.length, 0);
        return Buffer.concat([length, data]);
    };
    const start = (version: string, mechanisms = "PLAIN AMQPLAIN"): Buffer =>
        frame(
            [10, 10],
            Buffer.concat([
                Buffer.from([0, 9]),
                long(Buffer.concat([short("version"), Buffer.from("S"), long(Buffer.from(version))])),
                long(Buffer.from(mechanisms)),
                long(Buffer.from("en_US")),
            ]),
        );
    const tune = frame([10, 30], Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]));
    const closed = (code: number, text: string, channel = 0): Buffer => {
        const number = Buffer.alloc(2);
        number.writeUInt16BE(code, 0);
        return frame(
            channel === 0 ? [10, 50] : [20, 40],
            Buffer.concat([number, short(text), Buffer.alloc(4)]),
            channel,
        );
    };
    const ok = (group: number, method: number, channel: number): Buffer =>
        frame([group, method], Buffer.alloc(5), channel);
    const right = [start("4.0.5"), tune, ok(10, 41, 0), ok(20, 11, 1), ok(50, 11, 1), ok(60, 71, 1)];

    const rabbitmq = async (answers: readonly Buffer[]) => {
        // All at once: each is read when it is waited for.
        const port = await serve((socket) => socket.end(Buffer.concat([...answers])));
        return check({ store: "broker", protocol: "amqp", url: `amqp://shop:letmein1@127.0.0.1:${port}/shop` });
    };

    test("that is right", async () => {
        expect(await rabbitmq(right)).toEqual({
            code: 0,
            output: "broker: RabbitMQ 4.0.5, no TLS, user shop, vhost shop",
        });
    });

    test.each<readonly [string, readonly Buffer[], string]>([
        ["an old server", [start("3.7.28")], "is RabbitMQ 3.7.28"],
        ["no passwords", [start("4.0.5", "EXTERNAL")], "takes no passwords: it offers EXTERNAL"],
        [
            "a wrong password",
            [...right.slice(0, 1), closed(403, "ACCESS_REFUSED - Login was refused")],
            "refuses the login of shop: ACCESS_REFUSED",
        ],
        [
            "a vhost that is not there",
            [...right.slice(0, 2), closed(530, "NOT_ALLOWED - vhost shop not found")],
            "there is no virtual host shop on",
        ],
        [
            "a vhost of others",
            [...right.slice(0, 2), closed(530, "NOT_ALLOWED - access to vhost 'shop' refused for user 'shop'")],
            "shop may not use the virtual host shop of",
        ],
        [
            "a full vhost",
            [...right.slice(0, 2), closed(530, "NOT_ALLOWED - access refused: connection limit (9) is reached")],
            "has no connection left in the virtual host shop",
        ],
        [
            "a missing permission",
            [...right.slice(0, 4), closed(403, "ACCESS_REFUSED - configure access to queue refused", 1)],
            "shop may not use queues in the virtual host shop of",
        ],
        ["another version of AMQP", [Buffer.from("AMQP\x00\x01\x00\x00")], "speaks another version of AMQP than 0-9-1"],
        ["TLS at the port of none", [Buffer.from([0x15, 3, 3, 0, 2, 2, 50])], "speaks TLS at this port"],
        ["Redis", [Buffer.from("-ERR unknown command\r\n")], "is Redis, and no RabbitMQ"],
        ["nothing", [], "closes the connection without a word of AMQP's"],
    ])("%s", async (_, answers, said) => {
        const { code, output } = await rabbitmq(answers);
        expect(code).toBe(1);
        expect(output.split("\n")[0]).toContain(said);
        expect(output).toMatch(/\n {2}allowed: \S.*\n {2}fix: \S/);
        expect(output).not.toContain("letmein1");
    });
});

const bin = ["18", "17", "16", "15"]
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((path) => existsSync(path));
const reason = bin === undefined ? " (skipped: Debian has it in the package postgresql)" : "";

/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

describe.skipIf(bin === undefined)(`PostgreSQL${reason}`, () => {
    let postgres: ChildProcess;
    let port: number;
    const password = "päss@:/wörd";
    const escaped = encodeURIComponent(password);

    const sql = (text: string): void => {
        execFileSync(join(bin!, "psql"), ["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text], {
            stdio: "pipe",
            env: {
                PGHOST: "127.0.0.1",
                PGPORT: String(port),
                PGUSER: "postgres",
                PGPASSWORD: "rootpw",
                PGDATABASE: "postgres",
                LC_ALL: "C",
            },
        });
    };

    beforeAll(async () => {
        port = await serve(() => undefined);
        await new Promise((resolve) => servers.pop()!.close(resolve));
        const data = join(directory, "data");
        await mkdir(data);
        const tls = join(directory, "tls");
        await mkdir(tls);
        const make = (...args: string[]): void => void execFileSync("openssl", args, { cwd: tls, stdio: "ignore" });
        const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        for (const ca of ["ca", "other"]) {
            make(
                "req",
                "-x509",
                ...key,
                "-keyout",
                `${ca}.key`,
                "-out",
                `${ca}.pem`,
                "-days",
                "2",
                "-subj",
                `/CN=${ca}`,
            );
        }
        make("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server");
        await writeFile(join(tls, "names"), "subjectAltName=DNS:localhost");
        make(
            "x509",
            "-req",
            "-in",
            "server.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "names",
            "-out",
            "server.pem",
        );
        await writeFile(join(directory, "rootpw"), "rootpw");
        await writeFile(
            join(directory, "hba"),
            [
                "hostssl secure all all scram-sha-256",
                "host all nobody all reject",
                "host secure all all reject",
                "host all old all md5",
                "host all all all scram-sha-256",
            ].join("\n"),
        );
        await chmod(join(tls, "server.key"), 0o600);
        for (const path of [data, tls, ...["server.key", "server.pem"].map((name) => join(tls, name))]) {
            await chown(path, unprivileged.uid ?? process.getuid!(), unprivileged.gid ?? process.getgid!());
        }
        const options = [
            "--username=postgres",
            `--pwfile=${join(directory, "rootpw")}`,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ];
        execFileSync(join(bin!, "initdb"), ["-D", data, ...options], {
            ...unprivileged,
            stdio: "ignore",
            env: { PATH: bin },
        });
        const settings = [
            `port=${port}`,
            "ssl=on",
            `ssl_cert_file=${join(tls, "server.pem")}`,
            `ssl_key_file=${join(tls, "server.key")}`,
            `hba_file=${join(directory, "hba")}`,
            "unix_socket_directories=",
            "max_connections=40",
            "fsync=off",
        ];
        postgres = spawn(join(bin!, "postgres"), ["-D", data, ...settings.flatMap((one) => ["-c", one])], {
            ...unprivileged,
            stdio: "ignore",
        });
        for (let attempt = 0; ; attempt++) {
            try {
                sql(`CREATE ROLE shop LOGIN PASSWORD '${password}'`);
                break;
            } catch (error) {
                if (attempt === 100) {
                    throw error;
                }
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
        }
        for (const statement of [
            "CREATE DATABASE shop OWNER shop",
            "CREATE DATABASE secure OWNER shop",
            "CREATE DATABASE private",
            "REVOKE CONNECT ON DATABASE private FROM PUBLIC",
            "CREATE ROLE closed LOGIN PASSWORD 'closed12'",
            "CREATE ROLE poor LOGIN PASSWORD 'poorpoor'",
            "CREATE ROLE nobody LOGIN PASSWORD 'nobody12'",
            "CREATE ROLE limited LOGIN PASSWORD 'limited1' CONNECTION LIMIT 0",
            "SET password_encryption = md5; CREATE ROLE old LOGIN PASSWORD 'old12345'; GRANT ALL ON SCHEMA public TO old",
        ]) {
            sql(statement);
        }
    }, 60_000);

    afterAll(() => {
        postgres.kill("SIGQUIT");
    });

    const database = async (login: string, name: string, query: string, more: Partial<CheckedStore> = {}) => {
        const { code, output } = await check({
            store: "database",
            protocol: "postgresql",
            url: `postgresql://${login}@localhost:${port}/${name}?${query}`,
            ...more,
        });
        return { code, output: output.replaceAll(`:${port}`, ":5432") };
    };
    const tls = (ca: string, mode = "verify-full"): string =>
        `sslmode=${mode}&sslrootcert=${join(directory, "tls", ca)}.pem`;

    test.each([
        ["with TLS, and a password with every kind of character", () => database(`shop:${escaped}`, "shop", tls("ca"))],
        ["without", () => database(`shop:${escaped}`, "shop", "sslmode=disable")],
        ["by an old password", () => database("old:old12345", "postgres", "sslmode=require")],
        [
            "behind a pooler that counts otherwise",
            () => database(`shop:${escaped}`, "shop", "sslmode=disable", { maxConnections: 500, pooled: true }),
        ],
    ])("is right %s", async (_, found) => {
        expect(await found()).toEqual({
            code: 0,
            output: expect.stringMatching(/^database: PostgreSQL 1[0-9]/),
        });
    });

    test.each<readonly [string, () => Promise<{ code: number; output: string }>, string]>([
        [
            "a wrong password",
            () => database("shop:wrongwrong", "shop", tls("ca")),
            "server.example.org:5432 refuses the login of shop: wrong password, or no such user (28P01)",
        ],
        [
            "another CA",
            () => database(`shop:${escaped}`, "shop", tls("other")),
            "the certificate of server.example.org:5432 is not signed by a CA that the image trusts",
        ],
        [
            "no such database",
            () => database(`shop:${escaped}`, "none", tls("ca")),
            "there is no database none on server.example.org:5432 (3D000)",
        ],
        [
            "a database of others",
            () => database("closed:closed12", "private", tls("ca")),
            "permission denied for database",
        ],
        [
            "no right to make tables",
            () => database("poor:poorpoor", "shop", tls("ca")),
            "poor may make no tables in the database shop, schema public",
        ],
        [
            "no connection left",
            () => database("limited:limited1", "shop", tls("ca")),
            'has no connection left: too many connections for role "limited" (53300)',
        ],
        [
            "nobody who is admitted",
            () => database("nobody:nobody12", "shop", tls("ca")),
            "pg_hba.conf rejects connection",
        ],
        [
            "TLS that the server wants",
            () => database(`shop:${escaped}`, "secure", "sslmode=disable"),
            "no encryption (28000)",
        ],
        [
            "fewer connections than are said",
            () => database(`shop:${escaped}`, "shop", tls("ca"), { maxConnections: 41 }),
            "server.example.org:5432 has max_connections 40",
        ],
    ])("%s", async (_, found, said) => {
        const { code, output } = await found();
        expect(code).toBe(1);
        expect(output.split("\n")[0]).toContain(said);
        expect(output).toMatch(/\n {2}allowed: \S.*\n {2}fix: \S/);
        expect(output).not.toMatch(/päss|p%C3%A4ss|wrongwrong|poorpoor/);
    });

    test("the name of another", async () => {
        const url = `postgresql://shop:${escaped}@127.0.0.1:${port}/shop?${tls("ca")}`;
        const { output } = await check({ store: "database", protocol: "postgresql", url });
        expect(output).toContain("is for another name");
        expect(output).toContain("pulumi config set --path 'database.tls.mode' verify-ca");
    });
});
