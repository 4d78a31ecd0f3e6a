// Numbered logins of databases, and what ends the logins before once the pods that have them are gone.
import { ComponentResource } from "@pulumi/pulumi";
import type { Database } from "../components/database/contract.ts";
import type { RotatedLogins } from "../components/database/rotated-logins.ts";
import { serverOf } from "../components/database/server.ts";
import { beyondTask } from "../components/django/eviction.ts";
import type { RotatedUsers } from "../components/redis/rotated-users.ts";
import type { StackApp, StackSettings, StackStore } from "../settings/load.ts";
import type { ResolvedDatabase } from "../settings/resolve/stores.ts";
import type { MadeApp } from "./apps.ts";
import type { EnvironmentContext, Made } from "./context.ts";
import type { MadeStores } from "./stores.ts";

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
    return new RotatedLogins(
        name,
        {
            ...placement,
            database,
            number: rotation,
            image: imageWithPsql(store),
            after: [database, ...(server === undefined ? [] : [server])],
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

/** After the rollout: each login is ended when its store's apps have had the time that their pods may take to go. */
export function retireLogins(
    { stores: entries }: Pick<StackSettings, "stores">,
    { stores, apps }: { readonly stores: MadeStores; readonly apps: readonly MadeApp[] },
    { opts }: EnvironmentContext,
): void {
    const rotated = [
        ...entries.database.map(({ name, users }) => ({ users, logins: stores.logins.get(name) })),
        ...entries.cache.map(({ name, users }) => ({ users, logins: usersOf(stores.cache.get(name)) })),
        ...entries.broker.map(({ name, users }) => ({ users, logins: usersOf(stores.broker.get(name)) })),
    ].flatMap(({ users, logins }) => (logins === undefined ? [] : [{ users, logins }]));
    if (rotated.length === 0) {
        return;
    }
    const parent = new ComponentResource("django-on-kubernetes:rotation:Retirement", "rotations", {}, opts);
    for (const { users, logins } of rotated) {
        const those = apps.filter(({ app }) => users.includes(app.name));
        const grace = Math.max(0, ...those.map(({ app }) => longestStay(app)));
        logins.retire(
            grace,
            those.map(({ django }) => django),
            parent,
        );
    }
}

function usersOf(store: object | undefined): RotatedUsers | undefined {
    return store !== undefined && "users" in store ? (store.users as RotatedUsers | undefined) : undefined;
}

/** Seconds until the news of a pod's end is everywhere, and until its node has ended it. */
const news = 60;

/** Seconds that a pod of the release before may still work. */
function longestStay({ processes }: StackApp): number {
    const workers =
        processes.contract === "django"
            ? Object.values(processes.workers)
            : processes.async === undefined
              ? []
              : [processes.async];
    return (
        Math.max(
            processes.web.gracefulTimeout,
            ...workers.map(({ taskTimeLimit }) => taskTimeLimit + beyondTask),
            ...Object.values(processes.scheduled).map(({ deadline }) => deadline),
        ) + news
    );
}
