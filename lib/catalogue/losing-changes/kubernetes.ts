// Objects in a cluster: what an update in place may lose.
import { backupMarks } from "../../backup-marks.ts";
import type { Inputs } from "../contract.ts";
import { atPath, objectsIn } from "./at-path.ts";
import type { LosingChange, LosingChanges, Safeties } from "./contract.ts";

const annotation = (name: string): string => `metadata.annotations["${name}"]`;

/** A text of digits, as a number: so it can be compared. */
function numeric(text: unknown): unknown {
    return typeof text === "string" && /^[0-9]+$/.test(text) ? Number(text) : text;
}

const numberAt =
    (path: string) =>
    (inputs: Inputs): unknown =>
        numeric(atPath(inputs, path));

/** Files of the server, and its log, go to a bucket from beside it. */
const archived: readonly LosingChange[] = [
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
    {
        path: annotation(backupMarks.recoveryPoint),
        // More minutes are less safe: what is archived so far apart is lost with the volume.
        read: (inputs) => {
            const minutes = numberAt(annotation(backupMarks.recoveryPoint))(inputs);
            return typeof minutes === "number" ? -minutes : minutes;
        },
        when: "less",
        happens: "more may be lost with the volume",
    },
];

/** Jobs that carry data out of the cluster, by their component's label. */
const carries = (inputs: Inputs): boolean =>
    atPath(inputs, 'metadata.labels["app.kubernetes.io/component"]') === "database-dump";

/** What a job that carries data is told, in whichever of its containers. */
function told(inputs: Inputs, name: string): unknown {
    const pod = atPath(inputs, "spec.jobTemplate.spec.template.spec");
    const containers = ["initContainers", "containers"].flatMap((kind) =>
        objectsIn(atPath(pod as Inputs | undefined, kind)),
    );
    return containers.flatMap(({ env }) => objectsIn(env)).find((one) => one["name"] === name)?.["value"];
}

const places = ["ENDPOINT", "BUCKET", "PREFIX"] as const;

const carried: readonly LosingChange[] = [
    {
        path: "spec.jobTemplate.spec.template.spec.containers[].env",
        read: (inputs) => {
            const place = places.map((name) => told(inputs, name));
            return carries(inputs) && place.some((part) => part !== undefined) ? place.join(" ") : undefined;
        },
        when: "other",
        happens: "no more backups go where they went; those that are there are not looked after any more",
    },
    {
        path: "KEEP_DAYS",
        read: (inputs) => (carries(inputs) ? numeric(told(inputs, "KEEP_DAYS")) : undefined),
        when: "less",
        happens: "older backups are deleted",
    },
    {
        path: "spec.suspend",
        read: (inputs) => carries(inputs) && atPath(inputs, "spec.suspend"),
        byDefault: false,
        when: "on",
        happens: "no more backups are made by it",
    },
];

const smaller: readonly LosingChange[] = [
    { path: "spec.resources.requests.storage", when: "less", happens: "a smaller volume" },
];

export const kubernetes = {
    "kubernetes:apps/v1:StatefulSet": archived,
    "kubernetes:batch/v1:CronJob": carried,
    "kubernetes:core/v1:PersistentVolumeClaim": smaller,
    "kubernetes:core/v1:PersistentVolumeClaimPatch": smaller,
} satisfies LosingChanges;

export const kubernetesSafeties = {
    "kubernetes:batch/v1:CronJob": {
        kind: "backups",
        when: (inputs) => carries(inputs) && atPath(inputs, "spec.suspend") !== true,
        of: "metadata.namespace",
        happens: "no more backups are made by it",
    },
} satisfies Safeties;
