// Does not prove that a key can be used, or what is lost with it.
import { expect, test } from "vitest";
import { KmsKeys, secretsProviderOf, type KmsKeysArgs } from "../../../../components/keys/gcp/kms.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { recordGcp } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const record = remembered((changes: Partial<KmsKeysArgs> = {}, preview: boolean = false) =>
    recordGcp(
        (opts) => {
            const args: KmsKeysArgs = { location: "europe-west1", data: "kept", rotationDays: 90, ...changes };
            const { database, secretsProvider } = new KmsKeys("keys", args, opts);
            return { database, secretsProvider };
        },
        { preview },
    ),
);

const keyNames = ["keys-database", "keys-stack-secrets"];

test("a ring in the region, a key for the cluster's secrets and one for the stack's", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "CryptoKey keys-database",
        "CryptoKey keys-stack-secrets",
        "KeyRing keys-ring",
        "KmsKeys keys",
    ]);
    expectOneFamily(plan, ["KmsKeys", "keys"]);
    expect(plan.get("KeyRing", "keys-ring").props).toMatchObject({ location: "europe-west1" });
    for (const name of keyNames) {
        expect(plan.get("CryptoKey", name).props).toMatchObject({
            purpose: "ENCRYPT_DECRYPT",
            rotationPeriod: "7776000s",
            destroyScheduledDuration: "2592000s",
        });
    }
});

test("names are Google's to keep for ever, so Pulumi makes new ones", async () => {
    const plan = await record();
    for (const { props } of plan.resources.filter(({ type }) => type.startsWith("gcp:kms"))) {
        expect(props).not.toHaveProperty("name");
    }
});

test.each(dataPolicies)("$data: protected from deletion is $protect (R67)", async ({ data, protect }) => {
    const plan = await record({ data });
    for (const name of keyNames) {
        expect(plan.get("CryptoKey", name).protect).toBe(protect);
    }
});

test.each([
    ["kept", true],
    ["protected", true],
    ["disposable", false],
] as const)(
    "%s: the key of the stack's secrets outlives a destroy, for the next `up` reads them with it: %s",
    async (data, retained) => {
        const plan = await record({ data });
        expect(plan.get("CryptoKey", "keys-stack-secrets").retainOnDelete).toBe(retained);
        expect(plan.get("CryptoKey", "keys-database").retainOnDelete).toBe(false);
    },
);

test("the stack's key is named as Pulumi takes it", async () => {
    const plan = await recordGcp(() => ({
        provider: secretsProviderOf("projects/p/locations/l/keyRings/r/cryptoKeys/k"),
    }));
    expect(plan.outputs).toEqual({ provider: "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k" });
    expect(plan.created).toEqual([]);
});

test("rotation and the provider's own arguments can be set", async () => {
    const native = { versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "HSM" } };
    const plan = await record({ rotationDays: 30, native });
    expect(plan.get("CryptoKey", "keys-database").props).toMatchObject({
        rotationPeriod: "2592000s",
        versionTemplate: { protectionLevel: "HSM" },
    });
});

test("a first preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
