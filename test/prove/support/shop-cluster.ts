// What the cluster says of the shop: of staging, and of the environments of pull requests.
import { Client } from "../../cluster/support/client.ts";
import { Cluster, eventually } from "../../cluster/support/kubernetes.ts";

export class ShopCluster {
    readonly #cluster = new Cluster();
    readonly #domain: string;

    /** @param domain that staging lends */
    constructor(domain: string) {
        this.#domain = domain;
    }

    async serves(number: number): Promise<void> {
        const client = new Client(`pr-${number}.${this.#domain}`);
        try {
            await eventually(async () => {
                const { status } = await client.send("GET", "/");
                return status === 200 ? undefined : `the page answers ${status}`;
            }, 60);
        } finally {
            client.close();
        }
    }

    /** Namespaces of pull requests. */
    async namespaces(): Promise<readonly string[]> {
        const { items } = await this.#cluster.core.listNamespace();
        return items.flatMap(({ metadata }) => metadata?.name ?? []).filter((name) => name.startsWith("shop-pr-"));
    }

    /** That run in a namespace; a pod that ends is none. */
    async images(namespace: string): Promise<readonly string[]> {
        const pods = (await this.#cluster.pods(namespace)).filter(
            ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === "Running",
        );
        return pods.flatMap(({ spec }) => spec!.containers.map(({ image }) => image!));
    }

    /** On staging's server, as its own comment on each says. */
    async databasesOf(namespace: string): Promise<readonly string[]> {
        const [server] = await this.#cluster.pods("shop-staging", "database");
        const query = `SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE '% namespace=${namespace} %'`;
        const command = `psql -U "$POSTGRES_USER" -d postgres -At -c "${query}"`;
        const printed = await this.#cluster.exec(server!, ["sh", "-c", command]);
        return printed.split("\n").filter(Boolean);
    }

    /** Namespaces go a moment after the stack. */
    async nothingStays(): Promise<void> {
        await eventually(async () => {
            const left = await this.namespaces();
            return left.length === 0 ? undefined : left.join(", ");
        }, 60);
    }
}
