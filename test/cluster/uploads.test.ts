// Uploads through the Gateway: what is too large is refused before it is kept, what is slow is not cut, and what was uploaded or written to
// a folder of the app's is there for every pod and after a rollout. The tests are one story, in order. Not proved here: the limits of
// clouds' load balancers, several nodes, and what a full volume does.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "./support/client.ts";
import { TestEnvironment, type StackConfig } from "./support/environment.ts";
import { MiB, sendForm, zeros } from "./support/form.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";
import { upload } from "./support/upload.ts";

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;

/** The stack `local`, with two volumes more. */
function withVolumes(colour: string): (config: StackConfig) => void {
    return (config) => {
        const [app] = config["apps"];
        app.image = `localhost/django-sample:${colour}`;
        app.web.replicas = { min: 2, max: 2 };
        app.volumes = { data: { path: "/data", storage: "256Mi", accessMode: "ReadWriteOnce" } };
        config["assets"].media = { from: "volume", storage: "1Gi", accessMode: "ReadWriteOnce" };
    };
}

/** Each web pod, with how often its container was started anew: what an eviction would change. */
async function webs(): Promise<string[]> {
    const pods = await cluster.pods(environment.namespace, "sample-web");
    return pods
        .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
        .map(
            ({ metadata, status }) =>
                `${metadata!.uid} ${status?.phase} ${status?.containerStatuses?.[0]?.restartCount}`,
        )
        .sort();
}

/** KiB that the web pods keep in /tmp, the fullest. */
async function kept(): Promise<number> {
    const pods = await cluster.pods(environment.namespace, "sample-web");
    const sizes = await Promise.all(pods.map((pod) => cluster.exec(pod, ["du", "-sk", "/tmp"])));
    return Math.max(...sizes.map((size) => Number.parseInt(size, 10)));
}

beforeAll(async () => {
    environment = await TestEnvironment.create("uploads");
    cluster = new Cluster();
    client = new Client(environment.host);
    await environment.configure(withVolumes("blue"));
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const all = await webs();
        const unready = await cluster.unready(environment.namespace);
        return all.length === 2 && unready.length === 0 ? undefined : `${all.length} web pods; ${unready.join(", ")}`;
    }, 120);
});

afterAll(async () => {
    client?.close();
    await environment?.remove();
});

describe("an upload", () => {
    test("that says it is too large is refused without a login, at once, while it is still being sent", async () => {
        const before = await webs();
        let release: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const size = 290 * MiB;
        async function* content(): AsyncIterable<Buffer> {
            // Who goes on sending may see a connection that is reset, and not the answer.
            yield Buffer.alloc(1024);
            await held;
        }
        const start = Date.now();
        const answers = await Promise.all(
            Array.from({ length: 8 }, () =>
                sendForm(environment.host, "/admin/login/", { file: "large.bin", size, content: content() }),
            ),
        );
        release();
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
        expect(Date.now() - start).toBeLessThan(20_000);
        expect(await kept()).toBeLessThan(1024);
        expect(await webs()).toEqual(before);
    });

    test("as large as may be, as many at once as a pod works on, fits into /tmp", async () => {
        const before = await webs();
        const size = 49 * MiB;
        let sent = 0;
        let release: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        async function* content(): AsyncIterable<Buffer> {
            // All but the last megabyte, so that all are kept at the same time.
            yield* zeros(size - MiB);
            sent += 1;
            await held;
            yield* zeros(MiB);
        }
        // Without that cookie Django answers before it has read anything; anybody can make one up.
        const cookie = `csrftoken=${"a".repeat(32)}`;
        const sending = Array.from({ length: 8 }, () =>
            sendForm(environment.host, "/admin/login/", { file: "large.bin", size, content: content() }, { cookie }),
        );
        await eventually(async () => {
            const most = await kept();
            return sent === sending.length && most > 100 * 1024 ? undefined : `${sent} sent, ${most} KiB kept`;
        }, 60);
        // The kubelet looks at the size of such volumes every ten seconds at the earliest, and evicts then.
        await sleep(25_000);
        release();
        const answers = await Promise.all(sending);
        // By the form's missing token, for which Django has read all of it.
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
        await eventually(async () => ((await kept()) < 1024 ? undefined : "Django keeps them"), 20);
        expect(await webs()).toEqual(before);
        // Where every thread of both pods had one, neither was ready, and the Gateway had nobody to ask until the next look at them.
        await eventually(async () => {
            const { status } = await client.send("GET", "/");
            return status === 200 ? undefined : `the page answers ${status}`;
        }, 30);
    });

    test("that takes longer than a minute arrives", async () => {
        const size = 12 * MiB;
        async function* slow(): AsyncIterable<Buffer> {
            for (const chunk of zeros(size)) {
                yield chunk;
                await sleep(6000);
            }
        }
        const start = Date.now();
        await upload(client, environment.host, { file: "slow.bin", size, content: slow() });
        expect(Date.now() - start).toBeGreaterThan(65_000);
    });

    test("is kept on the volume, with a file in the app's folder, and both are there after a rollout, for other pods", async () => {
        const picture = Buffer.from(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
            "base64",
        );
        await upload(client, environment.host, { file: "dot.png", size: picture.length, content: [picture] });
        const { uploads } = await client.status();
        expect(uploads).toMatchObject({ place: "volume", name: "dot.png", size: picture.length, is_picture: true });
        const [shell] = await cluster.pods(environment.namespace, "sample-shell");
        await cluster.exec(shell!, ["sh", "-c", "echo written > /data/note"]);

        const before = await webs();
        await environment.configure(withVolumes("green"));
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const now = await webs();
            const { release } = await client.status();
            return release.colour === "green" && now.every((each) => !before.includes(each))
                ? undefined
                : "old pods serve";
        }, 90);
        expect((await client.status()).pod).not.toBe(uploads.by);
        const answer = await client.send("GET", uploads.url!);
        expect([answer.status, answer.headers["content-type"], Number(answer.headers["content-length"])]).toEqual([
            200,
            "image/png",
            picture.length,
        ]);
        for (const workload of ["sample-web", "sample-worker-default", "sample-beat", "sample-shell"]) {
            // `up` does not wait for the end of the old ones.
            const [pod] = await cluster.serving(environment.namespace, workload);
            expect(pod, workload).toBeDefined();
            expect(await cluster.exec(pod!, ["cat", "/data/note"]), workload).toBe("written\n");
            expect(await cluster.exec(pod!, ["sh", "-c", "touch /data/$HOSTNAME && echo may"]), workload).toBe("may\n");
        }
    });
});
