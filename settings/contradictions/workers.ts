// The workers of an app, whichever contract it keeps.
import type { AppSettings } from "../app.ts";

export interface AnyWorker {
    readonly path: readonly string[];
    readonly size: string;
    readonly replicas: { readonly min: number; readonly max: number };
    /** @default the image decides */
    readonly concurrency?: number;
}

export function workersOf(app: AppSettings): AnyWorker[] {
    switch (app.contract) {
        case "django":
            return Object.entries(app.workers).map(([name, worker]) => ({ path: ["app", "workers", name], ...worker }));
        case "init-run-async":
            return app.async === undefined ? [] : [{ path: ["app", "async"], ...app.async }];
        default:
            return app satisfies never;
    }
}
