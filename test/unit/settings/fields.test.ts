// What each kind of value accepts. Does not prove that Kubernetes or a registry knows the thing that is named.
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import {
    absolutePath,
    cidr,
    cpuQuantity,
    environmentVariableName,
    hostName,
    imageReference,
    objectName,
    registryServer,
    shortName,
    urlPath,
} from "../../../settings/fields.ts";

interface Field {
    readonly name: string;
    readonly schema: z.ZodType;
    readonly good: readonly unknown[];
    readonly bad: readonly unknown[];
}

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const fields: readonly Field[] = [
    {
        name: "a short name",
        schema: shortName,
        good: ["a", "shop", "big-shop-2", "a".repeat(20)],
        bad: ["", "Shop", "2shop", "-shop", "shop-", "shop_", "shop.de", "a".repeat(21), "shop\n", 5, null],
    },
    {
        name: "an object name",
        schema: objectName,
        good: ["traefik", "a".repeat(63)],
        bad: ["a".repeat(64), "a.b", "A"],
    },
    {
        name: "a host name",
        schema: hostName,
        good: ["localhost", "shop.example.org", "1.example.org", "xn--bcher-kva.example", "a-b.c"],
        bad: [
            "https://shop.example.org",
            "shop.example.org:8080",
            "shop.example.org/",
            "*.example.org",
            "Shop.example.org",
            ".example.org",
            "example.org.",
            "a..b",
            "-a.org",
            "a-.org",
            "bücher.example",
            "127.0.0.1",
            "::1",
            `${"a".repeat(64)}.org`,
            Array<string>(64).fill("abc").join("."),
        ],
    },
    {
        name: "a registry",
        schema: registryServer,
        good: ["index.docker.io", "registry.example.org:5000", "localhost:5000", "10.0.0.1:5000"],
        bad: ["https://registry.example.org", "registry.example.org/team", "registry:", "registry:port"],
    },
    {
        name: "an image",
        schema: imageReference,
        good: [
            "shop:1",
            "registry.example.org/shop:4f2a91c",
            "registry.example.org:5000/team/shop:v1.2_3",
            `shop@${digest}`,
            `registry.example.org:5000/shop:V1@${digest}`,
        ],
        bad: [
            "shop",
            "registry.example.org:5000/shop",
            "shop:",
            "shop:-1",
            "Shop:1",
            "shop:1:2",
            "shop@sha256:12",
            "https://a/b:1",
        ],
    },
    {
        name: "a variable's name",
        schema: environmentVariableName,
        good: ["A", "_a", "DJANGO_APP_1"],
        bad: ["", "1A", "A-B", "A.B", "A B", "A="],
    },
    {
        name: "a file's path",
        schema: absolutePath,
        good: ["/a", "/etc/newrelic.ini", "/etc/.hidden", "/etc/..data", "/etc/a...b"],
        bad: ["", "/", "a", "/etc/", "/etc//a", "/etc/../a", "/etc/..", "/./a", "/etc/new relic.ini", "/etc/a:b"],
    },
    {
        name: "a path of a URL",
        schema: urlPath,
        good: ["/", "/healthz/live", "/a?b=c"],
        bad: ["", "healthz", "/a b", "/ü"],
    },
    {
        name: "an address range",
        schema: cidr,
        good: ["10.20.0.0/16", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0"],
        bad: [
            "10.20.0.0",
            "10.20.0.0/33",
            "10.20.0.300/8",
            "10.20.0/16",
            "2001:db8::/129",
            ":::/1",
            "10.0.0.0/08",
            "10.0.0.0/8/8",
            "/8",
        ],
    },
    {
        name: "processors",
        schema: cpuQuantity,
        good: ["2", "250m", "0.5", 2, 0.5],
        bad: ["0", "two", 0, -1, 0.0001, {}, null, true],
    },
];

describe.each(fields)("$name", ({ schema, good, bad }) => {
    test.each(good)("may be %j", (value) => {
        expect(schema.safeParse(value).success).toBe(true);
    });

    test.each(bad)("may not be %j", (value) => {
        expect(schema.safeParse(value).success).toBe(false);
    });
});

test("processors given as a number become text", () => {
    expect(cpuQuantity.parse(2)).toBe("2");
});
