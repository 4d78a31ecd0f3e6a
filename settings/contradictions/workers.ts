// The workers of an app, whichever contract it keeps.
import type { AppSettings } from "../app.ts";

export interface AnyWorker {
    readonly path: readonly PropertyKey[];
    readonly size: string;
    readonly replicas: { readonly min: number; readonly max: number };
    /** Seconds. */
    readonly taskTimeLimit: number;
    /** @default the image decides */
    readonly concurrency?: number;
}

/** @param at the way to the app in the settings */
export function workersOf(app: AppSettings, at: readonly PropertyKey[]): AnyWorker[] {
    switch (app.contract) {
        case "django":
            return Object.entries(app.workers).map(([name, worker]) => ({ path: [...at, "workers", name], ...worker }));
        case "init-run-async":
            return app.async === undefined ? [] : [{ path: [...at, "async"], ...app.async }];
        default:
            return app satisfies never;
    }
}
