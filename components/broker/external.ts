// A Redis, Valkey or RabbitMQ server that is there, for Celery's messages: nothing of it is made or changed.
import * as pulumi from "@pulumi/pulumi";
import { certificatePath } from "../../lib/certificate-files.ts";
import { consumerTimeoutAnnotation, reaches, type Labels } from "../../lib/labels.ts";
import { amqpUrl, redisUrl } from "../../lib/urls.ts";
import type { Placement } from "../contract.ts";
import {
    externalServers,
    hostFor,
    type ExternalServer,
    type ExternalTls,
    type ServerClaims,
} from "../network/external-server.ts";
import { inPlaceOf } from "../variants.ts";
import type { Broker } from "./contract.ts";

interface Common extends Placement {
    /** Where the settings of it and its password stand, for messages. */
    readonly setting: string;
    readonly passwordSetting: string;
    readonly server: ExternalServer;
    readonly tls: ExternalTls;
    /** The address ranges that the server is in. */
    readonly cidrs: readonly string[];
}

export type ExternalBrokerArgs = Common &
    (
        | {
              readonly protocol: "redis";
              /** The number of its database. */
              readonly database: number;
              /** @default the server's default user */
              readonly user?: string;
              /** @default the server asks for none */
              readonly password?: pulumi.Output<string>;
          }
        | {
              readonly protocol: "amqp";
              readonly vhost: string;
              readonly user: string;
              readonly password: pulumi.Output<string>;
              /** Seconds for which the server waits for a task to be acknowledged. @default RabbitMQ's own, 30 minutes */
              readonly consumerTimeout?: number;
          }
    );

const type = "django-on-kubernetes:broker:External";

export class ExternalBroker extends pulumi.ComponentResource implements Broker {
    readonly protocol: Broker["protocol"];
    readonly url: pulumi.Output<string>;
    readonly tls?: NonNullable<Broker["tls"]>;
    readonly clientLabels: Labels;
    readonly claims: ServerClaims;

    constructor(name: string, args: ExternalBrokerArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { protocol, server, tls, cidrs } = args;
        this.protocol = protocol;
        if (tls.mode !== "disable") {
            this.tls = { mode: tls.mode, ...(tls.ca !== undefined && { ca: pulumi.output(tls.ca) }) };
        }
        this.url = pulumi.secret(urlOf({ host: hostFor(name, server, tls), port: server.port }, args));
        this.clientLabels = reaches(name);
        this.claims = { setting: args.setting, passwordSetting: args.passwordSetting, hosts: [server.host], cidrs };

        externalServers(
            name,
            {
                ...args,
                component: "broker",
                clients: this.clientLabels,
                servers: { [name]: server },
                annotations: waitsFor(args),
            },
            { parent: this },
        );

        this.registerOutputs({ url: this.url });
    }
}

/** For what nobody sees from here (R18). */
function waitsFor(args: ExternalBrokerArgs): Labels {
    return args.protocol === "redis" || args.consumerTimeout === undefined
        ? {}
        : { [consumerTimeoutAnnotation]: String(args.consumerTimeout) };
}

function urlOf(address: ExternalServer, args: ExternalBrokerArgs): pulumi.Output<string> {
    const { tls } = args;
    if (args.protocol === "amqp") {
        const { user, vhost } = args;
        return args.password.apply((password) =>
            amqpUrl({ ...address, user, password, vhost, tls: tls.mode !== "disable" }),
        );
    }
    const { user, database: index } = args;
    return pulumi.output(args.password).apply((password) =>
        redisUrl({
            ...address,
            index,
            ...(password !== undefined && { password }),
            ...(user !== undefined && { user }),
            ...(tls.mode !== "disable" && {
                tls: { mode: tls.mode, ...(tls.ca !== undefined && { ca: certificatePath("broker") }) },
            }),
        }),
    );
}
