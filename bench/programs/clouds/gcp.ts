// The floor of a stack in Google Cloud: its SDK as everybody imports it, the providers that every stack has, and one resource.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import * as gcp from "@pulumi/gcp";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const id = new gcp.compute.Network("floor", { autoCreateSubnetworks: false }).id;
