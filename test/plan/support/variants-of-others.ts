// Variants with servers and Secrets that nobody here makes.
import { expect } from "vitest";
import { budgetsOf } from "../../../policy/connections/budget.ts";
import { viewOf } from "../../../policy/plan-view.ts";
import type { Plan } from "../../../commands/plan/plan.ts";
import { topologyOf } from "../../../commands/plan/topology.ts";
import { certificateFor } from "../../support/certificate.ts";
import type { Secrets, Sections } from "./plans.ts";

/** Every printable character of ASCII, and some beyond. */
export const everyCharacter =
    Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("") + "äß€漢\\\\";

export interface Variant {
    readonly change: (sections: Sections) => void;
    readonly secrets?: Secrets;
    /** What shows that the variant is what it says. */
    readonly shows?: (plan: Plan) => void;
}

export const variantsOfOthers: Readonly<Record<string, Variant>> = {
    "a pooler before a server that is there": {
        change: (sections) => {
            sections["database"] = {
                variant: "external",
                host: "db.example.org",
                cidrs: ["10.230.0.0/28"],
                database: "sample",
                user: "sample",
                maxConnections: 60,
                tls: { ca: certificateFor(["db.example.org"]).chain },
                pooler: { size: 10 },
            };
        },
        secrets: { databasePassword: everyCharacter },
        shows: (plan) => {
            const reaches = (wanted: string) =>
                topologyOf(plan).nodes.find(({ role }) => role === wanted)?.reaches ?? [];
            expect(reaches("web")).toContain("database-pooler");
            expect(reaches("web")).not.toContain("database");
            expect(reaches("pooler")).toEqual(["database"]);
            const { users } = budgetsOf(viewOf(plan))[0]!;
            expect(users.filter(({ name }) => /web|worker/.test(name))).toEqual([]);
            expect(users.find(({ name }) => name === "database-pooler")?.connections).toBe(15);
        },
    },
    "Redis that is there, with TLS: a cache with replicas, and a broker": {
        change: (sections) => {
            const tls = { ca: certificateFor(["redis.example.org"]).chain };
            const server = (name: string) => ({ variant: "external", protocol: "redis", host: `${name}.example.org` });
            sections["cache"] = {
                ...server("cache"),
                user: "sample",
                replicas: [{ host: "copy.example.org" }, { host: "10.230.1.3", port: 6380 }],
                cidrs: ["10.230.1.0/28"],
                tls: { mode: "verify-ca", ...tls },
            };
            sections["broker"] = { ...server("broker"), database: 3, cidrs: ["10.230.2.0/28"], tls };
        },
        secrets: { cachePassword: everyCharacter, brokerPassword: everyCharacter },
        shows: (plan) => {
            const { nodes, stores, steps } = topologyOf(plan);
            expect(nodes.filter(({ role }) => role === "cache" || role === "broker")).toEqual([]);
            expect(stores.map(({ name }) => name)).toEqual(expect.arrayContaining(["cache", "broker"]));
            expect(steps.map(({ name }) => name).slice(0, 2)).toEqual(["check", "migrate"]);
        },
    },
    "Memcached that is there": {
        change: (sections) => {
            sections["cache"] = {
                variant: "external",
                protocol: "memcached",
                host: "10.230.1.2",
                servers: [{ host: "10.230.1.3" }, { host: "memcached.example.org", port: 11212 }],
                cidrs: ["10.230.1.0/28"],
            };
        },
        shows: (plan) => {
            const { nodes, stores, steps } = topologyOf(plan);
            expect(nodes.filter(({ role }) => role === "cache")).toEqual([]);
            expect(stores.map(({ name }) => name)).toContain("cache");
            expect(steps.map(({ name }) => name)).toContain("check");
        },
    },
    "Secrets that are there, and some that controllers make": {
        change: (sections) => {
            const key = (name: string) => ({ name: "shop-secrets", key: name });
            sections["apps"][0].registry = { server: "localhost", username: "robot" };
            sections["existingSecrets"] = {
                registryPassword: key("registry"),
                superuserPassword: key("superuser"),
                secretKey: key("key"),
                secretKeyFallback: key("key-before"),
                databasePassword: key("database"),
                cachePassword: key("cache"),
                brokerPassword: key("broker"),
                environment: { STRIPE_KEY: { name: "stripe", key: "live" }, SENTRY: { name: "vault", key: "sentry" } },
                files: { "/etc/newrelic.ini": { name: "vault", key: "newrelic" } },
            };
            sections["secretObjects"] = {
                sealed: { stripe: { encryptedData: { live: `AgB${"x".repeat(400)}` } } },
                external: {
                    vault: {
                        store: { name: "company-vault" },
                        data: { sentry: { key: "shop", property: "sentry" }, newrelic: { key: "shop/newrelic" } },
                    },
                },
            };
        },
        shows: (plan) => {
            const kinds = plan.resources.map(({ type }) => type.split(":").at(-1));
            expect(kinds).toEqual(expect.arrayContaining(["SealedSecret", "ExternalSecret"]));
            // Nothing is generated where all are given.
            expect(plan.resources.filter(({ type }) => type.startsWith("random:"))).toEqual([]);
            expect(topologyOf(plan).files).toContain("/etc/newrelic.ini");
        },
    },
    "two apps at one server that is there, whose administrator makes the second one's database, behind a pooler": {
        change: (sections) => {
            const [sample] = sections["apps"];
            sections["environment"].mainApp = sample.name;
            sections["apps"].push({ ...sample, name: "blog", hosts: ["blog.localhost"] });
            sections["database"] = {
                variant: "external",
                host: "db.example.org",
                cidrs: ["10.230.0.0/28"],
                database: "shop",
                user: "shop",
                maxConnections: 200,
                tls: { ca: certificateFor(["db.example.org"]).chain },
                administrator: { user: "root" },
                pooler: { size: 10 },
            };
        },
        secrets: { databasePassword: everyCharacter, databaseAdministratorPassword: everyCharacter },
        shows: (plan) => {
            const asked = (app: string): unknown =>
                JSON.parse(
                    plan.resources.find(({ name }) => name === `${app}-check-scripts`)!.props["data"]["stores.json"],
                );
            const common = { store: "database", setting: "database", hosts: ["db.example.org"], pooled: false };
            expect(asked("sample")).toMatchObject([{ ...common, passwordSetting: "secrets.databasePassword" }]);
            expect(asked("blog")).toMatchObject([{ ...common, passwordSetting: "secrets.apps.blog.databasePassword" }]);
        },
    },
};
