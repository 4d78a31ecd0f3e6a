// A container of an app's release in a pod of somebody else's, where it finds another database than its own: the restored one of a drill.
// Settings want every variable that the app is told; of the stores it is told such as lead nowhere, and nothing that opens one. What the
// owner gave it by `secrets` it has, for its settings may not be read without; the pod's network lets it go nowhere with it.
import * as pulumi from "@pulumi/pulumi";
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { containerSecurity } from "../../lib/pod-security.ts";
import { resourcesOf, usualTmp } from "../../lib/resources.ts";
import type { AccessKey, AssetBuckets, Assets } from "../assets/contract.ts";
import type { Broker } from "../broker/contract.ts";
import type { Cache } from "../cache/contract.ts";
import type { Database } from "../database/contract.ts";
import { createConfiguration } from "./configuration.ts";
import type { DjangoArgs, Stores } from "./contract.ts";

/** It lets in whoever reaches it. */
export type OtherDatabase = Pick<Database, "host" | "port" | "name" | "user">;

export interface ElsewhereArgs {
    /** Of what is made for it. */
    readonly name: string;
    /** The container's name. */
    readonly role: string;
    readonly command: readonly string[];
    readonly database: OtherDatabase;
    /** Of the pod's other volumes. */
    readonly volumeMounts: readonly core.v1.VolumeMount[];
}

export interface Elsewhere {
    readonly container: core.v1.Container;
    /** What the container mounts beside `volumeMounts`. */
    readonly volumes: readonly core.v1.Volume[];
    readonly imagePullSecrets: readonly core.v1.LocalObjectReference[];
    /** What the release is done with: until then the pod is as before. */
    readonly after: readonly Resource[];
}

/** @param parent whose pod it is: what is made for the container is its own, not the app's (R93) */
export function createElsewhere(
    args: DjangoArgs,
    released: readonly Resource[],
    { name, role, command, database, volumeMounts }: ElsewhereArgs,
    parent: ComponentResource,
): Elsewhere {
    const { superuser: _, ...others } = args;
    const told: DjangoArgs = {
        ...others,
        stores: standIns(args.stores, database),
        secrets: { ...args.secrets, secretKey: standIn },
    };
    const configuration = createConfiguration(name, told, parent);
    const tmp = `${role}-tmp`;
    return {
        container: {
            name: role,
            image: args.image,
            command: [...command],
            envFrom: configuration.envFrom,
            env: [{ name: "HOME", value: "/tmp" }],
            resources: resourcesOf(args.processes.web.size),
            securityContext: { ...containerSecurity, runAsUser: args.runAs.user, runAsGroup: args.runAs.group },
            terminationMessagePolicy: "FallbackToLogsOnError",
            volumeMounts: [{ name: tmp, mountPath: "/tmp" }, ...configuration.volumeMounts, ...volumeMounts],
        },
        volumes: [{ name: tmp, emptyDir: { sizeLimit: usualTmp } }, ...configuration.volumes],
        imagePullSecrets: configuration.imagePullSecrets,
        after: released,
    };
}

/** Opens nothing. As long as a SECRET_KEY has to be. */
const standIn = pulumi.secret("this-is-no-secret-and-opens-nothing-anywhere-in-the-world");

/** The pod itself, where nobody listens at the ports of stores but the other database. */
const here = "127.0.0.1";

function standIns({ cache, broker, assets }: Stores, database: OtherDatabase): Stores {
    return {
        database: {
            host: database.host,
            port: database.port,
            name: database.name,
            user: database.user,
            password: standIn,
            sslMode: "disable",
            clientLabels: {},
            maxConnections: 100,
        },
        ...(cache && { cache: standInCache(cache) }),
        ...(broker && { broker: standInBroker(broker) }),
        assets: standInAssets(assets),
    };
}

function standInCache(cache: Cache): Cache {
    const { backend, protocol } = cache;
    return protocol === "redis"
        ? { protocol, backend, primary: { host: here, port: 6379 }, replicas: [], clientLabels: {} }
        : { protocol, backend, servers: [{ host: here, port: 11211 }], clientLabels: {} };
}

function standInBroker({ protocol, queueType }: Broker): Broker {
    const url = protocol === "redis" ? `redis://${here}:6379/0` : `amqp://${here}:5672//`;
    return { protocol, url: pulumi.output(url), ...(queueType && { queueType }), clientLabels: {} };
}

/** Where files are is told, and no key with it. */
function standInAssets({ buckets, serviceAccountAnnotations: _, staticWriter: __, ...assets }: Assets): Assets {
    return buckets === undefined ? assets : { ...assets, buckets: standInBuckets(buckets) };
}

function standInBuckets({ accessKey, staticAccessKey: _, ...buckets }: AssetBuckets): AssetBuckets {
    const none: AccessKey = { id: standIn, secret: standIn };
    return { ...buckets, ...(accessKey && { accessKey: none }) };
}
