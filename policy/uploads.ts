// Uploads: what is written to /tmp of a web pod while a request is under way has room there, and the app is told what to refuse.
import { byteQuantityOf, byteText } from "../lib/quantities.ts";
import { copiesOfUpload, requestsAtOnce, usualRequests } from "../lib/requests-at-once.ts";
import { servesAsgi } from "../lib/web-servers.ts";
import { bytesOf } from "./kubernetes.ts";
import { commandLine, type PlacedContainer, type PlanView, type Value, type Workload } from "./plan-view.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

const title = "/tmp holds the largest uploads that come at once, and more are refused";

export const uploadRules: readonly Rule[] = [
    rule("R90", title, function* (view) {
        for (const web of view.withRole("web")) {
            for (const container of web.containers.filter(({ name }) => name === "web")) {
                yield* untold(view, web, container);
                yield* withoutRoom(view, web, container);
            }
        }
    }),
];

function limitOf(environment: ReadonlyMap<string, Value>): Value | undefined {
    return [...environment].find(([name]) => name.endsWith("_MAX_BODY_SIZE"))?.[1];
}

const isBytes = (text: string): boolean => /^[1-9][0-9]*$/.test(text);

function* untold(view: PlanView, web: Workload, container: PlacedContainer): Generator<Finding> {
    const environment = view.environmentOf(web, container);
    // In a first preview nothing is known of what a pod is told by ConfigMaps: then this is missing too.
    const byName = view.environmentOf(web, { ...container, env: [] });
    const isKnown = [...byName.keys()].some((name) => name.endsWith("_ALLOWED_HOSTS"));
    const limit = limitOf(environment);
    const isRight = limit === undefined ? !isKnown : typeof limit !== "string" || isBytes(limit);
    if (!isRight) {
        yield {
            resource: web.resource,
            path: `${container.path}.envFrom`,
            found: limit === undefined ? "no limit of a request's size" : `a limit of ${JSON.stringify(limit)}`,
            allowed: "a variable ..._MAX_BODY_SIZE, in bytes",
            fix: "tell the app exposure.maxBodySize: else anybody fills /tmp, and the pod is evicted",
        };
    }
}

function* withoutRoom(view: PlanView, web: Workload, container: PlacedContainer): Generator<Finding> {
    const environment = view.environmentOf(web, container);
    const limit = limitOf(environment);
    const tmp = container.volumeMounts?.find(({ mountPath }) => mountPath === "/tmp")?.name;
    const volumes = web.pod.volumes ?? [];
    const index = volumes.findIndex(({ name }) => name === tmp);
    const found = volumes[index]?.emptyDir?.sizeLimit;
    const size = bytesOf(found);
    // Without a limit, or a /tmp, it is R39 that is broken.
    if (typeof limit !== "string" || !isBytes(limit) || size === undefined) {
        return;
    }
    const plain = [...environment].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
    const variables = Object.fromEntries(plain) as Record<string, string>;
    const command = commandLine(container);
    const count = requestsAtOnce(command, variables) ?? usualRequests;
    const asgi = servesAsgi(command, variables);
    const room = Number(limit) * count * copiesOfUpload(asgi);
    if (size < room) {
        yield {
            resource: web.resource,
            path: `${web.templatePath}.spec.volumes[${index}].emptyDir.sizeLimit`,
            found,
            allowed: `at least ${byteText(room)}: ${count} uploads of ${byteText(Number(limit))} at once${asgi ? ", each twice under ASGI" : ""}`,
            fix: `set apps[].web.tmp to ${byteQuantityOf(room)}, or lower exposure.maxBodySize`,
        };
    }
}
