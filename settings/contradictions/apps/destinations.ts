// Servers that an app's variables and files name, against what its pods may reach (R46).
import { BlockList, isIP } from "node:net";
import { destinationsInFile, destinationsOf, type Destination } from "../../../lib/destinations.ts";
import { notPublic } from "../../../lib/not-public.ts";
import type { AppSettings } from "../../app.ts";
import { openedFor } from "../../external/resolve.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storeKinds, storeOf, storesOf } from "../../stores/entries.ts";
import { objectStorageOf, portOf, usesBuckets } from "../../stores/object-storage.ts";
import { advice, contradiction, type Weight } from "../contradiction.ts";
import { appsWithSecrets, sectionsOfSecrets } from "../secrets/secrets.ts";

const needed = [...sectionsOfSecrets, "database", "cache", "broker", "assets", "lends"] as const;

type Needed = Pick<Settings, (typeof needed)[number]>;

/** Where it is certain that the pods' packets are dropped: no opening has the port, or none has the address. */
export const closedDestinations = contradiction(needed, (settings) => closed(settings, "refused"));

/** Where it is not: an address that the app may only show, or a name in the cluster that a NetworkPolicy of others may open. */
export const doubtfulDestinations = advice(needed, (settings) => closed(settings, "advice"));

interface Named extends Destination {
    readonly path: string;
    /** What may be shown of it. */
    readonly shown: string;
    readonly inFile: boolean;
}

function closed(settings: Needed, wanted: Weight): Problem[] {
    return appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt }) => {
        const named = [
            ...destinationsOf(app.environment).map((one) => plain(one, [...at, "environment", one.from])),
            // Of a secret only the port is told: the rest may be part of it.
            ...destinationsOf(secrets.environment).map((one) => ({
                ...one,
                path: settingPath([...secretsAt, "environment", one.from]),
                shown: `a server at port ${one.port}`,
                inFile: false,
            })),
            ...Object.entries(app.files).flatMap(([path, text]) =>
                destinationsInFile(path, text).map((one) => ({ ...plain(one, [...at, "files", path]), inFile: true })),
            ),
        ];
        const openings = openingsOf(app, settings);
        const own = ownNames(settings);
        const told = new Set<string>();
        return named.flatMap((one): Problem[] => {
            const key = `${one.path} ${one.shown}`;
            if (own.has(one.host) || openings.some((opening) => admits(opening, one)) || told.has(key)) {
                return [];
            }
            told.add(key);
            const problem = problemOf(one, app, at);
            return weightOf(one) === wanted ? [problem] : [];
        });
    });
}

function plain(one: Destination, at: readonly PropertyKey[]): Named {
    const host = isIP(one.host) === 6 ? `[${one.host}]` : one.host;
    return { ...one, path: settingPath(at), shown: `${host}:${one.port}`, inFile: false };
}

function weightOf({ host, called, inFile }: Named): Weight {
    return called && !inFile && !isInCluster(host) && !isLoopback(host) ? "refused" : "advice";
}

function problemOf({ path, shown, host, port, called }: Named, app: AppSettings, at: readonly PropertyKey[]): Problem {
    const addresses = settingPath([...at, "egress", "addresses", app.egress.addresses.length]);
    const publicHttps = settingPath([...at, "egress", "publicHttps"]);
    const byAddress = `${setCommand(`${addresses}.cidr`, isIP(host) === 4 ? `${host}/32` : isIP(host) === 6 ? `${host}/128` : "ADDRESS/32")} && ${setCommand(`${addresses}.port`, String(port))}`;
    if (isLoopback(host)) {
        return {
            path,
            found: `${shown}, the pod itself`,
            allowed: "a server that runs elsewhere: in a pod of the app there is one process, and no other server",
            fix: setCommand(path, "ADDRESS"),
        };
    }
    const https = port === 443 && (isIP(host) === 0 || isPublic(host));
    return {
        path,
        found: `${shown}, which nothing opens to the app's pods`,
        allowed: `what ${settingPath([...at, "egress"])} opens: ${openedBy(app)}${called ? "" : "; nothing is wrong with an address that the app only shows"}`,
        fix: isInCluster(host)
            ? `write a NetworkPolicy of your own that opens it, or ${byAddress}`
            : https
              ? setCommand(publicHttps, "true")
              : byAddress,
    };
}

function openedBy({ egress: { publicHttps, addresses } }: AppSettings): string {
    const opened = [
        ...(publicHttps ? ["port 443 of public addresses"] : []),
        ...addresses.map(({ cidr, port }) => `port ${port} of ${cidr}`),
    ];
    return opened.length === 0 ? "nothing so far" : opened.join(", ");
}

interface Opening {
    readonly port: number;
    readonly admits: (host: string) => boolean;
}

function openingsOf(app: AppSettings, settings: Needed): Opening[] {
    const { publicHttps, addresses } = app.egress;
    const assets = storeOf(app, settings, "assets");
    const storage = objectStorageOf(assets);
    const bucketPort = storage === undefined ? 443 : portOf(storage.endpoint);
    return [
        ...(publicHttps ? [{ port: 443, admits: isPublic }] : []),
        ...(usesBuckets(assets) && storage?.cidrs === undefined ? [{ port: bucketPort, admits: isPublic }] : []),
        ...(storage?.cidrs ?? []).map((cidr) => ({
            port: bucketPort,
            admits: (host: string) => contains([cidr], host),
        })),
        ...addresses.map(({ cidr, port }) => ({ port, admits: (host: string) => contains([cidr], host) })),
        ...openingsOfServers(app, settings),
    ];
}

/** What is opened for a store that is there serves every program that calls it. */
function openingsOfServers(app: AppSettings, settings: Needed): Opening[] {
    return (["database", "cache", "broker"] as const).flatMap((kind): Opening[] => {
        const store = storeOf(app, settings, kind);
        if (store.variant !== "external") {
            return [];
        }
        const { ports, cidrs } = openedFor(store);
        return ports.map((port) => ({ port, admits: (host) => contains(cidrs, host) }));
    });
}

/** Which addresses a name has, only the running pod knows: it may be one of those that are opened at its port. */
function admits(opening: Opening, { host, port }: Destination): boolean {
    return opening.port === port && (isIP(host) === 0 ? !isInCluster(host) && !isLoopback(host) : opening.admits(host));
}

function isPublic(host: string): boolean {
    return isIP(host) === 4 && !contains(notPublic, host);
}

function contains(cidrs: readonly string[], host: string): boolean {
    const list = new BlockList();
    for (const cidr of cidrs) {
        const [address = "", bits] = cidr.split("/");
        list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
    }
    return list.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
}

/** A name without a dot is a Service of the environment's namespace, for no other name has none. */
function isInCluster(host: string): boolean {
    return isIP(host) === 0 && host !== "localhost" && (!host.includes(".") || /\.svc(?:\.|$)/.test(host));
}

function isLoopback(host: string): boolean {
    return host === "localhost" || /^127\.|^0\.0\.0\.0$|^::1?$/.test(host);
}

/** What is not called but shown, or is reached by a label of the pod's: hosts of the environment, and its stores' Services. */
function ownNames(settings: Needed): ReadonlySet<string> {
    const stores = storeKinds.flatMap((kind) =>
        storesOf(kind, settings).flatMap(({ name, store }) =>
            store.variant === "none" || kind === "assets" ? [] : [name, `${name}-replica`],
        ),
    );
    const sharers = settings.apps.map(({ name }) => `${name}-database`);
    const here = [...stores, ...sharers];
    const { namespace } = settings.environment;
    return new Set([
        ...settings.apps.flatMap(({ hosts }) => hosts),
        ...here.flatMap((name) => [
            name,
            `${name}.${namespace}`,
            `${name}.${namespace}.svc`,
            `${name}.${namespace}.svc.cluster.local`,
        ]),
        ...(settings.lends.domain === undefined ? [] : [settings.lends.domain]),
    ]);
}
