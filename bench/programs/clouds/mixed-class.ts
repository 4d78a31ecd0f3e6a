// A lower floor: of the SDKs of two clouds one class each.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { Vpc } from "@pulumi/digitalocean/vpc.js";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const ids = [new Bucket("floor").id, new Vpc("floor", { region: "fra1" }).id];
