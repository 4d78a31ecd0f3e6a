// R36 makes every check of Pod Security 'restricted', with the values of k8s.io/pod-security-admission 0.36.
// Does not prove: that the API server agrees; the cluster tests start these pods in a namespace that enforces it.
import { describe, expect, it } from "vitest";
import { rules, type PolicyPlan } from "../../policy/index.ts";

const rule = rules.find(({ id }) => id === "R36")!;

const good = {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [{ name: "a", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } }],
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a pod of any shape
type Pod = any;

function faults(change: (pod: Pod) => void, metadata: object = {}): string[] {
    const pod = structuredClone(good);
    change(pod);
    const plan: PolicyPlan = {
        resources: [
            {
                urn: "urn:pulumi:s::p::kubernetes:core/v1:Pod::pod",
                type: "kubernetes:core/v1:Pod",
                name: "pod",
                props: { metadata, spec: pod },
                dependencies: [],
                protect: false,
            },
        ],
    };
    return rule.check(plan).map(({ path }) => path);
}

const set = (path: string, value: unknown) => (pod: Pod) => {
    const keys = path.split(".");
    const last = keys.pop()!;
    const target = keys.reduce((part, key) => (part[key] ??= {}), pod);
    target[last] = value;
};

const ofContainer = (path: string, value: unknown) => (pod: Pod) => set(path, value)(pod.containers[0]);

describe("R36", () => {
    it("admits a restricted pod", () => {
        expect(faults(() => undefined)).toEqual([]);
    });

    it.each([
        ["HostProcess of the pod", set("securityContext.windowsOptions.hostProcess", true)],
        ["HostProcess of a container", ofContainer("securityContext.windowsOptions.hostProcess", true)],
        ["host network", set("hostNetwork", true)],
        ["host processes", set("hostPID", true)],
        ["host IPC", set("hostIPC", true)],
        ["privileged", ofContainer("securityContext.privileged", true)],
        ["added capability", ofContainer("securityContext.capabilities.add", ["SYS_TIME"])],
        ["capabilities not dropped", ofContainer("securityContext.capabilities.drop", ["NET_RAW"])],
        ["hostPath", set("volumes", [{ name: "v", hostPath: { path: "/" } }])],
        ["nfs", set("volumes", [{ name: "v", nfs: { server: "s", path: "/" } }])],
        ["awsElasticBlockStore", set("volumes", [{ name: "v", awsElasticBlockStore: { volumeID: "v" } }])],
        ["host port", ofContainer("ports", [{ containerPort: 80, hostPort: 80 }])],
        ["host in a hook", ofContainer("lifecycle", { postStart: { httpGet: { host: "10.0.0.1", port: 80 } } })],
        ["AppArmor of the pod", set("securityContext.appArmorProfile.type", "Unconfined")],
        ["AppArmor of a container", ofContainer("securityContext.appArmorProfile.type", "Unconfined")],
        ["SELinux type", set("securityContext.seLinuxOptions.type", "spc_t")],
        ["SELinux user", ofContainer("securityContext.seLinuxOptions.user", "root")],
        ["SELinux role", set("securityContext.seLinuxOptions.role", "sysadm_r")],
        ["proc mount", ofContainer("securityContext.procMount", "Unmasked")],
        ["seccomp unconfined", ofContainer("securityContext.seccompProfile.type", "Unconfined")],
        ["seccomp absent", (pod: Pod) => delete pod.securityContext.seccompProfile],
        ["sysctl", set("securityContext.sysctls", [{ name: "kernel.msgmax", value: "1" }])],
        [
            "privilege escalation not refused",
            (pod: Pod) => delete pod.containers[0].securityContext.allowPrivilegeEscalation,
        ],
        ["root allowed", set("securityContext.runAsNonRoot", false)],
        ["root allowed in a container", ofContainer("securityContext.runAsNonRoot", false)],
        ["root not refused", (pod: Pod) => delete pod.securityContext.runAsNonRoot],
        ["user 0", set("securityContext.runAsUser", 0)],
        ["user 0 in a container", ofContainer("securityContext.runAsUser", 0)],
        ["an init container without limits", set("initContainers", [{ name: "i" }])],
        ["an ephemeral container without limits", set("ephemeralContainers", [{ name: "e" }])],
    ] as const)("refuses: %s", (_, change) => {
        expect(faults(change as (pod: Pod) => void)).not.toEqual([]);
    });

    it.each([
        [
            "the container instead of the pod says so",
            (pod: Pod) => {
                delete pod.securityContext;
                Object.assign(pod.containers[0].securityContext, {
                    runAsNonRoot: true,
                    seccompProfile: { type: "Localhost" },
                });
            },
        ],
        ["NET_BIND_SERVICE", ofContainer("securityContext.capabilities.add", ["NET_BIND_SERVICE"])],
        ["safe sysctl", set("securityContext.sysctls", [{ name: "net.ipv4.tcp_rmem", value: "1" }])],
        ["SELinux container type", set("securityContext.seLinuxOptions.type", "container_engine_t")],
        [
            "the plain volume types",
            set("volumes", [
                { name: "a", configMap: {} },
                { name: "b", csi: {} },
                { name: "c", downwardAPI: {} },
                { name: "d", emptyDir: {} },
                { name: "e", ephemeral: {} },
                { name: "f", persistentVolumeClaim: {} },
                { name: "g", projected: {} },
                { name: "h", secret: {} },
                { name: "i", image: {} },
            ]),
        ],
    ] as const)("admits: %s", (_, change) => {
        expect(faults(change as (pod: Pod) => void)).toEqual([]);
    });
});
