// Logins of registries: whoever pulls from one that asks for a login, names the Secret with it.
import { parseImage, registryOf } from "../lib/image-reference.ts";
import { integratedPullSecrets } from "../lib/pull-secrets.ts";
import { textOf } from "./kubernetes.ts";
import { examine, metadataOf, type PlanView, type Value, type Workload } from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

const secretType = "kubernetes:core/v1:Secret";
const accountType = "kubernetes:core/v1:ServiceAccount";

export const registryRules: readonly Rule[] = [
    rule("R81", "a pod that pulls with a login names the Secret, or its account does", function* (view) {
        for (const workload of view.workloads) {
            if (namesSecret(view, workload)) {
                continue;
            }
            const asking = serversWithLogin(view, workload);
            for (const { path, image = "" } of workload.containers) {
                const [integrated] = integratedPullSecrets(image).imagePullSecrets ?? [];
                const { server } = parseImage(image);
                if (integrated !== undefined || asking.has(server)) {
                    yield {
                        resource: workload.resource,
                        path: `${path}.image`,
                        found: `${image}, and a pod that names no Secret`,
                        allowed: "imagePullSecrets in the pod or in its ServiceAccount",
                        fix: `name the Secret ${integrated === undefined ? `with the login of ${server}` : `${integrated.name}, which DOKS puts into each namespace`}: the pull is refused otherwise`,
                    };
                }
            }
        }
    }),
];

function namesSecret(view: PlanView, { pod, namespace }: Workload): boolean {
    const account = view.find(accountType, textOf(pod.serviceAccountName), namespace);
    return [pod.imagePullSecrets, account?.props["imagePullSecrets"]].some(
        (named) => named !== undefined && !(Array.isArray(named) && named.length === 0),
    );
}

/**
 * The registries that a Secret has a login for which the workload's own component makes: of another's images in the same registry, such
 * as Docker Hub, nothing says that they are private. A Secret whose content is unknown says none.
 */
function serversWithLogin(view: PlanView, { namespace, resource }: Workload): ReadonlySet<string> {
    const logins = view
        .ofType(secretType)
        .filter(({ props }) => props["type"] === "kubernetes.io/dockerconfigjson")
        .filter((secret) => secret.parent === resource.parent && textOf(metadataOf(secret).namespace) === namespace)
        .map((secret) => view.entriesOf(secret)[".dockerconfigjson"] as Value | undefined);
    return new Set(logins.flatMap((login) => examine(login, serversIn) ?? []));
}

function serversIn(text: string): string[] {
    // `data` is base64, `stringData` is not.
    const json = text.startsWith("{") ? text : Buffer.from(text, "base64").toString();
    const { auths = {} } = JSON.parse(json) as { readonly auths?: object };
    return Object.keys(auths).map(registryOf);
}
