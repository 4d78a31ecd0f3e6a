// Values that the stack's file holds encrypted. They are strings until the settings are checked, and secret Outputs from then on.
import { z } from "zod";
import { absolutePath, environmentVariableName, shortName } from "./fields.ts";

const secretText = z.string().min(1);

const ofApp = {
    /** Environment variables of the app's pods. */
    environment: z.record(environmentVariableName, secretText).default({}),
    /** Whole files, by the path they are mounted at. */
    files: z.record(absolutePath, secretText).default({}),
    /** For the app's `registry`. */
    registryPassword: secretText.optional(),
    /** For the app's `release.superuser`. @default generated */
    superuserPassword: secretText.optional(),
    /** Django's SECRET_KEY. @default generated */
    secretKey: secretText.optional(),
    /** @default generated */
    databasePassword: secretText.optional(),
    /** @default generated */
    cachePassword: secretText.optional(),
    /** @default generated */
    brokerPassword: secretText.optional(),
};

/** Of the main app and the stores that apps share; those of other apps by their names. */
export const secretsSchema = z.strictObject({
    ...ofApp,
    /** For DigitalOcean's DNS: a token that may read and write domains and nothing else. Records and certificates need it. */
    digitaloceanDnsToken: secretText.optional(),
    /** Of the apps that are not the main one, and of their own stores. */
    apps: z.record(shortName, z.strictObject(ofApp)).default({}),
});

export type PlainSecrets = z.output<typeof secretsSchema>;
export type PlainAppSecrets = Omit<PlainSecrets, "apps" | "digitaloceanDnsToken">;

/** Secrets whose values are texts, or what nobody can read any more. Names and paths are not secret. */
export interface AppSecretsOf<Text> {
    readonly environment: Readonly<Record<string, Text>>;
    readonly files: Readonly<Record<string, Text>>;
    readonly registryPassword?: Text;
    readonly superuserPassword?: Text;
    readonly secretKey?: Text;
    readonly databasePassword?: Text;
    readonly cachePassword?: Text;
    readonly brokerPassword?: Text;
}

/** Of the main app and the shared stores, and by name of the other apps. */
export interface SecretsOf<Text> extends AppSecretsOf<Text> {
    readonly apps: Readonly<Record<string, AppSecretsOf<Text>>>;
    readonly digitaloceanDnsToken?: Text;
}

/** @param protect what is done to every value; what has none stays without one */
export function protectSecrets<Text>(
    { apps, digitaloceanDnsToken, ...main }: PlainSecrets,
    protect: (secret: string) => Text,
): SecretsOf<Text> {
    const single = (value: string | undefined): Text | undefined => (value === undefined ? undefined : protect(value));
    const all = (values: Readonly<Record<string, string>>): Record<string, Text> =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, protect(value)]));
    const ofApp = (secrets: PlainAppSecrets): AppSecretsOf<Text> => ({
        environment: all(secrets.environment),
        files: all(secrets.files),
        registryPassword: single(secrets.registryPassword),
        superuserPassword: single(secrets.superuserPassword),
        secretKey: single(secrets.secretKey),
        databasePassword: single(secrets.databasePassword),
        cachePassword: single(secrets.cachePassword),
        brokerPassword: single(secrets.brokerPassword),
    });
    return {
        ...ofApp(main),
        apps: Object.fromEntries(Object.entries(apps).map(([name, secrets]) => [name, ofApp(secrets)])),
        digitaloceanDnsToken: single(digitaloceanDnsToken),
    };
}
