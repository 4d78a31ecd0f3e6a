// DNS zones and the names that are to be in them.
import { isInZone } from "../../../lib/dns-names.ts";
import { setCommand, settingPath } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

/** The zone of a platform whose records are made here; undefined where none are. */
function zoneOf(platform: PlatformSettings): string | undefined {
    switch (platform.variant) {
        case "gcp":
            return platform.dns.variant === "none" ? undefined : platform.dns.domain;
        case "aws":
        case "digitalocean":
            return platform.dns.variant === "none" || !platform.dns.hostRecords ? undefined : platform.dns.domain;
        case "existing":
        case "stack":
            return undefined;
        default:
            return platform satisfies never;
    }
}

/** On AWS such a host has no certificate either, which certificates.ts tells. */
function isUncertified(platform: PlatformSettings): boolean {
    return (
        platform.variant === "aws" &&
        platform.gateway.variant !== "none" &&
        platform.gateway.certificateArns.length === 0
    );
}

export const hostsOutsideZone = advice(["apps", "exposure", "lends", "platform"], (settings) => {
    const { apps, exposure, lends, platform } = settings;
    const zone = zoneOf(platform);
    if (exposure.variant !== "gateway" || zone === undefined || isUncertified(platform)) {
        return [];
    }
    const hosts = placedApps(apps).flatMap(({ app, at }) =>
        app.hosts.map((name, index) => ({ path: settingPath([...at, "hosts", index]), name })),
    );
    const names = lends.domain === undefined ? hosts : [...hosts, { path: "lends.domain", name: lends.domain }];
    return names
        .filter(({ name }) => !isInZone(name, zone))
        .map(({ path, name }) => ({
            path,
            found: `${JSON.stringify(name)}, which is not in the zone ${zone}`,
            allowed: "a name in it, or records that you make by hand (the output records, or kubectl get gateway)",
            fix: setCommand(path, `${name.split(".")[0]!}.${zone}`),
        }));
});

/** A zone for a top-level domain is nobody's to make. */
export const topLevelZone = contradiction(["platform"], ({ platform }) => {
    if (platform.variant === "existing" || platform.variant === "stack" || platform.dns.variant !== "create") {
        return [];
    }
    const { domain } = platform.dns;
    const path = "platform.dns.domain";
    return domain.includes(".")
        ? []
        : [
              {
                  path,
                  found: JSON.stringify(domain),
                  allowed: "a domain of yours, with a dot, for example shop.example.org",
                  fix: setCommand(path, `${domain}.example.org`),
              },
          ];
});

/** cert-manager asks Let's Encrypt, which a CAA record of the zone can shut out. */
export const certifiedByLetsEncrypt = contradiction(["apps", "assets", "exposure", "platform"], (settings) => {
    const { exposure, platform } = settings;
    if (platform.variant !== "digitalocean" || platform.dns.variant !== "create") {
        return [];
    }
    const { domain, certificateAuthorities } = platform.dns;
    const cdns = storesOf("assets", settings).flatMap(({ path, store }) =>
        store.variant === "spaces" &&
        store.buckets.variant === "create" &&
        store.buckets.cdn.domain !== undefined &&
        isInZone(store.buckets.cdn.domain, domain)
            ? [settingPath([...path, "buckets", "cdn", "domain"])]
            : [],
    );
    const wayIn =
        exposure.variant === "gateway" &&
        exposure.certificate === undefined &&
        platform.certificates.variant === "letsencrypt"
            ? ["platform.certificates"]
            : [];
    const users = [...wayIn, ...cdns];
    if (
        users.length === 0 ||
        certificateAuthorities.length === 0 ||
        certificateAuthorities.includes("letsencrypt.org")
    ) {
        return [];
    }
    const path = "platform.dns.certificateAuthorities";
    return [
        {
            path,
            found: JSON.stringify(certificateAuthorities),
            allowed: `letsencrypt.org among them, which certifies ${users.join(", ")}; or none, for any authority`,
            fix: setCommand(`${path}[${certificateAuthorities.length}]`, "letsencrypt.org"),
        },
    ];
});
