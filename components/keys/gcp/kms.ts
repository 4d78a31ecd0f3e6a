// Keys of Cloud KMS: one for the secrets in the cluster's database, one for the secrets in the stack's state (G8).
import * as pulumi from "@pulumi/pulumi";
import { CryptoKey, type CryptoKeyArgs } from "@pulumi/gcp/kms/cryptoKey.js";
import { KeyRing } from "@pulumi/gcp/kms/keyRing.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";

export interface KmsKeysArgs {
    /** The region of what is encrypted: GKE takes a key of its own region only. */
    readonly location: string;
    readonly data: DataPolicy;
    /** Days after which a new version encrypts; older ones go on decrypting. */
    readonly rotationDays: number;
    /** Over the arguments of both keys. @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

export class KmsKeys extends pulumi.ComponentResource {
    /** `projects/P/locations/L/keyRings/R/cryptoKeys/K`. */
    readonly database: pulumi.Output<string>;
    /** Likewise, of the stack's secrets. */
    readonly stackSecrets: pulumi.Output<string>;
    /** As `pulumi stack change-secrets-provider` takes it. */
    readonly secretsProvider: pulumi.Output<string>;

    constructor(name: string, args: KmsKeysArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:keys:KmsKeys", name, {}, opts);

        // Google never deletes a key ring. Its generated name makes the next one of the same stack another one.
        const ring = new KeyRing(
            `${name}-ring`,
            { location: args.location },
            { parent: this, protect: args.data === "protected" },
        );
        this.database = this.createKey(`${name}-database`, args, ring).id;
        // Its versions outlive the stack's resources: settings and state are still there, and the next `up` reads them with it.
        const retainOnDelete = args.data !== "disposable";
        this.stackSecrets = this.createKey(`${name}-stack-secrets`, args, ring, { retainOnDelete }).id;
        this.secretsProvider = secretsProviderOf(this.stackSecrets);

        this.registerOutputs({ database: this.database, secretsProvider: this.secretsProvider });
    }

    private createKey(
        name: string,
        { data, rotationDays, native }: KmsKeysArgs,
        ring: KeyRing,
        opts: pulumi.CustomResourceOptions = {},
    ): CryptoKey {
        const key: CryptoKeyArgs = {
            keyRing: ring.id,
            purpose: "ENCRYPT_DECRYPT",
            rotationPeriod: `${rotationDays * 24 * 60 * 60}s`,
            // What was destroyed by mistake can be restored that long. It cannot be changed later.
            destroyScheduledDuration: `${30 * 24 * 60 * 60}s`,
        };
        // Destroying a key destroys all that it encrypted.
        return new CryptoKey(name, withNative(key, native), { ...opts, parent: this, protect: data === "protected" });
    }
}

/** @param key `projects/P/locations/L/keyRings/R/cryptoKeys/K` */
export function secretsProviderOf(key: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.interpolate`gcpkms://${key}`;
}
