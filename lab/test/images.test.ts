// Which images a stack's file asks for, and from where their packages come. That they are made and start: the cluster tests.
import { describe, expect, test } from "vitest";
import { linesFor } from "../images/apt-sources.ts";
import { buildImages, imageNames, imagesNamedIn } from "../images/index.ts";

describe("the images that a text names", () => {
    test("are found wherever they stand, once each", () => {
        const text = `
            image: localhost/postgres:15
            images: ["localhost/rabbitmq:4", 'localhost/rabbitmq:4']
            other: localhost/memcached:1.6`;
        expect(imagesNamedIn(text)).toEqual([
            "localhost/postgres:15",
            "localhost/rabbitmq:4",
            "localhost/memcached:1.6",
        ]);
    });

    test.each([
        "localhost/postgres:15.4",
        "localhost/postgres:150",
        "localhost/postgres:15-alpine",
        "registry.example/localhost/postgres:15",
        "my-localhost/postgres:15",
        "localhost/postgres",
        "localhost/shop:v1",
    ])("%s is another image", (text) => {
        expect(imagesNamedIn(`image: ${text}`)).toEqual([]);
    });

    test("are all there are, in a text that names all", () => {
        expect(imagesNamedIn(imageNames.join("\n"))).toEqual(imageNames);
    });

    test("one that is not of this project is refused, with those that are", async () => {
        await expect(buildImages(() => undefined, ["localhost/shop:v1"])).rejects.toThrow(
            /^localhost\/shop:v1 is not an image of this project; there are: localhost\/postgres:15, .*localhost\/pgbouncer:1\.24/,
        );
    });
});

describe("the sources of a Debian release", () => {
    const machine = [
        { uri: "http://mirror.example/debian", suite: "bookworm" },
        { uri: "http://mirror.example/debian", suite: "bookworm-updates" },
        { uri: "http://mirror.example/debian", suite: "bookworm-backports" },
        { uri: "http://mirror.example/security", suite: "bookworm-security" },
    ];
    const signed = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";

    test("are the machine's mirrors, also for another release than its own", () => {
        expect(linesFor("trixie", machine)).toEqual([
            `${signed} http://mirror.example/debian trixie main`,
            `${signed} http://mirror.example/debian trixie-updates main`,
            `${signed} http://mirror.example/security trixie-security main`,
        ]);
    });

    test("a mirror that is listed for two releases counts once", () => {
        const both = [...machine, { uri: "http://mirror.example/debian", suite: "trixie" }];
        expect(linesFor("bookworm", both)).toEqual([
            `${signed} http://mirror.example/debian bookworm main`,
            `${signed} http://mirror.example/debian bookworm-updates main`,
            `${signed} http://mirror.example/security bookworm-security main`,
        ]);
    });

    test("are left to mmdebstrap on a machine that has none", () => {
        expect(linesFor("trixie", [])).toEqual([]);
    });
});
