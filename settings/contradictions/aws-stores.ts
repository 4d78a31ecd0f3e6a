// Stores of AWS that do not fit their passwords, the environment's kind or the app's name.
import { isRdsName } from "../../lib/postgres-words.ts";
import { setCommand, setSecretCommand, settingPath, type Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { contradiction } from "./contradiction.ts";
import { appsWithSecrets, type AppWithSecrets } from "./secrets.ts";

/** What an API takes as a password that it is given. */
interface PasswordForm {
    readonly pattern: RegExp;
    readonly allowed: string;
}

const rdsPassword: PasswordForm = {
    pattern: /^(?=[!-~]{8,128}$)[^/@"]*$/,
    allowed: '8 to 128 printable ASCII characters without /, @, " and spaces, as RDS wants it',
};

const elastiCacheToken: PasswordForm = {
    pattern: /^[A-Za-z0-9!&#$^<>-]{16,128}$/,
    allowed: "16 to 128 letters, digits and ! & # $ ^ < > -, as ElastiCache wants it",
};

/** One app's own stores and, with the main one, those that all share: both have the same secrets. */
interface Owned<Kind extends "database" | "cache"> {
    readonly path: readonly PropertyKey[];
    readonly store: Settings[Kind];
    readonly owner: AppWithSecrets;
}

const sections = ["apps", "environment", "database", "cache", "secrets"] as const;
type Sections = Pick<Settings, (typeof sections)[number]>;

function owned<Kind extends "database" | "cache">(
    settings: Sections & Pick<Settings, Kind>,
    kind: Kind,
): Owned<Kind>[] {
    const stores: Pick<Settings, Kind> = settings;
    return appsWithSecrets(settings).flatMap((owner) => {
        const own = owner.app.stores[kind] as Settings[Kind] | undefined;
        return [
            ...(owner.main ? [{ path: [kind], store: stores[kind], owner }] : []),
            ...(own === undefined ? [] : [{ path: [...owner.at, "stores", kind], store: own, owner }]),
        ];
    });
}

function passwordProblems(
    { owner: { secrets, secretsAt } }: Owned<"database" | "cache">,
    name: "databasePassword" | "cachePassword",
    isThere: boolean,
    { pattern, allowed }: PasswordForm,
): Problem[] {
    const path = settingPath([...secretsAt, name]);
    const password = secrets[name];
    if (password === undefined) {
        const needed = {
            path,
            found: "nothing",
            allowed: "the password of the server that is there",
            fix: setSecretCommand(path),
        };
        return isThere ? [needed] : [];
    }
    return isThere || pattern.test(password)
        ? []
        : [{ path, found: "a secret value", allowed, fix: setSecretCommand(path) }];
}

export const awsPasswords = contradiction(sections, (settings) => [
    ...owned(settings, "database").flatMap((one) =>
        one.store.variant === "rds"
            ? passwordProblems(one, "databasePassword", one.store.server.variant === "existing", rdsPassword)
            : [],
    ),
    ...owned(settings, "cache").flatMap((one) =>
        one.store.variant === "elasticache"
            ? passwordProblems(one, "cachePassword", one.store.server.variant === "existing", elastiCacheToken)
            : [],
    ),
]);

/** What of RDS is for ever, or too late to change when it is needed. */
export const rdsServers = contradiction(sections, (settings) =>
    owned(settings, "database").flatMap(({ path, store, owner: { app } }): Problem[] => {
        if (store.variant !== "rds" || store.server.variant !== "create") {
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
