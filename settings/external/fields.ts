// What the settings of every server that is there have in common: where it is, how it proves who it is, what is opened to it.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { certificateBundle, cidr, port, serverName, text } from "../fields.ts";

export const externalVariant = z
    .literal("external")
    .meta({ alsoCalled: ["existing", "own", "remote", "hosted", "managed", "there", "outside"] });

const allowedAddress =
    "a lower-case DNS name with a dot in it, or an IPv4 address, without scheme, login and port, for example db.example.org";

/** Which programs of the project call; not what a certificate is for alone, so an address is right too. */
export const serverAddress = text(
    allowedAddress,
    (value) => isIPv4(value) || (value.includes(".") && serverName.test(value) && !/(^|\.)[0-9]+$/.test(value)),
).meta({
    typeName: "server",
    pattern: "^[a-z0-9.-]+$",
    example: "HOST",
    alsoCalled: ["address", "hostname", "endpoint", "url", "uri", "dsn", "location", "server", "ip"],
});

/** As libpq's `sslmode`, for every protocol. @see https://www.postgresql.org/docs/current/libpq-ssl.html */
export const tlsModes = ["disable", "require", "verify-ca", "verify-full"] as const;

export type TlsMode = (typeof tlsModes)[number];

export const tls = z
    .strictObject({
        mode: z
            .enum(tlsModes)
            .default("verify-full")
            .meta({
                example: "verify-full",
                alsoCalled: ["sslmode", "sslMode", "verify"],
                // libpq's two others encrypt where the server offers it: who asks for them has nothing to compare.
                alsoSaid: { prefer: "require", allow: "require", "verify-identity": "verify-full", off: "disable" },
            })
            .describe(
                "As libpq's `sslmode`: `verify-full` also compares the name in the certificate with `host`, `verify-ca` only who signed it, `require` encrypts to whoever answers, `disable` sends passwords in plain text.",
            ),
        ca: certificateBundle.optional().meta({
            description: "The certificates, as PEM, that the server's descends from. Needed with `verify-ca`.",
            defaultsTo: "those that the app's image trusts (its package `ca-certificates`)",
            alsoCalled: ["caCert", "cacert", "rootCa", "sslRootCert", "certificate"],
        }),
    })
    .superRefine(({ mode, ca }, context) => {
        if (mode === "verify-ca" && ca === undefined) {
            context.addIssue({
                code: "custom",
                path: ["mode"],
                message:
                    "verify-full, or tls.ca beside it: without the server's own CA, verify-ca takes a certificate that anyone can buy",
            });
        }
        if (ca !== undefined && (mode === "disable" || mode === "require")) {
            context.addIssue({
                code: "custom",
                path: ["mode"],
                message: `verify-full or verify-ca, for there is a ca: ${mode} compares the certificate with nothing`,
            });
        }
    })
    .optional()
    .meta({
        description: "How the connection is encrypted, and how the server proves who it is.",
        defaultsTo: "`{ mode: verify-full }`",
        alsoCalled: ["ssl", "ssl_mode", "sslmode", "sslMode"],
    });

export const cidrs = z
    .array(cidr)
    .min(1)
    .optional()
    .meta({
        description: "The addresses that the server may have: pods may go there, at its port, and nowhere else.",
        defaultsTo: "the address itself, where `host` is one; needed where it is a name",
        alsoCalled: ["range", "ranges", "addresses", "cidr", "network"],
    });

/** One of several servers. @param defaultPort in words */
export function otherServer(defaultPort: string) {
    return z.strictObject({
        host: serverAddress.describe("Where it is."),
        port: port.optional().meta({ description: "Of `host`.", defaultsTo: defaultPort }),
    });
}

export const userName = text("a name without spaces and quotes", /^[^\s"'\\]{1,63}$/).meta({
    alsoCalled: ["username", "login", "role"],
});

/** Needed where a server has a name: nothing in the settings says which addresses that has. */
export function needsRanges(
    { cidrs: given, hosts }: { readonly cidrs?: readonly string[] | undefined; readonly hosts: readonly string[] },
    context: z.RefinementCtx,
): void {
    const name = hosts.find((host) => !isIPv4(host));
    if (given === undefined && name !== undefined) {
        context.addIssue({
            code: "custom",
            path: ["cidrs", 0],
            message: `the ranges that ${name} has its addresses in, as its owner names them: pods may go there and nowhere else`,
        });
    }
}
