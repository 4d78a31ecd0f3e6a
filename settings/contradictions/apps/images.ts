// An app's image against the registry that the platform has, and against the login that the app is given.
import { cloudName } from "../../../lib/cloud-name.ts";
import { parseImage, registryOf, type ImageReference } from "../../../lib/image-reference.ts";
import type { CloudsSettings } from "../../clouds.ts";
import type { PlatformSettings } from "../../platform.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { placedApps } from "./apps.ts";
import { advice, contradiction } from "../contradiction.ts";

/** A login that no image asks for is a misspelt one: the pull of the image that it was meant for fails (R81). */
export const idleLogin = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }): Problem[] => {
        const { server } = parseImage(app.image);
        if (app.registry === undefined || registryOf(app.registry.server) === server) {
            return [];
        }
        const path = settingPath([...at, "registry", "server"]);
        return [
            {
                path,
                found: JSON.stringify(app.registry.server),
                allowed: `${server}, where ${settingPath([...at, "image"])} is: a login for another registry is used by no pull`,
                fix: setCommand(path, server),
            },
        ];
    }),
);

/** The registry of a platform, as the settings know it. */
interface PlatformRegistry {
    readonly created: boolean;
    /** What stands before an image's name in it. */
    readonly prefix: string;
    /** The names that there are in it. @default any */
    readonly repositories?: readonly string[];
}

function registryOfPlatform(
    platform: PlatformSettings,
    { gcp, aws }: CloudsSettings,
    namespace: string,
): PlatformRegistry | undefined {
    if (platform.variant === "existing" || platform.variant === "stack") {
        return undefined;
    }
    const { registry } = platform;
    if (registry.variant === "none") {
        return undefined;
    }
    const created = registry.variant === "create";
    if ("name" in registry) {
        return { created, prefix: `registry.digitalocean.com/${registry.name}` };
    }
    if ("prefix" in registry) {
        return { created, prefix: registry.prefix };
    }
    if ("repositories" in registry) {
        const { repositories } = registry;
        return (
            aws && {
                created,
                prefix: `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${namespace}`,
                repositories,
            }
        );
    }
    // components/registry/gcp/artifact-registry.ts names it so.
    return gcp && { created, prefix: `${gcp.region}-docker.pkg.dev/${gcp.project}/${cloudName([namespace], 63)}` };
}

const compared = ["apps", "clouds", "environment", "platform"] as const;

/** What the registry does not have and nobody may pull: an image nobody could have pushed there, or another account's. */
export const imageOfNoRepository = contradiction(compared, ({ apps, clouds, environment, platform }) => {
    const registry = registryOfPlatform(platform, clouds, environment.namespace);
    if (registry === undefined) {
        return [];
    }
    return placedApps(apps).flatMap(({ app, at }): Problem[] => {
        const image = parseImage(app.image);
        const path = settingPath([...at, "image"]);
        const name = below(registry.prefix, image);
        if (name !== undefined && registry.repositories !== undefined && !registry.repositories.includes(name)) {
            const { repositories } = registry;
            return [
                {
                    path,
                    found: JSON.stringify(app.image),
                    allowed: `an image in one of the repositories that are made (platform.registry.repositories): ${repositories.join(", ")}`,
                    fix: `${setCommand(`platform.registry.repositories[${repositories.length}]`, name)}, or ${setCommand(path, moved(image, registry, repositories[0]))}`,
                },
            ];
        }
        // Nodes at DigitalOcean have the login of the one registry that is named.
        const foreign = image.server === "registry.digitalocean.com" && platform.variant === "digitalocean";
        return name === undefined && foreign && app.registry === undefined
            ? [
                  {
                      path,
                      found: JSON.stringify(app.image),
                      allowed: `an image in ${registry.prefix}, the registry that the cluster has a login for (platform.registry.name)`,
                      fix: setCommand(path, moved(image, registry)),
                  },
              ]
            : [];
    });
});

/** An image that is elsewhere may be meant: one that staging tested, or a registry that is for others. */
export const imageElsewhere = advice(compared, ({ apps, clouds, environment, platform }) => {
    const registry = registryOfPlatform(platform, clouds, environment.namespace);
    if (registry === undefined) {
        return [];
    }
    const placed = placedApps(apps).map(({ app, at }) => {
        const image = parseImage(app.image);
        return { app, path: settingPath([...at, "image"]), image, inside: below(registry.prefix, image) !== undefined };
    });
    const used = placed.some(({ inside }) => inside);
    return placed.flatMap(({ app, path, image, inside }): Problem[] => {
        const sameProduct = productOf(image.server) === productOf(registry.prefix.split("/")[0]!);
        const idle = registry.created && !used;
        if (inside || app.registry !== undefined || !(sameProduct || idle)) {
            return [];
        }
        return [
            {
                path,
                found: `${JSON.stringify(app.image)}, which is not in the registry ${registry.created ? "that this stack makes" : "of the platform"}`,
                allowed: sameProduct
                    ? `an image in ${registry.prefix}: of other ones, only those can be pulled that somebody gave the cluster's nodes the right to`
                    : `an image in ${registry.prefix}, or no registry: nothing is pulled from this one`,
                fix: `${setCommand(path, moved(image, registry, registry.repositories?.[0]))}${registry.created && !sameProduct ? `, or ${setCommand("platform.registry.variant", "none")}` : ""}`,
            },
        ];
    });
});

/** @returns the image's name behind the prefix, undefined for one elsewhere */
function below(prefix: string, { server, repository }: ImageReference): string | undefined {
    const whole = `${server}/${repository}`;
    return whole.startsWith(`${prefix}/`) ? whole.slice(prefix.length + 1) : undefined;
}

/** The image as it is called in the registry. */
function moved({ repository, tag, digest }: ImageReference, { prefix }: PlatformRegistry, name?: string): string {
    const last = name ?? repository.slice(repository.lastIndexOf("/") + 1);
    return `${prefix}/${last}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** Registries of one kind, of whatever project, account or region. Undefined registries are no two of a kind. */
function productOf(server: string): string {
    const product = /(?:-docker\.pkg\.dev|\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com|^registry\.digitalocean\.com)$/.exec(
        server,
    )?.[0];
    return product?.replace(/^\.dkr\.ecr\..*$/, "ecr") ?? server;
}
