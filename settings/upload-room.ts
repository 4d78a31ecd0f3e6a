// How large /tmp of the web pods is: Django writes every larger upload there while a request is under way, and a pod whose /tmp is
// fuller than its limit is evicted with all that it serves (R90).
import { bytes, byteQuantityOf, type ByteQuantity } from "../lib/quantities.ts";
import { copiesOfUpload, requestsAtOnce, usualRequests } from "../lib/requests-at-once.ts";
import { usualTmp } from "../lib/resources.ts";
import type { AppSettings } from "./app.ts";
import { isAsgi } from "./asgi.ts";

/** How many requests a web pod takes at once, as far as the settings say it. */
export function requestsOf(app: AppSettings): number {
    if (app.contract !== "django") {
        return usualRequests;
    }
    const { web } = app;
    if (web.command !== undefined) {
        return requestsAtOnce(web.command, app.environment) ?? usualRequests;
    }
    switch (web.server) {
        case "gunicorn":
            return web.processes * web.threads;
        case "uvicorn":
            return web.processes * usualRequests;
        case "daphne":
            return usualRequests;
        default:
            return web satisfies never;
    }
}

/** In words: how many of the largest uploads that is. */
export function uploadsOf(app: AppSettings, maxBodySize: ByteQuantity, setting = ""): string {
    return `${requestsOf(app)} uploads of ${maxBodySize}${setting} at once${isAsgi(app) ? ", each twice under ASGI" : ""}`;
}

/** @returns the bytes that as many of the largest uploads as come at once take */
export function uploadRoom(app: AppSettings, maxBodySize: ByteQuantity): number {
    return requestsOf(app) * copiesOfUpload(isAsgi(app)) * bytes(maxBodySize);
}

export function tmpOfWeb(app: AppSettings, maxBodySize: ByteQuantity): ByteQuantity {
    const room = uploadRoom(app, maxBodySize);
    return app.web.tmp ?? (room <= bytes(usualTmp) ? usualTmp : byteQuantityOf(room));
}
