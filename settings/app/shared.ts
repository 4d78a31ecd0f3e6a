// What an app has whichever contract it keeps: its name, image, hosts, configuration, and what it may reach.
import { z } from "zod";
import {
    absolutePath,
    cidr,
    environmentVariableName,
    hostName,
    imageReference,
    port,
    registryServer,
    shortName,
    text,
} from "../fields.ts";
import { ownStores } from "../own-stores.ts";
import { scheduledSchema } from "../scheduled.ts";
import { volume } from "../volume.ts";

/** The most names of one HTTPRoute. Source: Gateway API, HTTPRouteSpec.hostnames. */
const hostLimit = 16;

export const shared = {
    name: shortName.describe(
        "Begins the names of the app's objects; also names its database and role, with `_` for `-`. Some names are taken.",
    ),
    image: imageReference.describe("One image for web, workers, beat, shell and release jobs (R28)."),
    registry: z
        .strictObject({
            server: registryServer.describe("What stands before the first slash of `image`."),
            username: z.string().min(1).describe("Its password: `secrets.registryPassword`."),
        })
        .optional()
        .meta({
            description: "A registry that asks for a login.",
            defaultsTo: "no login",
            alsoCalled: ["imagePullSecret", "imagePullSecrets", "dockerRegistry", "pullSecret"],
        }),
    environmentPrefix: text("capital letters, digits and underscores, ending in an underscore", /^[A-Z][A-Z0-9_]*_$/)
        .default("DJANGO_APP_")
        .describe("What the variables of the environment contract begin with."),
    hosts: z
        .array(hostName)
        .meta({
            alsoCalled: [
                "host",
                "hostname",
                "hostnames",
                "domain",
                "domains",
                "url",
                "urls",
                "allowedHosts",
                "ingress",
            ],
        })
        .min(1)
        .max(hostLimit)
        .describe("The names the app answers to; the first is the one that probes use (R2)."),
    environment: z
        .record(environmentVariableName, z.string())
        .default({})
        .meta({
            typeName: "variables' names with text",
            description: "Plain variables of every pod of the app; numbers and booleans in quotes.",
            alsoCalled: ["env", "envs", "envVars", "vars", "variables", "environmentVariables", "config", "configMap"],
        }),
    files: z
        .record(absolutePath, z.string())
        .default({})
        .meta({
            typeName: "absolute paths with text",
            description: "Whole files, mounted read-only at these paths, for example /etc/newrelic.ini.",
            alsoCalled: ["configFiles", "mounts", "volumeMounts"],
        }),
    volumes: z
        .record(
            shortName,
            z.strictObject({
                path: absolutePath.describe("Where every pod of the app has it, for example /data.").meta({
                    example: "/data",
                    alsoCalled: ["mountPath", "target", "mount"],
                }),
                ...volume,
            }),
        )
        .default({})
        .meta({
            description:
                "Folders that keep what the app writes, by names of your own: a volume each, mounted by every pod of the app. Such data is protected in production.",
            alsoCalled: ["volume", "persistence", "persistentVolumes", "dataVolumes", "pvc", "dataFolders", "disks"],
        }),
    runAs: z
        .strictObject({
            user: z.int().min(1).describe("Name both or none."),
            group: z.int().min(1).describe("As `user`."),
        })
        .meta({ alsoCalled: ["securityContext", "runAsUser", "uid"] })
        .default({ user: 10001, group: 10001 })
        .describe("The user of the image, as numbers: Kubernetes cannot check a name."),
    scheduled: scheduledSchema,
    stores: ownStores.prefault({}).describe("Stores of its own."),
    egress: z
        .strictObject({
            publicHttps: z
                .boolean()
                .default(false)
                .meta({ alsoCalled: ["internet", "https"] })
                .describe(
                    "Opens port 443 of public IPv4 addresses, for payment, mail and monitoring services; with buckets it is open anyway.",
                ),
            addresses: z
                .array(
                    z.strictObject({
                        cidr: cidr.describe(
                            "Where to, of a mail server for example: its addresses, for a NetworkPolicy knows no names.",
                        ),
                        port: port.describe("TCP."),
                    }),
                )
                .default([])
                .describe("Opens these."),
        })
        .prefault({})
        .meta({ alsoCalled: ["outbound", "outgoing", "networkPolicy"] })
        .describe("What pods may reach besides the stores and DNS; nothing unless named (R46)."),
};
