// A lower floor: of the SDK of Google Cloud one class alone.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { Network } from "@pulumi/gcp/compute/network.js";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const id = new Network("floor", { autoCreateSubnetworks: false }).id;
