// What happens to a server's data before the server starts: whether the image fits it, and a major upgrade.
import { readFileSync } from "node:fs";
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels } from "../../lib/labels.ts";
import { containerSecurity } from "../../lib/pod-security.ts";
import type { Placement } from "../contract.ts";
import { postgresImages, type PostgresVersion } from "./versions.ts";

/** A major version whose data is made into the server's own. */
export interface UpgradeFrom {
    readonly version: PostgresVersion;
    /** @default the official image of `version` */
    readonly image?: string;
    /** What becomes of the data of that version. */
    readonly original: "kept" | "removed";
}

/** Whose data it is. */
export interface DataPlace {
    readonly version: PostgresVersion;
    /** The data's directory on the volume, without an upgrade. */
    readonly base: string;
    readonly upgradeFrom?: UpgradeFrom;
    /** Of another moment, beside the data that was there. @default it is the data that was always there */
    readonly restore?: object;
}

export interface DataArgs extends DataPlace {
    readonly image: string;
    /** Where the image sorts text otherwise than the one that made the indexes. @default "stop" */
    readonly changedCollations?: "stop" | "reindex";
    /** The server's owner. */
    readonly user: string;
    /** A Secret with the owner's password. */
    readonly login: Input<string>;
    readonly resources: core.v1.ResourceRequirements;
    /** The server's, without that of its data. */
    readonly volumeMounts: readonly core.v1.VolumeMount[];
}

/** Hours, with a large disk. */
export const longestUpgrade = "12h";

const scripts = "/scripts";
const volume = "data-scripts";

/** An upgrade makes a directory of its own. When the one before is not needed any more, it takes that one's name. */
export function directoryOf({ base, version, upgradeFrom }: DataPlace): string {
    return upgradeFrom?.original === "kept" ? `${base}-${version}` : base;
}

export function dataScripts(
    name: string,
    { namespace, instance }: Pick<Placement, "namespace" | "instance">,
    { upgradeFrom }: Pick<DataPlace, "upgradeFrom">,
    parent: ComponentResource,
): core.v1.Volume {
    const files = ["server.sh", "check.sh", ...(upgradeFrom === undefined ? [] : ["dump.sh", "restore.sh"])];
    const { metadata } = new ConfigMap(
        `${name}-data-scripts`,
        {
            metadata: { namespace, labels: objectLabels(instance, "database") },
            immutable: true,
            data: Object.fromEntries(
                files.map((file) => [file, readFileSync(new URL(`data/${file}`, import.meta.url), "utf8")]),
            ),
        },
        { parent },
    );
    return { name: volume, configMap: { name: metadata.name } };
}

/** In the order in which they run. */
export function dataContainers(args: DataArgs): core.v1.Container[] {
    const { version, image, upgradeFrom } = args;
    const check = container(args, {
        name: "check-data",
        script: "check.sh",
        image,
        version,
        variables: {
            DIRECTORY: directoryOf(args),
            VERSION: version,
            COLLATIONS: args.changedCollations ?? "stop",
            ...(args.restore && { RESTORED: "true" }),
            ...(upgradeFrom && { FROM: upgradeFrom.version, ORIGINAL: upgradeFrom.original }),
        },
    });
    if (upgradeFrom === undefined) {
        return [check];
    }
    const variables = { FROM: upgradeFrom.version, TO: version };
    const old = upgradeFrom.image ?? postgresImages[upgradeFrom.version].image;
    return [
        container(args, { name: "dump", script: "dump.sh", image: old, version: upgradeFrom.version, variables }),
        container(args, { name: "restore-dump", script: "restore.sh", image, version, variables }),
        check,
    ];
}

interface Step {
    readonly name: string;
    readonly script: string;
    readonly image: string;
    readonly version: PostgresVersion;
    readonly variables: Readonly<Record<string, string>>;
}

function container(args: DataArgs, { name, script, image, version, variables }: Step): core.v1.Container {
    // Where this very image declares its volume: beside it an anonymous one would be mounted into ours.
    const { volumePath } = postgresImages[version];
    const own = { POSTGRES_USER: args.user, VOLUME: volumePath, BASE: args.base, ...variables };
    return {
        name,
        image,
        command: ["bash", `${scripts}/${script}`],
        // A new cluster is made with it.
        envFrom: [{ secretRef: { name: args.login } }],
        env: Object.entries(own).map(([key, value]) => ({ name: key, value })),
        resources: args.resources,
        securityContext: containerSecurity,
        // Why it ended: a sentence, or what a server printed last.
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
            { name: "data", mountPath: volumePath },
            ...args.volumeMounts,
            { name: volume, mountPath: scripts, readOnly: true },
        ],
    };
}
