// The floor of a stack in AWS: its SDK as everybody imports it, the providers that every stack has, and one resource.
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import * as aws from "@pulumi/aws";

new KubernetesProvider("kubernetes", { context: "floor" });
new RandomProvider("random");
export const id = new aws.ec2.Vpc("floor", { cidrBlock: "10.0.0.0/16" }).id;
