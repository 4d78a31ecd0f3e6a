// The provider's own configuration: what `new kubernetes.Provider(name, {...})` accepts here.
import type { CheckFailure, PropertyMap } from "../provider-host/index.ts";
import { toPlain } from "../provider-host/index.ts";

export interface Configuration {
    /** Content of a kubeconfig or the path of one. @default KUBECONFIG, else ~/.kube/config, else the pod's own account */
    readonly kubeconfig: string | undefined;
    /** @default the kubeconfig's current context */
    readonly context: string | undefined;
    /** @default the context's own cluster */
    readonly cluster: string | undefined;
    /** For objects that name none. @default the context's namespace, else `default` */
    readonly namespace: string | undefined;
    /** Changed data updates a ConfigMap in place. @default false: it replaces it */
    readonly configMapMutable: boolean;
    /** The same for Secrets. @default false */
    readonly secretMutable: boolean;
    /** No warnings about API versions that will go. @default false */
    readonly suppressDeprecationWarnings: boolean;
    /** Objects of a cluster that does not answer count as gone in `refresh` and `destroy`. @default false */
    readonly deleteUnreachable: boolean;
    /** `refresh` keeps the recorded state of a cluster that does not answer. @default false */
    readonly skipUpdateUnreachable: boolean;
    /** A create takes over an object of its name. @default false: it fails */
    readonly upsertExistingObjects: boolean;
}

/** Options that steer what the stand-in does not do at all, so that leaving them out changes nothing. */
const harmlessKeys = new Set([
    "clusterIdentifier", // only compared, see configuration-diff.ts
    "kubeClientSettings", // request rates of the official plugin's client
    "helmReleaseSettings",
    "suppressHelmHookWarnings",
    "rejectUnknownResources",
    "alwaysRender",
    "version",
    "pluginDownloadURL",
]);

const knownKeys = new Set([
    ...harmlessKeys,
    "kubeconfig",
    "context",
    "cluster",
    "namespace",
    "enableServerSideApply",
    "enableConfigMapMutable",
    "enableSecretMutable",
    "suppressDeprecationWarnings",
    "deleteUnreachable",
    "skipUpdateUnreachable",
    "upsertExistingObjects",
    "strictMode",
]);

/** All that is wrong with the configuration. */
export function configurationFailures(inputs: PropertyMap): CheckFailure[] {
    const config = toPlain(inputs);
    const failures: CheckFailure[] = [];
    const install = "or install the official plugin (pulumi plugin install resource kubernetes)";
    for (const [key, value] of Object.entries(config)) {
        if (value === undefined || value === null || value === "" || key.startsWith("__")) {
            continue;
        }
        if (key === "renderYamlToDirectory") {
            failures.push({
                path: [key],
                reason: `the stand-in for the Kubernetes plugin does not render manifests to files. Fix: remove it, ${install}.`,
            });
        } else if (!knownKeys.has(key)) {
            failures.push({
                path: [key],
                reason: `the stand-in for the Kubernetes plugin does not know the option ${key}. Allowed: ${[...knownKeys].sort().join(", ")}. Fix: remove it, ${install}.`,
            });
        }
    }
    if (config["enableServerSideApply"] !== undefined && !isTrue(config["enableServerSideApply"])) {
        failures.push({
            path: ["enableServerSideApply"],
            reason: `the stand-in for the Kubernetes plugin applies on the server only. Allowed: true. Fix: remove it, ${install}.`,
        });
    }
    if (isTrue(config["strictMode"])) {
        for (const key of ["kubeconfig", "context"]) {
            // An unknown value is a value: the cluster may be made by the same program.
            if ((inputs[key] ?? "") === "") {
                failures.push({
                    path: [key],
                    reason: `strict mode requires the provider's argument ${key}. Fix: set it, or leave strictMode out.`,
                });
            }
        }
    }
    return failures;
}

export function parseConfiguration(inputs: PropertyMap): Configuration {
    const config = toPlain(inputs);
    const text = (key: string): string | undefined => {
        const value = config[key];
        if (value === undefined || value === null || value === "") {
            return undefined;
        }
        return typeof value === "string" ? value : JSON.stringify(value);
    };
    const flag = (key: string, variable: string): boolean => {
        const value = config[key];
        return value === undefined || value === null ? process.env[variable] === "true" : isTrue(value);
    };
    return {
        kubeconfig: text("kubeconfig"),
        context: text("context"),
        cluster: text("cluster"),
        namespace: text("namespace"),
        configMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
        secretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
        suppressDeprecationWarnings: flag("suppressDeprecationWarnings", "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS"),
        deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
        skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
        upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    };
}

// The engine hands every option that is not a string over as JSON text.
const isTrue = (value: unknown): boolean => value === true || value === "true";
