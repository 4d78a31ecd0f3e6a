// The app's ConfigMaps and Secrets. Each is immutable and gets a new name when it changes: the pods that name it roll
// over, and a release that fails leaves the old pods with the old values, also when they restart.
import type { ComponentResource, Output } from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { createHash } from "node:crypto";
import { posix } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { dockerConfigJson } from "../../lib/docker-config.ts";
import { objectLabels } from "../../lib/labels.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { generation } from "../password/generations.ts";
import { mountedCertificates } from "./certificates.ts";
import type { DjangoArgs } from "./contract.ts";
import { accessKeyVariables, directEnvironment, plainEnvironment, secretEnvironment } from "./environment.ts";
import { createSecretKeys } from "./secret-keys.ts";

/** What every pod of the app takes in. */
export interface Configuration {
    readonly envFrom: core.v1.EnvFromSource[];
    readonly volumes: core.v1.Volume[];
    readonly volumeMounts: core.v1.VolumeMount[];
    readonly imagePullSecrets: core.v1.LocalObjectReference[];
    /** What leads past a pooler, for pods that go to the server itself: named last, it wins. Empty where there is none. */
    readonly direct: core.v1.EnvFromSource[];
    /** The key of what writes static files, for that job alone (R84): named last, it wins. Empty where there is none. */
    readonly staticKey: core.v1.EnvFromSource[];
    /** The Secret with DJANGO_SUPERUSER_*, only for the job that needs it. */
    readonly superuser?: Output<string>;
}

export function createConfiguration(name: string, args: DjangoArgs, parent: ComponentResource): Configuration {
    const secretKeys = createSecretKeys(name, args, parent);
    const environment = new ConfigMap(
        `${name}-environment`,
        { metadata: metadata(args), immutable: true, data: plainEnvironment(args) },
        { parent },
    );
    const secretEnv = new Secret(
        `${name}-secret-environment`,
        { metadata: metadata(args), immutable: true, stringData: secretEnvironment(args, secretKeys) },
        { parent },
    );
    const files = mountedFiles(name, args, parent);
    const certificates = mountedCertificates(name, args, parent);
    return {
        envFrom: [
            { configMapRef: { name: environment.metadata.name } },
            { secretRef: { name: secretEnv.metadata.name } },
        ],
        volumes: [...files.volumes, ...certificates.volumes],
        volumeMounts: [...files.volumeMounts, ...certificates.volumeMounts],
        imagePullSecrets: pullSecrets(name, args, parent),
        direct: direct(name, args, parent),
        staticKey: staticKey(name, args, parent),
        ...superuser(name, args, parent),
    };
}

function metadata({ namespace, instance }: DjangoArgs) {
    return { namespace, labels: objectLabels(instance, "django") };
}

/** Whole files at the paths they were named by (E6); a key of a ConfigMap cannot hold a slash. */
function mountedFiles(
    name: string,
    args: DjangoArgs,
    parent: ComponentResource,
): Pick<Configuration, "volumes" | "volumeMounts"> {
    const volumes: core.v1.Volume[] = [];
    const volumeMounts: core.v1.VolumeMount[] = [];
    const mount = (volume: string, paths: string[]): void => {
        volumeMounts.push(
            ...paths.map((path) => ({ name: volume, mountPath: path, subPath: fileKey(path), readOnly: true })),
        );
    };
    const plain = Object.keys(args.files);
    if (plain.length > 0) {
        const data = Object.fromEntries(plain.map((path) => [fileKey(path), args.files[path]!]));
        const map = new ConfigMap(`${name}-files`, { metadata: metadata(args), immutable: true, data }, { parent });
        volumes.push({ name: "files", configMap: { name: map.metadata.name } });
        mount("files", plain);
    }
    const secret = Object.keys(args.secrets.files);
    if (secret.length > 0) {
        const stringData = Object.fromEntries(secret.map((path) => [fileKey(path), args.secrets.files[path]!]));
        const object = new Secret(
            `${name}-secret-files`,
            { metadata: metadata(args), immutable: true, stringData },
            { parent },
        );
        volumes.push({ name: "secret-files", secret: { secretName: object.metadata.name } });
        mount("secret-files", secret);
    }
    return { volumes, volumeMounts };
}

/** Readable, and different for two files of one name in two folders. */
function fileKey(path: string): string {
    const hash = createHash("sha256").update(path).digest("hex").slice(0, 8);
    return `${hash}-${posix.basename(path)}`;
}

function pullSecrets(name: string, args: DjangoArgs, parent: ComponentResource): Configuration["imagePullSecrets"] {
    if (args.registry === undefined) {
        return integratedPullSecrets(args.image).imagePullSecrets ?? [];
    }
    const { server, username, password } = args.registry;
    const secret = new Secret(
        `${name}-registry`,
        {
            metadata: metadata(args),
            type: "kubernetes.io/dockerconfigjson",
            immutable: true,
            stringData: {
                ".dockerconfigjson": password.apply((text) => dockerConfigJson({ server, username, password: text })),
            },
        },
        { parent },
    );
    return [{ name: secret.metadata.name }];
}

function direct(name: string, args: DjangoArgs, parent: ComponentResource): Configuration["direct"] {
    const environment = directEnvironment(args);
    if (environment === undefined) {
        return [];
    }
    const plain = new ConfigMap(
        `${name}-direct-environment`,
        { metadata: metadata(args), immutable: true, data: environment.plain },
        { parent },
    );
    const secret = new Secret(
        `${name}-direct-secret-environment`,
        { metadata: metadata(args), immutable: true, stringData: environment.secret },
        { parent },
    );
    return [{ configMapRef: { name: plain.metadata.name } }, { secretRef: { name: secret.metadata.name } }];
}

function staticKey(name: string, args: DjangoArgs, parent: ComponentResource): Configuration["staticKey"] {
    const { staticAccessKey: key } = args.stores.assets.buckets ?? {};
    if (key === undefined) {
        return [];
    }
    const secret = new Secret(
        `${name}-collectstatic-key`,
        { metadata: metadata(args), immutable: true, stringData: accessKeyVariables(key) },
        { parent },
    );
    return [{ secretRef: { name: secret.metadata.name } }];
}

function superuser(name: string, args: DjangoArgs, parent: ComponentResource): Pick<Configuration, "superuser"> {
    if (args.superuser === undefined) {
        return {};
    }
    const { username, email, password } = args.superuser;
    const secret = new Secret(
        `${name}-superuser`,
        {
            metadata: metadata(args),
            immutable: true,
            stringData: {
                DJANGO_SUPERUSER_USERNAME: username,
                DJANGO_SUPERUSER_EMAIL: email,
                DJANGO_SUPERUSER_PASSWORD:
                    password ?? generation(`${name}-superuser-password`, args.rotations?.superuser ?? 0, { parent }),
            },
        },
        { parent },
    );
    return { superuser: pulumi.output(secret.metadata.name) };
}
