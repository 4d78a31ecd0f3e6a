// A lower floor: of the SDK of DigitalOcean one class alone.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { Vpc } from "@pulumi/digitalocean/vpc.js";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const id = new Vpc("floor", { region: "fra1" }).id;
