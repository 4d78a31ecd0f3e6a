// Numbered logins of databases: who the apps are there, where the first role is not it any more.
import type { Database } from "../components/database/contract.ts";
import type { RotatedLogins } from "../components/database/rotated-logins.ts";
import { serverOf } from "../components/database/server.ts";
import type { StackStore } from "../settings/load.ts";
import type { ResolvedDatabase } from "../settings/resolve/stores.ts";
import type { EnvironmentContext, Made } from "./context.ts";

/** @param server whose databases it is beside @returns undefined where the first role is the only login */
export async function createLogins(
    { name, store, password, rotation }: StackStore<ResolvedDatabase>,
    database: Made<Database>,
    server: Made<Database> | undefined,
    { placement, opts }: EnvironmentContext,
): Promise<RotatedLogins | undefined> {
    if (rotation === undefined || rotation === 0) {
        return undefined;
    }
    const { RotatedLogins } = await import("../components/database/rotated-logins.ts");
    const administered = server ?? (database.administrator && database);
    const { restored } = server ?? database;
    return new RotatedLogins(
        name,
        {
            ...placement,
            database,
            number: rotation,
            image: imageWithPsql(store),
            after: [database, ...(server === undefined ? [] : [server])],
            ...(restored !== undefined && { restored }),
            ...(administered && { administrator: serverOf(administered) }),
            ...(store.variant === "in-cluster" && { password }),
            ...("firstPassword" in database && {
                firstPassword: database.firstPassword as NonNullable<RotatedLoginsArgs["firstPassword"]>,
            }),
        },
        opts,
    );
}

type RotatedLoginsArgs = ConstructorParameters<typeof RotatedLogins>[1];

function imageWithPsql(store: ResolvedDatabase): string | undefined {
    return store.variant === "external" ? store.administrator?.image : "image" in store ? store.image : undefined;
}
