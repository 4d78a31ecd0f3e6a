// The sections of a stack's file, each one key of the project's configuration, and what they are once checked.
import { alarmsSchema, type AlarmsSettings } from "./alarms.ts";
import { appsSchema, type AppSettings } from "./app.ts";
import { assetsSchema, type AssetsSettings } from "./assets.ts";
import { brokerSchema, type BrokerSettings } from "./broker.ts";
import { cacheSchema, type CacheSettings } from "./cache.ts";
import { cloudsSchema, type CloudsSettings } from "./clouds.ts";
import { databaseSchema, type DatabaseSettings } from "./database.ts";
import { environmentSchema, type EnvironmentKind } from "./environment.ts";
import { existingSecretsSchema, type ExistingSecrets } from "./existing-secrets.ts";
import { exposureSchema, type ExposureSettings } from "./exposure.ts";
import { lendsSchema, type LendsSettings } from "./lends.ts";
import { operatorSchema, type OperatorSettings } from "./operator.ts";
import { platformSchema, type PlatformSettings } from "./platform.ts";
import type { PullRequest } from "./pull-request.ts";
import { rotationsSchema, type RotationsSettings } from "./rotations.ts";
import { secretObjectsSchema, type SecretObjectsSettings } from "./secret-objects.ts";
import { secretsSchema, type PlainSecrets } from "./secrets.ts";

export const sections = {
    environment: environmentSchema.meta({ alsoCalled: ["env", "stage"] }),
    clouds: cloudsSchema.prefault({}).meta({ alsoCalled: ["accounts", "provider", "providers"] }),
    platform: platformSchema.meta({ alsoCalled: ["cluster", "kubernetes", "k8s"] }),
    apps: appsSchema.meta({ alsoCalled: ["app", "application", "applications", "services", "django"] }),
    database: databaseSchema.meta({ alsoCalled: ["db", "postgres", "postgresql", "sql", "rds"] }),
    cache: cacheSchema.meta({ alsoCalled: ["redis", "valkey", "memcached"] }),
    broker: brokerSchema.meta({ alsoCalled: ["redis", "valkey", "rabbitmq", "celery", "queue"] }),
    assets: assetsSchema.meta({ alsoCalled: ["static", "staticFiles", "media", "uploads", "buckets", "storage"] }),
    exposure: exposureSchema.meta({ alsoCalled: ["ingress", "gateway", "expose", "routes"] }),
    lends: lendsSchema.prefault({}).meta({ alsoCalled: ["shared", "previews"] }),
    alarms: alarmsSchema
        .prefault({})
        .meta({ alsoCalled: ["alerts", "alerting", "monitoring", "notifications", "budget", "budgets"] }),
    operator: operatorSchema.prefault({}).meta({ alsoCalled: ["ops", "administrator"] }),
    secrets: secretsSchema.prefault({}).meta({ alsoCalled: ["credentials", "passwords"] }),
    rotations: rotationsSchema.prefault({}).meta({ alsoCalled: ["rotation", "rotate", "generations"] }),
    existingSecrets: existingSecretsSchema
        .prefault({})
        .meta({ alsoCalled: ["existingSecret", "secretRefs", "secretKeyRefs", "secretReferences"] }),
    secretObjects: secretObjectsSchema
        .prefault({})
        .meta({ alsoCalled: ["secretSources", "sealedSecrets", "externalSecrets"] }),
} as const;

export type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as readonly SectionName[];

/** The whole configuration of a stack once it is checked. What depends on another section is decided next (settings/resolve/). */
export interface Settings {
    readonly environment: {
        readonly kind: EnvironmentKind;
        readonly name: string;
        readonly namespace: string;
        /** The name of one of `apps`. */
        readonly mainApp: string;
        /** Present when `kind` is ephemeral. */
        readonly timeToLive?: string;
        /** Present where it stays past that. */
        readonly keep?: true;
        /** Present where it sleeps when nobody comes. */
        readonly sleep?: { readonly after: string };
        readonly pullRequest?: PullRequest;
    };
    readonly clouds: CloudsSettings;
    readonly platform: PlatformSettings;
    readonly apps: readonly AppSettings[];
    readonly database: DatabaseSettings;
    readonly cache: CacheSettings;
    readonly broker: BrokerSettings;
    readonly assets: AssetsSettings;
    readonly exposure: ExposureSettings;
    readonly lends: LendsSettings;
    readonly alarms: AlarmsSettings;
    readonly operator: OperatorSettings;
    readonly secrets: PlainSecrets;
    readonly rotations: RotationsSettings;
    readonly existingSecrets: ExistingSecrets;
    readonly secretObjects: SecretObjectsSettings;
}
