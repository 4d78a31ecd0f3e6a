// The executable: the engine starts it as pulumi-resource-kubernetes and reads the port from its first line.
// Nothing heavy is imported before that line is out: the engine waits for it.
import { serveProvider } from "../provider-host/server.ts";

await serveProvider({
    name: "kubernetes",
    // Higher than any version that the SDK asks for.
    version: "999.0.0",
    load: async () => (await import("./provider.ts")).createProvider(),
});
