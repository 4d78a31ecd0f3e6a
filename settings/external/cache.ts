// A Redis, Valkey or Memcached server that is there, wherever it runs.
import { z } from "zod";
import { port } from "../fields.ts";
import { cidrs, externalVariant, needsRanges, otherServer, serverAddress, tls, userName } from "./fields.ts";

const notOfMemcached: Readonly<Record<string, string>> = {
    user: "nothing: Django's client for Memcached logs in nowhere, so a private network is what protects it",
    tls: "nothing: the address of a Memcached server tells Django's client of no TLS",
    replicas: "nothing: Memcached has no replicas; more servers beside host are servers",
};

export const externalCache = z
    .strictObject({
        variant: externalVariant,
        protocol: z
            .enum(["redis", "memcached"])
            .meta({ alsoCalled: ["engine", "type", "kind"], alsoSaid: { valkey: "redis", dragonfly: "redis" } })
            .describe("What it speaks; Valkey speaks Redis's."),
        host: serverAddress.describe("Where Django writes."),
        port: port.optional().meta({ description: "Of `host`.", defaultsTo: "`6379`, of Memcached `11211`" }),
        user: userName.optional().meta({
            description: "Of Redis from version 6 on; the password, if it asks for one, is `secrets.cachePassword`.",
            defaultsTo: "the server's default user",
        }),
        replicas: z
            .array(otherServer("that of the primary"))
            .default([])
            .meta({ alsoCalled: ["readReplicas", "readers", "slaves"] })
            .describe("Of Redis: read replicas, which Django reads from."),
        servers: z
            .array(otherServer("that of the first"))
            .default([])
            .meta({ alsoCalled: ["nodes", "hosts"] })
            .describe("Of Memcached: more servers beside `host`; each value is on one of them."),
        tls,
        cidrs,
    })
    .superRefine((cache, context) => {
        const { protocol, host, replicas, servers } = cache;
        if (protocol === "memcached") {
            for (const [setting, message] of Object.entries(notOfMemcached)) {
                const given = cache[setting as keyof typeof cache];
                if (Array.isArray(given) ? given.length > 0 : given !== undefined) {
                    context.addIssue({ code: "custom", path: [setting], message });
                }
            }
        } else if (servers.length > 0) {
            context.addIssue({
                code: "custom",
                path: ["servers"],
                message:
                    "nothing: Django's client for Redis writes to one server; those it only reads from are replicas",
            });
        }
        needsRanges(
            { cidrs: cache.cidrs, hosts: [host, ...[...replicas, ...servers].map((one) => one.host)] },
            context,
        );
    })
    .describe("A Redis, Valkey or Memcached server that is there, wherever it runs.");

export type ExternalCacheSettings = z.output<typeof externalCache>;
