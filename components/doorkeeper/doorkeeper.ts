// What stands at the door of an environment that sleeps: it answers for the web pods while there are none, wakes all at a request, and
// puts all to sleep when nobody comes. One small pod for each app; that of the first one decides, and it alone may say something to the
// API of Kubernetes (R146).
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type { core, rbac } from "@pulumi/kubernetes/types/input.js";
import { instanceLabel, objectLabels, workloadLabels, type Labels } from "../../lib/labels.ts";
import { notPublic } from "../../lib/not-public.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import { doorkeeperComponent, doorkeeperOf, doorkeeperSize } from "../../lib/sleeping.ts";
import type { Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { apiPorts, type Guarded, type Sleeper } from "./contract.ts";

export interface DoorkeeperArgs extends Placement {
    /** Seconds without a request. */
    readonly after: number;
    /** At least one; that of the first one decides. */
    readonly apps: readonly Guarded[];
    /** In the order in which they are started. */
    readonly sleepers: readonly Sleeper[];
    /** What it watches: there before it is, and gone after it. */
    readonly watched: readonly pulumi.Resource[];
}

const script = "doorkeeper.py";
const contents = readFileSync(new URL(`scripts/${script}`, import.meta.url), "utf8");

const directory = "/etc/doorkeeper";
/** Not where every client looks for it: the container that mounts it is the one that names it. */
const credentials = "/var/run/secrets/doorkeeper";

/** Seconds: the kubelet brings another one before. */
const tokenLife = 3600;

export class Doorkeeper extends pulumi.ComponentResource {
    constructor(name: string, args: DoorkeeperArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:doorkeeper:Doorkeeper", name, {}, opts);
        const { namespace, apps } = args;
        const labels = objectLabels(args.instance, doorkeeperComponent);
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace, labels }, automountServiceAccountToken: false },
            { parent: this },
        );
        const allowed = this.allow(name, args, account);
        const files = new ConfigMap(
            `${name}-files`,
            {
                metadata: { namespace, labels },
                immutable: true,
                data: { [script]: contents, "environment.json": pulumi.jsonStringify(toldOf(args)) },
            },
            { parent: this },
        );
        for (const [index, app] of apps.entries()) {
            this.createPod(name, args, app, { account, files, decides: index === 0, allowed });
        }
        this.registerOutputs({});
    }

    /** Counts of named workloads, labels of its own pods; of the rest it reads what tells who is there. */
    private allow(name: string, args: DoorkeeperArgs, account: ServiceAccount): pulumi.Resource[] {
        const { namespace, instance } = args;
        const labels = objectLabels(instance, doorkeeperComponent);
        const role = new Role(
            `${name}-role`,
            { metadata: { name, namespace, labels }, rules: rulesOf(args) },
            { parent: this },
        );
        const binding = new RoleBinding(
            `${name}-binding`,
            {
                metadata: { name, namespace, labels },
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
                subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
            },
            { parent: this },
        );
        const ports = apiPorts.map((port) => ({ protocol: "TCP", port }));
        const opening = new NetworkPolicy(
            `${name}-to-api`,
            {
                metadata: { name: `${name}-to-api`, namespace },
                spec: {
                    podSelector: { matchLabels: decidingLabels(args) },
                    policyTypes: ["Egress"],
                    // As for DNS (components/namespace/restricted.ts): it may be on nodes, in the cloud, or behind an address of the
                    // cluster's own, and no range takes in all of them everywhere.
                    egress: [{ ports }, { to: notPublic.map((cidr) => ({ ipBlock: { cidr } })), ports }],
                },
            },
            { parent: this },
        );
        for (const { name: app, webPods, port } of args.apps) {
            // It sends the web pods one request, to see whether their log tells of it.
            const access = { ...args, store: webPods, clients: decidingLabels(args), port };
            storeAccess(`${name}-${app}`, access, { parent: this });
        }
        return [binding, opening];
    }

    private createPod(
        name: string,
        args: DoorkeeperArgs,
        app: Guarded,
        {
            account,
            files,
            decides,
            allowed,
        }: {
            readonly account: ServiceAccount;
            readonly files: ConfigMap;
            readonly decides: boolean;
            readonly allowed: readonly pulumi.Resource[];
        },
    ): void {
        const { namespace, instance } = args;
        const fullName = doorkeeperOf(app.name);
        const selector = ownLabels(app, instance);
        new StatefulSet(
            // By the component's name and the app's: the first app's is as others' are.
            `${name}-${app.name}`,
            {
                metadata: { name: fullName, namespace, labels: objectLabels(instance, doorkeeperComponent) },
                spec: {
                    // Nobody calls it by its own name; a StatefulSet, for the role names its pod.
                    serviceName: fullName,
                    replicas: 1,
                    podManagementPolicy: "Parallel",
                    selector: { matchLabels: selector },
                    template: {
                        metadata: {
                            labels: {
                                ...selector,
                                ...objectLabels(instance, doorkeeperComponent),
                                // What makes web pods of pods: changed while it stands in for them.
                                ...workloadLabels({ name: fullName, instance }),
                            },
                        },
                        spec: {
                            serviceAccountName: account.metadata.name,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            imagePullSecrets: [...app.imagePullSecrets],
                            securityContext: podSecurity(app.runAs),
                            terminationGracePeriodSeconds: 5,
                            containers: [container(app, decides)],
                            volumes: [
                                { name: "files", configMap: { name: files.metadata.name } },
                                ...(decides ? [tokenVolume] : []),
                            ],
                        },
                    },
                },
            },
            { parent: this, dependsOn: [...allowed, ...args.watched] },
        );
    }
}

/** Mounted in this container by name, where `automountServiceAccountToken` would hand it to every one. */
const tokenVolume: core.v1.Volume = {
    name: "token",
    projected: {
        sources: [
            { serviceAccountToken: { path: "token", expirationSeconds: tokenLife } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        ],
    },
};

function container(app: Guarded, decides: boolean): core.v1.Container {
    const asked = { httpGet: { path: app.probes[0]!, port: "http" }, timeoutSeconds: 5 };
    return {
        name: doorkeeperComponent,
        image: app.image,
        // Without the image's own settings and packages.
        command: ["python", "-I", "-S", `${directory}/${script}`, `${directory}/environment.json`],
        env: [
            { name: "APP", value: app.name },
            { name: "CREDENTIALS", value: credentials },
        ],
        ports: [{ name: "http", containerPort: app.port }],
        startupProbe: { ...asked, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...asked, periodSeconds: 5 },
        livenessProbe: { ...asked, periodSeconds: 10, failureThreshold: 6 },
        resources: resourcesOf(doorkeeperSize),
        securityContext: containerSecurity,
        volumeMounts: [
            { name: "files", mountPath: directory, readOnly: true },
            ...(decides ? [{ name: "token", mountPath: credentials, readOnly: true }] : []),
        ],
    };
}

/** Not the recommended name, which changes while it stands in for the web pods. */
function ownLabels({ name }: Guarded, instance: string): Labels {
    return { ...instanceLabel(instance), "django-on-kubernetes/doorkeeper-of": name };
}

function decidingLabels({ apps, instance }: DoorkeeperArgs): Labels {
    return ownLabels(apps[0]!, instance);
}

function podOf({ name }: Guarded): string {
    return `${doorkeeperOf(name)}-0`;
}

function rulesOf({ apps, sleepers }: DoorkeeperArgs): rbac.v1.PolicyRule[] {
    const kinds = ["deployments", "statefulsets"] as const;
    const counted = kinds.flatMap((kind): rbac.v1.PolicyRule[] => {
        const resourceNames = sleepers.filter((one) => one.kind === kind).map(({ name }) => name);
        // A rule that names nothing is one of all.
        return resourceNames.length === 0
            ? []
            : [
                  { apiGroups: ["apps"], resources: [kind], resourceNames, verbs: ["get"] },
                  { apiGroups: ["apps"], resources: [`${kind}/scale`], resourceNames, verbs: ["patch"] },
              ];
    });
    return [
        ...counted,
        { apiGroups: [""], resources: ["pods"], resourceNames: apps.map(podOf), verbs: ["patch"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
        { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
        { apiGroups: ["batch"], resources: ["jobs"], verbs: ["list"] },
    ];
}

/** What the script reads. */
function toldOf({ namespace, instance, after, apps, sleepers }: DoorkeeperArgs): object {
    return {
        namespace,
        instance,
        after,
        apps: apps.map((app) => ({
            name: app.name,
            hosts: app.hosts,
            probes: app.probes,
            port: app.port,
            web: app.webName,
            container: app.webContainer,
            pod: podOf(app),
            labels: app.webPods,
            ownLabels: workloadLabels({ name: doorkeeperOf(app.name), instance }),
        })),
        sleepers,
    };
}
