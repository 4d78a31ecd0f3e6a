// Kubeconfigs: one for each server's identity, and the one that the user and the `local` stack take.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigPath } from "../support/paths.ts";
import { authority, clients, keyPair, type Client } from "./certificates.ts";
import { writeFileOnce } from "./files.ts";
import { apiUrl, places } from "./layout.ts";

/** Where the kubeconfig of a server's identity is. */
export function kubeconfigOf(client: Client): string {
    return join(places.config, `${client}.kubeconfig`);
}

export async function writeKubeconfigs(): Promise<void> {
    const others = (Object.keys(clients) as Client[]).filter((client) => client !== "admin");
    await Promise.all([
        ...others.map(async (client) => writeFileOnce(kubeconfigOf(client), await kubeconfig(client, client))),
        writeFileOnce(kubeconfigPath, await kubeconfig("admin", "local")),
    ]);
}

/** Only removes a kubeconfig that leads here: it may have been made for a cluster of the user's. */
export async function removeUserKubeconfig(): Promise<void> {
    const text = await readFile(kubeconfigPath, "utf8").catch(() => "");
    if (text.includes(apiUrl)) {
        await rm(kubeconfigPath, { force: true });
    }
}

async function kubeconfig(client: Client, name: string): Promise<string> {
    const { certificate, key } = keyPair(client);
    const embed = async (path: string): Promise<string> => (await readFile(path)).toString("base64");
    return stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            {
                name,
                cluster: { server: apiUrl, "certificate-authority-data": await embed(authority("ca").certificate) },
            },
        ],
        users: [
            {
                name,
                user: { "client-certificate-data": await embed(certificate), "client-key-data": await embed(key) },
            },
        ],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
    });
}
