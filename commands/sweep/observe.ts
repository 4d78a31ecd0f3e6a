// Looks at the backend, at the clusters that its states name, at the servers they lend, at the folder's files, and asks the forge of every
// pull request that something of them names. Nothing is changed.
import { weightOf } from "../backend/weight.ts";
import { locksOf } from "../backend/locks.ts";
import {
    numberInName,
    numberInNamespace,
    type ClusterConnection,
    type EnvironmentState,
} from "../backend/environment.ts";
import type { Pulumi } from "../backend/pulumi.ts";
import { readStates } from "../backend/read.ts";
import { shortName, stacksOf } from "../backend/stacks.ts";
import { clusterOf } from "../dumps/job.ts";
import type { Forge } from "../forge/contract.ts";
import { inTurns } from "../support/in-turns.ts";
import { lookInto, reasonOf, volumesIn, type FoundCluster } from "./cluster.ts";
import { databasesOn, type FoundServer } from "./databases.ts";
import { stackFiles } from "./files.ts";
import type { Observed, PullRequestState } from "./observed.ts";

/** Who knows which pull requests are open. */
export type Knowing =
    | { readonly forge: Forge }
    /** What a list does not have is closed. */
    | { readonly list: Forge }
    | { readonly nobody: true };

export interface Looking {
    readonly pulumi: Pulumi;
    readonly project: string;
    readonly directory: string;
    readonly backend?: string | undefined;
    readonly knowing: Knowing;
    readonly now: () => Date;
    /** Whether servers that are lent are asked, by a Job there. */
    readonly servers: boolean;
}

export async function observe(looking: Looking): Promise<Observed> {
    const { pulumi, project, directory, backend, knowing, now, servers: asksServers } = looking;
    const [read, files] = await Promise.all([
        stacksOf(pulumi, { backend, project }).then((stacks) => readStates(pulumi, stacks)),
        stackFiles(directory, project),
    ]);
    const states = read.flatMap(({ state }) => ("unreadable" in state ? [] : [state]));
    const clusters = await inTurns(4, connectionsOf(states), lookInto);
    const { servers, unseen } = asksServers ? await serversOf(states, clusters) : { servers: [], unseen: [] };
    const stacks = await Promise.all(
        read.map(async ({ stack, state }) => ({
            stack,
            state,
            locks: await locksOf(backend, project, shortName(stack.name)),
            ...("unreadable" in state ? {} : { weight: weightOf(state) }),
        })),
    );
    const numbers = [
        ...read.flatMap(({ stack, state }) => [
            numberInName(shortName(stack.name)),
            "unreadable" in state ? undefined : state.pullRequest?.number,
        ]),
        ...files.map(({ pullRequest }) => pullRequest),
        ...clusters.flatMap((cluster) =>
            "namespaces" in cluster
                ? [
                      ...cluster.namespaces.map(({ pullRequest }) => pullRequest?.number),
                      ...volumesIn(cluster).map(({ namespace }) => numberInNamespace(namespace)),
                  ]
                : [],
        ),
        ...servers.flatMap(({ databases }) => databases.map(({ namespace }) => numberInNamespace(namespace))),
    ].filter((number) => number !== undefined);
    return {
        now: now(),
        stacks,
        files,
        clusters,
        servers,
        unseen: [
            ...clusters.flatMap((cluster) =>
                "unreachable" in cluster
                    ? [
                          `The cluster ${cluster.name} does not answer (${cluster.unreachable}): its namespaces are not looked at.`,
                      ]
                    : "unreadable" in cluster.volumes
                      ? [`Volumes of the cluster ${cluster.name} are not looked at: ${cluster.volumes.unreadable}.`]
                      : [],
            ),
            ...unseen,
            ...("nobody" in knowing
                ? [
                      "No forge and no list is known: which pull requests are open nobody says, and only times to live count.",
                  ]
                : []),
        ],
        pullRequests: await askedOf(knowing, [...new Set(numbers)]),
    };
}

/** @throws ForgeError when it does not answer: what is not known to be closed is not, and a sweep without an answer would do half. */
export async function askedOf(
    knowing: Knowing,
    numbers: readonly number[],
): Promise<ReadonlyMap<number, PullRequestState>> {
    if ("nobody" in knowing) {
        return new Map();
    }
    const forge = "list" in knowing ? knowing.list : knowing.forge;
    const open = new Map((await forge.openPullRequests()).map((pull) => [pull.number, pull]));
    const states = await inTurns(4, numbers, async (number): Promise<PullRequestState> => {
        const listed = open.get(number);
        if (listed !== undefined) {
            return { state: "open", labels: listed.labels, url: listed.url };
        }
        if ("list" in knowing) {
            return { state: "closed", labels: [], url: "" };
        }
        // Absent from the open ones is not enough: the token may be another repository's.
        const found = await forge.pullRequest(number);
        return found === undefined
            ? { state: "unknown", why: "the forge has none of that number" }
            : { state: found.open ? "open" : "closed", labels: found.labels, url: found.url };
    });
    return new Map(numbers.map((number, index) => [number, states[index]!]));
}

/** Each cluster once, also where every environment names it. */
function connectionsOf(states: readonly EnvironmentState[]): ClusterConnection[] {
    const all = states.flatMap(({ connection }) => connection ?? []);
    return [...new Map(all.map((connection) => [connection.clusterIdentifier, connection])).values()];
}

async function serversOf(
    states: readonly EnvironmentState[],
    clusters: readonly FoundCluster[],
): Promise<{ readonly servers: readonly FoundServer[]; readonly unseen: readonly string[] }> {
    const wanted = states.flatMap(({ databaseSweepers, connection }) =>
        databaseSweepers.map((cronJob) => ({ cronJob, identifier: connection?.clusterIdentifier })),
    );
    const asked = await inTurns(2, wanted, async ({ cronJob, identifier }) => {
        const cluster = clusters.find(({ connection }) => connection.clusterIdentifier === identifier);
        if (cluster === undefined || "unreachable" in cluster) {
            return {
                unseen: `Databases of the server in ${cronJob.split("/")[0]!} are not looked at: its cluster does not answer.`,
            };
        }
        try {
            return { server: await databasesOn(clusterOf(cluster.connection), cronJob) };
        } catch (error) {
            return {
                unseen: `Databases of the server in ${cronJob.split("/")[0]!} are not looked at: ${reasonOf(error)}.`,
            };
        }
    });
    return {
        servers: asked.flatMap(({ server }) => server ?? []),
        unseen: asked.flatMap(({ unseen }) => unseen ?? []),
    };
}
