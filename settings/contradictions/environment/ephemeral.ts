// What belongs to environments that live as long as a pull request, and what does not.
import { removeCommand, setCommand } from "../../problems.ts";
import { contradiction } from "../contradiction.ts";

export const idleTimeToLive = contradiction(["environment"], ({ environment: { kind, timeToLive } }) =>
    kind === "ephemeral" || timeToLive === undefined
        ? []
        : [
              {
                  path: "environment.timeToLive",
                  found: JSON.stringify(timeToLive),
                  allowed: `nothing: only an ephemeral environment ends by itself, and this one is ${kind}`,
                  fix: `${removeCommand("environment.timeToLive")}, or ${setCommand("environment.kind", "ephemeral")}`,
              },
          ],
);

/** Nothing but the sweeper reads them, and it leaves other environments alone. */
export const idlePullRequest = contradiction(["environment"], ({ environment: { kind, ...environment } }) =>
    kind === "ephemeral"
        ? []
        : (["keep", "pullRequest"] as const)
              .filter((name) => environment[name] !== undefined)
              .map((name) => ({
                  path: `environment.${name}`,
                  found: JSON.stringify(environment[name]),
                  allowed: `nothing: only an ephemeral environment is a pull request's, and this one is ${kind}`,
                  fix: `${removeCommand(`environment.${name}`)}, or ${setCommand("environment.kind", "ephemeral")}`,
              })),
);

/** What lends something to others must not end while they use it. */
export const lendingEphemerally = contradiction(["environment", "lends"], ({ environment, lends }) =>
    environment.kind === "ephemeral" && (lends.database || lends.domain !== undefined)
        ? [
              {
                  path: "lends",
                  found: JSON.stringify(lends),
                  allowed: "nothing: an ephemeral environment ends while others may still use what it lends",
                  fix: removeCommand("lends"),
              },
          ]
        : [],
);
