// The pod of one Redis or Valkey server: the cache's primary, its replicas and the broker differ in configuration only.
import type { Input } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { mayGoWith, undisturbed } from "../../lib/eviction.ts";
import type { Labels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { resourcesOf, type Size } from "../../lib/resources.ts";
import type { UsersOfServer } from "./rotated-users.ts";
import { redisEngines, redisPort, redisUser, type RedisEngine } from "./engines.ts";

export interface RedisPodArgs {
    readonly engine: RedisEngine;
    /** @default the official image of `engine` */
    readonly image?: string;
    readonly size: Size;
    readonly labels: Labels;
    readonly serviceAccount: Input<string>;
    /** A Secret with the server's configuration file under `configurationKey`, and the password under `password`. */
    readonly secret: Input<string>;
    readonly configurationKey: string;
    /** A pod is ready once this says so; the client's `PING` when absent. */
    readonly startupCommand?: (client: string) => string[];
    /** Numbered users instead of one password. @default `secret` has the password */
    readonly users?: UsersOfServer;
    /** Where /data is kept; a claim template of the same name in a StatefulSet, or an emptyDir. */
    readonly data: "claim" | "empty";
    /** @default none */
    readonly topologySpreadConstraints?: core.v1.TopologySpreadConstraint[];
}

const configurationPath = "/etc/redis";

export function redisPod(args: RedisPodArgs): core.v1.PodTemplateSpec {
    return {
        metadata: {
            labels: args.labels,
            // What is kept on a disk is a broker's, and there is one: while it moves, nothing is queued (R80).
            annotations: args.data === "claim" ? undisturbed : mayGoWith("data"),
        },
        spec: {
            serviceAccountName: args.serviceAccount,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            ...integratedPullSecrets(args.image),
            securityContext: podSecurity(redisUser),
            terminationGracePeriodSeconds: 30,
            containers: [container(args)],
            volumes: [
                {
                    name: "configuration",
                    secret: { secretName: args.secret, items: [{ key: args.configurationKey, path: "redis.conf" }] },
                },
                ...(args.users?.volumes ?? []),
                ...(args.data === "empty" ? [{ name: "data", emptyDir: { sizeLimit: args.size.memory } }] : []),
            ],
            ...(args.topologySpreadConstraints && { topologySpreadConstraints: args.topologySpreadConstraints }),
        },
    };
}

function container(args: RedisPodArgs): core.v1.Container {
    const { image, server, client } = redisEngines[args.engine];
    // `-e`: exits with an error when the server answers with one, for example while it loads its data.
    const { users } = args;
    const asking = users === undefined ? client : `${client} --user ${users.probe.user}`;
    const answers = { exec: { command: [...asking.split(" "), "-e", "ping"] }, timeoutSeconds: 5 };
    const password = users?.probe ?? { secret: args.secret, key: "password" };
    return {
        name: args.engine,
        image: args.image ?? image,
        command: [...(users?.start ?? []), server, `${configurationPath}/redis.conf`],
        // The client reads the password from here, never from its arguments, which every process can list.
        env: [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: password.secret, key: password.key } } }],
        ports: [{ name: "redis", containerPort: redisPort }],
        startupProbe: {
            exec: { command: args.startupCommand?.(asking) ?? answers.exec.command },
            timeoutSeconds: 5,
            periodSeconds: 1,
            failureThreshold: 300,
        },
        readinessProbe: { ...answers, periodSeconds: 5 },
        livenessProbe: { ...answers, periodSeconds: 10, failureThreshold: 6 },
        resources: resourcesOf(args.size),
        securityContext: containerSecurity,
        volumeMounts: [
            { name: "configuration", mountPath: configurationPath, readOnly: true },
            { name: "data", mountPath: "/data" },
            ...(users?.volumeMounts ?? []),
        ],
    };
}
