// Time-outs of a server that do not fit those of the way in before it.
import { albAttribute, edgeTimeouts, keepAliveFor } from "../../edge-timeouts.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

const compared = ["apps", "exposure", "platform"] as const;

export const shortKeepAlive = contradiction(compared, ({ apps, exposure, platform }) => {
    const edge = edgeTimeouts(platform, exposure);
    return placedApps(apps).flatMap(({ app, at }): Problem[] =>
        app.contract !== "django" ||
        app.web.server === "daphne" ||
        app.web.keepAlive === undefined ||
        edge === undefined
            ? []
            : keepAliveProblems([...at, "web", "keepAlive"], app.web.keepAlive, edge.idle),
    );
});

/** @param idle seconds */
export function keepAliveProblems(at: readonly PropertyKey[], keepAlive: number, idle: number): Problem[] {
    const path = settingPath(at);
    return keepAlive > idle
        ? []
        : [
              {
                  path,
                  found: String(keepAlive),
                  allowed: `more than ${idle}, the seconds for which the way in keeps a connection that nobody uses: else users see 502 now and then (R77)`,
                  fix: setCommand(path, String(keepAliveFor(idle))),
              },
          ];
}

/** The load balancer has one time-out, and two settings that mean it. */
export const twoIdleTimeouts = contradiction(["exposure", "platform"], ({ exposure, platform }): Problem[] => {
    if (
        exposure.variant !== "gateway" ||
        exposure.requestTimeout === undefined ||
        platform.variant !== "aws" ||
        platform.gateway.variant === "none" ||
        platform.gateway.attributes[albAttribute] === undefined
    ) {
        return [];
    }
    const path = settingPath(["platform", "gateway", "attributes", albAttribute]);
    return [
        {
            path,
            found: JSON.stringify(platform.gateway.attributes[albAttribute]),
            allowed: `nothing, because exposure.requestTimeout (${exposure.requestTimeout}) says the same`,
            fix: removeCommand(path),
        },
    ];
});

export const timeoutBeyondEdge = contradiction(compared, ({ apps, exposure, platform }) => {
    const request = edgeTimeouts(platform, exposure)?.request;
    return placedApps(apps).flatMap(({ app, at }): Problem[] =>
        app.contract !== "django" ||
        app.web.server === "uvicorn" ||
        app.web.timeoutSeconds === undefined ||
        request === undefined
            ? []
            : timeoutProblems([...at, "web", "timeoutSeconds"], app.web.timeoutSeconds, request),
    );
});

/** @param request what the way in waits, and the setting that says so */
export function timeoutProblems(
    at: readonly PropertyKey[],
    timeout: number,
    request: { readonly seconds: number; readonly path: string },
): Problem[] {
    const path = settingPath(at);
    return timeout <= request.seconds
        ? []
        : [
              {
                  path,
                  found: String(timeout),
                  allowed: `at most ${request.seconds}, the seconds that the way in waits (${request.path}): it answers 504 then, and the process goes on for nobody`,
                  fix: `${setCommand(path, String(request.seconds))}, or raise ${request.path}`,
              },
          ];
}

/** Twisted's, which daphne has no option for. @see https://docs.twisted.org/en/stable/api/twisted.web.http.HTTPFactory.html timeout */
const daphneKeeps = 60;

export const shortKeepAliveOfDaphne = advice(compared, ({ apps, exposure, platform }) => {
    const edge = edgeTimeouts(platform, exposure);
    return placedApps(apps).flatMap(({ app, at }): Problem[] => {
        if (app.contract !== "django" || app.web.server !== "daphne" || edge === undefined || edge.idle < daphneKeeps) {
            return [];
        }
        const path = settingPath([...at, "web", "server"]);
        return [
            {
                path,
                found: '"daphne"',
                allowed: `a server that keeps a connection which nobody uses for more than ${edge.idle} s, as the way in does: daphne closes it after ${daphneKeeps}, has no option for it, and users see 502 now and then (R77)`,
                fix: setCommand(path, "uvicorn"),
            },
        ];
    });
});
