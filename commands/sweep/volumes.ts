// Volumes that outlived the namespace of their claim: their class retains them, or its driver could not delete the disk behind them.
// No state knows them, for a claim's controller made them.
import type { CoreV1Api, V1PersistentVolume } from "@kubernetes/client-node";

export interface FoundVolume {
    readonly name: string;
    /** That its claim was in. */
    readonly namespace: string;
    readonly created: Date;
    /** When it lost its claim. */
    readonly released: Date;
    /** As the claim asked for it: `1Gi`. */
    readonly storage: string;
    /** What the driver calls the disk. @default it has no driver */
    readonly disk?: string;
    readonly retained: boolean;
    /** What the driver said last. */
    readonly message?: string;
}

/** Those that have lost their claim. */
export async function volumesOf(core: CoreV1Api): Promise<FoundVolume[]> {
    const { items } = await core.listPersistentVolume();
    return items.flatMap((item) => foundVolume(item) ?? []);
}

export function foundVolume({ metadata, spec, status }: V1PersistentVolume): FoundVolume | undefined {
    const namespace = spec?.claimRef?.namespace;
    if (namespace === undefined || !["Released", "Failed"].includes(status?.phase ?? "")) {
        return undefined;
    }
    const disk = spec?.csi?.volumeHandle;
    return {
        name: metadata?.name ?? "",
        namespace,
        created: new Date(metadata?.creationTimestamp ?? 0),
        released: new Date(status?.lastPhaseTransitionTime ?? metadata?.creationTimestamp ?? 0),
        storage: spec?.capacity?.["storage"] ?? "",
        retained: spec?.persistentVolumeReclaimPolicy === "Retain",
        ...(disk !== undefined && { disk }),
        ...(status?.message !== undefined && status.message !== "" && { message: status.message }),
    };
}
