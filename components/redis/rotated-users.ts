// Numbered users of servers that speak Redis's protocol: what a server begins with, and the jobs that let a user in at those that run, and
// out again once nobody comes with it any more. The servers themselves never start anew for it.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, type Labels } from "../../lib/labels.ts";
import { closedUser, keeper, numberedUser, passwordHash, unnamedUser, userLine } from "../../lib/redis-users.ts";
import { redisUserSizes } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { generation } from "../password/generations.ts";
import { givenOrGenerated } from "../password/password.ts";
import { rotationJob } from "../password/rotation-job.ts";
import { redisEngines, redisUser, type RedisEngine } from "./engines.ts";

export interface RotatedUsersArgs extends Placement {
    readonly engine: RedisEngine;
    /** @default the official image of `engine` */
    readonly image?: string;
    readonly number: number;
    /** Of the newest user. @default generated */
    readonly password?: pulumi.Output<string>;
    /** `cache` or `broker`. */
    readonly component: string;
    /** Names under which all servers are found, each of one or of several. */
    readonly hosts: readonly string[];
    /** The labels that let a pod in to the servers. */
    readonly clients: Labels;
}

type Directives = ReadonlyArray<readonly [name: string, ...args: string[]]>;

/** What a server's pod gets of it. */
export interface UsersOfServer {
    /** What the server's configuration says besides. */
    readonly directives: pulumi.Output<Directives>;
    readonly volumes: core.v1.Volume[];
    readonly volumeMounts: core.v1.VolumeMount[];
    /** What the server's own command stands behind. */
    readonly start: readonly string[];
    /** What is there before the pod starts. */
    readonly needs: readonly pulumi.Resource[];
    /** Where its probes have their password, and as whom they ask. */
    readonly probe: { readonly secret: pulumi.Input<string>; readonly key: string; readonly user: string };
}

const scripts = "/etc/redis-scripts";
const retiredPath = "/etc/redis-retired";
const usersPath = "/etc/redis-users";

/** Seconds. */
const deadline = 300;

export class RotatedUsers {
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly keeperPassword: pulumi.Output<string>;
    readonly server: UsersOfServer;
    private readonly name: string;
    private readonly args: RotatedUsersArgs;
    private readonly parent: pulumi.ComponentResource;
    private readonly files: ConfigMap;
    private readonly keeperSecret: Secret;
    private readonly usersSecret: Secret;

    /** @param name the store's */
    constructor(name: string, args: RotatedUsersArgs, parent: pulumi.ComponentResource) {
        this.name = name;
        this.args = args;
        this.parent = parent;
        const { number } = args;
        const opts = { parent };
        this.user = numberedUser(number);
        this.password = args.password ?? generation(`${name}-login-password`, number, opts);
        // Before there were numbers.
        const first = givenOrGenerated(`${name}-password`, args.password, opts);
        const before =
            number === 0 || args.password !== undefined
                ? undefined
                : generation(`${name}-login-password`, number - 1, opts);
        this.keeperPassword = givenOrGenerated(`${name}-keeper-password`, undefined, opts);

        const metadata = this.metadata();
        const keeperName = `${name}-keeper`;
        this.keeperSecret = new Secret(
            keeperName,
            { metadata, immutable: true, stringData: { password: this.keeperPassword } },
            opts,
        );
        this.files = new ConfigMap(
            `${name}-scripts`,
            {
                metadata,
                immutable: true,
                data: { "start.sh": script("start.sh"), "users.sh": script("users.sh") },
            },
            opts,
        );
        const texts = pulumi.all([this.keeperPassword, this.password, before, first] as const);
        this.usersSecret = new Secret(
            `${name}-users`,
            {
                // Under one name for good, so that a server's pod stays as it is while it changes.
                metadata: { ...metadata, name: usersName(name) },
                stringData: {
                    number: String(number),
                    "now.acl": texts.apply(
                        ([ofKeeper, now]) => userLine(keeper, ofKeeper) + userLine(numberedUser(number), now),
                    ),
                    "before.acl": texts.apply(
                        ([, , previous, plain]) =>
                            (previous === undefined ? "" : userLine(numberedUser(number - 1), previous)) +
                            // Whoever had the plain password when the first number came.
                            (number <= 1 ? userLine(unnamedUser, plain) : closedUser(unnamedUser)),
                    ),
                    "after.acl": closedUser(unnamedUser),
                },
            },
            opts,
        );
        this.server = this.ofServer();
    }

    /** @param servers what has to run before */
    admit(servers: readonly pulumi.Resource[]): void {
        // Of a password that somebody chose it could be guessed: it is a secret too.
        const hash = new Secret(
            `${this.name}-login-hash`,
            {
                metadata: this.metadata(),
                immutable: true,
                stringData: { hash: this.password.apply(passwordHash) },
            },
            { parent: this.parent },
        );
        this.job(
            "admit",
            ["admit", this.user, ...this.args.hosts],
            {
                deadline,
                after: [...servers, this.usersSecret],
                annotations: {},
                env: [{ name: "LOGIN_HASH", valueFrom: { secretKeyRef: { name: hash.metadata.name, key: "hash" } } }],
            },
            this.parent,
        );
    }

    /**
     * Once the pods of the release before have gone.
     *
     * @param grace seconds that they may take for that
     * @param after the rollout
     */
    retire(grace: number, after: readonly pulumi.Resource[], parent: pulumi.ComponentResource): void {
        const { number, hosts } = this.args;
        new ConfigMap(
            `${this.name}-retired`,
            { metadata: { ...this.metadata(), name: retiredName(this.name) }, data: { number: String(number) } },
            { parent, dependsOn: [...after] },
        );
        this.job(
            "retire",
            ["retire", String(number), String(grace), ...hosts],
            // The update ends while it waits: nothing that comes after needs it.
            { deadline: grace + deadline, after, annotations: { "pulumi.com/skipAwait": "true" } },
            parent,
        );
    }

    private metadata() {
        const { namespace, instance, component } = this.args;
        return { namespace, labels: objectLabels(instance, component) };
    }

    private ofServer(): UsersOfServer {
        return {
            directives: this.keeperPassword.apply((password): Directives => [
                ["aclfile", "/data/users.acl"],
                ["masteruser", keeper],
                ["masterauth", password],
            ]),
            volumes: [
                { name: "users", secret: { secretName: usersName(this.name) } },
                { name: "retired", configMap: { name: retiredName(this.name), optional: true } },
                { name: "scripts", configMap: { name: this.files.metadata.name } },
            ],
            volumeMounts: [
                { name: "users", mountPath: usersPath, readOnly: true },
                { name: "retired", mountPath: retiredPath, readOnly: true },
                { name: "scripts", mountPath: scripts, readOnly: true },
            ],
            needs: [this.usersSecret],
            start: ["sh", `${scripts}/start.sh`],
            probe: { secret: this.keeperSecret.metadata.name, key: "password", user: keeper },
        };
    }

    private job(
        step: "admit" | "retire",
        args: readonly string[],
        { env = [], ...rest }: Step,
        parent: pulumi.ComponentResource,
    ): void {
        const { engine } = this.args;
        const password = { secretKeyRef: { name: this.keeperSecret.metadata.name, key: "password" } };
        rotationJob(
            this.name,
            {
                ...this.args,
                ...rest,
                step,
                image: this.args.image ?? redisEngines[engine].image,
                size: redisUserSizes,
                user: redisUser,
                command: ["sh", `${scripts}/users.sh`, redisEngines[engine].client, ...args],
                env: [{ name: "REDISCLI_AUTH", valueFrom: password }, ...env],
                volumes: [{ name: "scripts", configMap: { name: this.files.metadata.name } }],
                volumeMounts: [{ name: "scripts", mountPath: scripts, readOnly: true }],
            },
            parent,
        );
    }
}

interface Step {
    readonly deadline: number;
    readonly after: readonly pulumi.Resource[];
    readonly annotations: Readonly<Record<string, string>>;
    /** What it is told beside. @default nothing */
    readonly env?: readonly core.v1.EnvVar[];
}

function usersName(store: string): string {
    return `${store}-users`;
}

function retiredName(store: string): string {
    return `${store}-retired`;
}

function script(file: string): string {
    return readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8");
}
