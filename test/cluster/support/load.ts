// Users who never stop clicking: requests one after the other from several clients, each answer's release in order.
import { Client } from "./client.ts";

export interface LoadResult {
    /** The release's colour in each answer, in the order the answers came. */
    readonly answers: readonly string[];
    /** What was not a 200. */
    readonly failures: readonly string[];
}

export class Load {
    private readonly host: string;
    private readonly clients: number;

    constructor(host: string, clients: number) {
        this.host = host;
        this.clients = clients;
    }

    /** At least so many requests, then until told, at most five minutes. */
    async run({ atLeast, until }: { atLeast: number; until: () => boolean }): Promise<LoadResult> {
        const answers: string[] = [];
        const failures: string[] = [];
        const deadline = Date.now() + 5 * 60_000;
        const client = new Client(this.host);
        const user = async (): Promise<void> => {
            while (Date.now() < deadline && (!until() || answers.length < atLeast)) {
                try {
                    answers.push((await client.status()).release.colour);
                } catch (error) {
                    failures.push(`after ${answers.length} answers: ${String(error)}`);
                }
            }
        };
        await Promise.all(Array.from({ length: this.clients }, user));
        client.close();
        return { answers, failures };
    }
}
