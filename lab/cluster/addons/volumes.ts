// Persistent volumes: directories of this machine, made when a pod first needs them.
import { mkdir } from "node:fs/promises";
import { kubeconfigOf } from "../kubeconfig.ts";
import { places, sharedStorageClass, storageClass } from "../layout.ts";
import { rights, type Addon, type AnyObject } from "./addon.ts";

const provisioner = "django-on-kubernetes/local-path";

export async function volumes(executable: (name: string) => string): Promise<Addon> {
    // Closed: the volumes in it are open to every user, because any pod must be able to write to its own.
    await mkdir(places.volumes, { recursive: true, mode: 0o700 });
    return {
        server: {
            name: "local-path-provisioner",
            command: executable("local-path-provisioner"),
            args: [
                `--kubeconfig=${kubeconfigOf("volumes")}`,
                `--directory=${places.volumes}`,
                `--provisioner=${provisioner}`,
            ],
            // It has no health endpoint, and retries by itself.
            ready: () => Promise.resolve(true),
        },
        objects: [
            ...rights("volumes", [
                { apiGroups: [""], resources: ["persistentvolumeclaims", "nodes"], verbs: ["get", "list", "watch"] },
                {
                    apiGroups: [""],
                    resources: ["persistentvolumes"],
                    verbs: ["get", "list", "watch", "create", "patch", "update", "delete"],
                },
                { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list", "watch"] },
                { apiGroups: [""], resources: ["events"], verbs: ["create", "patch", "update"] },
            ]),
            {
                apiVersion: "storage.k8s.io/v1",
                kind: "StorageClass",
                metadata: {
                    name: storageClass,
                    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
                },
                provisioner,
                volumeBindingMode: "WaitForFirstConsumer",
                reclaimPolicy: "Delete",
            } as AnyObject,
            // As a file server's: bound at once, before any pod has a node.
            {
                apiVersion: "storage.k8s.io/v1",
                kind: "StorageClass",
                metadata: { name: sharedStorageClass },
                provisioner,
                parameters: { shared: "true" },
                volumeBindingMode: "Immediate",
                reclaimPolicy: "Delete",
            } as AnyObject,
        ],
    };
}
