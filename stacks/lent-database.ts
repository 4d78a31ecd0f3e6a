// A database and a role of an app's own on a server that is there already: another stack's, or the one that apps share.
import { output } from "@pulumi/pulumi";
import type { Database } from "../components/database/contract.ts";
import { DatabaseOnServer } from "../components/database/on-server.ts";
import { serverOf } from "../components/database/server.ts";
import { cloudName } from "../lib/cloud-name.ts";
import { borrower } from "../lib/labels.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackStore } from "../settings/load.ts";
import { settingPath } from "../settings/problems.ts";
import type { DatabaseBeside, LentDatabase } from "../settings/resolve/stores.ts";
import type { EnvironmentContext, Made } from "./context.ts";

export function createLentDatabase(
    { name, store, password }: StackStore<LentDatabase>,
    { placement, platform, opts }: EnvironmentContext,
): Made<Database> {
    // That one is lent was checked when the other stack's outputs were read (settings/lender/check.ts).
    const { namespace, instance: _, ca, cidrs, connections, ...connection } = platform.lent!.database!;
    const { variant: __, template, image, owner, ...rest } = store;
    nothingElse(rest);
    return new DatabaseOnServer(
        name,
        {
            ...placement,
            template,
            image,
            // On a server of many, its owner's name alone would not be its own.
            owner: cloudName([owner, placement.instance], 63).replaceAll("-", "_"),
            server: {
                ...connection,
                clientLabels: borrower,
                ...(ca !== undefined && { ca: output(ca) }),
                ...(cidrs && { cidrs }),
            },
            elsewhere: { namespace, ...(connections !== undefined && { connections }) },
            password,
        },
        opts,
    );
}

/** Beside the main app's, on the server that they share. */
export function createDatabaseBeside(
    { name, store, password, passwordPath }: StackStore<DatabaseBeside>,
    server: Made<Database>,
    { placement, opts }: EnvironmentContext,
): Made<Database> {
    const { owner, image } = store;
    // Of a server that is there each app's release asks for itself: the database is its own, and so is the login (R98).
    const claims = server.claims && { ...server.claims, passwordSetting: settingPath(passwordPath) };
    return new DatabaseOnServer(
        name,
        {
            ...placement,
            server: serverOf(server),
            after: [server],
            owner,
            password,
            image,
            ...(claims && { claims }),
        },
        opts,
    );
}
