// Buckets that are there: whether pods reach their server, are let in, and keep to themselves what nobody else may read.
import { BlockList, isIP } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { notPublic } from "../../../lib/not-public.ts";
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf, type StoreEntry } from "../../stores/entries.ts";
import { objectStorageOf, portOf, type PlacedObjectStorage } from "../../stores/object-storage.ts";
import { advice, contradiction, type Weight } from "../contradiction.ts";
import { existingOfApp, secretsGiven, secretsOfApp, sectionsOfSecrets } from "../secrets/secrets.ts";

type WithAssets = Pick<Settings, "apps" | "assets"> & { readonly environment?: Settings["environment"] };

interface Placed {
    readonly entry: StoreEntry<"assets">;
    readonly server: PlacedObjectStorage;
    /** @param names of a setting, from the server's */
    readonly at: (...names: string[]) => string;
}

function placed(settings: WithAssets): Placed[] {
    return storesOf("assets", settings).flatMap((entry): Placed[] => {
        const server = objectStorageOf(entry.store);
        return server === undefined
            ? []
            : [{ entry, server, at: (...names) => settingPath([...entry.path, ...server.at, ...names]) }];
    });
}

const keyNames = ["assetsAccessKeyId", "assetsSecretAccessKey"] as const;

export const keysOfBuckets = contradiction([...sectionsOfSecrets, "assets"], (settings) =>
    placed(settings).flatMap(({ entry: { owner, secretsAt }, at }) => {
        const given = owner && secretsGiven(owner, settings);
        return keyNames
            .filter((name) => given?.has(name) === false)
            .map((name): Problem => {
                const path = settingPath([...secretsAt, name]);
                return {
                    path,
                    found: "nothing",
                    allowed: `a key for the buckets at ${at("endpoint")}: it may list, read, write and delete in them`,
                    fix: setSecretCommand(path),
                };
            });
    }),
);

const staticKeyNames = ["assetsStaticAccessKeyId", "assetsStaticSecretAccessKey"] as const;

const bucketsOfBoth = (settings: WithAssets): Placed[] =>
    placed(settings).filter(({ entry: { store } }) => store.variant === "s3-compatible");

export const halfStaticKey = contradiction([...sectionsOfSecrets, "assets"], (settings) =>
    bucketsOfBoth(settings).flatMap(({ entry: { owner, secretsAt } }): Problem[] => {
        const given = owner && secretsGiven(owner, settings);
        const missing = staticKeyNames.filter((name) => given?.has(name) === false);
        return missing.length !== 1
            ? []
            : missing.map((name) => {
                  const path = settingPath([...secretsAt, name]);
                  const other = settingPath([...secretsAt, staticKeyNames.find((one) => one !== name)!]);
                  return {
                      path,
                      found: "nothing",
                      allowed: `the other half of the key that ${other} begins; or neither`,
                      fix: setSecretCommand(path),
                  };
              });
    }),
);

/** One key under two names: whoever has it writes static files (R84). */
export const oneKeyForBoth = contradiction([...sectionsOfSecrets, "assets"], (settings) =>
    bucketsOfBoth(settings).flatMap(({ entry: { owner, secretsAt } }): Problem[] => {
        if (owner === undefined) {
            return [];
        }
        const path = settingPath([...secretsAt, "assetsStaticAccessKeyId"]);
        const { assetsAccessKeyId: app, assetsStaticAccessKeyId: files } = secretsOfApp(owner, settings);
        const existing = existingOfApp(owner, settings);
        const same =
            (app !== undefined && app === files) ||
            (existing.assetsAccessKeyId !== undefined &&
                isDeepStrictEqual(existing.assetsAccessKeyId, existing.assetsStaticAccessKeyId));
        return same
            ? [
                  {
                      path,
                      found: "the key of assetsAccessKeyId",
                      allowed: "another key: the one that every pod of the app has need only read static files",
                      fix: setSecretCommand(path),
                  },
              ]
            : [];
    }),
);

export const sharedKeyInProduction = advice([...sectionsOfSecrets, "assets"], (settings) =>
    settings.environment.kind !== "production"
        ? []
        : bucketsOfBoth(settings).flatMap(({ entry: { owner, secretsAt } }): Problem[] => {
              if (owner === undefined || staticKeyNames.some((name) => secretsGiven(owner, settings).has(name))) {
                  return [];
              }
              const path = settingPath([...secretsAt, "assetsStaticAccessKeyId"]);
              return [
                  {
                      path,
                      found: "nothing, so that all pods of the app write with one key",
                      allowed:
                          "a key of the job that writes static files, beside one that may only read them: who takes over a web pod could change what every visitor's browser runs",
                      fix: `${setSecretCommand(path)}; likewise assetsStaticSecretAccessKey; then let the key of assetsAccessKeyId only read in that bucket`,
                  },
              ];
          }),
);

/** Its signature proves a request and does not hide it: whoever is in between reads every file, and the addresses that give more. */
export const plainBucketsInProduction = contradiction(["apps", "assets", "environment"], (settings) =>
    plainBuckets(settings, "refused"),
);
export const plainBucketsElsewhere = advice(["apps", "assets", "environment"], (settings) =>
    plainBuckets(settings, "advice"),
);

function plainBuckets(settings: Pick<Settings, "apps" | "assets" | "environment">, wanted: Weight): Problem[] {
    const weight: Weight = settings.environment.kind === "production" ? "refused" : "advice";
    if (weight !== wanted) {
        return [];
    }
    return placed(settings).flatMap(({ entry: { store, path }, server, at }): Problem[] => {
        const addresses: ReadonlyArray<readonly [path: string, address: string]> = [
            [at("endpoint"), server.endpoint],
            ...(store.variant === "s3-compatible"
                ? [[settingPath([...path, "static", "url"]), store.static.url] as const]
                : []),
        ];
        return addresses
            .filter(([, address]) => address.startsWith("http:"))
            .map(([setting, address]) => ({
                path: setting,
                found: JSON.stringify(address),
                allowed: `an https address${weight === "refused" ? " in production" : ""}: without TLS whoever is in between reads and changes files (R64)`,
                fix: setCommand(setting, address.replace("http:", "https:")),
            }));
    });
}

/** What the default opens, port of public addresses, does not lead there. */
export const closedBuckets = contradiction(["apps", "assets"], (settings) =>
    placed(settings).flatMap(({ server: { endpoint, cidrs }, at }): Problem[] => {
        const host = new URL(endpoint).hostname;
        if (isPodItself(host)) {
            return [
                {
                    path: at("endpoint"),
                    found: `${JSON.stringify(endpoint)}, the pod itself`,
                    allowed: "a server that runs elsewhere, by a name that pods and browsers know",
                    fix: setCommand(at("endpoint"), "https://s3.example.org"),
                },
            ];
        }
        return cidrs !== undefined || !isElsewhere(host)
            ? []
            : [
                  {
                      path: at("cidrs"),
                      found: "nothing",
                      allowed: `the addresses of ${host}, which is no public one: pods may go there and nowhere else`,
                      fix: setCommand(`${at("cidrs")}[0]`, isIP(host) === 4 ? `${host}/32` : "10.20.0.0/24"),
                  },
              ];
    }),
);

export function isPodItself(host: string): boolean {
    return host === "localhost" || /^127\./.test(host);
}

/** Whether a host has no public address. */
export function isElsewhere(host: string): boolean {
    return isIP(host) === 4 ? isNotPublic(host) : !host.includes(".") || /\.(svc|local|internal)(\.|$)/.test(host);
}

function isNotPublic(host: string): boolean {
    const list = new BlockList();
    for (const range of notPublic) {
        const [address = "", bits] = range.split("/");
        list.addSubnet(address, Number(bits), "ipv4");
    }
    return list.check(host, "ipv4");
}

export const idleAuthorities = contradiction(["apps", "assets"], (settings) =>
    placed(settings)
        .filter(({ server: { endpoint, ca } }) => ca !== undefined && endpoint.startsWith("http:"))
        .map(({ at }) => ({
            path: at("ca"),
            found: "certificates for a server without TLS",
            allowed: "nothing, unless endpoint is an https address",
            fix: removeCommand(at("ca")),
        })),
);

/** A certificate's wildcard stands for one part of a name. */
export const dottedBuckets = contradiction(["apps", "assets"], (settings) =>
    placed(settings).flatMap(({ entry, server: { addressing, endpoint, buckets }, at }) =>
        addressing === "path" || endpoint.startsWith("http:")
            ? []
            : buckets
                  .filter(({ name }) => name.includes("."))
                  .map(({ at: bucket, name }) => ({
                      path: settingPath([...entry.path, ...bucket]),
                      found: JSON.stringify(name),
                      allowed: `a name without dots, where addressing is virtual: no certificate is for ${name}.${new URL(endpoint).host}`,
                      fix: setCommand(at("addressing"), "path"),
                  })),
    ),
);

export const oneBucketForBoth = contradiction(["apps", "assets"], (settings) =>
    storesOf("assets", settings).flatMap(({ path, store }): Problem[] => {
        if (store.variant !== "s3-compatible" || store.static.bucket !== store.media.bucket) {
            return [];
        }
        const at = settingPath([...path, "media", "bucket"]);
        return [
            {
                path: at,
                found: `${JSON.stringify(store.media.bucket)}, the bucket of static files`,
                allowed:
                    "a bucket of its own: everybody may read static files, and uploaded files only who the app lets",
                fix: setCommand(at, "BUCKET"),
            },
        ];
    }),
);

/** Ways out that the program opens by itself, for what is said of ranges: each with the way to it. */
export function bucketRanges(
    settings: WithAssets,
): ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly cidr: string; readonly port: number }> {
    return placed(settings).flatMap(({ entry, server }) =>
        (server.cidrs ?? []).map((cidr, index) => ({
            path: [...entry.path, ...server.at, "cidrs", index],
            cidr,
            port: portOf(server.endpoint),
        })),
    );
}
