// The executable: stand-in for the official random plugin where that cannot be downloaded. See docs/lab/engine.md.
import { serveProvider } from "../provider-host/server.ts";

await serveProvider({
    name: "random",
    version: "999.0.0",
    load: async () => (await import("./provider.ts")).createRandomProvider(),
});
