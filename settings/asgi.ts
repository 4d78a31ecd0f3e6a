// Whether an app's web runs under ASGI.
import { servesAsgi } from "../lib/web-servers.ts";
import type { AppSettings } from "./app.ts";

export function isAsgi(app: AppSettings): boolean {
    if (app.contract !== "django") {
        return false;
    }
    const { server, command } = app.web;
    return command === undefined ? server !== "gunicorn" : servesAsgi(command, app.environment);
}
