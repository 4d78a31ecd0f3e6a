// Apps whose database and role would have a name that PostgreSQL, or the server's cloud, keeps for itself.
import type { AppSettings } from "../../app.ts";
import type { DatabaseSettings } from "../../database.ts";
import { setCommand, settingPath } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { ownStoreOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";

type Variant = DatabaseSettings["variant"];

/** Databases of every server, roles that every server has, and beginnings and names that CREATE ROLE refuses. */
const ofEveryServer = /^(?:postgres|template[01]|public|none|pg_.*)$/;

/** Roles and databases that are on a cloud's servers, and that no app can be given beside its main one's. */
const ofClouds: Partial<Record<Variant, RegExp>> = {
    "cloud-sql": /^cloudsql.*$/,
    rds: /^(?:rdsadmin|rdstopmgr|rdsrepladmin|rds_.*)$/,
    digitalocean: /^(?:defaultdb|doadmin)$/,
};

const cloudNames: Partial<Record<Variant, string>> = {
    "cloud-sql": "Cloud SQL",
    rds: "RDS",
    digitalocean: "DigitalOcean",
};

export const postgresNames = contradiction(["apps", "environment", "database"], (settings) =>
    placedApps(settings.apps).flatMap(({ app, at }) => {
        const name = app.name.replaceAll("-", "_");
        const variant = databaseOf(app, settings);
        const byCloud = ofClouds[variant]?.test(name) ?? false;
        if (saidElsewhere(app, settings) || !(ofEveryServer.test(name) || byCloud)) {
            return [];
        }
        const path = settingPath([...at, "name"]);
        return [
            {
                path,
                found: JSON.stringify(app.name),
                allowed: `a name that ${byCloud ? cloudNames[variant] : "PostgreSQL"} does not keep for itself: the app's database and its role are named "${name}"`,
                fix: setCommand(
                    path,
                    byCloud || name.startsWith("pg_")
                        ? `app-${app.name}`.slice(0, 20).replace(/-+$/, "")
                        : `${app.name}-app`,
                ),
            },
        ];
    }),
);

function databaseOf(app: AppSettings, { database }: Pick<Settings, "database">): Variant {
    return (ownStoreOf(app, "database") ?? database).variant;
}

/** Of who owns a server of a cloud, the cloud's own contradictions tell, for there the name may be another setting's; of a server that is there, it is. */
function saidElsewhere(app: AppSettings, settings: Pick<Settings, "environment" | "database">): boolean {
    const owns = ownStoreOf(app, "database") !== undefined || app.name === settings.environment.mainApp;
    const variant = databaseOf(app, settings);
    return owns && (variant === "external" || cloudNames[variant] !== undefined);
}
