// A volume that several pods mount: how large, of which class, and whether pods of several nodes may.
import { z } from "zod";
import { byteQuantity, objectName } from "./fields.ts";

export const volume = {
    storage: byteQuantity
        .meta({ example: "2Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
        .describe("May grow where the storage class allows it."),
    accessMode: z
        .enum(["ReadWriteOnce", "ReadWriteMany"])
        .meta({ alsoSaid: { RWO: "ReadWriteOnce", RWX: "ReadWriteMany", RWOP: "ReadWriteOnce" } })
        .describe(
            "`ReadWriteOnce` keeps all Django pods on one node; a cluster of several nodes wants `ReadWriteMany`.",
        ),
    storageClass: objectName.optional().meta({
        description:
            "For `ReadWriteMany` one that has it: NFS, CephFS, EFS, Filestore. Not to be changed once data is there.",
        defaultsTo: "`platform.storageClass`, else the cluster's default",
        alsoCalled: ["storageClassName", "class"],
    }),
};
