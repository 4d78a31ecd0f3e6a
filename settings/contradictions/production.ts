// What only production asks for.
import { setCommand, settingPath } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { contradiction } from "./contradiction.ts";

export const replicas = contradiction(["environment", "app"], ({ environment, app }) => {
    if (environment.kind !== "production" || app.web.replicas.min >= 2) {
        return [];
    }
    return [
        {
            path: "app.web.replicas.min",
            found: String(app.web.replicas.min),
            allowed: "at least 2 in production: one pod alone is down whenever its node is (R8)",
            fix: setCommand("app.web.replicas.min", "2"),
        },
    ];
});

/** Tags that are meant to be moved to the next image. */
const movingTag = /:(latest|main|master|stable|edge|dev|nightly)$/;

export const movingImages = contradiction(
    ["environment", "app", "database", "cache", "broker"],
    ({ environment, ...settings }) => {
        if (environment.kind !== "production") {
            return [];
        }
        return images(settings)
            .filter(([, image]) => movingTag.test(image))
            .map(([section, image]) => ({
                path: settingPath([section, "image"]),
                found: JSON.stringify(image),
                allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
                fix: setCommand(settingPath([section, "image"]), "IMAGE@sha256:DIGEST"),
            }));
    },
);

type WithImages = Pick<Settings, "app" | "database" | "cache" | "broker">;

function images({ app, database, cache, broker }: WithImages): [section: string, image: string][] {
    const named: [string, string | undefined][] = [
        ["app", app.image],
        ["database", database.image],
        ["cache", cache.variant === "none" ? undefined : cache.image],
        ["broker", broker.variant === "none" ? undefined : broker.image],
    ];
    return named.flatMap(([section, image]) => (image === undefined ? [] : [[section, image]]));
}

export const certificate = contradiction(["environment", "exposure", "platform"], ({ environment, exposure, platform }) => {
    const open = exposure.variant === "gateway" && platform.issuer === undefined && !exposure.allowPlainHttp;
    if (environment.kind !== "production" || !open) {
        return [];
    }
    return [
        {
            path: "platform.issuer",
            found: "nothing",
            allowed: "in production an issuer of certificates",
            fix: `${setCommand("platform.issuer.name", "ISSUER")}, or exposure.allowPlainHttp if TLS ends before the Gateway`,
        },
    ];
});
