// Which value of a secret holds: a number that is raised makes a new one, and the one before holds until nobody needs it any more.
import { z } from "zod";
import { shortName } from "./fields.ts";

const rotation = z.int("a whole number").min(0).max(9999);

const ofApp = {
    database: rotation.optional().meta({
        description:
            "The app's login at its database: each number is a login role of its own with a password of its own, a member of the role that owns everything. With a server in the cluster, RDS, Cloud SQL, or `external` with an `administrator`.",
        defaultsTo: "none: the app logs in as the owner, with one password for good",
        alsoCalled: ["databasePassword", "db"],
    }),
    cache: rotation.optional().meta({
        description:
            "The password of the cache, in the cluster (a user of its own for each number) or at ElastiCache (a token).",
        defaultsTo: "none: one password for good",
        alsoCalled: ["cachePassword", "redis"],
    }),
    broker: rotation.optional().meta({
        description: "The password of a broker in the cluster: as `cache`. With RabbitMQ those of all its apps.",
        defaultsTo: "none: one password for good",
        alsoCalled: ["brokerPassword", "celery"],
    }),
    assets: rotation.optional().meta({
        description:
            "The keys of buckets, where the app comes with one: Spaces, and S3 and Cloud Storage from a cluster elsewhere. The key before stays until the next number.",
        defaultsTo: "none: one key for good",
        alsoCalled: ["bucketKeys", "storage", "accessKey", "media"],
    }),
    secretKey: rotation.optional().meta({
        description:
            "Django's SECRET_KEY. Pods are told the key before and the next one as SECRET_KEY_FALLBACKS. Raised by three, none of the keys that a pod was ever told holds any more: whoever is logged in is logged out.",
        defaultsTo: "none: one key for good, and no fallbacks",
        alsoCalled: ["SECRET_KEY", "djangoSecretKey"],
    }),
    superuser: rotation.optional().meta({
        description: "The password of `release.superuser`: with a number here, each release sets it.",
        defaultsTo: "none: set when the superuser is made, and never again",
        alsoCalled: ["superuserPassword", "admin"],
    }),
};

export const rotationsSchema = z
    .strictObject({
        ...ofApp,
        apps: z.record(shortName, z.strictObject(ofApp)).default({}).meta({
            description:
                "Of the apps that are not the main one, and of their own stores: the same settings, below the app's name.",
            sameAs: "rotations",
        }),
    })
    .describe(
        "Numbers that only rise: a raised one makes a new secret, with no request failed ([rotation](rotation.md)).",
    );

export type RotationsSettings = z.output<typeof rotationsSchema>;
/** Of one app and its stores. */
export type AppRotations = Omit<RotationsSettings, "apps">;
export type RotationName = keyof AppRotations;

export const rotationNames = Object.keys(ofApp) as readonly RotationName[];

/** Those of the main app stand directly in the section. */
export function rotationsOf(app: string, mainApp: string, { apps, ...ofMain }: RotationsSettings): AppRotations {
    return app === mainApp ? ofMain : (apps[app] ?? {});
}
