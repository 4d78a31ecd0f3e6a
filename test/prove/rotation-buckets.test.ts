// The key of a bucket changes under 20 requests a second, uploads among them: none fails, and with the new key the app works on when the
// server takes the first one no more. Not proved here: keys that a cloud makes (`rotations.assets`), which wait for the same rollout.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeAddress, startObjectStorage, stopObjectStorage, type ObjectStorage } from "../../lab/cluster/index.ts";
import { removeBucket } from "../cluster/support/buckets.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster } from "../cluster/support/kubernetes.ts";
import { upload } from "../cluster/support/upload.ts";
import { UsedEnvironment } from "./support/used-environment.ts";

const bucket = "rotated-media";

let environment: TestEnvironment;
let used: UsedEnvironment;
let client: Client;
let storage: ObjectStorage;

/** The bucket, for whom it names alone. */
function start(...writtenBy: readonly string[]): Promise<ObjectStorage> {
    return startObjectStorage((message) => console.log(message), [{ name: bucket, writtenBy }]);
}

async function setKey(user: string): Promise<void> {
    const { accessKey, secretKey } = storage.users[user]!;
    await environment.setSecret("secrets.assetsAccessKeyId", accessKey);
    await environment.setSecret("secrets.assetsSecretAccessKey", secretKey);
}

async function send(file: string): Promise<void> {
    const content = Buffer.from(`this is ${file}`);
    await upload(client, environment.host, { file, size: content.length, content: [content] });
}

beforeAll(async () => {
    environment = await TestEnvironment.create("rotation-buckets");
    used = new UsedEnvironment(environment, new Cluster());
    client = new Client(environment.host);
    storage = await start("first", "next");
    await environment.configure((config) => {
        const [app] = config["apps"];
        app.web.replicas = { min: 2, max: 2 };
        // Whose heartbeats would be among those that are counted.
        delete app.beat;
        delete app.shell;
        config["cache"].replicas = 0;
        const { endpoint, region } = storage;
        config["assets"].media = { from: "bucket", bucket, endpoint, region, cidrs: [`${nodeAddress}/32`] };
    });
    await setKey("first");
    await used.up();
    await used.serves();
});

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await removeBucket(storage, bucket);
    await stopObjectStorage(() => undefined);
});

test("no request and no upload fails while the pods get the next key", async () => {
    const before = await used.done();
    let over = false;
    let uploads = 0;
    const failed: string[] = [];
    const uploading = (async () => {
        while (!over) {
            await send(`${++uploads}.txt`).catch((error: unknown) => void failed.push(String(error)));
            await sleep(500);
        }
    })();
    const traffic = await used.during(async () => {
        await setKey("next");
        await used.up();
    });
    over = true;
    await uploading;
    await used.expectUnharmed(traffic, before);
    console.log(`${uploads} uploads, ${failed.length} failed`);
    expect(failed).toEqual([]);
    expect(uploads).toBeGreaterThan(20);
});

test("the server takes the first key no more, and what was uploaded with it is read on", async () => {
    await send("before.txt");
    storage = await start("next");
    await send("after.txt");
    const { uploads } = await client.status();
    const answer = await fetch(uploads.url!);
    expect([answer.status, await answer.text()]).toEqual([200, "this is after.txt"]);
    const read = `from sample.models import Upload; print(Upload.objects.order_by('uploaded_at').first().file.read().decode())`;
    expect(await used.python(read)).toBe("this is 1.txt");
});
