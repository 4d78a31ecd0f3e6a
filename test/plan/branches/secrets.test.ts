// The branches of R50. Does not prove: that it knows every form that a credential may have.
import { beforeAll, describe } from "vitest";
import { SecretValue, type Plan } from "../../../commands/plan/plan.ts";
import { goodPlan } from "../support/cloud-examples.ts";
import { changed, planOf } from "../support/plans.ts";
import { spoil } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

let local: Plan;
/** Secrets that controllers make, under names like those of what they hold. */
let made: Plan;

beforeAll(async () => {
    local = await planOf(await changed("local", () => undefined), { stack: "local" });
    made = await planOf(
        await changed("local", (sections) => {
            sections["secretObjects"] = {
                sealed: {
                    stripe: {
                        encryptedData: { password: `AgB${"x".repeat(400)}`, "api.token": `AgB${"y".repeat(400)}` },
                    },
                },
                external: {
                    vault: { store: { name: "vault" }, data: { "private-key": { key: "shop", property: "token" } } },
                },
            };
            sections["existingSecrets"] = { environment: { API_KEY: { name: "stripe", key: "password" } } };
        }),
        { stack: "local" },
    );
});

/** A text under a name that says nothing. */
function text(value: string, isFound: boolean, name = "ANYTHING"): Branch {
    // Put together here, or those who look for leaked credentials would find them in this file.
    return {
        what: `${name} = ${JSON.stringify(value.slice(0, 24))}`,
        breaks: isFound ? [`R50 data.${name}`] : [],
        plan: () =>
            spoil(local, "sample-environment", (r) => (r.props["data"] = { ...r.props["data"], [name]: value })),
    };
}

const letters = (count: number): string => "aB3".repeat(count).slice(0, count);

describe("values that are credentials wherever they stand:", () => {
    testBranches([
        text("postgresql://user:pass@host/db", true),
        text("redis://:pass@cache:6379/0", true),
        ...["", "RSA ", "EC ", "OPENSSH "].map((kind) => text(`-----BEGIN ${kind}PRIVATE KEY-----\nabc`, true)),
        ...["AKIA", "ASIA"].map((prefix) => text(`id ${prefix}ABCDEFGH12345678`, true)),
        text(`AIza${letters(35)}`, true),
        ...["ghp", "gho", "ghu", "ghs", "ghr"].map((prefix) => text(`${prefix}_${letters(36)}`, true)),
        text(`github_pat_${letters(22)}`, true),
        text(`glpat-${letters(20)}`, true),
        ...["xoxa", "xoxb", "xoxp", "xoxr", "xoxs"].map((prefix) => text(`${prefix}-${letters(10)}`, true)),
        ...["sk_live", "sk_test", "rk_live", "rk_test"].map((prefix) => text(`${prefix}_${letters(16)}`, true)),
        text(`eyJ${letters(8)}.eyJ${letters(8)}.${letters(8)}`, true),
    ]);
});

describe("values that only look like them:", () => {
    testBranches([
        text("postgresql://host/db", false),
        text("https://user@example.org/", false),
        text("-----BEGIN CERTIFICATE-----\nabc", false),
        text("AKIA1234", false),
        text(`AIza${letters(34)}`, false),
        text(`ghx_${letters(36)}`, false),
        text(`glpat-${letters(19)}`, false),
        text("xoxb-short", false),
        text(`pk_live_${letters(16)}`, false),
        text("eyJhbGciOiJ9.other.text", false),
    ]);
});

describe("names whose value is a credential:", () => {
    testBranches([
        ...[
            "PASSWORD",
            "DB_PASSWD",
            "KEY_PASSPHRASE",
            "CLIENT_SECRET",
            "SECRET_KEY",
            "API_TOKEN",
            "SENTRY_AUTH_TOKEN",
            "STRIPE_API_KEY",
            "LICENSE_KEY",
            "AWS_ACCESS_KEY",
            "SSH_PRIVATE_KEY",
            "CREDENTIAL",
            "CREDENTIALS",
            "apikey",
        ].map((name) => text("hunter2", true, name)),
        ...["PASSWORD_RESET_TIMEOUT", "TOKENS", "SECRETARY", "PUBLIC_KEY", "MONKEY"].map((name) =>
            text("hunter2", false, name),
        ),
        ...[
            "true",
            "No",
            "off",
            "null",
            "3600",
            "$PASSWORD",
            "${PASSWORD}",
            "%(PASSWORD)s",
            "/run/secrets/password",
            "<redacted>",
            "",
        ].map((value) => text(value, false, "PASSWORD")),
        text("[newrelic]\nlicense_key = 0123456789abcdef\n", true),
        text("token: abcdef\nother: x", true),
        text("[newrelic]\nlicense_key = %(KEY)s\n", false),
        text("license_key = 0123456789abcdef", false),
    ]);
});

describe("places:", () => {
    const secret = { name: "sample-secret-environment", kind: "Secret" };
    const hidden = new SecretValue("hidden");
    testBranches([
        {
            what: "an annotation of a Secret",
            breaks: ['R50 metadata.annotations["example.org/api-token"]'],
            plan: () =>
                spoil(local, secret, (r) => (r.props["metadata"].annotations = { "example.org/api-token": "abc" })),
        },
        {
            what: "a Secret's own entries",
            breaks: [],
            plan: () => spoil(local, secret, (r) => (r.props["data"] = { PASSWORD: "aHVudGVyMg==" })),
        },
        {
            what: "a Secret's type, which is no place for one",
            breaks: ["R50 type"],
            plan: () => spoil(local, secret, (r) => (r.props["type"] = hidden)),
        },
        {
            what: "a secret value in a ConfigMap",
            breaks: ["R50 data.ANYTHING"],
            plan: () =>
                spoil(local, "sample-environment", (r) => (r.props["data"] = { ...r.props["data"], ANYTHING: hidden })),
        },
        {
            what: "a secret value in a container's variable",
            breaks: ["R50 spec.template.spec.containers[0].env["],
            plan: () =>
                spoil(local, "sample-worker-default", (r) =>
                    r.props["spec"].template.spec.containers[0].env.push({ name: "ANYTHING", value: hidden }),
                ),
        },
        {
            what: "a variable by its name",
            breaks: ["R50 spec.template.spec.containers[0].env["],
            plan: () =>
                spoil(local, "sample-worker-default", (r) =>
                    r.props["spec"].template.spec.containers[0].env.push({ name: "API_KEY", value: "hunter2" }),
                ),
        },
        {
            what: "a password that a cloud's own resource takes",
            breaks: [],
            plan: () => spoil(goodPlan("aws"), "database", (r) => (r.props["password"] = hidden)),
        },
        {
            what: "the same in plain text",
            breaks: ["R50 password"],
            plan: () => spoil(goodPlan("aws"), "database", (r) => (r.props["password"] = "hunter2")),
        },
        { what: "a SealedSecret and an ExternalSecret, which hold none", breaks: [], plan: () => made },
        {
            what: "a credential that was not sealed",
            breaks: ["R50 spec.encryptedData.password"],
            plan: () =>
                spoil(
                    made,
                    "secrets-sealed-stripe",
                    (r) => (r.props["spec"].encryptedData.password = `ghp_${letters(36)}`),
                ),
        },
        {
            what: "a credential in a SealedSecret's template, by its name",
            breaks: ["R50 spec.template.data.password"],
            plan: () =>
                spoil(made, "secrets-sealed-stripe", (r) => (r.props["spec"].template.data = { password: "hunter2" })),
        },
        {
            what: "a credential in an ExternalSecret's template, by its name",
            breaks: ["R50 spec.target.template.data.password"],
            plan: () =>
                spoil(
                    made,
                    "secrets-external-vault",
                    (r) => (r.props["spec"].target.template = { data: { password: "hunter2" } }),
                ),
        },
    ]);
});
