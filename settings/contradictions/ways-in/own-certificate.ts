// A certificate that is there already: where one may be, and whether the one that was given fits its key, its hosts and today.
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { removeCommand, setCommand, setSecretCommand, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import type { PlainSecrets } from "../../secrets.ts";
import type { Settings } from "../../sections.ts";
import { notDecrypted } from "../../stack-file/encrypted.ts";
import { namesOf } from "./certificates.ts";
import { advice, contradiction } from "../contradiction.ts";

const path = "exposure.certificate";

export const certificateOfCloud = contradiction(["exposure", "platform"], ({ exposure, platform }) => {
    const why = exposure.variant === "gateway" && exposure.certificate !== undefined ? ofOthers(platform) : undefined;
    return why === undefined ? [] : [{ path, found: "a certificate", allowed: why, fix: removeCommand(path) }];
});

/** Why a Secret of the cluster is none for the way in there. */
function ofOthers({ variant }: PlatformSettings): string | undefined {
    switch (variant) {
        case "gcp":
            return "nothing: Google's load balancer has its certificates from Certificate Manager, which makes one for each host";
        case "aws":
            return "nothing: AWS's load balancer has its certificates from ACM; one that is there is named in platform.gateway.certificateArns";
        case "stack":
            return "nothing: on the cluster of another stack, that stack's Gateway has the certificates";
        case "existing":
        case "digitalocean":
            return undefined;
        default:
            return variant satisfies never;
    }
}

type WithTls = Pick<Settings, "exposure" | "secrets">;

/** The certificate that is used, where it was given. */
function given({ exposure, secrets }: WithTls): PlainSecrets["certificate"] {
    return exposure.variant === "gateway" && exposure.certificate?.variant === "given"
        ? secrets.certificate
        : undefined;
}

export const certificateNotGiven = contradiction(["exposure", "secrets"], ({ exposure, secrets }) => {
    const wanted = exposure.variant === "gateway" && exposure.certificate?.variant === "given";
    if (wanted === (secrets.certificate !== undefined)) {
        return [];
    }
    const [chain, key] = ["secrets.certificate.chain", "secrets.certificate.key"];
    return wanted
        ? [
              {
                  path: "secrets.certificate",
                  found: "nothing",
                  allowed: `a certificate and its key, because ${path}.variant is given`,
                  fix: `${setSecretCommand(chain)} < tls.crt && ${setSecretCommand(key)} < tls.key`,
              },
          ]
        : [
              {
                  path: "secrets.certificate",
                  found: "a secret that nothing uses",
                  allowed: `nothing, unless ${path}.variant is given`,
                  fix: `${setCommand(`${path}.variant`, "given")}, or ${removeCommand("secrets.certificate")}`,
              },
          ];
});

/** Both are checked here, because the Gateway's controller only says that something is wrong, and then serves nothing or its own. */
export const unfitCertificate = contradiction(
    ["apps", "exposure", "lends", "platform", "secrets"],
    ({ apps, lends, platform, ...settings }) => {
        const tls = given(settings);
        if (tls === undefined || tls.chain === notDecrypted) {
            return [];
        }
        const read = readCertificate(tls);
        if (read.certificate === undefined || read.key === undefined) {
            return read.problems;
        }
        const { certificate, key } = read;
        return [
            ...(certificate.checkPrivateKey(key)
                ? []
                : [
                      {
                          path: "secrets.certificate.key",
                          found: "the key of another certificate",
                          allowed:
                              "the private key of secrets.certificate.chain, whose first certificate is the hosts'",
                          fix: `${setSecretCommand("secrets.certificate.key")} < tls.key`,
                      },
                  ]),
            ...(certificate.validToDate.getTime() > Date.now()
                ? []
                : [
                      {
                          path: "secrets.certificate.chain",
                          found: `a certificate that ended at ${certificate.validToDate.toISOString().slice(0, 10)}`,
                          allowed: "one that holds",
                          fix: `${setSecretCommand("secrets.certificate.chain")} < tls.crt`,
                      },
                  ]),
            ...uncovered(certificate, namesOf({ apps, lends }), isIssued(platform)),
        ];
    },
);

/** An issuer makes the certificate of lent names all the same. */
function isIssued(platform: PlatformSettings): boolean {
    return (
        (platform.variant === "existing" && platform.issuer !== undefined) ||
        (platform.variant === "digitalocean" && platform.certificates.variant !== "none")
    );
}

function uncovered(certificate: X509Certificate, names: ReturnType<typeof namesOf>, lentAreIssued: boolean): Problem[] {
    return names
        .filter(({ lent }) => !(lent && lentAreIssued))
        .filter(({ name, lent }) => certificate.checkHost(lent ? `any.${name}` : name) === undefined)
        .map((one) => ({
            path: one.path,
            found: `${JSON.stringify(one.lent ? `*.${one.name}` : one.name)}, which secrets.certificate.chain is not for`,
            allowed: `names of the certificate: ${certificate.subjectAltName?.replaceAll("DNS:", "") ?? "it has none"}`,
            fix: `have it made for this name too, then ${setSecretCommand("secrets.certificate.chain")} < tls.crt`,
        }));
}

interface Read {
    readonly certificate?: X509Certificate;
    readonly key?: KeyObject;
    readonly problems: Problem[];
}

/** What was found is never shown. */
function readCertificate(tls: NonNullable<PlainSecrets["certificate"]>): Read {
    const certificate = attempt(() => new X509Certificate(tls.chain));
    const key = attempt(() => createPrivateKey(tls.key));
    const unreadable = (name: "chain" | "key", allowed: string): Problem => ({
        path: `secrets.certificate.${name}`,
        found: "a text that is none",
        allowed,
        fix: `${setSecretCommand(`secrets.certificate.${name}`)} < tls.${name === "key" ? "key" : "crt"}`,
    });
    return {
        ...(certificate && { certificate }),
        ...(key && { key }),
        problems: [
            ...(certificate === undefined
                ? [unreadable("chain", "a certificate in PEM, from -----BEGIN CERTIFICATE----- on")]
                : []),
            ...(key === undefined ? [unreadable("key", "a private key in PEM, without a passphrase")] : []),
        ],
    };
}

function attempt<Value>(read: () => Value): Value | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
}

/** As long as it takes to have another one made in an office. */
const soon = 21;

/** Nobody renews a certificate that was given. */
export const endingCertificate = advice(["exposure", "secrets"], (settings) => {
    const tls = given(settings);
    const end = tls && attempt(() => new X509Certificate(tls.chain))?.validToDate;
    const days = end && Math.floor((end.getTime() - Date.now()) / 86_400_000);
    return days === undefined || days < 0 || days > soon
        ? []
        : [
              {
                  path: "secrets.certificate.chain",
                  found: `a certificate that ends in ${days} days`,
                  allowed: `one that holds for more than ${soon} days: nothing renews it`,
                  fix: `${setSecretCommand("secrets.certificate.chain")} < tls.crt`,
              },
          ];
});
