// A database and a role of an app's own on a server that is there already: another stack's, or the one that apps share.
import { output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Placement } from "../components/contract.ts";
import type { Database } from "../components/database/contract.ts";
import { DatabaseOnServer } from "../components/database/on-server.ts";
import { serverOf } from "../components/database/server.ts";
import { cloudName } from "../lib/cloud-name.ts";
import { borrower } from "../lib/labels.ts";
import type { DatabaseSettings, LentDatabaseSettings } from "../settings/database.ts";
import { SettingsError } from "../settings/problems.ts";
import type { Made, StoreContext } from "./context.ts";

/** @throws SettingsError when the platform's stack lends no server */
export function createLentDatabase(settings: LentDatabaseSettings, context: StoreContext): Made<Database> {
    const { name, stack, placement, platform, owner, password, opts } = context;
    const server = platform.lent?.database;
    if (server === undefined) {
        throw new SettingsError(`Pulumi.${stack}.yaml`, [
            {
                path: "database.variant",
                found: '"platform"',
                allowed: "another variant: the platform's stack lends no database server",
                fix: "set lends.database to true in that stack's file and bring it up, or choose in-cluster",
            },
        ]);
    }
    const { variant: _, ...rest } = settings;
    const { namespace, instance: __, ca, cidrs, ...connection } = server;
    const args = {
        ...placement,
        ...rest,
        // On a server of many, its owner's name alone would not be its own.
        owner: cloudName([owner, placement.instance], 63).replaceAll("-", "_"),
        server: {
            ...connection,
            clientLabels: borrower,
            ...(ca !== undefined && { ca: output(ca) }),
            ...(cidrs && { cidrs }),
        },
        elsewhere: { namespace },
        ...(password && { password }),
    };
    return new DatabaseOnServer(name, args, opts);
}

export interface BesideArgs {
    readonly placement: Placement;
    readonly owner: string;
    /** Of the server's section. */
    readonly settings: DatabaseSettings;
    readonly password?: Output<string>;
    readonly opts: ComponentResourceOptions;
}

/** Beside the main app's, on the server that they share. */
export function databaseBeside(name: string, server: Made<Database>, args: BesideArgs): Made<Database> {
    const { placement, owner, settings, password, opts } = args;
    const image = settings.variant === "in-cluster" ? settings.image : undefined;
    return new DatabaseOnServer(
        name,
        {
            ...placement,
            server: serverOf(server),
            after: [server],
            owner: owner.replaceAll("-", "_"),
            ...(password && { password }),
            ...(image !== undefined && { image }),
        },
        opts,
    );
}
