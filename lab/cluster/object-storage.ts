// Buckets for stacks and tests that need some: a server that speaks S3 (versitygw), beside the node and started when asked for.
// It listens on the node's address, by plain HTTP; buckets are named in the path.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../commands/support/report.ts";
import { writeFileOnce } from "./files.ts";
import { goProgram, type GoProgram } from "./go-build.ts";
import { answers } from "./health.ts";
import { nodeAddress, places, ports } from "./layout.ts";
import { withLock } from "./lock.ts";
import { ensureServer, stopProcess, type Server } from "./processes.ts";

export interface Bucket {
    readonly name: string;
    /**
     * Origins of pages that load its files, such as `https://shop.localhost:8443`: then anyone may read a file whose name he knows,
     * as static files are read, and nobody but the key's owner may list or write.
     *
     * @default nobody reads without the key, or an address that it signed
     */
    readonly readBy?: readonly string[];
    /** Users, by any names, who may list, read, write and delete its files; a user is made with a key of its own. @default none */
    readonly writtenBy?: readonly string[];
}

/** What an app is told of it. */
export interface ObjectStorage {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKey: string;
    readonly secretKey: string;
    /** By the names of users; the pair above is the owner's, who may do all. */
    readonly users: Readonly<Record<string, Keys>>;
}

const name = "object-storage";
const region = "us-east-1";
const endpoint = `http://${nodeAddress}:${ports.objectStorage}`;
const directory = join(places.root, name);
const usersDirectory = join(directory, "users");

const versitygw: GoProgram = {
    name: "versitygw",
    source: join(import.meta.dirname, "servers/object-storage"),
    package: "github.com/versity/versitygw/cmd/versitygw",
    packages: 590,
};

/** Builds the server where that has not been done: minutes the first time, beside what else is built. */
export async function prepareObjectStorage(report: Report): Promise<string> {
    return goProgram(versitygw, (message) => report(`Building versitygw from source: ${message}`));
}

/**
 * Starts the server and makes the buckets that are not there. The cluster has to be up; the key is the cluster's own and the
 * files go with it.
 *
 * @throws saying what the server last wrote, or what it said of a bucket
 */
export async function startObjectStorage(report: Report, buckets: readonly Bucket[] = []): Promise<ObjectStorage> {
    const program = await prepareObjectStorage(report);
    return withLock(report, async () => {
        const keys = await ensureKeys("keys");
        const files = join(directory, "buckets");
        await Promise.all([files, usersDirectory].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
        await ensureServer(server(program, keys, files));
        const owner = { endpoint, region, ...keys, users: {} };
        const names = new Set(buckets.flatMap(({ writtenBy = [] }) => writtenBy));
        const users = await Promise.all([...names].map(async (user) => [user, await ensureUser(owner, user)] as const));
        const storage = { ...owner, users: Object.fromEntries(users) };
        for (const bucket of buckets) {
            report(`Bucket ${bucket.name}`);
            await ensureBucket(storage, bucket);
        }
        return storage;
    });
}

/** The files stay until the cluster goes. */
export async function stopObjectStorage(report: Report): Promise<void> {
    await withLock(report, () => stopProcess(name));
}

type Keys = Pick<ObjectStorage, "accessKey" | "secretKey">;

function server(program: string, { accessKey, secretKey }: Keys, files: string): Server {
    return {
        name,
        command: program,
        args: [
            `--port=${nodeAddress}:${ports.objectStorage}`,
            `--region=${region}`,
            "--health=/health",
            `--iam-dir=${usersDirectory}`,
            "posix",
            files,
        ],
        // Not as arguments, which every user of the machine can read.
        env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
        ready: () => answers(`${endpoint}/health`),
        advice: `Port ${ports.objectStorage} must be free on ${nodeAddress}.`,
    };
}

/** @see https://github.com/versity/versitygw/wiki/Multi-Tenant */
async function ensureUser(owner: ObjectStorage, user: string): Promise<Keys> {
    const keys = await ensureKeys(`user-${user}`);
    const account = `<Account><Access>${keys.accessKey}</Access><Secret>${keys.secretKey}</Secret><Role>user</Role></Account>`;
    await request(owner, "PATCH", "create-user", account, [201, 409]);
    return keys;
}

async function ensureKeys(file: string): Promise<Keys> {
    const path = join(directory, `${file}.json`);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) {
        return JSON.parse(text) as Keys;
    }
    const keys: Keys = {
        accessKey: randomBytes(10).toString("hex").toUpperCase(),
        secretKey: randomBytes(30).toString("base64url"),
    };
    await writeFileOnce(path, JSON.stringify(keys));
    return keys;
}

async function ensureBucket(storage: ObjectStorage, { name: bucket, readBy, writtenBy = [] }: Bucket): Promise<void> {
    await request(storage, "PUT", bucket, undefined, [200, 409]);
    const statements = [
        ...(readBy === undefined ? [] : [allow(bucket, "*", ["s3:GetObject"])]),
        ...(writtenBy.length === 0
            ? []
            : [allow(bucket, { AWS: writtenBy.map((user) => storage.users[user]!.accessKey) }, ["s3:*"])]),
    ];
    if (statements.length > 0) {
        const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
        await request(storage, "PUT", `${bucket}?policy`, policy);
    }
    if (readBy !== undefined) {
        await request(storage, "PUT", `${bucket}?cors`, readableFrom(readBy));
    }
}

function allow(bucket: string, Principal: unknown, Action: readonly string[]) {
    const objects = `arn:aws:s3:::${bucket}/*`;
    const Resource = Action.includes("s3:*") ? [objects, `arn:aws:s3:::${bucket}`] : objects;
    return { Effect: "Allow", Principal, Action, Resource };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html */
function readableFrom(origins: readonly string[]): string {
    const allowed = origins.map((origin) => `<AllowedOrigin>${origin}</AllowedOrigin>`).join("");
    const methods = ["GET", "HEAD"].map((method) => `<AllowedMethod>${method}</AllowedMethod>`).join("");
    return `<CORSConfiguration><CORSRule>${allowed}${methods}</CORSRule></CORSConfiguration>`;
}

async function request(
    { accessKey, secretKey }: ObjectStorage,
    method: string,
    path: string,
    body?: string,
    accepted: readonly number[] = [200, 204],
): Promise<void> {
    const { AwsClient } = await import("aws4fetch");
    const client = new AwsClient({
        accessKeyId: accessKey,
        secretAccessKey: secretKey,
        service: "s3",
        region,
        retries: 2,
    });
    const response = await client.fetch(`${endpoint}/${path}`, {
        method,
        // S3 takes some settings of a bucket with a checksum only.
        ...(body !== undefined && { body, headers: { "x-amz-checksum-sha256": sha256(body) } }),
    });
    if (!accepted.includes(response.status)) {
        throw new Error(`${method} ${path} at ${endpoint} was answered ${response.status}: ${await response.text()}`);
    }
}

function sha256(text: string): string {
    return createHash("sha256").update(text).digest("base64");
}
