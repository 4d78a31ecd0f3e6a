// What an ephemeral environment asks for against its quota (R70): the API server refuses the pod or volume that goes beyond it,
// and a release waits for it until it gives up.
import { byteQuantityOf, bytes, byteText, millicores } from "../../../lib/quantities.ts";
import { capacitySections, podsOf, type CapacitySettings, type EnvironmentPods } from "../../capacity/pods.ts";
import {
    leastExtra,
    mostExtra,
    resources,
    resourceText,
    steady,
    terms,
    type Count,
    type Resource,
} from "../../capacity/sums.ts";
import { volumesOf } from "../../capacity/volumes.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { advice, contradiction } from "../contradiction.ts";

const setting = (name: string): string => settingPath(["operator", "quota", name]);

const words: Readonly<Record<Resource, string>> = { cpu: "processors", memory: "memory", pods: "pods" };

export const quotaAtMinimum = contradiction(capacitySections, (settings) => {
    if (settings.environment.kind !== "ephemeral") {
        return [];
    }
    const pods = podsOf(settings);
    return [...resources.flatMap((resource) => beyondAtMinimum(pods, settings, resource)), ...volumesBeyond(settings)];
});

/** An autoscaler that is refused pods tries again for ever: the environment works, and never gets as large as it is set to. */
export const quotaAtMaximum = advice(capacitySections, (settings) => {
    if (settings.environment.kind !== "ephemeral") {
        return [];
    }
    const pods = podsOf(settings);
    return resources.flatMap((resource): Problem[] => {
        const quota = quotaOf(settings, resource);
        const most = steady(pods, "max", resource) + mostExtra(pods, resource);
        if (most <= quota || beyondAtMinimum(pods, settings, resource).length > 0) {
            return [];
        }
        return [problem(pods, { resource, quota, count: "max", needed: most, extra: mostExtra(pods, resource) })];
    });
});

function beyondAtMinimum(pods: EnvironmentPods, settings: CapacitySettings, resource: Resource): Problem[] {
    const quota = quotaOf(settings, resource);
    const extra = leastExtra(pods, resource);
    const needed = steady(pods, "min", resource) + extra;
    return needed <= quota ? [] : [problem(pods, { resource, quota, count: "min", needed, extra })];
}

interface Beyond {
    readonly resource: Resource;
    readonly quota: number;
    readonly count: Count;
    readonly needed: number;
    readonly extra: number;
}

function problem({ serving }: EnvironmentPods, { resource, quota, count, needed, extra }: Beyond): Problem {
    const value = resource === "memory" ? byteQuantityOf(needed) : resourceText(needed, resource);
    const most = count === "min" ? "at least" : "at most";
    return {
        path: setting(resource),
        found:
            `${resourceText(quota, resource)}; pods need ${most} ${resourceText(needed, resource)}: ` +
            `${terms(serving, count, resource)}, and ${resourceText(extra, resource)} for what a release adds`,
        allowed:
            count === "min"
                ? `at least ${value}, or fewer or smaller pods`
                : `${value} of ${words[resource]}, or a lower replicas.max: the autoscaler gets no pod beyond the quota, and a release waits`,
        fix: `${setCommand(setting(resource), value)}, or lower ${lowered(serving, count, resource)}`,
    };
}

/** What takes the most. */
function lowered(serving: EnvironmentPods["serving"], count: Count, resource: Resource): string {
    const weight = (group: (typeof serving)[number]): number =>
        group[count] * (resource === "pods" ? 1 : group.room[resource]);
    const [largest] = serving.toSorted((one, other) => weight(other) - weight(one));
    const { replicas, size } = largest!;
    return settingPath(replicas !== undefined && largest![count] > 1 ? replicas[count] : size.path);
}

function quotaOf({ operator: { quota } }: CapacitySettings, resource: Resource): number {
    return resource === "cpu" ? millicores(quota.cpu) : resource === "memory" ? bytes(quota.memory) : quota.pods;
}

function volumesBeyond(settings: CapacitySettings): Problem[] {
    const quota = settings.operator.quota.storage;
    const volumes = volumesOf(settings)
        .map((volume) => ({ ...volume, all: volume.count * bytes(volume.storage) }))
        .toSorted((one, other) => other.all - one.all);
    const needed = volumes.reduce((sum, { all }) => sum + all, 0);
    if (needed <= bytes(quota)) {
        return [];
    }
    const value = byteQuantityOf(needed);
    return [
        {
            path: setting("storage"),
            found: `${quota}; volumes need ${byteText(needed)}: ${volumes.map(({ name, storage, count }) => `${count === 1 ? "" : `${count} x `}${name} ${storage}`).join(", ")}`,
            allowed: `at least ${value}, or smaller volumes`,
            fix: `${setCommand(setting("storage"), value)}, or lower ${settingPath(volumes[0]!.path)}`,
        },
    ];
}
