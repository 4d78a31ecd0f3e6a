// Which kinds are waited for after a create or an update; all others are there as soon as the API server has them.
import { annotationOf, type KubeObject } from "../object.ts";
import { waitForAnnotation } from "../annotations.ts";
import { parseApiVersion } from "../token.ts";
import { daemonSet } from "./daemonset.ts";
import { customResourceDefinition } from "./definition.ts";
import { deployment } from "./deployment.ts";
import { gateway, route } from "./gateway.ts";
import { job } from "./job.ts";
import { pod } from "./pod.ts";
import { service } from "./service.ts";
import { statefulSet } from "./statefulset.ts";
import type { Awaiter } from "./verdict.ts";
import { persistentVolume, persistentVolumeClaim } from "./volume.ts";
import { waitFor } from "./wait-for.ts";

const awaiters: Readonly<Record<string, Awaiter>> = {
    "/PersistentVolume": persistentVolume,
    "/PersistentVolumeClaim": persistentVolumeClaim,
    "/Pod": pod,
    "/Service": service,
    "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
    "apps/DaemonSet": daemonSet,
    "apps/Deployment": deployment,
    "apps/StatefulSet": statefulSet,
    "batch/Job": job,
    "gateway.networking.k8s.io/Gateway": gateway,
    "gateway.networking.k8s.io/GRPCRoute": route,
    "gateway.networking.k8s.io/HTTPRoute": route,
    "gateway.networking.k8s.io/TLSRoute": route,
};

export function awaiterOf(object: KubeObject): Awaiter | undefined {
    const wanted = annotationOf(object, waitForAnnotation);
    if (wanted !== undefined && wanted !== "") {
        return waitFor(wanted);
    }
    const { group, kind } = parseApiVersion(object.apiVersion ?? "", object.kind ?? "");
    return awaiters[`${group}/${kind}`];
}
