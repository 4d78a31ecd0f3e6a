// What a stack's state says of whose it is, and what its file needs to be read again.
import { environmentLabel } from "../../lib/labels.ts";
import { environmentIn } from "../backend/environment.ts";
import { labelsOf, metadataOf, type Export } from "../repair/deployment.ts";
import type { Encryption } from "./stack-file.ts";

export interface Told {
    /** The names of namespaces that the state has; those of an environment say its kind. */
    readonly namespaces: ReadonlyArray<{ readonly name: string; readonly kind: string | undefined }>;
    /** As the last update that came to its end has it, or the namespace that one began with. */
    readonly pullRequest: number | undefined;
    /** How many things a provider made. */
    readonly made: number;
    /** By the last part of their type. */
    readonly counts: ReadonlyMap<string, number>;
    readonly isCutOff: boolean;
}

export function toldBy({ deployment }: Export): Told {
    const { resources: made, pending, pullRequest } = environmentIn(deployment);
    const begun = pending.map(({ resource }) => resource);
    const found = [...made, ...begun].filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    const names = made.map(({ type }) => type.split(":").at(-1)!);
    return {
        namespaces: found.map(({ inputs }) => {
            const kind = labelsOf(inputs)[environmentLabel];
            return { name: String(metadataOf(inputs).name), kind: typeof kind === "string" ? kind : undefined };
        }),
        pullRequest: pullRequest?.number,
        made: made.length,
        counts: new Map(names.map((name) => [name, names.filter((each) => each === name).length])),
        isCutOff:
            begun.length > 0 ||
            made.some(
                ({ type, id, outputs }) => type.startsWith("kubernetes:") && id !== undefined && outputs === undefined,
            ),
    };
}

/** A stack's state has the salt, or the cloud's key and what it encrypted. */
export function encryptionIn({ deployment }: Export): Encryption {
    const { type, state } = (deployment["secrets_providers"] ?? {}) as {
        readonly type?: string;
        readonly state?: Readonly<Record<string, unknown>>;
    };
    const text = (key: string): string | undefined => {
        const value = state?.[key];
        return typeof value === "string" && value !== "" ? value : undefined;
    };
    const [salt, url, key] = [text("salt"), text("url"), text("encryptedkey")];
    switch (type) {
        case "passphrase":
            return salt === undefined ? {} : { encryptionsalt: salt };
        case "cloud":
            return url === undefined ? {} : { secretsprovider: url, ...(key !== undefined && { encryptedkey: key }) };
        default:
            return {};
    }
}
