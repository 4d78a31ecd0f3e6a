// What rules ask of a plan: its pods with their owners, who selects whom, what a container is told, what waits for what.
import {
    selects,
    textOf,
    type Container,
    type Labels,
    type ObjectMeta,
    type PodSpec,
    type ServiceSpec,
    type WorkloadSpec,
} from "./kubernetes.ts";
import { SecretValue, UnknownValue, type PolicyPlan, type PolicyResource } from "./resource.ts";

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" | "Pod";

/** What a workload is for. `app`: a Django process that is none of the known ones. */
export type Role =
    | "web"
    | "worker"
    | "beat"
    | "scheduled"
    | "shell"
    | "release"
    | "app"
    /** Between the apps and a database. */
    | "pooler"
    | "database"
    | "cache"
    | "broker"
    | "other";

/** Those of an app. */
export const djangoRoles: readonly Role[] = ["web", "worker", "beat", "scheduled", "shell", "release", "app"];

export interface PlacedContainer extends Container {
    /** The way to it in the resource's inputs. */
    readonly path: string;
    readonly init: boolean;
}

/** A resource that makes pods. */
export interface Workload {
    readonly resource: PolicyResource;
    readonly kind: WorkloadKind;
    readonly name: string;
    readonly namespace: string | undefined;
    readonly role: Role;
    readonly spec: WorkloadSpec;
    /** The way to the pod template, for example `spec.template`; empty for a bare pod. */
    readonly templatePath: string;
    readonly podLabels: Labels;
    readonly podAnnotations: Readonly<Record<string, unknown>>;
    readonly pod: PodSpec;
    readonly containers: readonly PlacedContainer[];
}

/** A text that may be secret or not known yet. */
export type Value = string | SecretValue | UnknownValue;

export interface Service {
    readonly resource: PolicyResource;
    readonly name: string | undefined;
    readonly namespace: string | undefined;
    readonly spec: ServiceSpec;
    readonly workloads: readonly Workload[];
}

/** The label that says which part of an environment an object belongs to. */
export const componentLabel = "app.kubernetes.io/component";
/** The Namespace's label that says what kind of environment it holds. */
export const environmentLabel = "django-on-kubernetes/environment";
/** What a pod carries that may reach a store, before the store's name. */
export const reachesPrefix = "django-on-kubernetes/reaches-";

const templatePaths: Record<string, { readonly kind: WorkloadKind; readonly path: string }> = {
    "kubernetes:apps/v1:Deployment": { kind: "Deployment", path: "spec.template" },
    "kubernetes:apps/v1:StatefulSet": { kind: "StatefulSet", path: "spec.template" },
    "kubernetes:apps/v1:DaemonSet": { kind: "DaemonSet", path: "spec.template" },
    "kubernetes:apps/v1:ReplicaSet": { kind: "ReplicaSet", path: "spec.template" },
    "kubernetes:batch/v1:Job": { kind: "Job", path: "spec.template" },
    "kubernetes:batch/v1:CronJob": { kind: "CronJob", path: "spec.jobTemplate.spec.template" },
    "kubernetes:core/v1:Pod": { kind: "Pod", path: "" },
};

/** A component is no provider's: its type is the project's own. */
export function isComponent({ urn, type }: PolicyResource): boolean {
    return type.startsWith(`${urn.split("::")[1]}:`);
}

const views = new WeakMap<PolicyPlan, PlanView>();

/** The same view for every rule that judges one plan. */
export function viewOf(plan: PolicyPlan): PlanView {
    let view = views.get(plan);
    if (view === undefined) {
        view = new PlanView(plan);
        views.set(plan, view);
    }
    return view;
}

export class PlanView {
    readonly resources: readonly PolicyResource[];
    readonly workloads: readonly Workload[];
    readonly services: readonly Service[];
    readonly autoscalers: readonly PolicyResource[];
    readonly #byUrn: ReadonlyMap<string, PolicyResource>;
    readonly #byType: ReadonlyMap<string, readonly PolicyResource[]>;
    readonly #children: ReadonlyMap<string, readonly PolicyResource[]>;
    readonly #reachable = new Map<string, ReadonlySet<string>>();

    constructor(plan: PolicyPlan) {
        this.resources = plan.resources;
        this.autoscalers = plan.resources.filter(({ type }) => type.endsWith(":HorizontalPodAutoscaler"));
        this.#byType = Map.groupBy(plan.resources, ({ type }) => type);
        this.#byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
        this.#children = Map.groupBy(plan.resources, ({ parent = "" }) => parent);
        const serviceResources = this.ofType("kubernetes:core/v1:Service");
        this.workloads = plan.resources.flatMap((resource) => workloadOf(resource, serviceResources) ?? []);
        this.services = serviceResources.map((resource) => {
            const { name, namespace } = metadataOf(resource);
            const spec = (resource.props["spec"] ?? {}) as ServiceSpec;
            const workloads = this.selected({ matchLabels: spec.selector ?? {} }, namespace).filter(
                ({ kind }) => kind !== "Job" && spec.selector !== undefined,
            );
            return { resource, name: textOf(name), namespace: textOf(namespace), spec, workloads };
        });
    }

    /** What the stack is for, by the label of its Namespace; undefined without one. */
    get environmentKind(): string | undefined {
        return this.ofType("kubernetes:core/v1:Namespace")
            .map((namespace) => textOf(metadataOf(namespace).labels?.[environmentLabel]))
            .find((kind) => kind !== undefined);
    }

    /** An environment on one's own machine, or one that lives as long as a pull request. */
    get isThrownAway(): boolean {
        return this.environmentKind === "local" || this.environmentKind === "ephemeral";
    }

    /** A namespace that a chart fills: pods that the plan does not show. */
    isAddon(namespace: PolicyResource): boolean {
        const { name, labels } = metadataOf(namespace);
        return (
            labels?.[environmentLabel] === undefined &&
            !this.workloads.some((workload) => workload.namespace === textOf(name))
        );
    }

    ofType(type: string): readonly PolicyResource[] {
        return this.#byType.get(type) ?? [];
    }

    get(urn: string): PolicyResource | undefined {
        return this.#byUrn.get(urn);
    }

    children(urn: string): readonly PolicyResource[] {
        return this.#children.get(urn) ?? [];
    }

    withRole(...roles: readonly Role[]): readonly Workload[] {
        return this.workloads.filter(({ role }) => roles.includes(role));
    }

    /** Django's workloads, app by app: an app is the component that they belong to. */
    apps(): ReadonlyMap<string, readonly Workload[]> {
        return Map.groupBy(this.withRole(...djangoRoles), ({ resource }) => resource.parent ?? "");
    }

    /** The workloads of a namespace whose pods a selector takes in. */
    selected(selector: { readonly matchLabels?: Labels }, namespace: string | undefined): readonly Workload[] {
        return this.workloads.filter(
            (workload) => workload.namespace === textOf(namespace) && selects(selector, workload.podLabels),
        );
    }

    /** Everything that has to be there before a resource is created, however many steps away. */
    before(urn: string): ReadonlySet<string> {
        const known = this.#reachable.get(urn);
        if (known !== undefined) {
            return known;
        }
        const found = new Set<string>();
        const pending = [urn];
        for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
            for (const next of [...(this.get(current)?.dependencies ?? []), ...this.#insideOf(current, urn)]) {
                if (!found.has(next)) {
                    found.add(next);
                    pending.push(next);
                }
            }
        }
        this.#reachable.set(urn, found);
        return found;
    }

    /** Who waits for a component waits for what is in it. */
    #insideOf(urn: string, start: string): string[] {
        return urn === start ? [] : this.children(urn).map((child) => child.urn);
    }

    /** An object by type and name in a namespace. */
    find(type: string, name: unknown, namespace: string | undefined): PolicyResource | undefined {
        return this.ofType(type).find((resource) => {
            const wanted = textOf(name);
            return (
                wanted !== undefined &&
                objectName(resource) === wanted &&
                textOf(metadataOf(resource).namespace) === namespace
            );
        });
    }

    /**
     * What a container is told, from its own list, ConfigMaps and Secrets. The last one named wins, as in Kubernetes. Of an
     * object whose content is unknown there is nothing: an absent variable proves nothing in a preview.
     */
    environmentOf(workload: Workload, container: Container): ReadonlyMap<string, Value> {
        const environment = new Map<string, Value>();
        const take = (entries: Readonly<Record<string, unknown>>, prefix = ""): void => {
            for (const [name, value] of Object.entries(entries)) {
                environment.set(prefix + name, valueOf(value));
            }
        };
        for (const { configMapRef, secretRef, prefix } of container.envFrom ?? []) {
            if (configMapRef !== undefined) {
                take(this.dataOf("ConfigMap", configMapRef.name, workload), prefix);
            }
            if (secretRef !== undefined) {
                take(this.dataOf("Secret", secretRef.name, workload), prefix);
            }
        }
        for (const { name, value, valueFrom } of container.env ?? []) {
            const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
            if (secretKeyRef !== undefined) {
                const data = this.dataOf("Secret", secretKeyRef.name, workload);
                environment.set(name, valueOf(data[secretKeyRef.key ?? ""] ?? new UnknownValue()));
            } else if (configMapKeyRef !== undefined) {
                const data = this.dataOf("ConfigMap", configMapKeyRef.name, workload);
                environment.set(name, valueOf(data[configMapKeyRef.key ?? ""] ?? new UnknownValue()));
            } else {
                environment.set(name, valueOf(value ?? ""));
            }
        }
        return environment;
    }

    /** The files that a container sees from ConfigMaps and Secrets, by path. */
    filesOf(workload: Workload, container: Container): ReadonlyMap<string, Value> {
        const files = new Map<string, Value>();
        for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
            const volume = (workload.pod.volumes ?? []).find((candidate) => candidate.name === name);
            const source = volume?.secret ?? volume?.configMap;
            if (volume === undefined || source === undefined) {
                continue;
            }
            const data =
                volume.secret === undefined
                    ? this.dataOf("ConfigMap", volume.configMap?.name, workload)
                    : this.dataOf("Secret", volume.secret.secretName, workload);
            const items = source.items ?? Object.keys(data).map((key) => ({ key, path: key }));
            for (const { key, path } of items) {
                const value = valueOf(data[key] ?? new UnknownValue());
                if (subPath === undefined) {
                    files.set(`${mountPath}/${path}`, value);
                } else if (subPath === path) {
                    files.set(mountPath, value);
                }
            }
        }
        return files;
    }

    /** The entries of a ConfigMap or Secret of the workload's namespace; none when the stack does not create it. */
    dataOf(kind: "ConfigMap" | "Secret", name: unknown, { namespace }: Workload): Readonly<Record<string, unknown>> {
        const found = this.find(`kubernetes:core/v1:${kind}`, name, namespace);
        return found === undefined ? {} : this.entriesOf(found);
    }

    /** The entries of a ConfigMap or Secret; each is secret when the whole map is. */
    entriesOf({ props: { data, stringData } }: PolicyResource): Readonly<Record<string, unknown>> {
        return { ...entriesOf(data), ...entriesOf(stringData) };
    }

    /**
     * The Service that a host name in a namespace means, in any of its forms; of one pod's own name the one that gives it; or one
     * that leads to a server of that name or address.
     */
    serviceAt(host: string, namespace: string | undefined): Service | undefined {
        const words = host.replace(/\.svc(\.cluster\.local)?\.?$/, "").split(".");
        const [name, inNamespace] = words;
        const found = this.services.find(
            (service) =>
                service.name === name &&
                service.namespace === (inNamespace ?? namespace) &&
                host.split(".").length <= 5,
        );
        return (
            found ??
            this.#serviceOfPod(words, namespace) ??
            this.services.find((service) => service.namespace === namespace && this.#outsideOf(service).includes(host))
        );
    }

    /** `cache-0.cache`: a pod of a StatefulSet, below the Service that it names. */
    #serviceOfPod(
        [pod = "", name, inNamespace]: readonly string[],
        namespace: string | undefined,
    ): Service | undefined {
        return this.services.find(
            (service) =>
                service.name === name &&
                service.namespace === (inNamespace ?? namespace) &&
                service.spec.clusterIP === "None" &&
                service.workloads.some(
                    (workload) =>
                        workload.kind === "StatefulSet" && workload.name === pod.replace(/-(?:0|[1-9][0-9]*)$/, ""),
                ),
        );
    }

    /** The server that a Service without pods leads to, as a name and as addresses. */
    #outsideOf({ spec, name, namespace }: Service): readonly string[] {
        if (spec.selector !== undefined) {
            return [];
        }
        const slice = this.find("kubernetes:discovery.k8s.io/v1:EndpointSlice", name, namespace);
        const endpoints = slice?.props["endpoints"];
        const addresses = (
            Array.isArray(endpoints) ? (endpoints as ReadonlyArray<{ readonly addresses?: unknown }>) : []
        ).flatMap((endpoint) => (Array.isArray(endpoint.addresses) ? (endpoint.addresses as unknown[]) : []));
        return [spec.externalName, ...addresses].flatMap((one) => textOf(one) ?? []);
    }
}

export function metadataOf({ props }: PolicyResource): ObjectMeta {
    return props["metadata"] ?? {};
}

/** The name that an object has in the cluster, given by the program or by the provider. */
export function objectName(resource: PolicyResource): string | undefined {
    return textOf(metadataOf(resource).name) ?? resource.generatedName;
}

/** Whether the provider names the object, anew for each one, so that the next can be made while the last is there. */
export function namedByProvider(resource: PolicyResource): boolean {
    const { name, annotations } = metadataOf(resource);
    return name === undefined || annotations?.["pulumi.com/autonamed"] === "true";
}

/** Runs `look` on a text, also on a secret one; undefined when it is not known. */
export function examine<Result>(value: Value | undefined, look: (text: string) => Result): Result | undefined {
    if (typeof value === "string") {
        return look(value);
    }
    if (value instanceof SecretValue) {
        return value.examine((secret) => (typeof secret === "string" ? look(secret) : undefined));
    }
    return undefined;
}

/** The entries of a map; each is secret when the whole map is, as a Secret's. */
function entriesOf(map: unknown): Readonly<Record<string, unknown>> {
    if (map instanceof SecretValue) {
        return map.examine((inside) =>
            Object.fromEntries(
                Object.entries(entriesOf(inside)).map(([key, value]) => [
                    key,
                    value instanceof SecretValue || value instanceof UnknownValue ? value : new SecretValue(value),
                ]),
            ),
        );
    }
    return map === null || typeof map !== "object" || map instanceof UnknownValue
        ? {}
        : (map as Record<string, unknown>);
}

function valueOf(value: unknown): Value {
    return value instanceof SecretValue || value instanceof UnknownValue ? value : String(value);
}

function workloadOf(resource: PolicyResource, services: readonly PolicyResource[]): Workload | undefined {
    const place = templatePaths[resource.type];
    if (place === undefined) {
        return undefined;
    }
    const template = (place.path === "" ? resource.props : at(resource.props, place.path)) as
        { metadata?: ObjectMeta; spec?: PodSpec } | undefined;
    const pod = template?.spec ?? {};
    const prefix = place.path === "" ? "spec" : `${place.path}.spec`;
    const placed = (list: "containers" | "initContainers" | "ephemeralContainers"): PlacedContainer[] =>
        (pod[list] ?? []).map((container, index) => ({
            ...container,
            path: `${prefix}.${list}[${index}]`,
            init: list === "initContainers",
        }));
    const metadata = metadataOf(resource);
    const podLabels = template?.metadata?.labels ?? {};
    const containers = [...placed("containers"), ...placed("initContainers"), ...placed("ephemeralContainers")];
    const namespace = textOf(metadata.namespace);
    const served = services.some(
        ({ props }) =>
            textOf((props["metadata"] as ObjectMeta | undefined)?.namespace) === namespace &&
            (props["spec"] as ServiceSpec | undefined)?.selector !== undefined &&
            selects({ matchLabels: (props["spec"] as ServiceSpec).selector! }, podLabels),
    );
    return {
        resource,
        kind: place.kind,
        name: textOf(metadata.name) ?? resource.name,
        namespace,
        role: roleOf(place.kind, podLabels, containers, served),
        spec: resource.props["spec"] ?? {},
        templatePath: place.path,
        podLabels,
        podAnnotations: template?.metadata?.annotations ?? {},
        pod,
        containers,
    };
}

function roleOf(kind: WorkloadKind, labels: Labels, containers: readonly Container[], served: boolean): Role {
    const component = labels[componentLabel];
    switch (component) {
        case "pooler":
        case "database":
        case "cache":
        case "broker":
            return component;
        case "django": {
            if (kind === "Job") {
                return "release";
            }
            if (kind === "CronJob") {
                return "scheduled";
            }
            const known = (["web", "worker", "beat", "shell"] as const).find((role) =>
                containers.some(({ name }) => name === role),
            );
            // What a Service sends requests to is a web server, whatever it is called.
            return served ? "web" : (known ?? "app");
        }
        default:
            return "other";
    }
}

function at(value: unknown, path: string): unknown {
    return path.split(".").reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);
}

/** Command and arguments in one list. */
export function commandLine({ command = [], args = [] }: Container): readonly string[] {
    return [...command, ...args].filter((word) => typeof word === "string");
}

/** The value of `--name=value` or `--name value`, also inside the text of a shell. */
export function option(container: Container, name: string): string | undefined {
    const match = new RegExp(`(?:^|\\s)${name}[=\\s]([^\\s]+)`).exec(commandLine(container).join(" "));
    return match?.[1];
}

/** How many pods a workload may have at least and at most, with its autoscaler. */
export function podsOf(view: PlanView, workload: Workload): { readonly min: number; readonly max: number } {
    const autoscaler = autoscalersOf(view, workload)[0]?.props["spec"] as
        { readonly minReplicas?: number; readonly maxReplicas?: number } | undefined;
    const replicas = workload.spec.replicas ?? 1;
    return autoscaler === undefined
        ? { min: replicas, max: replicas }
        : { min: autoscaler.minReplicas ?? 1, max: autoscaler.maxReplicas ?? 1 };
}

export function autoscalersOf(view: PlanView, workload: Workload): readonly PolicyResource[] {
    return view.autoscalers.filter((resource) => {
        const { scaleTargetRef } = (resource.props["spec"] ?? {}) as {
            readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
        };
        return (
            scaleTargetRef?.kind === workload.kind &&
            scaleTargetRef.name === workload.name &&
            textOf(metadataOf(resource).namespace) === workload.namespace
        );
    });
}
