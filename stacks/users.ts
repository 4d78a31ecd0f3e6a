// Who uses a store: as pods, and from which pages.
import type { PodIdentity } from "../components/identity/contract.ts";
import { publicUrl } from "../components/edge/url.ts";
import { appAccount, staticWriterAccount } from "../lib/service-accounts.ts";
import type { StackStore } from "../settings/load.ts";
import type { EnvironmentContext } from "./context.ts";

/** Each app's pods have its ServiceAccount. */
export function podsOf({ users }: StackStore<unknown>, { placement }: EnvironmentContext): PodIdentity[] {
    return users.map((app) => ({ namespace: placement.namespace, serviceAccount: appAccount(app) }));
}

/** Those of them that write static files. */
export function staticWritersOf({ users }: StackStore<unknown>, { placement }: EnvironmentContext): PodIdentity[] {
    return users.map((app) => ({ namespace: placement.namespace, serviceAccount: staticWriterAccount(app) }));
}

/** Where the apps' pages are, for CORS: `https://shop.example.org`. Empty without a way in. */
export function originsOf({ hosts }: StackStore<unknown>, { address }: EnvironmentContext): string[] {
    return hosts.flatMap((host) => {
        const reached = address?.(host);
        return reached === undefined ? [] : [publicUrl(host, reached)];
    });
}
