// Whom a change concerns, as who runs a Django app would say it.
import { componentLabel, metadataOf, viewOf, type PlanView, type Role } from "../../policy/plan-view.ts";
import type { PolicyResource } from "../../policy/resource.ts";
import type { Change, Compared } from "./changes.ts";

export const groups = [
    "web",
    "worker",
    "beat",
    "scheduled",
    "shell",
    "release",
    "app",
    "stores",
    "edge",
    "environment",
    "platform",
] as const;
export type Group = (typeof groups)[number];

/** By the components' own folders; what is not named here is the platform's. */
const components: Readonly<Record<string, Group>> = {
    django: "app",
    database: "stores",
    cache: "stores",
    broker: "stores",
    assets: "stores",
    backups: "stores",
    dumps: "stores",
    drills: "stores",
    external: "stores",
    pooler: "stores",
    volume: "stores",
    memcached: "stores",
    rabbitmq: "stores",
    edge: "edge",
    dns: "edge",
    namespace: "environment",
};

const ofRole: Readonly<Partial<Record<Role, Group>>> = {
    web: "web",
    worker: "worker",
    beat: "beat",
    scheduled: "scheduled",
    shell: "shell",
    release: "release",
    app: "app",
    pooler: "stores",
    database: "stores",
    cache: "stores",
    broker: "stores",
};

/** @returns of each change, by the plans that it is from */
export function groupsOf({ before, after, changes }: Compared): ReadonlyMap<Change, Group> {
    const views = [viewOf(after), viewOf(before)];
    return new Map(changes.map((change) => [change, groupOf(change, views)]));
}

function groupOf(change: Change, views: readonly PlanView[]): Group {
    const resource = (change.after ?? change.before)!;
    const component = componentOf(resource);
    if (component !== "app") {
        return component ?? byLabel(resource) ?? "platform";
    }
    // `shop-web-service` belongs to the workload `shop-web`.
    const names = views.flatMap((view) =>
        view.workloads
            .filter((workload) => aboveOf(workload.resource) === aboveOf(resource))
            .map(({ resource: { name }, role }) => ({ name, role })),
    );
    const owner = names
        .filter(({ name }) => resource.name === name || resource.name.startsWith(`${name}-`))
        .toSorted((a, b) => b.name.length - a.name.length)[0];
    return (owner && ofRole[owner.role]) ?? "app";
}

function componentOf({ urn }: PolicyResource): Group | undefined {
    const types = urn.split("::")[2]?.split("$").slice(0, -1) ?? [];
    const names = types.map((type) => type.split(":")[1] ?? "");
    return names.map((name) => (Object.hasOwn(components, name) ? components[name] : undefined)).find((one) => one);
}

function byLabel(resource: PolicyResource): Group | undefined {
    const label = metadataOf(resource).labels?.[componentLabel];
    return typeof label === "string" && Object.hasOwn(components, label) ? components[label] : undefined;
}

function aboveOf({ urn }: PolicyResource): string {
    return urn.split("::")[2]?.split("$").slice(0, -1).join("$") ?? "";
}
