// The server that stands in for buckets of a cloud, on the machine beside the cluster: what is public there, and what is not; and an
// app whose static and uploaded files are in it, with a key for the release and another for the app. Not proved here: TLS, names of buckets before the host's, and a CDN.
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
    nodeAddress,
    prepareCluster,
    startCluster,
    startObjectStorage,
    stopObjectStorage,
    type ObjectStorage,
} from "../../lab/cluster/index.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { sendForm } from "../cluster/support/form.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const origin = "http://shop.localhost:8080";
const buckets = { static: "app-static", media: "app-media" };

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

/** With all that is in it. */
async function removeBucket(name: string): Promise<void> {
    const list = await (await owner.fetch(address(`${name}?list-type=2`))).text();
    for (const [, key] of list.matchAll(/<Key>([^<]+)<\/Key>/g)) {
        await owner.fetch(address(`${name}/${key}`), { method: "DELETE" });
    }
    await owner.fetch(address(name), { method: "DELETE" });
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
    for (const name of ["proof-static", "proof-media", ...Object.values(buckets)]) {
        await removeBucket(name);
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

describe("an app whose files are in buckets", () => {
    let environment: TestEnvironment;
    let client: Client;

    beforeAll(async () => {
        environment = await TestEnvironment.create("buckets");
        client = new Client(environment.host);
        storage = await startObjectStorage(report, [
            { name: buckets.static, readBy: [`http://${environment.host}:8080`], writtenBy: ["release"] },
            { name: buckets.media, writtenBy: ["app", "release"] },
        ]);
        const { app, release } = storage.users;
        await environment.configure((config) => {
            config["apps"][0].web.replicas = { min: 1, max: 1 };
            config["cache"].replicas = 0;
            config["assets"] = {
                variant: "s3-compatible",
                endpoint: storage.endpoint,
                region: storage.region,
                cidrs: [`${nodeAddress}/32`],
                static: { bucket: buckets.static, url: address(`${buckets.static}/`) },
                media: { bucket: buckets.media },
            };
        });
        await environment.setSecret("secrets.assetsAccessKeyId", app!.accessKey);
        await environment.setSecret("secrets.assetsSecretAccessKey", app!.secretKey);
        await environment.setSecret("secrets.assetsStaticAccessKeyId", release!.accessKey);
        await environment.setSecret("secrets.assetsStaticSecretAccessKey", release!.secretKey);
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const { status } = await client.send("GET", "/");
            return status === 200 ? undefined : `the page answers ${status}`;
        }, 60);
    });

    afterAll(async () => {
        client?.close();
        await environment?.remove();
    });

    test("its page links to styles that collectstatic has sent there, which its pages alone may use", async () => {
        const { css, place } = (await client.status()).static;
        expect(place).toBe(`bucket ${buckets.static}`);
        expect(css).toMatch(new RegExp(`^${address(`${buckets.static}/`)}.*\\.[0-9a-f]{12}\\.css$`));
        const own = `http://${environment.host}:8080`;
        const response = await fetch(css, { headers: { origin: own } });
        expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, own]);
        expect(response.headers.get("content-type")).toContain("text/css");
        expect(response.headers.get("cache-control")).toContain("immutable");
        const elsewhere = await fetch(css, { headers: { origin: "http://evil.example" } });
        expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull();
    });

    test("an upload is in its bucket, and is read by the address that the app has signed, and by no other", async () => {
        const page = await client.send("GET", "/");
        const cookie = page.headers["set-cookie"]!.map((each) => each.split(";")[0]).join("; ");
        const [, field] = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.body)!;
        const content = Buffer.from("for the owner alone");
        const form = {
            fields: { csrfmiddlewaretoken: field! },
            file: "letter.txt",
            size: content.length,
            content: [content],
        };
        expect((await sendForm(environment.host, "/uploads", form, { cookie })).status).toBe(303);
        const { uploads } = await client.status();
        expect(uploads.place).toBe(`bucket ${buckets.media}`);
        const signed = await fetch(uploads.url!);
        expect([signed.status, await signed.text()]).toEqual([200, content.toString()]);
        expect((await fetch(uploads.url!.split("?")[0]!)).status).toBe(403);
    });

    test("who breaks into a pod of the app cannot change what browsers load (R84)", async () => {
        const cluster = new Cluster();
        const code = (alias: string) =>
            `from django.core.files.base import ContentFile; from django.core.files.storage import storages; print(storages['${alias}'].bucket.put_object(Key='a.js', Body=b'//').key)`;
        for (const workload of ["sample-web", "sample-worker-default", "sample-shell"]) {
            const [pod] = await cluster.pods(environment.namespace, workload);
            const put = (alias: string) =>
                cluster.exec(pod!, ["python", "manage.py", "shell", "--no-imports", "-c", code(alias)]);
            await expect(put("staticfiles")).rejects.toThrow(/AccessDenied/);
            expect((await put("default")).trim()).toBe("a.js");
        }
    });

    test("has nothing to change in a second update", async () => {
        const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
    });
});
