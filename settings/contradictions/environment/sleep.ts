// Environments that sleep when nobody comes, and those that cannot.
import { removeCommand, setCommand, settingPath } from "../../problems.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";

const setting = "environment.sleep";

export const sleepingElsewhere = contradiction(["environment"], ({ environment: { kind, sleep } }) =>
    kind === "ephemeral" || sleep === undefined
        ? []
        : [
              {
                  path: setting,
                  found: JSON.stringify(sleep),
                  allowed: `nothing: only an ephemeral environment sleeps, and this one is ${kind}`,
                  fix: `${removeCommand(setting)}, or ${setCommand("environment.kind", "ephemeral")}`,
              },
          ],
);

/** A request that comes from inside alone asks a Service, and there is no telling when one comes. */
export const sleepingWithoutWayIn = contradiction(
    ["environment", "exposure"],
    ({ environment: { kind, sleep }, exposure }) =>
        sleep === undefined || kind !== "ephemeral" || exposure.variant !== "none"
            ? []
            : [
                  {
                      path: setting,
                      found: `${JSON.stringify(sleep)}, and no way in`,
                      allowed: "an environment that requests come to: they wake it",
                      fix: `${removeCommand(setting)}, or set exposure.variant to a way in`,
                  },
              ],
);

/** Who stands in for the web pods is Python of the app's image, and reads the log that the server is told to write. */
export const sleepingByImage = contradiction(["environment", "apps"], ({ environment: { kind, sleep }, apps }) =>
    sleep === undefined || kind !== "ephemeral"
        ? []
        : placedApps(apps).flatMap(({ app, at }) =>
              app.contract === "django"
                  ? []
                  : [
                        {
                            path: setting,
                            found: `${JSON.stringify(sleep)}, and ${app.name} runs as its image says (${settingPath([...at, "contract"])})`,
                            allowed:
                                "apps with the contract django: of others neither Python nor the log of requests is known",
                            fix: removeCommand(setting),
                        },
                    ],
          ),
);

/** A load balancer's question is no request: at this path nobody's would be one. */
export const sleepingAtRoot = contradiction(["environment", "apps"], ({ environment: { kind, sleep }, apps }) =>
    sleep === undefined || kind !== "ephemeral"
        ? []
        : placedApps(apps).flatMap(({ app, at }) =>
              (["live", "ready"] as const)
                  .filter((name) => app.web.probes[name] === "/")
                  .map((name) => {
                      const path = settingPath([...at, "web", "probes", name]);
                      return {
                          path,
                          found: "/, which visitors ask for too",
                          allowed: "a path of its own where the environment sleeps: a probe does not wake it",
                          fix: `${setCommand(path, `/healthz/${name}`)}, or ${removeCommand(setting)}`,
                      };
                  }),
          ),
);
