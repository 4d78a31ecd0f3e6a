// The floor of a stack in DigitalOcean: its SDK as everybody imports it, the providers that every stack has, and one resource.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import * as digitalocean from "@pulumi/digitalocean";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const id = new digitalocean.Vpc("floor", { region: "fra1" }).id;
