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
