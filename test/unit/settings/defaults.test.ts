// What a setting is when nobody sets it. Does not prove that a default suits an app.
import { describe, expect, test } from "vitest";
import { checkSettings } from "../../../settings/settings.ts";
import { checked, largestSettings, smallestSettings, withSettings } from "../../support/settings.ts";

test("the smallest settings are completed", () => {
    expect(checked()).toEqual({
        environment: { kind: "staging", name: "staging", namespace: "shop-staging", mainApp: "shop" },
        clouds: smallestSettings()["clouds"],
        platform: {
            variant: "existing",
            context: "staging",
            gateway: { className: "traefik", httpPort: 80, httpsPort: 443, untilProgrammed: true },
            enforcesNetworkPolicy: false,
        },
        apps: [
            {
                contract: "django",
                name: "shop",
                module: "shop",
                image: "registry.example.org/shop:4f2a91c",
                hosts: ["shop.example.org"],
                environmentPrefix: "DJANGO_APP_",
                environment: {},
                files: {},
                volumes: {},
                runAs: { user: 10001, group: 10001 },
                egress: { publicHttps: false, addresses: [] },
                web: {
                    server: "gunicorn",
                    size: "medium",
                    replicas: { min: 2, max: 4 },
                    port: 8000,
                    probes: { live: "/healthz/live", ready: "/healthz/ready" },
                    targetCpu: 70,
                    processes: 2,
                    threads: 2,
                },
                workers: {},
                scheduled: {},
                release: { migrate: { timeout: 600 }, tmp: "256Mi" },
                stores: {},
            },
        ],
        database: {
            variant: "in-cluster",
            version: "17",
            size: "medium",
            storage: "10Gi",
            maxConnections: 100,
            changedCollations: "stop",
        },
        cache: { variant: "in-cluster", engine: "valkey", size: "small", replicas: 0 },
        broker: { variant: "redis", engine: "valkey", size: "small", storage: "2Gi" },
        assets: { variant: "whitenoise", url: "/static/", files: { from: "image" } },
        exposure: { variant: "gateway", allowPlainHttp: false, maxBodySize: "50Mi" },
        lends: { database: false },
        alarms: {
            emails: [],
            aws: { topics: [], native: {} },
            gcp: { channels: [], native: {} },
            digitalocean: { native: {} },
        },
        operator: {
            sizes: {
                small: { cpu: "50m", memory: "256Mi" },
                medium: { cpu: "250m", memory: "512Mi" },
                large: { cpu: "1", memory: "2Gi" },
            },
            limits: { replicas: 20, concurrency: 16, storage: "100Gi" },
            quota: { cpu: "4", memory: "8Gi", storage: "20Gi", pods: 40 },
        },
        secrets: { environment: {}, files: {}, apps: {} },
        rotations: { apps: {} },
        existingSecrets: { environment: {}, files: {}, apps: {} },
        secretObjects: { sealed: {}, external: {} },
    });
});

test("a process that is only named is completed", () => {
    const {
        apps: [app],
    } = checked(["apps[0].workers.mail", { queues: ["mail"] }], ["apps[0].beat", {}], ["apps[0].shell", {}]);
    expect(app).toMatchObject({
        workers: {
            mail: {
                size: "medium",
                replicas: { min: 1, max: 1 },
                taskTimeLimit: 300,
                queues: ["mail"],
                concurrency: 2,
            },
        },
        beat: { size: "small" },
        shell: { size: "small" },
    });
});

test("an image that says itself how it runs has web pods and nothing else", () => {
    const {
        apps: [app],
    } = checked(["apps[0].contract", "init-run-async"], ["apps[0].module", undefined]);
    expect(app).toMatchObject({ contract: "init-run-async", release: { init: { timeout: 600 } } });
    expect(app).not.toHaveProperty("workers");
    expect(app).not.toHaveProperty("async");
    expect(app!.web).not.toHaveProperty("processes");
});

describe("the environment's names", () => {
    const named = (environment: object, stack: string) =>
        checkSettings({ ...smallestSettings(), environment }, stack).environment;

    test("come from the stack and the app", () => {
        expect(named({ kind: "staging" }, "pr-12")).toEqual({
            kind: "staging",
            name: "pr-12",
            namespace: "shop-pr-12",
            mainApp: "shop",
        });
    });

    test("come from the environment's own name before the stack's", () => {
        expect(named({ kind: "staging", name: "blue" }, "pr-12")).toMatchObject({
            name: "blue",
            namespace: "shop-blue",
        });
    });

    test("are what is set", () => {
        expect(named({ kind: "staging", namespace: "web" }, "pr-12")).toMatchObject({
            name: "pr-12",
            namespace: "web",
        });
    });
});

test("a size that the operator adds stands beside the others, and one of the same name takes its place", () => {
    const { operator } = checked(
        ["operator.sizes.huge", { cpu: 8, memory: "16Gi" }],
        ["operator.sizes.small", { cpu: "100m", memory: "128Mi" }],
    );
    expect(operator.sizes).toEqual({
        small: { cpu: "100m", memory: "128Mi" },
        medium: { cpu: "250m", memory: "512Mi" },
        large: { cpu: "1", memory: "2Gi" },
        huge: { cpu: "8", memory: "16Gi" },
    });
});

test("what was set is kept, and what was given is not changed", () => {
    const given = largestSettings();
    const before = structuredClone(given);
    const settings = checkSettings(given, "staging");
    expect(given).toEqual(before);
    expect(settings.apps[0]!.web).toMatchObject({ size: "large", replicas: { min: 2, max: 6 } });
    expect(settings.secrets).toEqual({
        environment: { API_KEY: "api-key" },
        files: { "/etc/key.pem": "key" },
        registryPassword: "registry-password",
        apps: {},
    });
});

test("two checks share no object", () => {
    const raw = withSettings(smallestSettings(), []);
    const [one, other] = [checkSettings(raw, "staging"), checkSettings(raw, "staging")];
    expect(one.apps[0]!.web.replicas).not.toBe(other.apps[0]!.web.replicas);
    expect(one.operator.sizes).not.toBe(other.operator.sizes);
});
