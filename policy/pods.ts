// What every pod keeps: a root file system that nobody writes to, memory and CPU that were planned, images that stay.
import { moves } from "../lib/moving-tags.ts";
import { bytesOf } from "./kubernetes.ts";
import { djangoRoles, metadataOf, type PlacedContainer, type PlanView, type Workload } from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

export const podRules: readonly Rule[] = [
    rule("R37", "the namespace enforces Pod Security 'restricted'", function* (view) {
        for (const resource of view.ofType("kubernetes:core/v1:Namespace")) {
            const label = "pod-security.kubernetes.io/enforce";
            const found = metadataOf(resource).labels?.[label];
            if (found !== "restricted") {
                yield {
                    resource,
                    path: `metadata.labels["${label}"]`,
                    found,
                    allowed: "restricted",
                    fix: "set the label: without it any pod may be started beside these",
                };
            }
        }
    }),
    rule("R38", "no container can write to its root file system", function* (view) {
        for (const { workload, container } of containersOf(view)) {
            if (container.securityContext?.readOnlyRootFilesystem !== true) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.securityContext.readOnlyRootFilesystem`,
                    found: container.securityContext?.readOnlyRootFilesystem,
                    allowed: "true",
                    fix: "set it, and mount an emptyDir where the program has to write",
                };
            }
        }
    }),
    rule("R39", "/tmp is an emptyDir with a limit, and every emptyDir has one", function* (view) {
        for (const { resource, pod, templatePath } of view.workloads) {
            const prefix = templatePath === "" ? "spec" : `${templatePath}.spec`;
            for (const [index, { emptyDir }] of (pod.volumes ?? []).entries()) {
                if (emptyDir !== undefined && bytesOf(emptyDir.sizeLimit) === undefined) {
                    yield {
                        resource,
                        path: `${prefix}.volumes[${index}].emptyDir.sizeLimit`,
                        found: emptyDir.sizeLimit,
                        allowed: 'a size such as "256Mi"',
                        fix: "set it: a pod that fills its node's disk takes the other pods with it",
                    };
                }
            }
        }
        for (const { workload, container } of containersOf(view)) {
            const mount = (container.volumeMounts ?? []).find(
                ({ mountPath }) => mountPath.replace(/\/$/, "") === "/tmp",
            );
            const volume = (workload.pod.volumes ?? []).find(({ name }) => name === mount?.name);
            const missing = mount === undefined && djangoRoles.includes(workload.role);
            if (missing || (mount !== undefined && mount.readOnly !== true && volume?.emptyDir === undefined)) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.volumeMounts`,
                    found: mount === undefined ? "no /tmp" : `/tmp on ${JSON.stringify(volume ?? mount.name)}`,
                    allowed: "/tmp on an emptyDir with a sizeLimit",
                    fix: "mount one: uploads, and most of Python's libraries, write there",
                };
            }
        }
    }),
    rule("R40", "containers request CPU and memory, and limit memory", function* (view) {
        for (const { workload, container } of containersOf(view)) {
            const { requests, limits } = container.resources ?? {};
            const wanted = [
                ["requests.cpu", requests?.["cpu"]],
                ["requests.memory", requests?.["memory"]],
                ["limits.memory", limits?.["memory"]],
            ] as const;
            for (const [name, value] of wanted.filter(([, quantity]) => quantity === undefined)) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.resources.${name}`,
                    found: value,
                    allowed: "a quantity",
                    fix: "set it: the scheduler places pods by what they request, and a leak stays within its limit",
                };
            }
        }
    }),
    rule("R41", "in production every image has a digest or a tag that does not move", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const { workload, container } of containersOf(view)) {
            if (moves(container.image ?? "")) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.image`,
                    found: container.image,
                    allowed: "a digest, or a tag that names one build, such as the commit or 17.7-bookworm",
                    fix: "name the build: two pods of one release may otherwise run different code",
                };
            }
        }
    }),
    rule("R42", "no image is Bitnami's", function* (view) {
        for (const { workload, container } of containersOf(view)) {
            if (/(^|\/)bitnami[a-z]*\//.test(container.image ?? "")) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.image`,
                    found: container.image,
                    allowed: "an image that is maintained",
                    fix: "use the official one: Bitnami's free images get no updates since August 2025",
                };
            }
        }
    }),
];

function containersOf(
    view: PlanView,
): ReadonlyArray<{ readonly workload: Workload; readonly container: PlacedContainer }> {
    return view.workloads.flatMap((workload) => workload.containers.map((container) => ({ workload, container })));
}
