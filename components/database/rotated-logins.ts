// Numbered logins to a database: each number a role of its own that acts as the owner, so that pods of the release before log in with
// theirs until they are gone.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { objectLabels, type Labels } from "../../lib/labels.ts";
import { psqlSizes } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { generation } from "../password/generations.ts";
import { givenOrGenerated } from "../password/password.ts";
import type { Database, Login, Server } from "./contract.ts";
import { psqlJob, scripts, type PsqlJobArgs } from "./psql-job.ts";
import { postgresImages } from "./versions.ts";

export interface RotatedLoginsArgs extends Placement {
    /** The database as its first role sees it. */
    readonly database: Database;
    readonly number: number;
    /** The newest login's. @default generated */
    readonly password?: pulumi.Output<string>;
    /** Who may make roles on its server. @default the first role itself */
    readonly administrator?: Server;
    /** Which restored data its server has: another is another run of the jobs. @default what it began with */
    readonly restored?: string;
    /** Where the password is that the server began with, where a later one that is given does not change it. */
    readonly firstPassword?: { readonly secret: pulumi.Input<string>; readonly key: string };
    /** An image with psql. @default the official image of PostgreSQL 17 */
    readonly image?: string;
    /** What has to be there before the server lets a job in. */
    readonly after: readonly pulumi.Resource[];
}

interface Step extends Pick<
    PsqlJobArgs,
    "command" | "environment" | "deadline" | "after" | "annotations" | "component" | "store"
> {
    /** Secrets of this step alone. */
    readonly own: Readonly<Record<string, pulumi.Output<string>>> | undefined;
}

const files = ["as-first.sh", "login.sql", "retire-logins.sql"] as const;

/** Seconds. */
const deadline = 300;

export class RotatedLogins extends pulumi.ComponentResource implements Database {
    readonly host: Database["host"];
    readonly port: Database["port"];
    readonly name: Database["name"];
    readonly user: pulumi.Output<string>;
    readonly password: pulumi.Output<string>;
    /** Of the number before: good until the rollout is over. @default nobody knows it, for it was given */
    readonly previous?: Login;
    readonly sslMode?: NonNullable<Database["sslMode"]>;
    readonly ca?: NonNullable<Database["ca"]>;
    readonly pooled: boolean;
    readonly keepsSessions: boolean;
    readonly administrator?: NonNullable<Database["administrator"]>;
    readonly replica?: NonNullable<Database["replica"]>;
    readonly clientLabels: Labels;
    readonly cidrs?: NonNullable<Database["cidrs"]>;
    readonly maxConnections: number;
    readonly restored?: string;
    readonly claims?: NonNullable<Database["claims"]>;
    private readonly label: string;
    private readonly args: RotatedLoginsArgs;
    /** Of the first role, once its logins are numbered; nobody but jobs of rotations has it. */
    private readonly administratorPassword: pulumi.Output<string> | undefined;

    /** @param name the database's component's */
    constructor(name: string, args: RotatedLoginsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:database:RotatedLogins", `${name}-logins`, {}, opts);
        const { database, number } = args;
        this.label = name;
        this.args = args;
        this.host = database.host;
        this.port = database.port;
        this.name = database.name;
        this.pooled = database.pooled ?? false;
        this.keepsSessions = database.keepsSessions ?? false;
        this.clientLabels = database.clientLabels;
        this.maxConnections = database.maxConnections;
        for (const key of ["sslMode", "ca", "administrator", "replica", "cidrs", "restored", "claims"] as const) {
            if (database[key] !== undefined) {
                Object.assign(this, { [key]: database[key] });
            }
        }

        const first = pulumi.output(database.user);
        this.user = first.apply((role) => loginRole(role, number));
        const password = `${name}-login-password`;
        this.password = args.password ?? generation(password, number, { parent: this });
        if (args.password === undefined) {
            this.previous =
                number === 1
                    ? { user: first, password: database.password }
                    : {
                          user: first.apply((role) => loginRole(role, number - 1)),
                          password: generation(password, number - 1, { parent: this }),
                      };
        }
        this.administratorPassword =
            args.administrator === undefined
                ? givenOrGenerated(`${name}-administrator-password`, undefined, { parent: this })
                : undefined;
        this.createLogin();

        this.registerOutputs({ user: this.user });
    }

    /**
     * Once the pods of the release before have gone.
     *
     * @param grace seconds that they may take for that
     * @param after the rollout
     */
    retire(grace: number, after: readonly pulumi.Resource[], parent: pulumi.ComponentResource): void {
        const { number } = this.args;
        this.job(
            "retire",
            {
                command: ["sh", "-c", retirement, "sh", String(grace)],
                environment: { LOGIN_NUMBER: String(number), STORE: this.label },
                own: this.administratorPassword && { NEW_ADMINISTRATOR_PASSWORD: this.administratorPassword },
                deadline: grace + deadline,
                // The update ends while it waits: nothing that comes after needs it.
                annotations: { "pulumi.com/skipAwait": "true" },
                component: "database-rotation",
                store: this.label,
                after,
            },
            parent,
        );
    }

    private createLogin(): void {
        const { number, after } = this.args;
        this.job(
            "login",
            {
                command: ["sh", `${scripts}/as-first.sh`, `--file=${scripts}/login.sql`],
                environment: { LOGIN_ROLE: this.user, LOGIN_NUMBER: String(number) },
                own: { LOGIN_PASSWORD: this.password },
                deadline,
                after,
            },
            this,
        );
    }

    private job(step: string, { own, environment, ...rest }: Step, parent: pulumi.ComponentResource): void {
        const {
            namespace,
            instance,
            database,
            administrator,
            restored,
            firstPassword,
            image = postgresImages["17"].image,
        } = this.args;
        const name = `${this.label}-${step}`;
        const metadata = { namespace, labels: objectLabels(instance, "database") };
        const stringData = {
            ...(this.administratorPassword && { ADMINISTRATOR_PASSWORD: this.administratorPassword }),
            ...(firstPassword === undefined && { FIRST_PASSWORD: administrator?.password ?? database.password }),
            ...own,
        };
        const secret = new Secret(`${name}-secrets`, { metadata, immutable: true, stringData }, { parent });
        const { sslMode, ca } = database;
        const authority = ca === "public" ? undefined : ca;
        const map = new ConfigMap(
            `${name}-scripts`,
            {
                metadata,
                immutable: true,
                data: {
                    ...Object.fromEntries(files.map((file) => [file, script(file)])),
                    ...(authority && { "ca.pem": authority }),
                },
            },
            { parent },
        );
        const [key, ...keys] = Object.keys(stringData);
        psqlJob(
            name,
            {
                ...rest,
                namespace,
                instance,
                account: name,
                image,
                size: psqlSizes.create,
                server: {
                    host: database.host,
                    port: database.port,
                    user: administrator?.user ?? database.user,
                    name: database.name,
                    ...(sslMode !== undefined && { sslMode }),
                    ...(authority !== undefined && { ca: authority }),
                },
                clientLabels: database.clientLabels,
                secrets: { from: secret, keys: [key!, ...keys] },
                environment: {
                    FIRST_ROLE: database.user,
                    ...(restored !== undefined && { RESTORED_DATA: restored }),
                    ...environment,
                },
                variables:
                    firstPassword === undefined
                        ? []
                        : [
                              {
                                  name: "FIRST_PASSWORD",
                                  valueFrom: { secretKeyRef: { name: firstPassword.secret, key: firstPassword.key } },
                              },
                          ],
                files: { configMap: { name: map.metadata.name } },
            },
            parent,
        );
    }
}

/** What it says is in the log, and where status reads it without a look into the pod. */
const retirement = `export STARTED="$(date -u +%FT%TZ)"; sleep "$1"; said=$(sh ${scripts}/as-first.sh --file=${scripts}/retire-logins.sql) && echo "$said" | tee /dev/termination-log`;

/** At most 63 characters are a name: what PostgreSQL would cut off is cut off before the number. */
export function loginRole(first: string, number: number): string {
    const suffix = `_${number}`;
    return first.slice(0, 63 - suffix.length) + suffix;
}

function script(file: (typeof files)[number]): string {
    return readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8");
}
