// Messages to the engine: lines under a resource, and the passing status in its row.
import { credentials } from "@grpc/grpc-js";
import type { Severity } from "./provider.ts";
import { engine, engineGrpc } from "./messages.ts";

/** Sends messages to the engine whose address is known once it has introduced itself. */
export class EngineLog {
    #client: InstanceType<typeof engineGrpc.EngineClient> | undefined;
    readonly #open = new Set<Promise<void>>();

    connect(address: string): void {
        this.#client?.close();
        this.#client = new engineGrpc.EngineClient(address, credentials.createInsecure());
    }

    send(urn: string, severity: Severity, message: string, options?: { readonly status?: boolean }): void {
        const request = new engine.LogRequest();
        request.setUrn(urn);
        request.setSeverity(severities[severity]);
        request.setMessage(message);
        request.setEphemeral(options?.status ?? false);
        const client = this.#client;
        if (client === undefined) {
            return;
        }
        // A lost message must not fail the resource, so the outcome does not matter, only that it was sent.
        const sent = new Promise<void>((resolve) => client.log(request, () => resolve()));
        this.#open.add(sent);
        void sent.then(() => this.#open.delete(sent));
    }

    /** Resolves when everything sent has arrived: an answer that overtook its messages would make them disappear. */
    async flush(): Promise<void> {
        if (this.#open.size > 0) {
            await Promise.all(this.#open);
        }
    }
}

const severities: Record<Severity, engine.LogSeverity> = {
    debug: engine.LogSeverity.DEBUG,
    info: engine.LogSeverity.INFO,
    warning: engine.LogSeverity.WARNING,
    error: engine.LogSeverity.ERROR,
};
