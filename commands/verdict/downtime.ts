// What stops for a while, for whom and for how long. Each figure says where it is from: the pods' own settings, or what a cloud says of
// itself; where nobody says one, none is told.
import { numberOf, type WorkloadSpec } from "../../policy/kubernetes.ts";
import { podsOf, viewOf, type PlanView, type Workload } from "../../policy/plan-view.ts";
import { resourceType } from "../../lib/catalogue/index.ts";
import type { Change, Compared } from "./changes.ts";
import { managedDowntime } from "./managed-downtime.ts";
import type { Outage } from "./outage.ts";

export function outagesOf({ before, after, changes }: Compared): readonly Outage[] {
    const [old, next] = [viewOf(before), viewOf(after)];
    return changes.flatMap((change) => outageOf(change, old, next) ?? []);
}

function outageOf(change: Change, old: PlanView, next: PlanView): Outage | undefined {
    const { name, urn, type, op } = change;
    const found = ofWorkload(change, old, next) ?? ofEntry(change) ?? ofCloud(change);
    // What is made is waited for by nobody yet, but for a release's jobs.
    return found === undefined || (op === "create" && !type.endsWith(":Job")) ? undefined : { name, urn, ...found };
}

type Found = Omit<Outage, "name" | "urn">;

const itsOwn = "the pod's own settings";

function ofWorkload(change: Change, old: PlanView, next: PlanView): Found | undefined {
    const { op, urn } = change;
    const was = old.workloads.find(({ resource }) => resource === change.before || resource.urn === urn);
    const is = next.workloads.find(({ resource }) => resource === change.after || resource.urn === urn);
    const workload = was ?? is;
    if (workload === undefined || workload.kind === "CronJob") {
        return undefined;
    }
    if (workload.kind === "Job") {
        return is?.role === "release" && op !== "delete" ? releaseStep(is) : undefined;
    }
    const stops = stopsOf(workload);
    if (op === "delete") {
        return { stops, happens: "is deleted, and comes back no more", source: "the plan" };
    }
    if (op === "replace" && was !== undefined) {
        return replaced(was, stops);
    }
    if (
        was === undefined ||
        is === undefined ||
        !change.fields.some(({ difference }) => isOfPods(is, difference.path))
    ) {
        return undefined;
    }
    return restarted(is, next, stops);
}

function stopsOf({ role }: Workload): Outage["stops"] {
    switch (role) {
        case "worker":
            return "tasks";
        case "beat":
            return "schedule";
        case "shell":
        case "scheduled":
        case "release":
            return "nobody";
        case "web":
        case "app":
        case "pooler":
        case "database":
        case "cache":
        case "broker":
        case "other":
            return "requests";
        default:
            return role satisfies never;
    }
}

function isOfPods({ templatePath }: Workload, path: readonly (string | number)[]): boolean {
    return templatePath.split(".").every((part, index) => path[index] === part);
}

function releaseStep({ spec }: Workload): Found {
    const seconds = spec.activeDeadlineSeconds;
    return {
        stops: "nobody",
        happens: "runs again, before new pods start",
        ...(typeof seconds === "number" && { seconds }),
        source: "activeDeadlineSeconds",
    };
}

function replaced(workload: Workload, stops: Outage["stops"]): Found {
    return {
        stops,
        happens: "is deleted, and made anew",
        ...timeOf(workload),
    };
}

function restarted(workload: Workload, view: PlanView, stops: Outage["stops"]): Found {
    const { kind, role, spec } = workload;
    const grace = graceOf(workload);
    if (kind === "Deployment" && rollsOver(spec)) {
        if (role === "worker") {
            return {
                stops: "nobody",
                happens: `new pods take over; old ones have ${grace} s to finish what they do`,
                seconds: 0,
                source: "terminationGracePeriodSeconds",
            };
        }
        return { stops: "nobody", happens: "new pods take over one by one", seconds: 0, source: "maxUnavailable 0" };
    }
    const several = kind !== "Deployment" && podsOf(view, workload).min > 1;
    return {
        stops,
        happens: several ? "restarts, one pod after the other" : "restarts",
        ...timeOf(workload),
    };
}

function rollsOver({ strategy }: WorkloadSpec): boolean {
    const { type, rollingUpdate } = strategy ?? {};
    return type !== "Recreate" && ["0", "0%"].includes(String(rollingUpdate?.maxUnavailable));
}

/** A server that first has to recover may take hours, and a probe gives it as long: no figure for a restart. */
const longestStart = 600;

/** To stop, and to start. */
function timeOf(workload: Workload): Pick<Outage, "seconds" | "andStart" | "source"> {
    const [grace, start] = [graceOf(workload), startOf(workload)];
    if (start === undefined || start > longestStart) {
        const given = start === undefined ? "" : `; its start is given ${durationText(start)}`;
        return { seconds: grace, andStart: true, source: `${itsOwn}: ${grace} s to stop${given}` };
    }
    return { seconds: grace + start, source: `${itsOwn}: ${grace} s to stop, ${start} s to start` };
}

/** "90 s", "15 min", "6 h". */
function durationText(seconds: number): string {
    return seconds >= 3600
        ? `${Math.round(seconds / 360) / 10} h`
        : seconds > 600
          ? `${Math.round(seconds / 6) / 10} min`
          : `${seconds} s`;
}

function graceOf({ pod }: Workload): number {
    return numberOf(pod.terminationGracePeriodSeconds) ?? 30;
}

/** As long as its slowest container may take. */
function startOf({ containers }: Workload): number | undefined {
    const probes = containers.flatMap(({ init, startupProbe }) =>
        init || startupProbe === undefined ? [] : [startupProbe],
    );
    const each = probes.map((probe) => {
        const { initialDelaySeconds, periodSeconds, failureThreshold } = probe as Readonly<Record<string, unknown>>;
        return (
            (numberOf(initialDelaySeconds) ?? 0) + (numberOf(periodSeconds) ?? 10) * (numberOf(failureThreshold) ?? 3)
        );
    });
    return each.length === 0 ? undefined : Math.max(...each);
}

/** What requests come in by. */
function ofEntry({ op, type, fields }: Change): Found | undefined {
    const kind = type.split(":").at(-1)!;
    const gone = op === "replace" || op === "delete";
    const again = op === "replace" ? ", and made anew" : "";
    if (kind === "Gateway" && type.startsWith("kubernetes:") && gone) {
        return {
            stops: "requests",
            happens: `the way in is deleted${again}: its address may be another, and names follow it by their time to live`,
            source: "no figure: a cloud makes load balancers in minutes",
        };
    }
    if (kind === "Service" && op === "replace" && fields.some(({ replaces }) => replaces)) {
        return {
            stops: "requests",
            happens: "its address changes",
            source: "no figure: who has the old one has to look it up again",
        };
    }
    if (kind === "HTTPRoute" && gone) {
        return {
            stops: "requests",
            happens: `requests find no way${op === "replace" ? " until it is made anew" : ""}`,
            source: "no figure",
        };
    }
    if (/:(Record|RecordSet|DnsRecord)$/.test(type) && gone) {
        return {
            stops: "requests",
            happens: `a name is deleted${again}`,
            source: "no figure: resolvers keep answers for the record's time to live",
        };
    }
    return undefined;
}

function ofCloud({ op, type, before, after, fields }: Change): Found | undefined {
    const { role, product = role } = resourceType(type, (before ?? after)?.props) ?? {};
    if (op === "update") {
        return before && after && managedDowntime(type, before, after, fields);
    }
    if (role === "nodes") {
        return {
            stops: "requests",
            happens: `nodes are deleted${op === "delete" ? "" : ", and made anew"}: what has one pod is away while it moves`,
            source: "no figure: as long as each such pod takes to start",
        };
    }
    if (role === "database" || role === "cache" || role === "cluster" || role === "cdn") {
        const what = op === "delete" ? "is deleted" : "is deleted, and made anew";
        return {
            stops: "requests",
            happens: `${product ?? "it"} ${what}`,
            source: "no figure: minutes, and what was in it is gone",
        };
    }
    return undefined;
}
