// Images of stores against the engine and the version that the settings say.
import {
    parseImage,
    postgresMajor,
    programOf,
    rabbitVersion,
    type ImageReference,
    type StoreProgram,
} from "../../../lib/image-reference.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { storesOf } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";

/** The server would start as another version, or not at all over data that is there (R63). */
export const postgresImages = contradiction(["apps", "environment", "database"], (settings) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        if (!("image" in store) || store.image === undefined) {
            return [];
        }
        const image = parseImage(store.image);
        const other = otherProgram(image, ["PostgreSQL"]);
        const at = settingPath([...path, "image"]);
        if (other !== undefined) {
            return [foreignImage(at, store.image, other, "PostgreSQL")];
        }
        const major = postgresMajor(image);
        if (store.variant !== "in-cluster" || major === undefined || major === store.version) {
            return [];
        }
        const version = settingPath([...path, "version"]);
        return [
            {
                path: at,
                found: `${JSON.stringify(store.image)}, PostgreSQL ${major}`,
                allowed: `an image of PostgreSQL ${store.version}, as ${version} says`,
                fix: inClusterVersions.has(major)
                    ? `${setCommand(version, major, "--type string ")}, or ${removeCommand(at)} for the official image of ${store.version}`
                    : `${removeCommand(at)}, for the official image of ${store.version}`,
            },
        ];
    }),
);

/** Those of settings/database.ts. */
const inClusterVersions: ReadonlySet<string> = new Set(["15", "16", "17", "18"]);

/** A server that the pod has no program of. */
export const redisImages = contradiction(["apps", "environment", "cache", "broker"], (settings) =>
    [...storesOf("cache", settings), ...storesOf("broker", settings)].flatMap(({ path, store }): Problem[] => {
        if (!("engine" in store) || !("image" in store) || store.image === undefined) {
            return [];
        }
        const wanted = enginePrograms[store.engine];
        // Valkey's image also answers to the names of Redis's programs, but not the other way round.
        const other = otherProgram(
            parseImage(store.image),
            store.engine === "redis" ? ["Redis", "Valkey"] : ["Valkey"],
        );
        const at = settingPath([...path, "image"]);
        if (other === undefined) {
            return [];
        }
        const engine = settingPath([...path, "engine"]);
        return other === "Redis"
            ? [
                  {
                      path: at,
                      found: `${JSON.stringify(store.image)}, Redis`,
                      allowed: `an image of ${wanted}, as ${engine} says`,
                      fix: `${setCommand(engine, "redis")}, or ${removeCommand(at)} for the official image of ${wanted}`,
                  },
              ]
            : [foreignImage(at, store.image, other, wanted)];
    }),
);

/** Memcached has one version, and RabbitMQ the one that the settings say: a node never goes back to an older one. */
export const otherServers = contradiction(["apps", "environment", "cache", "broker"], (settings) =>
    [...storesOf("cache", settings), ...storesOf("broker", settings)].flatMap(({ path, store }): Problem[] => {
        if ((store.variant !== "memcached" && store.variant !== "rabbitmq") || store.image === undefined) {
            return [];
        }
        const wanted = store.variant === "memcached" ? "Memcached" : "RabbitMQ";
        const image = parseImage(store.image);
        const other = otherProgram(image, [wanted]);
        const at = settingPath([...path, "image"]);
        if (other !== undefined) {
            return [foreignImage(at, store.image, other, wanted)];
        }
        const version = rabbitVersion(image);
        if (store.variant !== "rabbitmq" || version === undefined || version === store.version) {
            return [];
        }
        return [
            {
                path: at,
                found: `${JSON.stringify(store.image)}, RabbitMQ ${version}`,
                allowed: `an image of RabbitMQ ${store.version}, as ${settingPath([...path, "version"])} says`,
                fix: `${removeCommand(at)}, for the official image of ${store.version}`,
            },
        ];
    }),
);

const enginePrograms = { valkey: "Valkey", redis: "Redis" } as const satisfies Record<string, StoreProgram>;

/** @returns what is in the image, when it is well known to be none of these */
function otherProgram(image: ImageReference, wanted: readonly StoreProgram[]): StoreProgram | undefined {
    const program = programOf(image);
    return program === undefined || wanted.includes(program) ? undefined : program;
}

function foreignImage(path: string, image: string, found: StoreProgram, wanted: StoreProgram): Problem {
    return {
        path,
        found: `${JSON.stringify(image)}, ${found}`,
        allowed: `an image of ${wanted}, with its programs and its entrypoint`,
        fix: `${removeCommand(path)}, for the official image`,
    };
}
