// Pod Security Standards, level 'restricted', as k8s.io/pod-security-admission checks it in Kubernetes 1.36, for pods on
// Linux. Stricter in one point: it knows no relaxation for pods with a user namespace (`hostUsers: false`).
import type { Container, Probe, SecurityContext } from "./kubernetes.ts";
import type { PlacedContainer, Workload } from "./plan-view.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

const volumeTypes: ReadonlySet<string> = new Set([
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
]);

const safeSysctls: ReadonlySet<string> = new Set([
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
]);

const seLinuxTypes: ReadonlySet<string> = new Set([
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
]);
const profiles: ReadonlySet<string> = new Set(["RuntimeDefault", "Localhost"]);

/** One field that is not as it has to be. */
interface Fault {
    readonly path: string;
    readonly found: unknown;
    readonly allowed: string;
}

export const podSecurityRules: readonly Rule[] = [
    rule("R36", "every pod passes Pod Security 'restricted'", function* (view) {
        for (const workload of view.workloads) {
            for (const fault of faultsOf(workload)) {
                yield finding(workload, fault);
            }
        }
    }),
];

function finding({ resource }: Workload, { path, found, allowed }: Fault): Finding {
    return {
        resource,
        path,
        found,
        allowed,
        fix: `set it to what is allowed: the API server refuses the pod otherwise`,
    };
}

function* faultsOf(workload: Workload): Generator<Fault> {
    yield* podFaults(workload);
    for (const container of workload.containers) {
        yield* containerFaults(workload, container);
    }
}

/** What stands once for the whole pod. */
function* podFaults({ pod, templatePath, podAnnotations }: Workload): Generator<Fault> {
    const prefix = templatePath === "" ? "" : `${templatePath}.`;
    for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
        if (pod[field] === true) {
            yield { path: `${prefix}spec.${field}`, found: true, allowed: "false" };
        }
    }
    for (const [index, volume] of (pod.volumes ?? []).entries()) {
        for (const type of Object.keys(volume).filter((key) => key !== "name" && !volumeTypes.has(key))) {
            yield {
                path: `${prefix}spec.volumes[${index}].${type}`,
                found: type,
                allowed: [...volumeTypes].join(", "),
            };
        }
    }
    for (const [key, value] of Object.entries(podAnnotations)) {
        const set = key.startsWith("container.apparmor.security.beta.kubernetes.io/");
        const text = String(value);
        if (set && text !== "" && text !== "runtime/default" && !text.startsWith("localhost/")) {
            yield {
                path: `${prefix}metadata.annotations["${key}"]`,
                found: text,
                allowed: "runtime/default or localhost/*",
            };
        }
    }
    const context = pod.securityContext ?? {};
    const path = `${prefix}spec.securityContext`;
    yield* sharedFaults(context, path);
    for (const { name } of context.sysctls ?? []) {
        if (!safeSysctls.has(name)) {
            yield { path: `${path}.sysctls`, found: name, allowed: [...safeSysctls].join(", ") };
        }
    }
}

function* containerFaults({ pod }: Workload, container: PlacedContainer): Generator<Fault> {
    const own = container.securityContext ?? {};
    const ofPod = pod.securityContext ?? {};
    const path = `${container.path}.securityContext`;
    yield* sharedFaults(own, path);
    yield* hostFaults(container);
    if (own.privileged === true) {
        yield { path: `${path}.privileged`, found: true, allowed: "false" };
    }
    if (own.allowPrivilegeEscalation !== false) {
        yield { path: `${path}.allowPrivilegeEscalation`, found: own.allowPrivilegeEscalation, allowed: "false" };
    }
    if (own.runAsNonRoot === undefined && ofPod.runAsNonRoot !== true) {
        yield { path: `${path}.runAsNonRoot`, found: undefined, allowed: "true, here or for the pod" };
    }
    if (own.seccompProfile?.type === undefined && ofPod.seccompProfile?.type === undefined) {
        yield {
            path: `${path}.seccompProfile.type`,
            found: undefined,
            allowed: `${[...profiles].join(" or ")}, here or for the pod`,
        };
    }
    if (own.procMount !== undefined && own.procMount !== "Default") {
        yield { path: `${path}.procMount`, found: own.procMount, allowed: "Default" };
    }
    if (!(own.capabilities?.drop ?? []).includes("ALL")) {
        yield { path: `${path}.capabilities.drop`, found: own.capabilities?.drop, allowed: "ALL" };
    }
    const added = (own.capabilities?.add ?? []).filter((capability) => capability !== "NET_BIND_SERVICE");
    if (added.length > 0) {
        yield { path: `${path}.capabilities.add`, found: added.join(", "), allowed: "nothing but NET_BIND_SERVICE" };
    }
}

/** Fields that a pod and a container have alike. */
function* sharedFaults(context: SecurityContext, path: string): Generator<Fault> {
    if (context.runAsNonRoot === false) {
        yield { path: `${path}.runAsNonRoot`, found: false, allowed: "true" };
    }
    if (context.runAsUser === 0) {
        yield { path: `${path}.runAsUser`, found: 0, allowed: "any user but 0" };
    }
    const { seccompProfile, appArmorProfile, seLinuxOptions, windowsOptions } = context;
    if (seccompProfile?.type !== undefined && !profiles.has(seccompProfile.type)) {
        yield { path: `${path}.seccompProfile.type`, found: seccompProfile.type, allowed: [...profiles].join(" or ") };
    }
    if (appArmorProfile?.type !== undefined && !profiles.has(appArmorProfile.type)) {
        yield {
            path: `${path}.appArmorProfile.type`,
            found: appArmorProfile.type,
            allowed: [...profiles].join(" or "),
        };
    }
    if (!seLinuxTypes.has(seLinuxOptions?.type ?? "")) {
        yield {
            path: `${path}.seLinuxOptions.type`,
            found: seLinuxOptions?.type,
            allowed: [...seLinuxTypes].slice(1).join(", "),
        };
    }
    for (const field of ["user", "role"] as const) {
        if ((seLinuxOptions?.[field] ?? "") !== "") {
            yield { path: `${path}.seLinuxOptions.${field}`, found: seLinuxOptions?.[field], allowed: "nothing" };
        }
    }
    if (windowsOptions?.hostProcess === true) {
        yield { path: `${path}.windowsOptions.hostProcess`, found: true, allowed: "false" };
    }
}

/** The node's ports and addresses. A host in a probe is R3's, which says what to do instead. */
function* hostFaults(container: Container & { readonly path: string }): Generator<Fault> {
    for (const [index, { hostPort }] of (container.ports ?? []).entries()) {
        if (hostPort !== undefined && hostPort !== 0) {
            yield { path: `${container.path}.ports[${index}].hostPort`, found: hostPort, allowed: "nothing" };
        }
    }
    for (const hook of ["preStop", "postStart"] as const) {
        const handler: Probe | undefined = container.lifecycle?.[hook];
        for (const kind of ["httpGet", "tcpSocket"] as const) {
            const host = handler?.[kind]?.host ?? "";
            if (host !== "") {
                yield { path: `${container.path}.lifecycle.${hook}.${kind}.host`, found: host, allowed: "nothing" };
            }
        }
    }
}
