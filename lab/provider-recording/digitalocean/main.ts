// The executable: the engine starts it as pulumi-resource-digitalocean. See docs/lab/provider-recording.md.
import { serveProvider } from "../../provider-host/server.ts";

await serveProvider({
    name: "digitalocean",
    version: "999.0.0",
    load: async () => await (await import("../provider.ts")).createRecordingProvider("digitalocean"),
});
