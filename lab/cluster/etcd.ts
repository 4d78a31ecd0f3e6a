// The store of the API server.
import { keyPair, authority } from "./certificates.ts";
import { nodeAddress, places, ports } from "./layout.ts";
import type { Server } from "./processes.ts";
import { answers } from "./health.ts";

const client = `https://${nodeAddress}:${ports.etcd}`;
/** Plain, because it tells only that it is well. */
const health = `http://${nodeAddress}:${ports.etcdHealth}`;
const peer = `https://${nodeAddress}:${ports.etcdPeer}`;

export const etcdUrl = client;

export function etcd(): Server {
    const { certificate, key } = keyPair("etcd");
    const ca = authority("etcd-ca").certificate;
    return {
        name: "etcd",
        command: "etcd",
        args: [
            "--name=local",
            `--data-dir=${places.etcd}`,
            // A cluster that can be made anew in seconds need not wait for the disk at every write.
            "--unsafe-no-fsync",
            `--listen-client-urls=${client}`,
            `--advertise-client-urls=${client}`,
            `--listen-metrics-urls=${health}`,
            `--listen-peer-urls=${peer}`,
            `--initial-advertise-peer-urls=${peer}`,
            `--initial-cluster=local=${peer}`,
            ...[`--cert-file=${certificate}`, `--key-file=${key}`, `--trusted-ca-file=${ca}`, "--client-cert-auth"],
            ...[
                `--peer-cert-file=${certificate}`,
                `--peer-key-file=${key}`,
                `--peer-trusted-ca-file=${ca}`,
                "--peer-client-cert-auth",
            ],
            // Keeps the history of a day of tests from growing into gigabytes.
            ...[
                "--auto-compaction-mode=revision",
                "--auto-compaction-retention=2000",
                "--quota-backend-bytes=4294967296",
            ],
            ...["--logger=zap", "--log-level=warn"],
        ],
        ready: () => answers(`${health}/health`),
        advice:
            "If the machine went down without notice, the store may be damaged, because it does not wait for the disk: " +
            "take the cluster down, then up again.",
    };
}
