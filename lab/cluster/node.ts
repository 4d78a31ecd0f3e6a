// What makes the machine a node: containerd, kubelet, kube-proxy.
import { mkdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { authority, keyPair } from "./certificates.ts";
import { writeFileOnce } from "./files.ts";
import { answers, connectsTo } from "./health.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { containerdSocket, network, nodeAddress, nodeName, places, ports } from "./layout.ts";
import { pauseImage } from "./node-images.ts";
import { cniPlugins } from "./packages.ts";
import type { Server } from "./processes.ts";
import { attempt } from "./shell.ts";

/** Names the files that libcni keeps outside the cluster's directory. */
export const cniNetwork = "django-on-kubernetes";

export async function containerd(): Promise<Server> {
    const config = await writeConfig("containerd.toml", await containerdConfig());
    await writeCniNetwork();
    return {
        name: "containerd",
        command: "containerd",
        args: [`--config=${config.path}`],
        reads: [config.text],
        ready: () => connectsTo(containerdSocket),
    };
}

export async function kubelet(executable: (name: string) => string): Promise<Server> {
    const config = await writeConfig("kubelet.yaml", stringify(await kubeletConfig()));
    return {
        name: "kubelet",
        command: executable("kubelet"),
        args: [
            `--config=${config.path}`,
            `--kubeconfig=${kubeconfigOf("kubelet")}`,
            `--hostname-override=${nodeName}`,
            `--node-ip=${nodeAddress}`,
            `--root-dir=${places.kubelet}`,
            `--cert-dir=${join(places.kubelet, "pki")}`,
        ],
        reads: [config.text],
        ready: () => answers(`http://${nodeAddress}:${ports.kubeletHealth}/healthz`),
        advice: "See docs/lab/cluster.md, 'A machine that cannot be a node'.",
    };
}

export async function proxy(executable: (name: string) => string): Promise<Server> {
    const config = await writeConfig("kube-proxy.yaml", stringify(proxyConfig()));
    return {
        name: "kube-proxy",
        command: executable("kube-proxy"),
        args: [`--config=${config.path}`],
        reads: [config.text],
        // It calls itself healthy before it has made its first rules.
        ready: async () =>
            (await answers(`http://${nodeAddress}:${ports.proxyHealth}/healthz`)) && (await hasServiceRules()),
    };
}

async function hasServiceRules(): Promise<boolean> {
    return (await attempt("nft", ["list", "chain", "ip", "kube-proxy", "services"])).exitCode === 0;
}

async function writeConfig(name: string, text: string): Promise<{ path: string; text: string }> {
    const path = join(places.config, name);
    await writeFileOnce(path, text);
    return { path, text };
}

async function containerdConfig(): Promise<string> {
    return `version = 2
root = "${places.containerd}"
state = "${join(places.run, "containerd")}"
disabled_plugins = ["io.containerd.internal.v1.opt"]

[grpc]
  address = "${containerdSocket}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # A machine that is itself a container may not lower a process' OOM score.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  disable_apparmor = ${String(!(await hasAppArmor()))}

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniPlugins()}"
    conf_dir = "${places.cni}"

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "${await snapshotter()}"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "${join(places.run, "runc")}"
        SystemdCgroup = false
`;
}

/** On top of another overlay, as inside a container, overlayfs cannot work; copies are slow, but do. */
export async function snapshotter(): Promise<string> {
    const overlayfs = 0x794c7630;
    await mkdir(places.root, { recursive: true });
    return (await statfs(places.root)).type === overlayfs ? "native" : "overlayfs";
}

/** Loading a profile needs AppArmor's own tools, which a machine may lack. */
async function hasAppArmor(): Promise<boolean> {
    const enabled = await readFile("/sys/module/apparmor/parameters/enabled", "utf8").catch(() => "N");
    const parser = await readFile("/sbin/apparmor_parser").catch(() => undefined);
    return enabled.startsWith("Y") && parser !== undefined;
}

/**
 * A point-to-point link per pod. With the usual bridge, an answer from one pod to another would not pass the machine's
 * address translation unless a kernel module sees to it; routed links always do, and leave no bridge behind.
 */
async function writeCniNetwork(): Promise<void> {
    const plugins = [
        {
            type: "ptp",
            ipMasq: false, // see network.ts
            ipam: {
                type: "host-local",
                dataDir: join(places.run, "cni"),
                ranges: [[{ subnet: network.pods, gateway: network.gateway }]],
                routes: [{ dst: "0.0.0.0/0" }],
            },
        },
        { type: "portmap", capabilities: { portMappings: true } },
    ];
    const list = JSON.stringify({ cniVersion: "1.0.0", name: cniNetwork, plugins }, undefined, 2);
    await writeFileOnce(join(places.cni, "10-pods.conflist"), list);
}

async function kubeletConfig(): Promise<unknown> {
    const { certificate, key } = keyPair("kubelet-server");
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: nodeAddress,
        port: ports.kubelet,
        healthzBindAddress: nodeAddress,
        healthzPort: ports.kubeletHealth,
        tlsCertFile: certificate,
        tlsPrivateKeyFile: key,
        authentication: {
            anonymous: { enabled: false },
            webhook: { enabled: true },
            x509: { clientCAFile: authority("ca").certificate },
        },
        authorization: { mode: "Webhook" },
        containerRuntimeEndpoint: `unix://${containerdSocket}`,
        cgroupDriver: "cgroupfs",
        failCgroupV1: false,
        failSwapOn: false,
        clusterDNS: [network.dnsService],
        clusterDomain: network.domain,
        resolvConf: await resolvConf(),
        // Chains for older proxies, which nobody would take away again.
        makeIPTablesUtilChains: false,
        maxPods: 250,
        serializeImagePulls: false,
        volumePluginDir: join(places.kubelet, "volume-plugins"),
        // Images were imported and could not be pulled again: never collect them, however full the disk.
        // The kubelet knows images by their content. Once it has pulled one with a login, it would pull the same under a name that was
        // imported, from a registry that is not there.
        imagePullCredentialsVerificationPolicy: "NeverVerifyAllowlistedImages",
        preloadedImagesVerificationAllowlist: ["localhost/*"],
        imageGCHighThresholdPercent: 100,
        imageGCLowThresholdPercent: 99,
        // Absolute, because a share of a large disk that is mostly full would evict everything.
        evictionHard: {
            "memory.available": "100Mi",
            "nodefs.available": "200Mi",
            "imagefs.available": "200Mi",
            "nodefs.inodesFree": "1000",
            "imagefs.inodesFree": "1000",
        },
    };
}

function proxyConfig(): unknown {
    return {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        mode: "nftables",
        bindAddress: nodeAddress,
        hostnameOverride: nodeName,
        clusterCIDR: network.pods,
        healthzBindAddress: `${nodeAddress}:${ports.proxyHealth}`,
        metricsBindAddress: `${nodeAddress}:${ports.proxyMetrics}`,
        clientConnection: { kubeconfig: kubeconfigOf("proxy") },
        // The machine's limits are the machine's; in a container they could not be set at all.
        conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    };
}

/** systemd-resolved's usual file names an address that means the pod itself to a pod. */
export async function resolvConf(): Promise<string> {
    const usual = "/etc/resolv.conf";
    const behindResolved = "/run/systemd/resolve/resolv.conf";
    const text = await readFile(usual, "utf8").catch(() => "");
    const other = await readFile(behindResolved, "utf8").catch(() => undefined);
    return text.includes("127.0.0.53") && other !== undefined ? behindResolved : usual;
}
