// Who serves users without TLS, and which names no certificate can have.
import { isInZone, isPublicName } from "../../../lib/dns-names.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import type { Settings } from "../../sections.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

const served = ["apps", "environment", "exposure", "lends", "platform"] as const;

type Served = Pick<Settings, (typeof served)[number]>;

/** A name that the way in answers to. */
export interface ServedName {
    readonly path: string;
    /** Without the `*.` of names that are lent. */
    readonly name: string;
    readonly lent: boolean;
}

export function namesOf({ apps, lends }: Pick<Served, "apps" | "lends">): ServedName[] {
    const hosts = placedApps(apps).flatMap(({ app, at }) =>
        app.hosts.map((name, index) => ({ path: settingPath([...at, "hosts", index]), name, lent: false })),
    );
    return lends.domain === undefined ? hosts : [...hosts, { path: "lends.domain", name: lends.domain, lent: true }];
}

const inFront = "exposure.allowPlainHttp if TLS ends before the Gateway";

/** What is missing for HTTPS; nothing where there is no way in, or something in front of it has the certificates. */
function withoutCertificate(settings: Served): Problem[] {
    const { environment, exposure, platform } = settings;
    const wanted = (what: string): string =>
        environment.kind === "production"
            ? `in production ${what}`
            : `${what}: else all is plain HTTP, which production refuses`;
    switch (exposure.variant) {
        case "load-balancer":
        case "node-port":
            return exposure.allowPlainHttp ? [] : [straightToPods(exposure.variant, wanted)];
        case "none":
        case "platform":
            return [];
        case "gateway":
            break;
        default:
            return exposure satisfies never;
    }
    if (exposure.allowPlainHttp || exposure.certificate !== undefined) {
        return [];
    }
    switch (platform.variant) {
        case "existing":
            return platform.issuer === undefined ? [withoutIssuer(wanted)] : [];
        case "digitalocean":
            return platform.gateway.variant === "none" ? [] : ofDigitalOcean(platform, wanted);
        case "aws":
            return platform.gateway.variant === "none" || platform.gateway.certificateArns.length > 0
                ? []
                : uncertified(platform, namesOf(settings), wanted);
        // Google certifies every host, in a zone of the platform or not; of another stack's, its outputs tell.
        case "gcp":
        case "stack":
            return [];
        default:
            return platform satisfies never;
    }
}

type Wanted = (what: string) => string;

function straightToPods(variant: string, wanted: Wanted): Problem {
    return {
        path: "exposure.allowPlainHttp",
        found: `false, and nothing on the way to the pods ends TLS (${variant})`,
        allowed: wanted("true, said by who has something in front that ends TLS; or a Gateway, which does"),
        fix: `${setCommand("exposure.allowPlainHttp", "true")}, or ${setCommand("exposure.variant", "gateway")}`,
    };
}

function withoutIssuer(wanted: Wanted): Problem {
    return {
        path: "platform.issuer",
        found: "nothing",
        allowed: wanted("an issuer of certificates"),
        fix: `${setCommand("platform.issuer.name", "ISSUER")}, or name a certificate that is there (exposure.certificate), or ${inFront}`,
    };
}

function ofDigitalOcean(
    { certificates }: Extract<PlatformSettings, { variant: "digitalocean" }>,
    wanted: Wanted,
): Problem[] {
    const path = "platform.certificates";
    if (certificates.variant === "none") {
        const [variant, email] = [setCommand(`${path}.variant`, "letsencrypt"), setCommand(`${path}.email`, "EMAIL")];
        const allowed = wanted("letsencrypt or an issuer that exists (R95)");
        return [{ path: `${path}.variant`, found: '"none"', allowed, fix: `${variant} && ${email}, or ${inFront}` }];
    }
    return [];
}

/** One host without a zone, and none of them gets a certificate: the load balancer's controller then looks for others in the account. */
function uncertified(
    { dns }: Extract<PlatformSettings, { variant: "aws" }>,
    names: readonly ServedName[],
    wanted: Wanted,
): Problem[] {
    const given = `with a certificate that is there ${setCommand("platform.gateway.certificateArns[0]", "ARN")}`;
    if (dns.variant === "none") {
        const domain = names[0]?.name ?? "DOMAIN";
        return [
            {
                path: "platform.dns.variant",
                found: '"none"',
                allowed: wanted("a zone in which certificates are proved, or certificates of ACM that are there (R95)"),
                fix: `${setCommand("platform.dns.variant", "create")} && ${setCommand("platform.dns.domain", domain)}, or ${given}, or ${inFront}`,
            },
        ];
    }
    return names
        .filter(({ name }) => !isInZone(name, dns.domain))
        .map(({ path, name }) => ({
            path,
            found: `${JSON.stringify(name)}, which is not in the zone ${dns.domain}: so no certificate is made for any host`,
            allowed: wanted("hosts in the zone, or certificates of ACM that are there (R95)"),
            fix: `${setCommand(path, `${name.split(".")[0]!}.${dns.domain}`)}, or ${given}, or ${inFront}`,
        }));
}

export const plainHttpInProduction = contradiction(served, (settings) =>
    settings.environment.kind === "production" ? withoutCertificate(settings) : [],
);

/** On one's own machine nobody listens in. */
export const plainHttp = advice(served, (settings) =>
    ["staging", "ephemeral"].includes(settings.environment.kind) ? withoutCertificate(settings) : [],
);

/** Let's Encrypt's servers for trying out, which issue what no browser trusts. */
export const untrustedInProduction = contradiction(["environment", "platform"], ({ environment, platform }) => {
    if (environment.kind !== "production" || platform.variant !== "digitalocean") {
        return [];
    }
    const { certificates } = platform;
    if (certificates.variant !== "letsencrypt" || certificates.server === "production") {
        return [];
    }
    const path = "platform.certificates.server";
    const allowed =
        "production in production: no browser trusts the certificates of Let's Encrypt's staging server (R95)";
    return [{ path, found: '"staging"', allowed, fix: setCommand(path, "production") }];
});

/** The authority that certifies an environment's own hosts for browsers everywhere; undefined where it is someone's own, or none. */
function authorityOf(exposure: Settings["exposure"], platform: PlatformSettings): ReturnType<typeof publicAuthority> {
    return exposure.variant !== "gateway" || exposure.certificate !== undefined ? undefined : publicAuthority(platform);
}

function publicAuthority(platform: PlatformSettings): "Google" | "ACM" | "Let's Encrypt" | undefined {
    switch (platform.variant) {
        case "gcp":
            return "Google";
        case "aws":
            return platform.gateway.variant === "none" || platform.dns.variant === "none" ? undefined : "ACM";
        case "digitalocean":
            return platform.certificates.variant === "letsencrypt" ? "Let's Encrypt" : undefined;
        case "existing":
        case "stack":
            return undefined;
        default:
            return platform satisfies never;
    }
}

const certified = ["apps", "exposure", "lends", "platform"] as const;

export const namesOfNobody = contradiction(certified, ({ exposure, platform, ...settings }) => {
    const authority = authorityOf(exposure, platform);
    if (authority === undefined) {
        return [];
    }
    return namesOf(settings)
        .filter(({ name }) => !isPublicName(name))
        .map(({ path, name }) => ({
            path,
            found: JSON.stringify(name),
            allowed: `a name below a domain of yours: ${authority} certifies none that is nobody's on the internet`,
            fix: setCommand(path, `${name.split(".")[0]!}.example.org`),
        }));
});

/** A certificate's own name, its common name, has no more characters (R86); other names in it have up to 253. */
const commonNameLimit = 64;

/** Names that are certified alone, and so are a certificate's own: with its `*.` where it is lent. */
function longNames(names: readonly ServedName[], why: string): Problem[] {
    return names.flatMap(({ path, name, lent }): Problem[] => {
        const most = lent ? commonNameLimit - "*.".length : commonNameLimit;
        return name.length <= most
            ? []
            : [
                  {
                      path,
                      found: `${JSON.stringify(name)}, ${name.length} characters`,
                      allowed: `at most ${most} characters${lent ? ", for *. stands before it" : ""}: ${why} (R86)`,
                      fix: setCommand(path, lent ? "DOMAIN" : "HOST"),
                  },
              ];
    });
}

/** ACM refuses a longer one. */
export const longNamesOfAcm = contradiction([...certified, "assets"], ({ exposure, platform, ...settings }) => {
    const own = authorityOf(exposure, platform) === "ACM" ? namesOf(settings) : [];
    const ofFiles = storesOf("assets", settings).flatMap(({ path, store }): ServedName[] =>
        store.variant === "s3" && store.certificate.variant === "create"
            ? [{ path: settingPath([...path, "host"]), name: store.host, lent: false }]
            : [],
    );
    return longNames([...own, ...ofFiles], "a certificate of ACM has no longer name");
});

/** Google and Let's Encrypt issue certificates without a common name. */
export const longNamesElsewhere = advice(certified, ({ exposure, platform, ...settings }) => {
    const authority = authorityOf(exposure, platform);
    return authority === undefined || authority === "ACM"
        ? []
        : longNames(
              namesOf(settings),
              `${authority} leaves a longer one out of where a certificate's name used to stand, which old clients trip over`,
          );
});

/** Names in one certificate of Let's Encrypt. @see https://letsencrypt.org/docs/rate-limits/ */
const namesOfLetsEncrypt = 100;

export const manyNames = contradiction(certified, ({ apps, exposure, platform }) => {
    const count = apps.reduce((sum, { hosts }) => sum + hosts.length, 0);
    if (authorityOf(exposure, platform) !== "Let's Encrypt" || count <= namesOfLetsEncrypt) {
        return [];
    }
    return [
        {
            path: "apps",
            found: `${count} hosts in all`,
            allowed: `at most ${namesOfLetsEncrypt}: Let's Encrypt certifies no more together, and the way in has one certificate for all`,
            fix: "put apps into another environment, or take hosts out (apps[].hosts)",
        },
    ];
});

/** Certificates of one load balancer of AWS beside its default one, unless the account's quota is raised. */
const certificatesOfBalancer = 25;

export const manyCertificates = advice(certified, ({ exposure, platform, ...settings }) => {
    if (exposure.variant !== "gateway" || platform.variant !== "aws" || platform.gateway.variant === "none") {
        return [];
    }
    const count =
        platform.gateway.certificateArns.length +
        (platform.dns.variant === "none" ? 0 : new Set(namesOf(settings).map(({ name }) => name)).size);
    return count <= certificatesOfBalancer + 1
        ? []
        : [
              {
                  path: "apps",
                  found: `${count} certificates of one load balancer`,
                  allowed: `at most ${certificatesOfBalancer} beside the default one, unless the account's quota is raised`,
                  fix: "take hosts out (apps[].hosts), or have the quota raised: aws service-quotas list-service-quotas --service-code elasticloadbalancing",
              },
          ];
});

/** As long as an environment's name may be, and the dot behind it. */
const borrowedLabel = 20 + 1;

export const longLentDomain = contradiction(["lends"], ({ lends: { domain } }) => {
    const most = 253 - borrowedLabel;
    return domain === undefined || domain.length <= most
        ? []
        : [
              {
                  path: "lends.domain",
                  found: `${JSON.stringify(domain)}, ${domain.length} characters`,
                  allowed: `at most ${most} characters: the longest name of an environment and a dot stand before it, and a host name has 253`,
                  fix: setCommand("lends.domain", "DOMAIN"),
              },
          ];
});
