// A PostgreSQL server that is there: nothing of it is made or changed.
import * as pulumi from "@pulumi/pulumi";
import { reaches, type Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import {
    externalServers,
    hostFor,
    type ExternalServer,
    type ExternalTls,
    type ServerClaims,
} from "../network/external-server.ts";
import { inPlaceOf } from "../variants.ts";
import { connectionLimit } from "./connection-limit.ts";
import type { Database } from "./contract.ts";

export interface ExternalDatabaseArgs extends Placement {
    /** Where the settings of it and its password stand, for messages. */
    readonly setting: string;
    readonly passwordSetting: string;
    readonly server: ExternalServer;
    readonly database: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly tls: ExternalTls;
    /** The address ranges that the server is in. */
    readonly cidrs: readonly string[];
    readonly maxConnections: number;
    /** Whether the server is a pooler that lends connections per transaction. */
    readonly pooled: boolean;
    /** Who makes databases and roles there. @default nobody */
    readonly administrator?: { readonly user: string; readonly password: pulumi.Output<string> };
}

const type = "django-on-kubernetes:database:External";

export class ExternalDatabase extends pulumi.ComponentResource implements Database {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly sslMode: NonNullable<Database["sslMode"]>;
    readonly ca?: NonNullable<Database["ca"]>;
    readonly pooled: boolean;
    readonly administrator?: NonNullable<Database["administrator"]>;
    readonly clientLabels: Labels;
    readonly cidrs: readonly string[];
    readonly maxConnections: number;
    readonly claims: ServerClaims;

    constructor(name: string, args: ExternalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { server, tls, cidrs, maxConnections, pooled, administrator } = args;
        this.host = hostFor(name, server, tls);
        this.port = server.port;
        this.name = args.database;
        this.user = args.user;
        this.password = pulumi.secret(args.password);
        this.sslMode = tls.mode;
        if (tls.ca !== undefined) {
            this.ca = pulumi.output(tls.ca);
        } else if (tls.mode === "verify-full") {
            this.ca = "public";
        }
        this.pooled = pooled;
        if (administrator !== undefined) {
            this.administrator = { user: administrator.user, password: pulumi.secret(administrator.password) };
        }
        this.clientLabels = reaches(name);
        this.cidrs = cidrs;
        this.maxConnections = maxConnections;
        this.claims = {
            setting: args.setting,
            passwordSetting: args.passwordSetting,
            hosts: [server.host],
            cidrs,
            maxConnections,
            pooled,
        };

        externalServers(
            name,
            {
                ...args,
                component: "database",
                clients: this.clientLabels,
                servers: { [name]: server },
                annotations: connectionLimit({ maxConnections, pooled }),
            },
            { parent: this },
        );

        this.registerOutputs({ host: this.host, port: this.port });
    }
}
