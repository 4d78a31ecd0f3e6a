// Every secret as the program uses it, wherever its value comes from.
import type { ExistingAppSecrets, ExistingSecrets, SecretToRead } from "../existing-secrets.ts";
import type { AppSecretsOf, PlainAppSecrets, PlainSecrets, SecretsOf } from "../secrets.ts";

/**
 * @param existing secrets that are keys of Secrets in the cluster; the settings were checked: none is in `secrets` too
 * @param of what is made of a value, and of the place of one
 */
export function protectSecrets<Text>(
    { apps, digitaloceanDnsToken, certificate, ...main }: PlainSecrets,
    { apps: existingApps, ...existingMain }: ExistingSecrets,
    of: { readonly value: (secret: string) => Text; readonly existing: (key: SecretToRead) => Text },
): SecretsOf<Text> {
    const both = (given: PlainAppSecrets = none, places: ExistingAppSecrets = none): AppSecretsOf<Text> => {
        const values = mapped(given, of.value, of.value);
        const read = mapped(
            places,
            (key) => of.existing({ ...key, oneLine: true }),
            (key) => of.existing({ ...key, oneLine: false }),
        );
        return {
            ...values,
            ...read,
            environment: { ...values.environment, ...read.environment },
            files: { ...values.files, ...read.files },
        };
    };
    const names = new Set([...Object.keys(apps), ...Object.keys(existingApps)]);
    return {
        ...both(main, existingMain),
        apps: Object.fromEntries([...names].map((name) => [name, both(apps[name], existingApps[name])])),
        ...(certificate && { certificate: { chain: of.value(certificate.chain), key: of.value(certificate.key) } }),
        ...(digitaloceanDnsToken !== undefined && { digitaloceanDnsToken: of.value(digitaloceanDnsToken) }),
    };
}

const none = { environment: {}, files: {} };

/** What has no value stays without one. */
function mapped<Value, Text>(
    { environment, files, ...credentials }: AppSecretsOf<Value>,
    ofCredential: (value: Value) => Text,
    ofText: (value: Value) => Text,
): AppSecretsOf<Text> {
    const all = (values: Readonly<Record<string, Value>>, change: (value: Value) => Text): Record<string, Text> =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
    const given = Object.entries(credentials).filter((entry): entry is [string, Value] => entry[1] !== undefined);
    return {
        environment: all(environment, ofText),
        files: all(files, ofText),
        ...all(Object.fromEntries(given), ofCredential),
    };
}
