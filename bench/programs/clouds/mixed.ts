// The floor of a stack in two clouds: both SDKs as everybody imports them, the providers that every stack has, and a resource of each.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import * as aws from "@pulumi/aws";
import * as digitalocean from "@pulumi/digitalocean";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const ids = [new aws.s3.Bucket("floor").id, new digitalocean.Vpc("floor", { region: "fra1" }).id];
