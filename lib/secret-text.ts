// Credentials in text: what they are called, and text without them. Every search is linear in the length of the text.

/** What a message shows in the place of a credential. */
export const mask = "***";

/** Names whose value is a credential; a name that goes on (PASSWORD_RESET_TIMEOUT) is a setting about one. */
const credentialName =
    /(?:password|passwd|passphrase)$|(?:^|[_.-])(?:secret|secret[_-]?key|token|auth[_-]?token|api[_-]?key|license[_-]?key|access[_-]?key|private[_-]?key|credentials?|pwd)$/i;

/** The same in camel case: `clientSecret`, `accessToken`. */
const camelCredentialName = /[a-z0-9](?:Secret|Token|(?:Secret|Api|License|Access|Private)Key|Credentials?)$/;

/** Words that stand for a credential without being one: what another place fills in, a file's path, a redacted value. */
const harmless =
    /^(?:true|false|yes|no|on|off|none|null|[0-9.]+|\$\{?[A-Za-z_].*|\$\(.*\)|%\(.*\)s|\{\{.*\}\}|\/.*|<.*>|\*+|os\.(?:environ|getenv).*|env\(.*)$/i;

/** Longer names are no names; looking at them would take as long as they are. */
const longestName = 200;

interface Token {
    /** In the words of a message. */
    readonly name: string;
    /** How it begins. */
    readonly prefix: string;
    /** The characters that follow, as a class of an expression. */
    readonly letters: string;
    /** How many at least; fewer are something else. */
    readonly least: number;
    /** Not more than `least`. @default false */
    readonly exact?: boolean;
}

/** By their makers' own forms. */
const tokens: readonly Token[] = [
    { name: "an AWS access key", prefix: "(?:AKIA|ASIA)", letters: "[0-9A-Z]", least: 16, exact: true },
    { name: "a Google API key", prefix: "AIza", letters: "[0-9A-Za-z_-]", least: 35 },
    { name: "a Google OAuth secret", prefix: "GOCSPX-", letters: "[0-9A-Za-z_-]", least: 20 },
    { name: "a GitHub token", prefix: "gh[pousr]_", letters: "[0-9A-Za-z]", least: 36 },
    { name: "a GitHub token", prefix: "github_pat_", letters: "[0-9A-Za-z_]", least: 22 },
    { name: "a GitLab token", prefix: "glpat-", letters: "[0-9A-Za-z_-]", least: 20 },
    { name: "a Slack token", prefix: "xox[abeprs]-", letters: "[0-9A-Za-z-]", least: 10 },
    { name: "a Slack webhook", prefix: "hooks\\.slack\\.com/services/", letters: "[0-9A-Za-z/]", least: 20 },
    { name: "a Stripe key", prefix: "[rs]k_(?:live|test)_", letters: "[0-9A-Za-z]", least: 16 },
    { name: "a Stripe webhook secret", prefix: "whsec_", letters: "[0-9A-Za-z+/=]", least: 16 },
    { name: "a DigitalOcean token", prefix: "do[opr]_v1_", letters: "[0-9a-f]", least: 64 },
    { name: "an OpenAI or Anthropic key", prefix: "sk-(?:proj|ant|svcacct)-", letters: "[0-9A-Za-z_-]", least: 20 },
    { name: "a SendGrid key", prefix: "SG\\.", letters: "[0-9A-Za-z_.-]", least: 40 },
    { name: "an npm token", prefix: "npm_", letters: "[0-9A-Za-z]", least: 36 },
    { name: "a PyPI token", prefix: "pypi-", letters: "[0-9A-Za-z_-]", least: 50 },
];

/** What cannot stand before a token: a run of these letters has one beginning, and so is looked at once. */
const before = "(?<![0-9A-Za-z_-])";

const wholeTokens = tokens.map(({ name, prefix, letters, least, exact = false }) => ({
    name,
    pattern: new RegExp(`${before}${prefix}${letters}{${least}}${exact ? `(?!${letters})` : ""}`),
}));

/** A text that was cut shows the beginning of a token: that is hidden too. */
const tokenBeginnings = new RegExp(
    `${before}(?:${tokens.map(({ prefix, letters, exact = false }) => `(${prefix})${letters}{${exact ? 8 : 4},}`).join("|")})`,
    "g",
);

const webToken = /(?<![0-9A-Za-z_-])eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}/;
const webTokenBeginning = /(?<![0-9A-Za-z_-])eyJ[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]*)*/g;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const wholePrivateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** Whether this value is a credential because of the name it has. */
export function isCredential(name: string, value: string): boolean {
    return namesCredential(name) && value !== "" && !harmless.test(value);
}

function namesCredential(name: string): boolean {
    return name.length <= longestName && (credentialName.test(name) || camelCredentialName.test(name));
}

/** @returns what the value is, in words that do not show it; undefined when it is no credential by itself */
export function credentialIn(text: string): string | undefined {
    for (const { password } of loginsIn(text)) {
        if (password !== undefined && password !== "" && !harmless.test(password)) {
            return "a URL with a password";
        }
    }
    if (privateKey.test(text)) {
        return "a private key";
    }
    return (
        wholeTokens.find(({ pattern }) => pattern.test(text))?.name ??
        (webToken.test(text) ? "a JSON web token" : undefined)
    );
}

/**
 * @param name under which the text stands
 * @returns what credential the text is or has in one of its lines, in words that do not show it; undefined when it has none
 */
export function secretIn(name: string, text: string): string | undefined {
    const known = credentialIn(text);
    if (known !== undefined) {
        return known;
    }
    if (isCredential(name, text)) {
        return `a value under the name ${name}`;
    }
    for (const line of text.includes("\n") ? text.split("\n") : []) {
        const { key, value } = assignmentIn(line);
        if (isCredential(key, value)) {
            return `a value under the name ${key}`;
        }
    }
    return undefined;
}

/** A line of an ini, env, properties or JSON file. */
function assignmentIn(line: string): { readonly key: string; readonly value: string } {
    const at = line.search(/[=:]/);
    const key = unquoted(line.slice(0, Math.max(0, at)));
    return /^[A-Za-z0-9_.-]+$/.test(key) ? { key, value: unquoted(line.slice(at + 1)) } : { key: "", value: "" };
}

function unquoted(text: string): string {
    const trimmed = text.trim();
    const word = trimmed.endsWith(",") ? trimmed.slice(0, -1) : trimmed;
    const quote = word.at(0);
    return (quote === '"' || quote === "'") && word.length > 1 && word.endsWith(quote) ? word.slice(1, -1) : word;
}

interface Login {
    /** Where user name and password stand. */
    readonly start: number;
    readonly end: number;
    /** undefined: there is a user name alone. */
    readonly password: string | undefined;
}

/** What ends a URL in a text. */
const endOfUrl = /[\s"'`<>\\]/;

/** The logins of all URLs: `user:password` in `redis://user:password@host`. */
function loginsIn(text: string): Login[] {
    const found: Login[] = [];
    for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
        const start = at + 3;
        const next = text.indexOf("://", start);
        const end = endFrom(text, start, next === -1 ? text.length : next);
        const login = loginOf(text.slice(start, end), end === text.length || text.startsWith("...", end));
        if (login !== undefined) {
            found.push({
                start,
                end: start + login.length,
                password: login.includes(":") ? login.slice(login.indexOf(":") + 1) : undefined,
            });
        }
    }
    return found;
}

function endFrom(text: string, start: number, limit: number): number {
    const length = text.slice(start, limit).search(endOfUrl);
    return length === -1 ? limit : start + length;
}

/** @param cut whether the text may go on where it ends */
function loginOf(url: string, cut: boolean): string | undefined {
    const authority = url.slice(0, Math.max(0, endOfAuthority(url)));
    const at = authority.lastIndexOf("@");
    if (at !== -1) {
        return authority.slice(0, at);
    }
    const [, port] = /^[^:]*:(.*)$/s.exec(authority) ?? [];
    if (port === undefined || /^[0-9]*$/.test(port) || authority.startsWith("[")) {
        return undefined;
    }
    // No port, so a password: with a slash in it, or cut off.
    const last = url.lastIndexOf("@");
    return last !== -1 ? url.slice(0, last) : cut ? authority : undefined;
}

function endOfAuthority(url: string): number {
    const at = url.search(/[/?#]/);
    return at === -1 ? url.length : at;
}

/** The text with every part hidden that looks like a credential. Other text stays as it is. */
export function masked(text: string): string {
    return withoutAssignments(withoutPairs(withoutLogins(text.replace(wholePrivateKey, mask))))
        .replace(webTokenBeginning, mask)
        .replace(
            tokenBeginnings,
            (...match) =>
                `${(match.slice(1, tokens.length + 1) as (string | undefined)[]).find((prefix) => prefix !== undefined)}${mask}`,
        );
}

function withoutLogins(text: string): string {
    let shown = "";
    let from = 0;
    for (const { start, end } of loginsIn(text)) {
        shown += text.slice(from, start) + mask;
        from = end;
    }
    return shown + text.slice(from);
}

/** What stands before a colon and an address without being a login: members of roles, image tags before a digest. */
const kindsOfMembers = new Set([
    "serviceAccount",
    "user",
    "group",
    "domain",
    "mailto",
    "principal",
    "principalSet",
    "deleted",
]);

/** `user:password@` without a scheme, as in `user:password@registry.example.org/shop:1`. */
function withoutPairs(text: string): string {
    return text.replace(/[^\s/"'`,;()=<>]+/g, (word) => {
        const at = word.lastIndexOf("@");
        const colon = word.indexOf(":");
        const isLogin = colon > 0 && colon < at - 1 && !kindsOfMembers.has(word.slice(0, colon));
        return isLogin && !word.startsWith("sha256:", at + 1) ? mask + word.slice(at) : word;
    });
}

/**
 * Whether a plain word behind it is the next of a sentence and no value: `a secret: pulumi config set`, `"/run/token": where`,
 * `secrets.secretKey: found`. A key of YAML, JSON or a file of variables begins a line or an entry.
 *
 * @param front the two characters before the name
 */
function isSentence(front: string, name: string, separator: string): boolean {
    return /^["']?: $/.test(separator) && (/[A-Za-z] $|[/\]]$/.test(front) || name.includes("."));
}

/** `password=...`, `"password": "..."`, `?token=...`. */
function withoutAssignments(text: string): string {
    const name = /(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]+)(["']?\s*[=:]\s*)/g;
    const value = /(["'])(?:(?!\1)[^\\]|\\.)*\1?|(?![{[(])[^\s"'&,;}\])]+/sy;
    let shown = "";
    let from = 0;
    for (let match = name.exec(text); match !== null; match = name.exec(text)) {
        const [whole, word = "", separator = ""] = match;
        const start = match.index + whole.length;
        const inQuery = /[?&]/.test(text[match.index - 1] ?? "") && /^(?:key|sig|signature|code|pass)$/i.test(word);
        if (!inQuery && !namesCredential(word)) {
            continue;
        }
        value.lastIndex = start;
        const [given] = value.exec(text) ?? [];
        const goesOn = text.startsWith(" ", start + (given?.length ?? 0));
        const inSentence = goesOn && isSentence(text.slice(Math.max(0, match.index - 2), match.index), word, separator);
        if (given !== undefined && !harmless.test(unquoted(given)) && !(inSentence && /^[a-z]+$/.test(given))) {
            const quote = given.startsWith('"') || given.startsWith("'") ? given[0]! : "";
            shown += text.slice(from, start) + quote + mask + quote;
            from = start + given.length;
            name.lastIndex = from;
        }
    }
    return shown + text.slice(from);
}
