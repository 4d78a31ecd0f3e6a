// From an app's settings to what the django component is given.
import type { Assets } from "../components/assets/contract.ts";
import type { Processes } from "../components/django/contract.ts";
import { djangoProcesses } from "../components/django/contracts/django.ts";
import { initRunAsyncProcesses } from "../components/django/contracts/init-run-async.ts";
import type { AppSettings } from "../settings/app.ts";
import type { OperatorSettings, Size } from "../settings/operator.ts";

type Sized<Value extends { readonly size: string }> = Omit<Value, "size"> & { readonly size: Size };

/** The processes of an app, with what the operator means by each size. */
export function processesOf(app: AppSettings, { sizes }: OperatorSettings, assets: Assets): Processes {
    const sized = <Value extends { readonly size: string }>(value: Value): Sized<Value> => ({
        ...value,
        size: sizes[value.size]!,
    });
    const shell = app.shell && { shell: sized(app.shell) };
    switch (app.contract) {
        case "django":
            return djangoProcesses({
                module: app.module,
                web: sized(app.web),
                workers: Object.fromEntries(Object.entries(app.workers).map(([name, worker]) => [name, sized(worker)])),
                ...(app.beat && { beat: sized(app.beat) }),
                ...shell,
                release: app.release,
                collectstatic: assets.volume !== undefined,
            });
        case "init-run-async":
            return initRunAsyncProcesses({
                web: sized(app.web),
                ...(app.async && { async: sized(app.async) }),
                ...shell,
                release: app.release,
            });
        default:
            return app satisfies never;
    }
}
