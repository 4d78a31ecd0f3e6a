// Pulumi type tokens: `kubernetes:apps/v1:Deployment` is group apps, version v1, kind Deployment.
import { isBuiltInGroup } from "./kinds.ts";

export interface Kind {
    /** Empty for the core group. */
    readonly group: string;
    readonly version: string;
    readonly kind: string;
}

export const apiVersionOf = (kind: Kind): string =>
    kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;

/** Text of a kind: `apps/v1 Deployment`. */
export const kindText = (kind: Kind): string => `${apiVersionOf(kind)} ${kind.kind}`;

export function parseApiVersion(apiVersion: string, kind: string): Kind {
    const slash = apiVersion.indexOf("/");
    const group = slash < 0 ? "" : apiVersion.slice(0, slash);
    return { group: group === "core" ? "" : group, version: apiVersion.slice(slash + 1), kind };
}

/** Why the stand-in has no resource of this type; undefined if it has. */
export function refusal(type: string): string | undefined {
    const [, module = "", name = ""] = type.split(":");
    const fix =
        "Fix: write the objects as resources of their own, or install the official plugin (pulumi plugin install resource kubernetes).";
    if (module.startsWith("helm.sh/")) {
        return `The stand-in for the Kubernetes plugin does not run Helm charts (${type}). ${fix}`;
    }
    if (module.startsWith("kustomize/")) {
        return `The stand-in for the Kubernetes plugin does not run Kustomize (${type}). ${fix}`;
    }
    if (module.startsWith("yaml")) {
        return `The stand-in for the Kubernetes plugin does not read YAML manifests (${type}). ${fix}`;
    }
    if (!/^[^/]+\/[^/]+$/.test(module) || name === "") {
        return `${type} is not a Kubernetes type: expected kubernetes:<group>/<version>:<Kind>.`;
    }
    const { group } = parseApiVersion(module, name);
    if (!isBuiltInGroup(group)) {
        return undefined;
    }
    if (name.endsWith("List")) {
        return `The stand-in for the Kubernetes plugin does not handle list objects (${type}). ${fix}`;
    }
    return undefined;
}

/** Whether a resource of this type sets some fields of an object that is somebody else's. What a custom kind is called, says nothing. */
export function isPatch(type: string): boolean {
    const [, module = "", name = ""] = type.split(":");
    return name.endsWith("Patch") && isBuiltInGroup(parseApiVersion(module, name).group);
}

/** The object's kind, also of a resource that patches it. Throws with one clear sentence for what the stand-in does not have. */
export function parseToken(type: string): Kind {
    const refused = refusal(type);
    if (refused !== undefined) {
        throw new Error(refused);
    }
    const [, module = "", name = ""] = type.split(":");
    return parseApiVersion(module, isPatch(type) ? name.slice(0, -"Patch".length) : name);
}
