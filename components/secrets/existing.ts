// Secrets of the namespace that somebody else made, or a controller of objects of ours: their values, read at every update.
import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { oneLine, secretText } from "./secret-text.ts";
import type { Placement } from "../contract.ts";
import type { SecretKey, SecretSource } from "./contract.ts";
import { externalSecret, type ExternalSecretArgs } from "./external.ts";
import { sealedSecret, type SealedSecretArgs } from "./sealed.ts";

export interface ExistingSecretsArgs extends Placement {
    readonly sealed: ReadonlyArray<Omit<SealedSecretArgs, keyof Placement>>;
    readonly external: ReadonlyArray<Omit<ExternalSecretArgs, keyof Placement>>;
}

/**
 * A value becomes part of what the program makes of every secret (URLs, configuration files), in objects whose names change with
 * it: pods roll over when the next update finds another value, and until then all of them go on with the one they have.
 */
export class ExistingSecrets extends pulumi.ComponentResource {
    private readonly args: ExistingSecretsArgs;
    private readonly name: string;
    private readonly sources: ReadonlyMap<string, SecretSource>;
    private readonly found = new Map<string, Secret>();
    private readonly texts = new Map<string, pulumi.Output<string>>();

    constructor(name: string, args: ExistingSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:secrets:Existing", name, {}, opts);
        this.name = name;
        this.args = args;
        const sources = [
            ...args.sealed.map((each) => sealedSecret(name, { ...args, ...each }, { parent: this })),
            ...args.external.map((each) => externalSecret(name, { ...args, ...each }, { parent: this })),
        ];
        this.sources = new Map(sources.map((source) => [source.name, source]));
        this.registerOutputs({});
    }

    /** @returns a secret; the update fails where the Secret or the key is not there, and says so once, however many settings name it */
    read(wanted: SecretKey): pulumi.Output<string> {
        // In neither name there can be a slash.
        const place = `${wanted.name}/${wanted.key}`;
        const text = this.once(place, () => this.text(wanted));
        return wanted.oneLine ? this.once(`${place}/one-line`, () => this.line(wanted, text)) : text;
    }

    private once(what: string, make: () => pulumi.Output<string>): pulumi.Output<string> {
        const made = this.texts.get(what) ?? make();
        this.texts.set(what, made);
        return made;
    }

    private text({ name, key }: SecretKey): pulumi.Output<string> {
        const { data, metadata } = this.secret(name);
        return pulumi.secret(
            pulumi
                .all([data, metadata])
                .apply(([values, { namespace }]) => secretText(values, key, `${namespace}/${name}`)),
        );
    }

    private line({ name, key }: SecretKey, text: pulumi.Output<string>): pulumi.Output<string> {
        return pulumi
            .all([text, this.secret(name).metadata])
            .apply(([value, { namespace }]) => oneLine(value, key, `${namespace}/${name}`));
    }

    private secret(name: string): Secret {
        const found = this.found.get(name) ?? this.get(name);
        this.found.set(name, found);
        return found;
    }

    private get(name: string): Secret {
        const object = this.sources.get(name)?.object;
        // Of a Secret that is still to be made the object's id is unknown, and a preview does not look for it.
        const id = pulumi.all([this.args.namespace, object?.id]).apply(([namespace]) => `${namespace}/${name}`);
        return Secret.get(`${this.name}-${name}`, id, { parent: this, ...(object && { dependsOn: [object] }) });
    }
}
