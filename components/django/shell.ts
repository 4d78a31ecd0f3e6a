// Where an engineer runs manage.py: the release's image and settings, and nothing that serves (E1).
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import type { Processes } from "./contract.ts";
import { djangoPod, type PodBase } from "./pod.ts";

export function createShell(
    name: string,
    base: PodBase,
    shell: NonNullable<Processes["shell"]>,
    dependsOn: Resource[],
    parent: ComponentResource,
): void {
    const { args } = base;
    const fullName = `${name}-shell`;
    const labels = workloadLabels({ name: fullName, instance: args.instance });
    new Deployment(
        fullName,
        {
            metadata: { name: fullName, namespace: args.namespace, labels: objectLabels(args.instance, "django") },
            spec: {
                replicas: 1,
                selector: { matchLabels: labels },
                strategy: { type: "Recreate" },
                template: djangoPod(base, {
                    role: "shell",
                    labels,
                    command: ["sleep", "infinity"],
                    size: shell.size,
                    // Whoever migrates by hand, or looks at sessions and locks, means the server.
                    direct: true,
                    ...(shell.tmp && { tmp: shell.tmp }),
                    // As process 1, sleep does not hear SIGTERM.
                    gracePeriod: 1,
                }),
            },
        },
        { parent, dependsOn },
    );
}
