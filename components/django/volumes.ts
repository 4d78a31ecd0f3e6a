// What every pod of an app mounts besides its configuration: static files, uploaded files, and folders of the app's own.
import type { ComponentResource } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { volumeClaim } from "../volume/claim.ts";
import type { DjangoArgs } from "./contract.ts";

export interface PodVolumes {
    readonly volumes: core.v1.Volume[];
    /** @param writesAssets whether static files may be written too */
    readonly mounts: (writesAssets: boolean) => core.v1.VolumeMount[];
    /** Those whose pods have to be on one node, for a volume of theirs is. @default no such volume */
    readonly oneNode?: string;
}

export function createVolumes(name: string, args: DjangoArgs, parent: ComponentResource): PodVolumes {
    const { assets } = args.stores;
    const own = Object.entries(args.volumes ?? {}).map(([volume, { path, ...size }]) => {
        const called = `${args.app}-volume-${volume}`;
        const claim = volumeClaim(
            `${name}-volume-${volume}`,
            { called, component: "volume", holds: "given" },
            size,
            args,
            parent,
        );
        return { name: `volume-${volume}`, claim: claim.metadata.name, path, accessMode: size.accessMode };
    });
    // On a volume that apps share, each has a folder of its own.
    const folder = args.prefixes?.files === undefined ? {} : { subPath: args.prefixes.files.replace(/\/$/, "") };
    const files = [
        ...(assets.volume === undefined ? [] : [{ name: "assets", ...assets.volume }]),
        ...(assets.media === undefined ? [] : [{ name: "media", ...assets.media }]),
    ];
    const oneNode = assets.oneNode ?? (own.some(isOfOneNode) ? args.app : undefined);
    return {
        volumes: [...files, ...own].map((volume) => ({
            name: volume.name,
            persistentVolumeClaim: { claimName: volume.claim },
        })),
        mounts: (writesAssets) => [
            ...files.map((volume) => ({
                name: volume.name,
                mountPath: volume.path,
                ...(volume.name === "assets" && { readOnly: !writesAssets }),
                ...folder,
            })),
            ...own.map((volume) => ({ name: volume.name, mountPath: volume.path })),
        ],
        ...(oneNode !== undefined && { oneNode }),
    };
}

function isOfOneNode({ accessMode }: { readonly accessMode: string }): boolean {
    return accessMode === "ReadWriteOnce";
}
