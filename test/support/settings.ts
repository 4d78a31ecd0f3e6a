// Settings to start a test from, and what the check says of them.
import { SettingsError, type Problem } from "../../settings/problems.ts";
import type { Settings } from "../../settings/sections.ts";
import { adviceOn, checkSettings } from "../../settings/settings.ts";

export type RawSettings = Record<string, unknown>;

/** The fewest settings that are right: everything else has a default. */
export function smallestSettings(): RawSettings {
    return {
        environment: { kind: "staging" },
        // For the stores that tests put beside it: a cloud that nothing is in is no mistake.
        clouds: {
            gcp: { project: "example-shop", region: "europe-west1" },
            aws: { account: "123456789012", region: "eu-central-1" },
            digitalocean: { region: "fra1" },
        },
        platform: { variant: "existing", context: "staging", gateway: { className: "traefik" } },
        apps: [
            {
                contract: "django",
                name: "shop",
                module: "shop",
                image: "registry.example.org/shop:4f2a91c",
                hosts: ["shop.example.org"],
            },
        ],
        database: { variant: "in-cluster", version: "17", storage: "10Gi" },
        cache: { variant: "in-cluster" },
        broker: { variant: "redis", storage: "2Gi" },
        assets: { variant: "whitenoise" },
        exposure: { variant: "gateway" },
    };
}

/** What there is when everything optional is used. */
export function largestSettings(): RawSettings {
    return withSettings(smallestSettings(), [
        ["apps[0].web", { size: "large", replicas: { min: 2, max: 6 }, processes: 4, threads: 4 }],
        ["apps[0].workers.default", { queues: ["celery"] }],
        ["apps[0].workers.mail", { queues: ["mail"], concurrency: 4, taskTimeLimit: 60, replicas: { min: 1, max: 3 } }],
        ["apps[0].beat", {}],
        ["apps[0].shell", {}],
        ["apps[0].release.superuser", { username: "admin", email: "admin@example.org" }],
        ["apps[0].registry", { server: "registry.example.org", username: "ci" }],
        ["apps[0].environment.FEATURE", "on"],
        ["apps[0].files", { "/etc/newrelic.ini": "[newrelic]" }],
        ["apps[0].egress", { publicHttps: true, addresses: [{ cidr: "10.20.0.0/16", port: 9200 }] }],
        ["platform.issuer", { name: "letsencrypt" }],
        ["cache.replicas", 2],
        ["assets.files", { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" }],
        ["secrets.registryPassword", "registry-password"],
        ["secrets.environment.API_KEY", "api-key"],
        ["secrets.files", { "/etc/key.pem": "key" }],
    ]);
}

/** A change of one setting: its path in words without dots, and the value; undefined takes it out. */
export type Change = readonly [path: string, value: unknown];

/** @returns a copy with the changes */
export function withSettings(raw: RawSettings, changes: readonly Change[]): RawSettings {
    const copy = structuredClone(raw);
    for (const [path, value] of changes) {
        const keys = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
        const last = keys.pop()!;
        const parent = keys.reduce<Record<string, unknown>>(
            (at, key) => (at[key] ??= {}) as Record<string, unknown>,
            copy,
        );
        if (value === undefined) {
            Reflect.deleteProperty(parent, last);
        } else {
            // Later changes may go into it.
            parent[last] = structuredClone(value);
        }
    }
    return copy;
}

/** The smallest settings with these changes, checked. */
export function checked(...changes: readonly Change[]): Settings {
    return checkSettings(withSettings(smallestSettings(), changes), "staging");
}

/** Everything that is wrong with the smallest settings after these changes; nothing when they are right. */
export function problemsAfter(...changes: readonly Change[]): readonly Problem[] {
    return problemsOf(withSettings(smallestSettings(), changes));
}

export function problemsOf(raw: RawSettings, stack: string = "staging"): readonly Problem[] {
    return errorOf(raw, stack)?.problems ?? [];
}

/** @throws whatever the check throws that is no SettingsError */
export function errorOf(raw: RawSettings, stack: string = "staging"): SettingsError | undefined {
    try {
        checkSettings(raw, stack);
        return undefined;
    } catch (error) {
        if (error instanceof SettingsError) {
            return error;
        }
        throw error;
    }
}

/** What the owner of the smallest settings is told after these changes, which have to be right. */
export function adviceAfter(...changes: readonly Change[]): readonly Problem[] {
    return adviceOn(checked(...changes));
}
