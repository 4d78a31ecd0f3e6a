// The executable of the recorded Kubernetes clusters: pulumi-resource-kubernetes of tests that have no cluster.
import { serveProvider } from "../../provider-host/server.ts";

await serveProvider({
    name: "kubernetes",
    version: "999.0.0",
    load: async () => (await import("./provider.ts")).createRecordedKubernetes(),
});
