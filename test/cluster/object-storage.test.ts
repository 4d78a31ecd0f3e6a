// The server that stands in for buckets of a cloud, on the machine beside the cluster: what is public there, and what is not.
// Not proved here: that an app's files come into its buckets and out of them.
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
    prepareCluster,
    startCluster,
    startObjectStorage,
    stopObjectStorage,
    type ObjectStorage,
} from "../../lab/cluster/index.ts";

const origin = "http://shop.localhost:8080";

let storage: ObjectStorage;
let owner: AwsClient;

function report(message: string): void {
    console.log(message);
}

function start(): Promise<ObjectStorage> {
    return startObjectStorage(report, [{ name: "proof-static", readBy: [origin] }, { name: "proof-media" }]);
}

function address(path: string): string {
    return `${storage.endpoint}/${path}`;
}

async function put(path: string, body: string): Promise<void> {
    const { status } = await owner.fetch(address(path), { method: "PUT", body });
    expect(status).toBe(200);
}

beforeAll(async () => {
    await prepareCluster(report);
    await startCluster(report);
    storage = await start();
    const { accessKey: accessKeyId, secretKey: secretAccessKey, region } = storage;
    owner = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3" });
    await put("proof-static/page.css", "body {}");
    await put("proof-media/letter.txt", "secret");
});

afterAll(async () => {
    for (const path of ["proof-static/page.css", "proof-media/letter.txt", "proof-static", "proof-media"]) {
        await owner.fetch(address(path), { method: "DELETE" });
    }
    await stopObjectStorage(report);
});

describe("a bucket that pages of an origin read", () => {
    test("hands a file to everybody, and tells browsers which origin may use it", async () => {
        const response = await fetch(address("proof-static/page.css"), { headers: { origin } });
        expect([response.status, await response.text()]).toEqual([200, "body {}"]);
        expect(response.headers.get("access-control-allow-origin")).toBe(origin);
        const elsewhere = await fetch(address("proof-static/page.css"), { headers: { origin: "http://evil.example" } });
        expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull();
    });

    test("neither lists its files nor takes any", async () => {
        expect((await fetch(address("proof-static?list-type=2"))).status).toBe(403);
        expect((await fetch(address("proof-static/own.js"), { method: "PUT", body: "x" })).status).toBe(403);
        expect((await fetch(address("proof-static/page.css"), { method: "DELETE" })).status).toBe(403);
    });
});

describe("every other bucket", () => {
    test("hands out nothing without a signature", async () => {
        expect((await fetch(address("proof-media/letter.txt"))).status).toBe(403);
    });

    test("hands a file to whoever has an address that the key signed", async () => {
        const signed = await owner.sign(address("proof-media/letter.txt"), { aws: { signQuery: true } });
        expect(await (await fetch(signed.url)).text()).toBe("secret");
        const another = signed.url.replace("letter", "list");
        expect((await fetch(another)).status).toBe(403);
    });
});

test("started again, it has the same key and the files of before", async () => {
    await stopObjectStorage(report);
    await expect(fetch(address("proof-static/page.css"))).rejects.toThrow();
    expect(await start()).toEqual(storage);
    expect(await (await fetch(address("proof-static/page.css"))).text()).toBe("body {}");
});
