// Refusals of the API server in words that say where, why and what to do.
import { formatPath } from "../provider-host/index.ts";
import { ApiError, isAlreadyThere, isNotFound } from "./api-error.ts";
import { conflictMessage, conflictsOf } from "./conflict.ts";
import { describe, type KubeObject } from "./object.ts";

const longestCause = 300;

/** The error that the user reads; `doing` is `create`, `update` or `delete`. */
export function explain(doing: string, object: KubeObject, error: unknown): Error {
    if (!(error instanceof ApiError)) {
        return error instanceof Error ? error : new Error(String(error));
    }
    const what = `Cannot ${doing} ${describe(object)}`;
    const conflicts = conflictsOf(error);
    if (conflicts.length > 0) {
        return new Error(conflictMessage(what, conflicts));
    }
    const causes = (error.status.details?.causes ?? []).filter(
        (cause) => cause.field !== undefined && cause.message !== undefined,
    );
    const lines = causes.map((cause) => `  ${propertyPath(cause.field ?? "")}: ${shortened(cause.message ?? "")}`);
    // The message repeats all causes in one line; as a list they can be read.
    const text = lines.length > 0 ? `${headOf(error.message)}\n${lines.join("\n")}` : schemaPath(error.message);
    return new Error(`${what}: ${text}${hint(doing, error)}`);
}

/** The server quotes the refused value, which may be a whole pod; the end says why. */
function shortened(message: string): string {
    const end = message.lastIndexOf(": ");
    if (message.length <= longestCause || end < 0) {
        return message;
    }
    return `${message.slice(0, longestCause / 2)} ...${message.slice(end)}`;
}

function hint(doing: string, error: ApiError): string {
    const { message } = error;
    if (isAlreadyThere(error)) {
        return "\nFix: the object is not in the state. If a run that was cut off left it there, make repair STACK=... puts it in; else delete it with kubectl, or take it over with pulumi import.";
    }
    if (isNotFound(error) && doing !== "create") {
        return "\nFix: the object is in the state and not in the cluster. pulumi refresh takes it out of the state; the next pulumi up makes it anew.";
    }
    if (/can not be less than/.test(message)) {
        return "\nFix: a volume does not shrink. Set the size that it has; for a smaller one make another, and move the data.";
    }
    if (/storageclass that provisions the pvc must support resize/.test(message)) {
        return "\nFix: set allowVolumeExpansion: true on the claim's StorageClass if what makes its volumes can resize them; else set the size that it has.";
    }
    if (error.code === 401) {
        return "\nFix: the credentials of the kubeconfig are not accepted (expired?); fetch new ones.";
    }
    if (/because it is being terminated/.test(message)) {
        return "\nFix: wait until the namespace is gone, or look at its status for what holds it (kubectl get namespace -o yaml).";
    }
    if (/violates PodSecurity/.test(message)) {
        return "\nFix: set the securityContext fields that the message names.";
    }
    if (error.code === 403 && /exceeded quota/.test(message)) {
        return "\nFix: raise the ResourceQuota of the namespace or request less.";
    }
    if (error.code === 403) {
        return "\nFix: give the kubeconfig's user the right that the message names (a Role and a RoleBinding).";
    }
    return "";
}

/** `Deployment.apps "web" is invalid: [a, b]` -> `Deployment.apps "web" is invalid:` */
const headOf = (message: string): string => /^.*? is invalid:/.exec(message)?.[0] ?? message;

/** The server's `.spec.template.spec.containers[name="web"].foo` as the program writes it. */
const propertyPath = (field: string): string => field.replace(/^\./, "");

/** Server-side apply reports unknown fields and wrong types inside its message: `.spec.foo: field not declared in schema`. */
function schemaPath(message: string): string {
    const match = /(?:\)|: )\s*:?\s*(\.[^\s:]+): (.*)$/s.exec(message);
    if (match === null || !/typed (patch )?object|field not declared|expected/.test(message)) {
        return message;
    }
    return `\n  ${formatFieldPath(match[1] ?? "")}: ${match[2] ?? ""}`;
}

function formatFieldPath(path: string): string {
    const parts = path.replace(/^\./, "");
    return parts === "" ? formatPath([]) : parts;
}
