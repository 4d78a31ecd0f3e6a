// API server, controllers, scheduler.
import { authority, keyPair, serviceAccountKeys } from "./certificates.ts";
import { etcdUrl } from "./etcd.ts";
import { answers } from "./health.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { apiUrl, network, nodeAddress, ports } from "./layout.ts";
import type { Server } from "./processes.ts";

/** @param executable the path of the server of that name */
export function apiServer(executable: (name: string) => string): Server {
    const serving = keyPair("apiserver");
    const toEtcd = keyPair("apiserver-etcd");
    const toKubelet = keyPair("apiserver-kubelet");
    const toExtensions = keyPair("front-proxy");
    return {
        name: "kube-apiserver",
        command: executable("kube-apiserver"),
        args: [
            `--bind-address=${nodeAddress}`,
            `--advertise-address=${nodeAddress}`,
            `--secure-port=${ports.api}`,
            ...[`--tls-cert-file=${serving.certificate}`, `--tls-private-key-file=${serving.key}`],
            `--client-ca-file=${authority("ca").certificate}`,
            `--etcd-servers=${etcdUrl}`,
            `--etcd-cafile=${authority("etcd-ca").certificate}`,
            ...[`--etcd-certfile=${toEtcd.certificate}`, `--etcd-keyfile=${toEtcd.key}`],
            ...[`--kubelet-client-certificate=${toKubelet.certificate}`, `--kubelet-client-key=${toKubelet.key}`],
            `--kubelet-certificate-authority=${authority("ca").certificate}`,
            // The node's name is in nobody's DNS.
            "--kubelet-preferred-address-types=InternalIP",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            `--service-cluster-ip-range=${network.services}`,
            `--service-account-issuer=https://kubernetes.default.svc.${network.domain}`,
            `--service-account-signing-key-file=${serviceAccountKeys.private}`,
            `--service-account-key-file=${serviceAccountKeys.public}`,
            // For API servers behind this one, such as metrics-server; asked at their endpoint, which works before kube-proxy.
            "--enable-aggregator-routing=true",
            `--requestheader-client-ca-file=${authority("front-proxy-ca").certificate}`,
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-username-headers=X-Remote-User",
            ...[`--proxy-client-cert-file=${toExtensions.certificate}`, `--proxy-client-key-file=${toExtensions.key}`],
            "--profiling=false",
        ],
        ready: () => answers(`${apiUrl}/readyz`),
        patience: 120,
    };
}

export function controllerManager(executable: (name: string) => string): Server {
    const kubeconfig = kubeconfigOf("controller-manager");
    const ca = authority("ca");
    return {
        name: "kube-controller-manager",
        command: executable("kube-controller-manager"),
        args: [
            `--bind-address=${nodeAddress}`,
            `--secure-port=${ports.controllerManager}`,
            ...identity(kubeconfig),
            "--use-service-account-credentials=true",
            `--root-ca-file=${ca.certificate}`,
            `--service-account-private-key-file=${serviceAccountKeys.private}`,
            ...[`--cluster-signing-cert-file=${ca.certificate}`, `--cluster-signing-key-file=${ca.key}`],
            "--profiling=false",
        ],
        ready: () => answers(`https://${nodeAddress}:${ports.controllerManager}/healthz`),
    };
}

export function scheduler(executable: (name: string) => string): Server {
    return {
        name: "kube-scheduler",
        command: executable("kube-scheduler"),
        args: [
            `--bind-address=${nodeAddress}`,
            `--secure-port=${ports.scheduler}`,
            ...identity(kubeconfigOf("scheduler")),
            "--profiling=false",
        ],
        ready: () => answers(`https://${nodeAddress}:${ports.scheduler}/healthz`),
    };
}

function identity(kubeconfig: string): string[] {
    return [
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        // There is nobody to compete with, and a lease lost to a busy machine would end the server.
        "--leader-elect=false",
    ];
}
