// Asks a server's health endpoint. Most of them sign their own certificates: here it only matters that they answer.
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { connect } from "node:net";

/** Whether the endpoint answers with 200. */
export function answers(url: string): Promise<boolean> {
    const options = { timeout: 2000, agent: false, rejectUnauthorized: false };
    return new Promise((resolve) => {
        const outgoing = url.startsWith("https:") ? secure(url, options) : plain(url, options);
        outgoing
            .once("response", (response) => {
                response.resume();
                resolve(response.statusCode === 200);
            })
            .once("timeout", () => outgoing.destroy(new Error("no answer")))
            .once("error", () => resolve(false))
            .end();
    });
}

/** Whether someone listens at the socket. */
export function connectsTo(path: string): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ path, timeout: 2000 });
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
