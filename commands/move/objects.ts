// What a move is made of in the cluster: a Job beside the database, its volume, the address in a Secret, and a way out to the one server.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type {
    V1ConfigMap,
    V1EnvVar,
    V1Job,
    V1NetworkPolicy,
    V1PersistentVolumeClaim,
    V1Secret,
    V1ServiceAccount,
} from "@kubernetes/client-node";
import { undisturbed } from "../../lib/eviction.ts";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { caPath, type Address } from "./address.ts";
import type { StackDatabase } from "./stack-database.ts";

/** One at a time: of all that belongs to a move. */
export const moveName = "database-move";

export type MoveMode = "dump" | "replicate" | "cutover" | "back";

export interface Move {
    readonly namespace: string;
    /** Into the stack's database, or out of it. */
    readonly direction: "in" | "out";
    readonly mode: MoveMode;
    readonly database: StackDatabase;
    readonly image: string;
    /** The database's name in the target, typed by a person. @default nothing may be removed */
    readonly confirm?: string | undefined;
    readonly readOnly: "auto" | "database" | "role" | "nothing";
    readonly jobs: number;
    readonly storage: string;
    readonly storageClass?: string | undefined;
}

export interface Outside {
    readonly address: Address;
    readonly ranges: readonly string[];
    /** PEM. */
    readonly ca?: string | undefined;
}

const scriptsFolder = join(import.meta.dirname, "scripts");

/** As the images' own user. */
const user = { user: 999, group: 999 };

function metadata(
    { namespace, database: { instance } }: Pick<Move, "namespace" | "database">,
    name: string = moveName,
) {
    return {
        name,
        namespace,
        labels: { ...objectLabels(instance, moveName), "app.kubernetes.io/managed-by": "make" },
    };
}

export function serviceAccount(move: Move): V1ServiceAccount {
    return { metadata: metadata(move), automountServiceAccountToken: false };
}

export function scriptsMap(move: Move): V1ConfigMap {
    const files = readdirSync(scriptsFolder).map((name) => [name, readFileSync(join(scriptsFolder, name), "utf8")]);
    return { metadata: metadata(move), data: Object.fromEntries(files) as Record<string, string> };
}

/** Of the server outside: it is here until the move has ended, so that another run needs no address. */
export function addressSecret(move: Move, { address, ca }: Outside): V1Secret {
    return {
        metadata: metadata(move),
        stringData: { URL: address.url, PASSWORD: address.password, ...(ca !== undefined && { "ca.pem": ca }) },
    };
}

export function volumeClaim(move: Move): V1PersistentVolumeClaim {
    return {
        metadata: metadata(move),
        spec: {
            accessModes: ["ReadWriteOnce"],
            ...(move.storageClass !== undefined && { storageClassName: move.storageClass }),
            resources: { requests: { storage: move.storage } },
        },
    };
}

/** The mover's way out, and with replication that of the database's own server, which asks the source itself. */
export function waysOut(move: Move, { address, ranges }: Outside): V1NetworkPolicy[] {
    const egress = [
        { to: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ protocol: "TCP", port: address.port }] },
    ];
    const policy = (name: string, matchLabels: Readonly<Record<string, string>>): V1NetworkPolicy => ({
        metadata: metadata(move, name),
        spec: { podSelector: { matchLabels: { ...matchLabels } }, policyTypes: ["Egress"], egress },
    });
    const { server } = move.database;
    const follows = move.direction === "in" && move.mode !== "dump" && server !== undefined;
    return [
        policy(`${moveName}-to-server`, ownLabels(move)),
        ...(follows ? [policy(`${moveName}-from-database`, server.labels)] : []),
    ];
}

function ownLabels({ database: { instance } }: Move): Readonly<Record<string, string>> {
    return workloadLabels({ name: moveName, instance });
}

export function job(move: Move): V1Job {
    const { database, image, direction, mode } = move;
    const { name, labels } = metadata(move);
    const [stack, outside] = direction === "in" ? ["TARGET", "SOURCE"] : ["SOURCE", "TARGET"];
    const environment: V1EnvVar[] = [
        { name: "MOVE_MODE", value: mode },
        { name: "MOVE_STATE", value: "/move/state" },
        { name: "MOVE_RESULT", value: "/dev/termination-log" },
        { name: "MOVE_STORE", value: database.store },
        { name: "MOVE_CONFIRM", value: move.confirm ?? "" },
        { name: "MOVE_READ_ONLY", value: move.readOnly },
        { name: "MOVE_JOBS", value: String(move.jobs) },
        { name: "TMPDIR", value: "/tmp" },
        { name: `${stack}_URL`, valueFrom: { secretKeyRef: { name: database.secret, key: "DATABASE_URL" } } },
        { name: `${outside}_URL`, valueFrom: { secretKeyRef: { name: moveName, key: "URL" } } },
        { name: `${outside}_PASSWORD`, valueFrom: { secretKeyRef: { name: moveName, key: "PASSWORD" } } },
    ];
    return {
        metadata: { ...metadata(move), labels: { ...labels, "django-on-kubernetes/store": database.store } },
        spec: {
            // A pod that was killed is followed by another, which goes on. What failed has been undone, and is a person's.
            backoffLimit: 6,
            podFailurePolicy: {
                rules: [
                    { action: "FailJob", onExitCodes: { containerName: "move", operator: "In", values: [1] } },
                    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
                ],
            },
            template: {
                metadata: {
                    labels: {
                        ...labels,
                        ...ownLabels(move),
                        ...database.clientLabels,
                        "django-on-kubernetes/store": database.store,
                    },
                    annotations: { ...undisturbed },
                },
                spec: {
                    serviceAccountName: name,
                    automountServiceAccountToken: false,
                    enableServiceLinks: false,
                    restartPolicy: "Never",
                    ...integratedPullSecrets(image),
                    securityContext: podSecurity(user) as Record<string, never>,
                    terminationGracePeriodSeconds: 60,
                    containers: [
                        {
                            name: "move",
                            image,
                            command: ["bash", "/scripts/move.sh"],
                            env: environment,
                            resources: {
                                requests: { cpu: "500m", memory: "512Mi" },
                                limits: { memory: "512Mi" },
                            },
                            securityContext: containerSecurity as Record<string, never>,
                            volumeMounts: [
                                { name: "move", mountPath: "/move" },
                                { name: "scripts", mountPath: "/scripts", readOnly: true },
                                { name: "ca", mountPath: caPath.replace(/\/[^/]*$/, ""), readOnly: true },
                                { name: "tmp", mountPath: "/tmp" },
                                ...database.certificates.map(({ mount }) => mount),
                            ],
                        },
                    ],
                    volumes: [
                        { name: "move", persistentVolumeClaim: { claimName: moveName } },
                        { name: "scripts", configMap: { name: moveName } },
                        {
                            name: "ca",
                            secret: {
                                secretName: moveName,
                                items: [{ key: "ca.pem", path: "ca.pem" }],
                                optional: true,
                            },
                        },
                        { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
                        ...database.certificates.map(({ volume }) => volume),
                    ],
                },
            },
        },
    };
}
