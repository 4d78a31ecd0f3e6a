// What DigitalOcean's managed stores decide themselves, and what a lent domain asks of its certificates.
import { removeCommand, setCommand, settingPath } from "../problems.ts";
import { contradiction } from "./contradiction.ts";
import { appsWithSecrets } from "./secrets.ts";

/** It generates both; a given one would silently be no one's. */
export const generatedPasswords = contradiction(["apps", "environment", "database", "cache", "secrets"], (settings) =>
    appsWithSecrets(settings).flatMap(({ app, secrets, secretsAt, main }) =>
        (["database", "cache"] as const).flatMap((kind) => {
            const store = app.stores[kind] ?? (main ? settings[kind] : undefined);
            const name = `${kind}Password` as const;
            if (secrets[name] === undefined || store?.variant !== "digitalocean" || store.server.variant !== "create") {
                return [];
            }
            const path = settingPath([...secretsAt, name]);
            return [
                {
                    path,
                    found: "a password for a store that makes its own",
                    allowed: `nothing: DigitalOcean generates the password of its managed ${kind}`,
                    fix: removeCommand(path),
                },
            ];
        }),
    ),
);

/** Roles and databases of the server's own, which the API does not make again. */
const namesOfTheServer: readonly string[] = ["defaultdb", "doadmin", "postgres"];

export const digitalOceanNames = contradiction(["apps", "environment", "database"], ({ apps, environment, database }) =>
    apps.flatMap((app, index) => {
        const store = app.stores.database ?? (app.name === environment.mainApp ? database : undefined);
        if (
            store?.variant !== "digitalocean" ||
            store.server.variant !== "create" ||
            !namesOfTheServer.includes(app.name)
        ) {
            return [];
        }
        return [
            {
                path: settingPath(["apps", index, "name"]),
                found: JSON.stringify(app.name),
                allowed: `any name but ${namesOfTheServer.join(", ")}: the app's database and its user are named after it`,
                fix: "name the app by what it is, for example shop",
            },
        ];
    }),
);

export const wildcardByHttp = contradiction(["platform", "lends", "exposure"], ({ platform, lends, exposure }) => {
    if (platform.variant !== "digitalocean" || lends.domain === undefined || exposure.variant !== "gateway") {
        return [];
    }
    const { certificates } = platform;
    if (certificates.variant !== "letsencrypt" || certificates.challenge === "dns-01") {
        return [];
    }
    const path = "platform.certificates.challenge";
    return [
        {
            path,
            found: '"http-01"',
            allowed: "dns-01: lends.domain needs a wildcard certificate, which Let's Encrypt issues by DNS only",
            fix: setCommand(path, "dns-01"),
        },
    ];
});
