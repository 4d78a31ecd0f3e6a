// The sections of a stack's file, each one key of the project's configuration, and what they are once checked.
import { appSchema, type AppSettings } from "./app.ts";
import { assetsSchema, type AssetsSettings } from "./assets.ts";
import { environmentSchema, type EnvironmentKind } from "./environment.ts";
import { exposureSchema, type ExposureSettings } from "./exposure.ts";
import { operatorSchema, type OperatorSettings } from "./operator.ts";
import { platformSchema, type PlatformSettings } from "./platform.ts";
import { secretsSchema, type PlainSecrets } from "./secrets.ts";
import {
    brokerSchema,
    cacheSchema,
    databaseSchema,
    type BrokerSettings,
    type CacheSettings,
    type DatabaseSettings,
} from "./stores.ts";

export const sections = {
    environment: environmentSchema,
    platform: platformSchema,
    app: appSchema,
    database: databaseSchema,
    cache: cacheSchema,
    broker: brokerSchema,
    assets: assetsSchema,
    exposure: exposureSchema,
    operator: operatorSchema.prefault({}),
    secrets: secretsSchema.prefault({}),
} as const;

export type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as readonly SectionName[];

/** The whole configuration of a stack, with every default filled in. */
export interface Settings {
    readonly environment: { readonly kind: EnvironmentKind; readonly name: string; readonly namespace: string };
    readonly platform: PlatformSettings;
    readonly app: AppSettings;
    readonly database: DatabaseSettings;
    readonly cache: CacheSettings;
    readonly broker: BrokerSettings;
    readonly assets: AssetsSettings;
    readonly exposure: ExposureSettings;
    readonly operator: OperatorSettings;
    readonly secrets: PlainSecrets;
}
