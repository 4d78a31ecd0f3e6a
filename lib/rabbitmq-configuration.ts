// rabbitmq.conf: what a node holds in memory and on its disk, what it waits for, and whom it forms a cluster with.
import { bytes, type ByteQuantity } from "./quantities.ts";

export interface RabbitConfiguration {
    /** Of a node: the container's limit. */
    readonly memory: ByteQuantity;
    /** The nodes' names, `rabbit@broker-0.broker-nodes`. */
    readonly nodes: readonly string[];
    /** Seconds. */
    readonly consumerTimeout: number;
    readonly definitionsPath: string;
}

/** Of its memory a node lets messages and queues have this much; then publishers wait. */
const highWatermark = 0.6;

/**
 * The log of the quorum queues is kept in memory before it is cut up into files, up to three times as much as its limit.
 *
 * @see https://www.rabbitmq.com/docs/quorum-queues#resource-use
 */
const logShare = 1 / 16;
const mebibyte = 2 ** 20;
const largestLog = 512 * mebibyte;

/** @see https://www.rabbitmq.com/docs/configure */
export function rabbitConfiguration({ memory, nodes, consumerTimeout, definitionsPath }: RabbitConfiguration): string {
    const log = Math.min(largestLog, Math.floor(bytes(memory) * logShare));
    const lines: (readonly [key: string, value: string | number])[] = [
        ["listeners.tcp.default", 5672],
        ["log.console", "true"],
        ["log.file", "false"],
        // Told in bytes: what a container may use, an image's Erlang does not see in every runtime.
        ["vm_memory_high_watermark.absolute", Math.floor(bytes(memory) * highWatermark)],
        // As much as may have to be written at once.
        ["disk_free_limit.absolute", bytes(memory)],
        ["raft.wal_max_size_bytes", log],
        ["default_queue_type", "quorum"],
        ["consumer_timeout", consumerTimeout * 1000],
        ["definitions.import_backend", "local_filesystem"],
        ["definitions.local.path", definitionsPath],
        ...(nodes.length > 1
            ? [
                  ["cluster_formation.peer_discovery_backend", "classic_config"] as const,
                  ...nodes.map((node, index) => [`cluster_formation.classic_config.nodes.${index + 1}`, node] as const),
                  ["cluster_formation.target_cluster_size_hint", nodes.length] as const,
                  // A minority stops instead of going on by itself.
                  ["cluster_partition_handling", "pause_minority"] as const,
              ]
            : []),
    ];
    return lines.map(([key, value]) => `${key} = ${value}\n`).join("");
}
