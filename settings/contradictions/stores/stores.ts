// What stores of every kind and cloud need: an account, a password or none, and a network.
import type { CloudName } from "../../clouds.ts";
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { cloudOfPlatform, cloudOfStore } from "../../stores/clouds.ts";
import { storesOf, type StoreEntry } from "../../stores/entries.ts";
import { passwordUse, type PasswordKind } from "../../stores/passwords.ts";
import { networkOf, placeNeed } from "../../stores/places.ts";
import { contradiction } from "../contradiction.ts";
import { existingOfApp, existingPath, secretsOfApp, sectionsOfSecrets, type WithSecrets } from "../secrets/secrets.ts";

/** What of each cloud has to be set at least, with a value to show. */
const accounts: Readonly<Record<CloudName, ReadonlyArray<readonly [name: string, value: string]>>> = {
    gcp: [
        ["project", "PROJECT"],
        ["region", "europe-west1"],
    ],
    aws: [
        ["account", "ACCOUNT"],
        ["region", "eu-central-1"],
    ],
    digitalocean: [["region", "fra1"]],
};

const everyStore = ["apps", "database", "cache", "broker", "assets"] as const;

type Stores = Pick<Settings, (typeof everyStore)[number]> & { readonly environment?: Settings["environment"] };

function all(settings: Stores): StoreEntry[] {
    return [
        ...storesOf("database", settings),
        ...storesOf("cache", settings),
        ...storesOf("broker", settings),
        ...storesOf("assets", settings),
    ];
}

/** A cloud that something is in, and whose account nobody named. */
export const cloudWithoutAccount = contradiction([...everyStore, "clouds", "platform"], (settings) => {
    const { clouds, platform } = settings;
    const users: ReadonlyArray<readonly [path: string, cloud: CloudName | undefined]> = [
        ["platform", cloudOfPlatform(platform)],
        ...all(settings).map(({ path, store }) => [settingPath(path), cloudOfStore(store)] as const),
    ];
    return Object.entries(accounts).flatMap(([name, needed]): Problem[] => {
        const cloud = name as CloudName;
        const there = users.flatMap(([path, of]) => (of === cloud ? [path] : []));
        if (there.length === 0 || clouds[cloud] !== undefined) {
            return [];
        }
        return [
            {
                path: `clouds.${cloud}`,
                found: "nothing",
                allowed: `the ${needed.map(([part]) => part).join(" and ")} to work in, because ${there.join(", ")} ${there.length === 1 ? "is" : "are"} there`,
                fix: needed.map(([part, value]) => setCommand(`clouds.${cloud}.${part}`, value)).join(" && "),
            },
        ];
    });
});

/** Where nobody said so, a store is put into the platform's network: there has to be one, of the same cloud. */
export const unplacedStores = contradiction([...everyStore, "platform"], (settings) => {
    const network = networkOf(settings.platform);
    return all(settings).flatMap(({ path, store }): Problem[] => {
        const need = placeNeed(store);
        if (need === undefined || need.said || need.cloud === network) {
            return [];
        }
        const at = settingPath([...path, "server", need.setting]);
        return [{ path: at, found: "nothing", allowed: need.allowed, fix: need.fix(at) }];
    });
});

const withPasswords = [...sectionsOfSecrets, "database", "cache", "broker"] as const;

export const storePasswords = contradiction(withPasswords, (settings) =>
    (["database", "cache", "broker"] as const).flatMap((kind) =>
        storesOf(kind, settings).flatMap((entry) => passwordProblems(entry, settings)),
    ),
);

function passwordProblems(entry: StoreEntry<PasswordKind>, settings: WithSecrets): Problem[] {
    const { kind, store, path: storePath, secretsAt, owner } = entry;
    if (owner === undefined) {
        return [];
    }
    const path = settingPath([...secretsAt, `${kind}Password`]);
    const password = secretsOfApp(owner, settings)[`${kind}Password`];
    const existing = existingOfApp(owner, settings)[`${kind}Password`];
    const use = passwordUse(store);
    switch (use.use) {
        case "none":
        case "optional":
            return [];
        case "needed":
            return password !== undefined || existing !== undefined
                ? []
                : [
                      {
                          path,
                          found: "nothing",
                          allowed: `the password of the server that ${settingPath(store.variant === "external" ? storePath : [...storePath, "server"])} names`,
                          fix: setSecretCommand(path),
                      },
                  ];
        case "refused": {
            const ofCluster = [...existingPath(owner.name, settings.environment.mainApp), `${kind}Password`];
            const given = password === undefined ? settingPath(ofCluster) : path;
            return password === undefined && existing === undefined
                ? []
                : [
                      {
                          path: given,
                          found: "a password for a store that makes its own",
                          allowed: `nothing: ${settingPath(storePath)} generates its password`,
                          fix: removeCommand(given),
                      },
                  ];
        }
        case "taken":
            return password === undefined || use.form === undefined || use.form.pattern.test(password)
                ? []
                : [{ path, found: "a secret value", allowed: use.form.allowed, fix: setSecretCommand(path) }];
        default:
            return use satisfies never;
    }
}
