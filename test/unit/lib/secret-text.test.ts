// What is hidden in messages, what is found to be a credential, and that both take a time that is linear in the text.
// Does not prove: that every maker's tokens are known.
import { describe, expect, test } from "vitest";
import { isCredential, masked, secretIn } from "../../../lib/secret-text.ts";

// Put together here, or those who look for leaked credentials would find them in this file.
const stripe = ["sk", "live", "abcdefgh12345678"].join("_");

describe("masked", () => {
    test.each([
        ["redis://user:pass@host:1/0", "redis://***@host:1/0"],
        ["https://user@host/x", "https://***@host/x"],
        ["redis://:pa/ss@host/0", "redis://***@host/0"],
        ["u:SUPERSECRET@registry.example.org/shop:1", "***@registry.example.org/shop:1"],
        ['"docker.io/u:pw@r/i:1"', '"docker.io/***@r/i:1"'],
        [`{"STRIPE":"${stripe}","password":"hun\\"ter2","n":1}`, '{"STRIPE":"sk_live_***","password":"***","n":1}'],
        ['{"password":"hunter2 that was cut...', '{"password":"***"'],
        [`/${stripe}`, "/sk_live_***"],
        [`A=${stripe}`, "A=sk_live_***"],
        [`x+${stripe}`, "x+sk_live_***"],
        ["https://x/y?token=abc&a=b&key=zzz", "https://x/y?token=***&a=b&key=***"],
        ["redis://user:SECRE...", "redis://***"],
        ["invalid password: hunter2 of shop", "invalid password: *** of shop"],
        ["the password: hunter", "the password: ***"],
        ["user: shop\npassword: hunter two", "user: shop\npassword: *** two"],
        ["{ user: shop, password: hunter }", "{ user: shop, password: *** }"],
        ["eyJabcdefghijk.eyJabc", "***"],
        [["-----BEGIN", "PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- z"].join(" "), "*** z"],
    ])("of %j is %j", (text, shown) => {
        expect(masked(text)).toBe(shown);
    });

    test.each([
        "https://example.org:8080/a@b",
        `shop:1.2@sha256:${"a".repeat(64)}`,
        "serviceAccount:ci@example.iam.gserviceaccount.com",
        "git@github.com:org/repo",
        "ASIA1",
        "http://[::1]:80/x",
        "a value under the name PASSWORD",
        "set it by: pulumi config set --secret --path 'secrets.environment.NAME'",
        "PASSWORD_RESET_TIMEOUT=3600",
        "write it there; a secret: pulumi config set --secret --path 'secrets.environment.NAME'",
        "an address that gives out credentials: who asks there has the node's",
        '"/run/secrets/eks.amazonaws.com/token": where clouds put tokens',
        "secrets.environment.API_TOKEN: found nothing; better: a value",
        '{"secretKey":null}',
    ])("leaves %j", (text) => {
        expect(masked(text)).toBe(text);
    });
});

describe("a credential is known", () => {
    test.each([
        ["ANY", "postgres://u:p@h/d", "a URL with a password"],
        ["ANY", stripe, "a Stripe key"],
        ["clientSecret", "x", "a value under the name clientSecret"],
        ["PGPASSWORD", "x", "a value under the name PGPASSWORD"],
        ["FILE", '{\n  "api_key": "x",\n}', "a value under the name api_key"],
    ])("by %s or %s", (name, text, what) => {
        expect(secretIn(name, text)).toBe(what);
    });

    test.each([
        ["DATABASE_URL", "postgres://u:$(PASSWORD)@h/d"],
        ["PASSWORD_HASHERS", "argon2"],
        ["tokenUrl", "https://example.org/token"],
        ["PASSWORD", "${VAULT}"],
        ["SECRET_NAME", "shop"],
        ["FILE", "# password: ask an engineer\na: b"],
    ])("and %s = %s is none", (name, text) => {
        expect(secretIn(name, text)).toBeUndefined();
    });

    test("but not by a name of a million letters", () => {
        expect(isCredential(`${"a".repeat(1e6)}_password`, "x")).toBe(false);
    });
});

describe("a megabyte takes about ten times as long as a tenth of it:", () => {
    const parts = [
        "a",
        "a:",
        "://",
        "a://",
        "a://b:",
        "a@",
        ":@",
        "a:a@",
        " ",
        "0",
        "\n",
        "eyJaaaaaaaa-",
        "-----BEGIN ",
    ];
    const more = [
        '"',
        '\\"',
        "password=",
        'password="',
        '"password":"',
        "glpat-",
        "sk_live_",
        "AKIA",
        "=\n",
        "a=b c  \n",
        "?key=",
    ];
    test.each([...parts, ...more])("%j", (part) => {
        const text = part.repeat(Math.ceil(1e6 / part.length));
        const start = performance.now();
        masked(text);
        secretIn("PASSWORD", text);
        // A pattern that is quadratic takes minutes.
        expect(performance.now() - start).toBeLessThan(5000);
    });
});
