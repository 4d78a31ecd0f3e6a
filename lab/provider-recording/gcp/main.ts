// The executable: the engine starts it as pulumi-resource-gcp. See docs/lab/provider-recording.md.
import { serveProvider } from "../../provider-host/server.ts";

await serveProvider({
    name: "gcp",
    version: "999.0.0",
    load: async () => await (await import("../provider.ts")).createRecordingProvider("gcp"),
});
