// TCP connections, tried for real: from inside a pod, or from this machine.
import { connect } from "node:net";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./kubernetes.ts";

/** `address:port`. */
export type Endpoint = string;

/**
 * Tries all at the same time, with what every Debian image has.
 *
 * @returns those that took the connection; one that is refused and one that never answers are both none of them
 */
export async function reachableFrom(
    cluster: Cluster,
    pod: V1Pod,
    endpoints: readonly Endpoint[],
): Promise<Set<Endpoint>> {
    const attempts = endpoints.map((endpoint) => {
        const [address = "", port = ""] = endpoint.split(":");
        return `(timeout 3 bash -c ': < /dev/tcp/${address}/${port}' 2>/dev/null && echo ${endpoint}) &`;
    });
    const output = await cluster.exec(pod, ["bash", "-c", `${attempts.join("\n")}\nwait\nexit 0`]);
    return new Set(output.split("\n").filter(Boolean));
}

/** The node's own connections always pass, so this tells whether anybody listens. */
export async function listens(endpoint: Endpoint): Promise<boolean> {
    const [host = "", port = ""] = endpoint.split(":");
    return new Promise((resolve) => {
        const socket = connect({ host, port: Number(port), timeout: 3000 });
        const end = (result: boolean): void => {
            socket.destroy();
            resolve(result);
        };
        socket
            .once("connect", () => end(true))
            .once("timeout", () => end(false))
            .once("error", () => end(false));
    });
}
