// Stores of AWS that do not fit the environment's kind, the app's name, the region or the zone.
import { isRdsName } from "../../../lib/postgres-words.ts";
import { rdsRegions } from "../../../lib/rds-ca.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { s3Zone } from "../../clouds/aws/resolve.ts";
import { storesOf } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";
import { isKnownRegion, isRegion, nearestRegions } from "../platform/regions.ts";

/** What of RDS is for ever, or too late to change when it is needed. */
export const rdsServers = contradiction(["apps", "environment", "database"], (settings) =>
    storesOf("database", settings).flatMap(({ path, store, owner: app }): Problem[] => {
        if (app === undefined || store.variant !== "rds" || store.server.variant !== "create") {
            return [];
        }
        const { owner, multiAz, backupDays } = store.server;
        const at = (name: string): string => settingPath([...path, "server", name]);
        const production = settings.environment.kind === "production";
        const problems: Problem[] = [];
        const name = owner ?? app.name.replaceAll("-", "_");
        if (!isRdsName(name)) {
            problems.push({
                path: at("owner"),
                found: `nothing, and so the app's name, "${name}"`,
                allowed: "another name: RDS keeps this one for itself",
                fix: setCommand(at("owner"), `${name}_app`),
            });
        }
        if (production && multiAz === false) {
            problems.push({
                path: at("multiAz"),
                found: "false",
                allowed:
                    "true in production: without a standby, the loss of a machine or a zone is an outage of hours (R58)",
                fix: setCommand(at("multiAz"), "true"),
            });
        }
        if (production && backupDays !== undefined && backupDays < 7) {
            problems.push({
                path: at("backupDays"),
                found: String(backupDays),
                allowed: "7 to 35 in production (R59)",
                fix: setCommand(at("backupDays"), "7"),
            });
        }
        return problems;
    }),
);

/** What is lost with the region is not saved by a copy in it. */
export const copyBesideServer = contradiction(["apps", "clouds", "database"], ({ clouds: { aws }, ...settings }) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        if (store.variant !== "rds" || store.server.variant !== "create") {
            return [];
        }
        const { backupCopy } = store.server;
        if (backupCopy === undefined || backupCopy.region !== aws?.region) {
            return [];
        }
        const at = settingPath([...path, "server", "backupCopy", "region"]);
        return [
            {
                path: at,
                found: `${JSON.stringify(backupCopy.region)}, the region of the server itself`,
                allowed: "another region: a copy beside the server is lost with it",
                fix: setCommand(
                    at,
                    nearestRegions("aws", backupCopy.region).find((one) => one !== backupCopy.region)!,
                ),
            },
        ];
    }),
);

/** The certificates that come with the program are those of regions that were there when it was made. */
export const rdsAuthorities = contradiction(["apps", "clouds", "database"], ({ clouds: { aws }, ...settings }) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        if (aws === undefined || store.variant !== "rds" || store.ca !== undefined || rdsRegions.includes(aws.region)) {
            return [];
        }
        // Of what can be no region, regions.ts tells.
        if (!isRegion("aws", aws.region)) {
            return [];
        }
        const at = settingPath([...path, "ca"]);
        if (!isKnownRegion("aws", aws.region)) {
            const nearest = nearestRegions("aws", aws.region);
            const fix = setCommand("clouds.aws.region", nearest[0]!);
            return [
                {
                    path: "clouds.aws.region",
                    found: `${JSON.stringify(aws.region)}, a region that is not known here`,
                    allowed: `a region of AWS, such as ${nearest.join(", ")}; with a new one, ${at}: what its databases' certificates descend from`,
                    fix,
                },
            ];
        }
        return [
            {
                path: at,
                found: "nothing",
                allowed: `certificates as PEM: those of ${aws.region} are not among the ones that come with the program`,
                fix: `pulumi config set --path '${at}' "$(curl https://truststore.pki.rds.amazonaws.com/${aws.region}/${aws.region}-bundle.pem)"`,
            },
        ];
    }),
);

export const s3HostsZone = contradiction(["apps", "assets", "platform"], (settings) =>
    storesOf("assets", settings).flatMap(({ path, store }): Problem[] => {
        if (
            store.variant !== "s3" ||
            store.certificate.variant === "existing" ||
            s3Zone(store, settings.platform) !== undefined
        ) {
            return [];
        }
        const at = settingPath([...path, "zoneId"]);
        return [
            {
                path: at,
                found: "nothing",
                allowed: `the Route 53 zone that ${store.host} is in, for its records and its certificate's; the platform has none for it`,
                fix: `${setCommand(at, "ZONE")}, or give a certificate: certificate.variant existing with its arn`,
            },
        ];
    }),
);
