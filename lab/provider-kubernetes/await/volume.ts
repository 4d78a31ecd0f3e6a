// Volumes: a claim is there when it is bound, unless its class waits for the first pod.
import { eventsText } from "./events.ts";
import type { KubeObject } from "../object.ts";
import { eventsAbout, failed, readyVerdict, waiting, type Awaiter, type Snapshot, type Verdict } from "./verdict.ts";

interface Volume extends KubeObject {
    readonly spec?: { readonly storageClassName?: string };
    readonly status?: { readonly phase?: string };
}

interface StorageClass extends KubeObject {
    readonly volumeBindingMode?: string;
}

export const persistentVolumeClaim: Awaiter = {
    timeout: 300,
    related: (applied) => ({
        events: eventsAbout(applied),
        ...((applied as Volume).spec?.storageClassName === undefined
            ? {}
            : {
                  classes: {
                      apiVersion: "storage.k8s.io/v1",
                      kind: "StorageClass",
                      namespace: undefined,
                      fieldSelector: `metadata.name=${(applied as Volume).spec?.storageClassName ?? ""}`,
                  },
              }),
    }),
    evaluate: (snapshot: Snapshot): Verdict => {
        if (snapshot.object === undefined) {
            return failed("it was deleted while it was waited for");
        }
        const phase = (snapshot.object as Volume).status?.phase;
        if (phase === "Bound") {
            return readyVerdict;
        }
        const classes = (snapshot.related["classes"] ?? []) as readonly StorageClass[];
        if (classes.some((storageClass) => storageClass.volumeBindingMode === "WaitForFirstConsumer")) {
            return readyVerdict;
        }
        if (phase === "Lost") {
            return failed("the volume that it was bound to is gone");
        }
        return waiting(`not bound to a volume yet${eventsText(snapshot.related["events"] ?? [])}`);
    },
    advice: "Check that the cluster has the StorageClass, and something that makes its volumes.",
};

export const persistentVolume: Awaiter = {
    timeout: 300,
    evaluate: (snapshot: Snapshot): Verdict => {
        if (snapshot.object === undefined) {
            return failed("it was deleted while it was waited for");
        }
        const phase = (snapshot.object as Volume).status?.phase;
        return phase === "Available" || phase === "Bound" ? readyVerdict : waiting(`phase ${phase ?? "unknown"}`);
    },
};
