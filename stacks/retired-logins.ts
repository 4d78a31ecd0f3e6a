// What ends the logins before, of databases, caches and brokers, once the pods that have them are gone.
import { ComponentResource } from "@pulumi/pulumi";
import { beyondTask } from "../components/django/eviction.ts";
import type { RotatedUsers } from "../components/redis/rotated-users.ts";
import type { StackApp, StackSettings } from "../settings/load.ts";
import type { MadeApp } from "./apps.ts";
import type { EnvironmentContext } from "./context.ts";
import type { MadeStores } from "./stores.ts";

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

/** Of Redis, Valkey or RabbitMQ. */
function usersOf(store: object | undefined): Pick<RotatedUsers, "retire"> | undefined {
    return store !== undefined && "users" in store
        ? (store.users as Pick<RotatedUsers, "retire"> | undefined)
        : undefined;
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
