// The parts of Kubernetes objects that rules read. All optional: a plan holds whatever a program wrote, and a value that is
// secret or unknown is an object where a text or number is expected, so read those through `textOf` and `numberOf`.
import { SecretValue } from "./resource.ts";

export type Labels = Readonly<Record<string, string>>;

export interface ObjectMeta {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface LabelSelector {
    readonly matchLabels?: Labels;
    readonly matchExpressions?: ReadonlyArray<{
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[];
    }>;
}

export interface Probe {
    readonly httpGet?: {
        readonly host?: string;
        readonly path?: string;
        readonly httpHeaders?: ReadonlyArray<{ readonly name: string; readonly value: string }>;
    };
    readonly tcpSocket?: { readonly host?: string };
    readonly exec?: { readonly command?: readonly string[] };
}

export interface SecurityContext {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly procMount?: string;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
    readonly seccompProfile?: { readonly type?: string };
    readonly appArmorProfile?: { readonly type?: string };
    readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
    readonly windowsOptions?: { readonly hostProcess?: boolean };
    readonly sysctls?: ReadonlyArray<{ readonly name: string }>;
}

export interface EnvironmentVariable {
    readonly name: string;
    readonly value?: unknown;
    readonly valueFrom?: {
        readonly secretKeyRef?: { readonly name?: string; readonly key?: string };
        readonly configMapKeyRef?: { readonly name?: string; readonly key?: string };
    };
}

export interface VolumeMount {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
}

export interface Container {
    readonly name?: string;
    readonly image?: string;
    readonly command?: readonly string[];
    readonly args?: readonly string[];
    readonly env?: readonly EnvironmentVariable[];
    readonly envFrom?: ReadonlyArray<{
        readonly prefix?: string;
        readonly configMapRef?: { readonly name?: string };
        readonly secretRef?: { readonly name?: string };
    }>;
    readonly ports?: ReadonlyArray<{
        readonly name?: string;
        readonly containerPort?: number;
        readonly hostPort?: number;
        readonly protocol?: string;
    }>;
    readonly startupProbe?: Probe;
    readonly readinessProbe?: Probe;
    readonly livenessProbe?: Probe;
    readonly lifecycle?: {
        readonly preStop?: Probe & { readonly sleep?: { readonly seconds?: number } };
        readonly postStart?: Probe;
    };
    readonly resources?: {
        readonly requests?: Readonly<Record<string, unknown>>;
        readonly limits?: Readonly<Record<string, unknown>>;
    };
    readonly securityContext?: SecurityContext;
    readonly volumeMounts?: readonly VolumeMount[];
}

export interface Volume {
    readonly name: string;
    readonly emptyDir?: { readonly sizeLimit?: string; readonly medium?: string };
    readonly configMap?: { readonly name?: string; readonly items?: readonly KeyToPath[] };
    readonly secret?: { readonly secretName?: string; readonly items?: readonly KeyToPath[] };
    readonly persistentVolumeClaim?: { readonly claimName?: string; readonly readOnly?: boolean };
    readonly [source: string]: unknown;
}

export interface KeyToPath {
    readonly key: string;
    readonly path: string;
}

export interface PodSpec {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
    readonly volumes?: readonly Volume[];
    readonly imagePullSecrets?: unknown;
    readonly securityContext?: SecurityContext;
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly restartPolicy?: string;
    readonly affinity?: {
        readonly podAffinity?: {
            readonly requiredDuringSchedulingIgnoredDuringExecution?: ReadonlyArray<{
                readonly topologyKey?: string;
                readonly labelSelector?: LabelSelector;
            }>;
        };
    };
    readonly hostNetwork?: boolean;
    readonly hostPID?: boolean;
    readonly hostIPC?: boolean;
    readonly topologySpreadConstraints?: ReadonlyArray<{
        readonly topologyKey?: string;
        readonly labelSelector?: LabelSelector;
        readonly matchLabelKeys?: readonly string[];
    }>;
}

export interface PodTemplate {
    readonly metadata?: ObjectMeta;
    readonly spec?: PodSpec;
}

export interface ClaimTemplate {
    readonly metadata?: ObjectMeta;
    readonly spec?: { readonly resources?: { readonly requests?: { readonly storage?: string } } };
}

export interface WorkloadSpec {
    readonly replicas?: number;
    readonly selector?: LabelSelector;
    readonly strategy?: {
        readonly type?: string;
        readonly rollingUpdate?: { readonly maxUnavailable?: number | string; readonly maxSurge?: number | string };
    };
    readonly template?: PodTemplate;
    readonly podManagementPolicy?: string;
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
    readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string };
    readonly ttlSecondsAfterFinished?: number;
    readonly activeDeadlineSeconds?: number;
    readonly backoffLimit?: number;
}

export interface ServiceSpec {
    readonly type?: string;
    readonly externalName?: string;
    readonly clusterIP?: string;
    readonly externalIPs?: readonly string[];
    readonly externalTrafficPolicy?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly selector?: Labels;
    readonly ports?: ReadonlyArray<{
        readonly name?: string;
        readonly port?: number;
        readonly targetPort?: number | string;
        readonly nodePort?: number;
        readonly protocol?: string;
    }>;
}

export interface PolicyPort {
    readonly protocol?: string;
    readonly port?: number | string;
    readonly endPort?: number;
}

export interface PolicyPeer {
    readonly podSelector?: LabelSelector;
    readonly namespaceSelector?: LabelSelector;
    readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicySpec {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: ReadonlyArray<{ readonly from?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }>;
    readonly egress?: ReadonlyArray<{ readonly to?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }>;
}

/** @returns whether labels match; no selector, unlike an empty one, selects nothing */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
    if (selector === undefined) {
        return false;
    }
    const all = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
    return (
        all &&
        (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
            const label = labels[key];
            switch (operator) {
                case "In":
                    return label !== undefined && values.includes(label);
                case "NotIn":
                    return label === undefined || !values.includes(label);
                case "Exists":
                    return label !== undefined;
                case "DoesNotExist":
                    return label === undefined;
                default:
                    return false;
            }
        })
    );
}

/** Whether a selector takes in every pod. */
export function selectsAll(selector: LabelSelector | undefined): boolean {
    return (
        selector !== undefined &&
        Object.keys(selector.matchLabels ?? {}).length === 0 &&
        (selector.matchExpressions ?? []).length === 0
    );
}

/** @returns undefined for a secret, an unknown value, and what is no text */
export function textOf(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}

/** @returns undefined for a secret, an unknown value, and what is no number */
export function numberOf(value: unknown): number | undefined {
    const number = typeof value === "string" && value !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** @returns bytes, or undefined when it is no quantity */
export function bytesOf(quantity: unknown): number | undefined {
    const match = /^([0-9.]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|kb|mb|gb)?$/.exec(
        String(textOf(quantity) ?? numberOf(quantity) ?? ""),
    );
    if (match === null) {
        return undefined;
    }
    const powers: Record<string, number> = {
        m: 1e-3,
        k: 1e3,
        M: 1e6,
        G: 1e9,
        T: 1e12,
        P: 1e15,
        E: 1e18,
        Ki: 2 ** 10,
        Mi: 2 ** 20,
        Gi: 2 ** 30,
        Ti: 2 ** 40,
        Pi: 2 ** 50,
        Ei: 2 ** 60,
        // As Redis writes them.
        kb: 2 ** 10,
        mb: 2 ** 20,
        gb: 2 ** 30,
    };
    return Number(match[1]) * (match[2] === undefined ? 1 : powers[match[2]]!);
}

/** The fields of an object; none of a secret, an unknown value, and what is no object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
    return value !== null && typeof value === "object" && !(value instanceof SecretValue) && !Array.isArray(value)
        ? (value as Readonly<Record<string, unknown>>)
        : {};
}
