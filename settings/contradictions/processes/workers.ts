// The workers of an app, whichever contract it keeps and of whichever kind they are.
import type { AppSettings } from "../../app.ts";
import type { CelerySettings, WorkerSettings } from "../../workers.ts";

export interface AnyWorker {
    readonly path: readonly PropertyKey[];
    /** `async` is what an image runs by itself. */
    readonly kind: WorkerSettings["kind"] | "async";
    readonly size: string;
    readonly replicas: { readonly min: number; readonly max: number };
    /** Seconds. */
    readonly taskTimeLimit: number;
    /** @default the image decides, or there is one */
    readonly concurrency?: number;
    /** Its owner's own. @default the program's */
    readonly command?: readonly string[];
}

/** @param at the way to the app in the settings */
export function workersOf(app: AppSettings, at: readonly PropertyKey[]): AnyWorker[] {
    switch (app.contract) {
        case "django":
            return Object.entries(app.workers).map(([name, worker]) => ({ path: [...at, "workers", name], ...worker }));
        case "init-run-async":
            return app.async === undefined ? [] : [{ path: [...at, "async"], kind: "async", ...app.async }];
        default:
            return app satisfies never;
    }
}

/** Whether it takes Celery's tasks; of an image's own program it is not known. */
export function mayBeCelery({ kind }: AnyWorker): boolean {
    switch (kind) {
        case "celery":
        case "command":
        case "async":
            return true;
        case "django-q2":
        case "db-worker":
            return false;
        default:
            return kind satisfies never;
    }
}

export function celeryWorkersOf(
    workers: Readonly<Record<string, WorkerSettings>>,
): ReadonlyArray<readonly [name: string, worker: CelerySettings]> {
    return Object.entries(workers).flatMap(([name, worker]) => (worker.kind === "celery" ? [[name, worker]] : []));
}
