// From sections that are right to final values: nothing that is left depends on the kind of environment, on the platform or on
// another section. What composes a stack reads these and decides nothing about settings any more.
import { resolveAwsPlatform } from "../clouds/aws/resolve.ts";
import { resolveDigitalOceanPlatform } from "../clouds/digitalocean/resolve.ts";
import { dataPolicies, type DataPolicy, type EnvironmentKind } from "../environment.ts";
import { edgeTimeouts, type EdgeTimeouts } from "../edge-timeouts.ts";
import type { SecretToRead } from "../existing-secrets.ts";
import type { ExistingPlatformSettings, PlatformSettings } from "../platform.ts";
import type { Settings } from "../sections.ts";
import type { AppSecretsOf, SecretsOf } from "../secrets.ts";
import { storesOf } from "../stores/entries.ts";
import { resolveAlarms, type ResolvedAlarms } from "./alarms.ts";
import { resolveApp, type ResolvedApp } from "./apps.ts";
import { protectSecrets } from "./secrets.ts";
import { resolveStores, type AccessKey, type AccessKeys, type KeysOfBackups, type ResolvedStores } from "./stores.ts";

export interface ResolvedSettings<Text> extends Pick<Settings, "clouds" | "exposure" | "lends" | "secretObjects"> {
    readonly environment: Settings["environment"] & {
        /** What becomes of the environment's data. */
        readonly data: DataPolicy;
        /** What its pods may reserve together. @default no limit, unless it is ephemeral */
        readonly quota?: Settings["operator"]["quota"];
        /** Whether a database of it is on another environment's server. */
        readonly borrowsDatabase: boolean;
    };
    readonly platform: ReturnType<typeof resolvePlatform>;
    readonly stores: ResolvedStores<Text>;
    readonly apps: ReadonlyArray<ResolvedApp<Text>>;
    /** Who is told when something is about to fail. @default nobody */
    readonly alarms?: ResolvedAlarms;
    /** Of the way in, where it is the environment's own. */
    readonly edge?: EdgeTimeouts;
    /** For DigitalOcean's DNS, where something needs it. */
    readonly dnsToken?: Text;
    /** The certificate of the way in, where it was given. */
    readonly certificate?: { readonly chain: Text; readonly key: Text };
}

/**
 * @param settings checked, so that nothing contradicts itself
 * @param protect marks a secret as one
 * @param existing what becomes of a key of a Secret in the cluster
 */
export function resolveSettings<Text>(
    settings: Settings,
    protect: (secret: string) => Text,
    existing: (key: SecretToRead) => Text,
): ResolvedSettings<Text> {
    const { environment, clouds, exposure, lends, operator, platform, secretObjects } = settings;
    const { kind, mainApp } = environment;
    const secrets = protectSecrets(settings.secrets, settings.existingSecrets, { value: protect, existing });
    const alarms = resolveAlarms(settings);
    const borrowsDatabase = storesOf("database", settings).some(({ store }) => store.variant === "platform");
    return {
        environment: {
            ...environment,
            data: dataPolicies[kind],
            ...(kind === "ephemeral" && { quota: operator.quota }),
            borrowsDatabase,
        },
        clouds,
        exposure,
        lends,
        secretObjects,
        platform: resolvePlatform(platform, kind),
        stores: resolveStores(
            settings,
            (app, store) => secretsOf(app, mainApp, secrets)[`${store}Password`],
            (app) => accessKeysOf(secretsOf(app, mainApp, secrets)),
            (app) => keysOfBackups(secretsOf(app, mainApp, secrets)),
        ),
        apps: settings.apps.map((app) => resolveApp(app, settings, secretsOf(app.name, mainApp, secrets))),
        ...(alarms && { alarms }),
        edge: edgeTimeouts(platform, exposure),
        ...(secrets.digitaloceanDnsToken !== undefined && { dnsToken: secrets.digitaloceanDnsToken }),
        ...(secrets.certificate && { certificate: secrets.certificate }),
    };
}

function secretsOf<Text>(app: string, mainApp: string, { apps, ...ofMain }: SecretsOf<Text>): AppSecretsOf<Text> {
    return app === mainApp ? ofMain : (apps[app] ?? { environment: {}, files: {} });
}

/** Half a key was refused where one is needed, and a whole one where none is. */
function accessKeysOf<Text>(secrets: AppSecretsOf<Text>): AccessKeys<Text> {
    return {
        accessKey: accessKey(secrets.assetsAccessKeyId, secrets.assetsSecretAccessKey),
        staticAccessKey: accessKey(secrets.assetsStaticAccessKeyId, secrets.assetsStaticSecretAccessKey),
    };
}

/** Each was asked for where it is needed (settings/contradictions/stores/backups.ts). */
function keysOfBackups<Text>(secrets: AppSecretsOf<Text>): KeysOfBackups<Text> {
    return {
        accessKey: { id: secrets.databaseBackupsAccessKeyId!, secret: secrets.databaseBackupsSecretAccessKey! },
        passphrase: secrets.databaseBackupsPassphrase!,
    };
}

function accessKey<Text>(id: Text | undefined, secret: Text | undefined): AccessKey<Text> | undefined {
    return id === undefined || secret === undefined ? undefined : { id, secret };
}

function resolvePlatform(platform: PlatformSettings, kind: EnvironmentKind) {
    switch (platform.variant) {
        case "existing":
            return resolveExisting(platform);
        case "aws":
            return resolveAwsPlatform(platform, kind);
        case "digitalocean":
            return resolveDigitalOceanPlatform(platform, kind);
        case "gcp":
        case "stack":
            return platform;
        default:
            return platform satisfies never;
    }
}

function resolveExisting(platform: ExistingPlatformSettings) {
    return { ...platform, clusterIdentifier: platform.clusterIdentifier ?? platform.context };
}

export type ResolvedExistingPlatform = ReturnType<typeof resolveExisting>;
export type ResolvedPlatform = ReturnType<typeof resolvePlatform>;
