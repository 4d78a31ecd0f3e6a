// A lower floor: of the SDK of AWS one class alone.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const id = new Vpc("floor", { cidrBlock: "10.0.0.0/16" }).id;
