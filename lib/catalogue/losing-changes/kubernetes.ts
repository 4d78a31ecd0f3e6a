// Objects in a cluster: what an update in place may lose.
import { backupMarks } from "../../backup-marks.ts";
import type { Inputs } from "../contract.ts";
import { atPath } from "./at-path.ts";
import type { LosingChange, LosingChanges, Safeties } from "./contract.ts";

const annotation = (name: string): string => `metadata.annotations["${name}"]`;

/** An annotation is a text, as a number it can be compared. */
const numberAt =
    (path: string) =>
    (inputs: Inputs): unknown => {
        const text = atPath(inputs, path);
        return typeof text === "string" && /^[0-9]+$/.test(text) ? Number(text) : text;
    };

const marked: readonly LosingChange[] = [
    {
        path: annotation(backupMarks.to),
        when: "other",
        happens: "no more backups go where they went; those that are there are not looked after any more",
    },
    {
        path: annotation(backupMarks.keepDays),
        read: numberAt(annotation(backupMarks.keepDays)),
        when: "less",
        happens: "older backups are deleted",
    },
];

/** More minutes are less safe: what is archived so far apart is lost with the volume. */
const archived: LosingChange = {
    path: annotation(backupMarks.recoveryPoint),
    read: (inputs) => {
        const minutes = numberAt(annotation(backupMarks.recoveryPoint))(inputs);
        return typeof minutes === "number" ? -minutes : minutes;
    },
    when: "less",
    happens: "more may be lost with the volume",
};

const smaller: readonly LosingChange[] = [
    { path: "spec.resources.requests.storage", when: "less", happens: "a smaller volume" },
];

export const kubernetes = {
    "kubernetes:apps/v1:StatefulSet": [...marked, archived],
    "kubernetes:batch/v1:CronJob": marked,
    "kubernetes:core/v1:PersistentVolumeClaim": smaller,
    "kubernetes:core/v1:PersistentVolumeClaimPatch": smaller,
} satisfies LosingChanges;

export const kubernetesSafeties = {
    "kubernetes:batch/v1:CronJob": {
        kind: "backups",
        when: (inputs) => atPath(inputs, annotation(backupMarks.to)) !== undefined,
        of: "metadata.namespace",
        happens: "no more backups are made by it",
    },
} satisfies Safeties;
