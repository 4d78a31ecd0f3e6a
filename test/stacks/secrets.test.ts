// Who gets which secret: each is in the objects named here, in no other, and marked secret wherever it is.
// Does not prove that the engine encrypts them (test/engine/secrets.test.ts), nor that a plan does not show them (test/plan).
import { describe, expect, it } from "vitest";
import {
    revealed,
    inCluster,
    podOf,
    secretData,
    secretsOf,
    shop,
    stackOf,
    type Secrets,
    type Stack,
} from "./support/stack.ts";

/** Different for every app and use, and of characters that no URL escapes. */
function secretsFor(app: string): Secrets {
    return {
        environment: { API_KEY: `${app}-api-key` },
        files: { "/etc/token": `${app}-file` },
        registryPassword: `${app}-registry-password`,
        superuserPassword: `${app}-superuser-password`,
        secretKey: `${app}-django-key`,
        databasePassword: `${app}-database-password`,
        cachePassword: `${app}-cache-password`,
        brokerPassword: `${app}-broker-password`,
    };
}

const login = (app: string) => ({ server: `${app}.registry.example.org`, username: `${app}-robot` });
const superuser = (app: string) => ({ superuser: { username: `${app}-admin`, email: `${app}@example.org` } });
const withLogin = (app: string) => ({
    ...shop,
    name: app,
    image: `${app}.registry.example.org/${app}:4f2a91c`,
    hosts: [`${app}.example.org`],
    registry: login(app),
    release: superuser(app),
});

const ownStores = {
    database: { variant: "in-cluster", version: "17", storage: "1Gi" },
    cache: { variant: "in-cluster" },
    broker: { variant: "redis", storage: "1Gi" },
};

/** The main app, one that shares its stores, one that has its own, and one of which nothing is secret. */
const fourApps = inCluster(
    ["environment.mainApp", "shop"],
    [
        "apps",
        [
            withLogin("shop"),
            withLogin("blog"),
            { ...withLogin("wiki"), stores: ownStores },
            { ...shop, name: "plain", hosts: ["plain.example.org"] },
        ],
    ],
);

const { cachePassword: _, brokerPassword: __, ...sharing } = secretsFor("blog");
const secrets: Secrets = { ...secretsFor("shop"), apps: { blog: sharing, wiki: secretsFor("wiki") } };
const record = () => stackOf(fourApps, { secrets });

/** Kind and name of every object that the text is in, also as a part. */
function holders({ resources }: Stack, text: string): string[] {
    return resources
        .filter(({ props }) => JSON.stringify(revealed(props)).includes(text))
        .map(({ type, name }) => `${type.split(":").at(-1)!} ${name}`)
        .toSorted();
}

describe("a secret is where it is needed and nowhere else", () => {
    const ofItsApp = (app: string): [value: string, holders: string[]][] => [
        [`${app}-api-key`, [`Secret ${app}-secret-environment`]],
        [`${app}-file`, [`Secret ${app}-secret-files`]],
        [`${app}-registry-password`, [`Secret ${app}-registry`]],
        [`${app}-superuser-password`, [`Secret ${app}-superuser`]],
        [`${app}-django-key`, [`Secret ${app}-secret-environment`]],
    ];
    const environments = (...apps: string[]) => apps.map((app) => `Secret ${app}-secret-environment`);

    it.each<[value: string, holders: string[]]>([
        ...ofItsApp("shop"),
        ...ofItsApp("blog"),
        ...ofItsApp("wiki"),
        // The administrator's too, who makes the databases of those that share the server.
        [
            "shop-database-password",
            [
                "Secret blog-database-administration",
                "Secret database-login",
                "Secret plain-database-administration",
                "Secret shop-secret-environment",
            ],
        ],
        ["blog-database-password", ["Secret blog-database-administration", "Secret blog-secret-environment"]],
        ["wiki-database-password", ["Secret wiki-database-login", "Secret wiki-secret-environment"]],
        ["shop-cache-password", ["Secret cache-configuration", ...environments("blog", "plain", "shop")].toSorted()],
        ["shop-broker-password", ["Secret broker-configuration", ...environments("blog", "plain", "shop")].toSorted()],
        ["wiki-cache-password", ["Secret wiki-cache-configuration", ...environments("wiki")].toSorted()],
        ["wiki-broker-password", ["Secret wiki-broker-configuration", ...environments("wiki")].toSorted()],
    ])("%s", async (value, where) => {
        expect(holders(await record(), value)).toEqual(where);
    });

    it("and nothing of it is in plain text", async () => {
        const { resources, outputs } = await record();
        const shown = JSON.stringify([resources, outputs]);
        const given = JSON.stringify(secrets)
            .match(/(shop|blog|wiki)-[a-z-]+/g)!
            .filter((text) => /password|key|file$/.test(text));
        expect(given).toHaveLength(22);
        for (const value of given) {
            expect(shown).not.toContain(value);
        }
    });
});

describe("a secret has the effect that it is given for", () => {
    it.each(["shop", "blog", "wiki"])("of %s", async (app) => {
        const stack = await record();
        expect(secretsOf(stack, app)).toMatchObject({
            API_KEY: `${app}-api-key`,
            DJANGO_APP_SECRET_KEY: `${app}-django-key`,
            DJANGO_APP_DB_PASSWORD: `${app}-database-password`,
        });
        expect(secretData(stack.get("Secret", `${app}-superuser`))).toEqual({
            DJANGO_SUPERUSER_USERNAME: `${app}-admin`,
            DJANGO_SUPERUSER_EMAIL: `${app}@example.org`,
            DJANGO_SUPERUSER_PASSWORD: `${app}-superuser-password`,
        });
        const { auths } = JSON.parse(secretData(stack.get("Secret", `${app}-registry`))[".dockerconfigjson"]!) as {
            auths: object;
        };
        expect(auths).toEqual({
            [`${app}.registry.example.org`]: {
                username: `${app}-robot`,
                password: `${app}-registry-password`,
                auth: Buffer.from(`${app}-robot:${app}-registry-password`).toString("base64"),
            },
        });
    });

    it("images of an app with a login are pulled with it (R81)", async () => {
        const stack = await record();
        const pullSecrets = (app: string) => podOf(stack.get("Deployment", `${app}-web`)).imagePullSecrets ?? [];
        expect(pullSecrets("blog")).toEqual([{ name: expect.stringMatching(/^blog-registry/) as string }]);
        expect(pullSecrets("plain")).toEqual([]);
    });
});

it("what is not given is generated, for each app its own", async () => {
    const stack = await stackOf(fourApps, {
        secrets: {
            registryPassword: "shop-registry-password",
            apps: { blog: { registryPassword: "blog" }, wiki: { registryPassword: "wiki" } },
        },
    });
    expect(
        stack
            .all("RandomPassword")
            .map(({ name }) => name)
            .toSorted(),
    ).toEqual([
        "blog-database-password",
        "blog-secret-key",
        "blog-superuser-password",
        "broker-password",
        "cache-password",
        "database-password",
        "plain-database-password",
        "plain-secret-key",
        "shop-secret-key",
        "shop-superuser-password",
        "wiki-broker-password",
        "wiki-cache-password",
        "wiki-database-password",
        "wiki-secret-key",
        "wiki-superuser-password",
    ]);
    const given = await record();
    expect(
        given
            .all("RandomPassword")
            .map(({ name }) => name)
            .toSorted(),
    ).toEqual(["plain-database-password", "plain-secret-key"]);
});
