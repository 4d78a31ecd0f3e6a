// What RabbitMQ is told. Does not prove that it understands it: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { consumerTimeoutFor } from "../../../lib/consumer-timeout.ts";
import { rabbitConfiguration } from "../../../lib/rabbitmq-configuration.ts";
import { passwordHash, rabbitDefinitions, saltedHash } from "../../../lib/rabbitmq-definitions.ts";
import { amqpUrl } from "../../../lib/urls.ts";

describe("a password's hash", () => {
    test("is RabbitMQ's own, by the example of its documentation", () => {
        expect(saltedHash("test12", Buffer.from("908DC60A", "hex"))).toBe(
            "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR",
        );
    });

    test("is the same each time, and another for another user, environment or password", () => {
        const hash = passwordHash("pw", "shop-staging/broker/shop");
        expect(passwordHash("pw", "shop-staging/broker/shop")).toBe(hash);
        expect(passwordHash("pw", "shop-staging/broker/blog")).not.toBe(hash);
        expect(passwordHash("other", "shop-staging/broker/shop")).not.toBe(hash);
    });
});

test("definitions are JSON for any name and hold no password", () => {
    const text = rabbitDefinitions([{ name: 'a"b', password: "canary" }], "x");
    expect((JSON.parse(text) as { vhosts: unknown }).vhosts).toEqual([{ name: 'a"b', default_queue_type: "quorum" }]);
    expect(text).not.toContain("canary");
});

test.each([
    { memory: "256Mi" as const, watermark: 161_061_273, log: 16_777_216 },
    { memory: "16Gi" as const, watermark: 10_307_921_510, log: 536_870_912 },
])(
    "of $memory queues get 60 %, and their log a sixteenth but no more than RabbitMQ's own",
    ({ memory, watermark, log }) => {
        const lines = rabbitConfiguration({
            memory,
            nodes: ["rabbit@a.b"],
            consumerTimeout: 1800,
            definitionsPath: "/d",
        }).split("\n");
        expect(lines).toContain(`vm_memory_high_watermark.absolute = ${watermark}`);
        expect(lines).toContain(`raft.wal_max_size_bytes = ${log}`);
    },
);

test.each([
    [0, 1800],
    [360, 1800],
    [361, 1805],
    [7200, 36_000],
])("for tasks of %d s RabbitMQ waits %d s: five of them, and never less than by itself", (longest, seconds) => {
    expect(consumerTimeoutFor(longest)).toBe(seconds);
});

test("every character is safe in a URL of AMQP", () => {
    const url = amqpUrl({ host: "broker", port: 5672, user: "a b", password: "p@/:%?#", vhost: "a/b", tls: false });
    expect(url).toBe("amqp://a%20b:p%40%2F%3A%25%3F%23@broker:5672/a%2Fb");
    const { username, password, pathname } = new URL(url);
    expect([username, password, pathname].map(decodeURIComponent)).toEqual(["a b", "p@/:%?#", "/a/b"]);
});
