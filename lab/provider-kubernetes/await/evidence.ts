// What the cluster has to say about something that did not become ready: the pods' own messages, the warnings about
// them, and the last lines of their logs. Best effort: a request that fails here must not hide the failure itself.
import type { Client } from "../client.ts";
import { nameOf, type KubeObject } from "../object.ts";
import { warnings } from "./events.ts";
import { isTerminating, phaseOf, problemOf, type PodProblem } from "./pods.ts";

const podsShown = 2;
const warningsShown = 3;
const logLines = 20;
const logLineLength = 300;
/** The kubelet may be the very thing that does not answer. */
const patienceSeconds = 5;

export async function evidence(
    client: Client,
    about: { readonly object: KubeObject; readonly pods: readonly KubeObject[]; readonly signal: AbortSignal },
): Promise<string[]> {
    if (about.signal.aborted) {
        return [];
    }
    const problems = about.pods
        .flatMap((pod) => {
            const problem = problemOf(pod);
            return problem === undefined || (isTerminating(pod) && phaseOf(pod) !== "Failed") ? [] : [{ pod, problem }];
        })
        .sort((a, b) => Number(b.problem.serious) - Number(a.problem.serious) || newerFirst(a.pod, b.pod))
        .slice(0, podsShown);
    const own = about.pods.includes(about.object) ? [] : await warningsAbout(client, about.object, about.signal);
    const ofPods = await Promise.all(
        problems.map(({ pod, problem }) => podEvidence(client, pod, problem, about.signal)),
    );
    return [...own, ...ofPods.flat()];
}

async function podEvidence(
    client: Client,
    pod: KubeObject,
    problem: PodProblem,
    signal: AbortSignal,
): Promise<string[]> {
    const [warned, log] = await Promise.all([
        warningsAbout(client, pod, signal),
        lastLines(client, pod, problem, signal),
    ]);
    const lines =
        log.length === 0
            ? []
            : [
                  `Last lines of the log of ${problem.pod}${problem.container === undefined ? "" : `, container ${problem.container}`}:\n${log.map((line) => `    ${line}`).join("\n")}`,
              ];
    return [`Pod ${problem.pod}: ${problem.message}`, ...warned, ...lines];
}

async function warningsAbout(client: Client, object: KubeObject, signal: AbortSignal): Promise<string[]> {
    const { uid, namespace = "default" } = object.metadata ?? {};
    if (uid === undefined) {
        return [];
    }
    try {
        const { items } = await client.list(
            `/api/v1/namespaces/${namespace}/events`,
            { fieldSelector: `involvedObject.uid=${uid}` },
            soon(signal),
        );
        return warnings(items)
            .slice(-warningsShown)
            .map((warning) => `Warning about ${nameOf(object)}: ${warning}`);
    } catch {
        return [];
    }
}

async function lastLines(client: Client, pod: KubeObject, problem: PodProblem, signal: AbortSignal): Promise<string[]> {
    const { container } = problem;
    if (container === undefined) {
        return [];
    }
    const { name = "", namespace = "default" } = pod.metadata ?? {};
    const read = async (previous: boolean): Promise<string[]> => {
        try {
            const text = await client.text({
                method: "GET",
                path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
                query: { container, tailLines: String(logLines), ...(previous ? { previous: "true" } : {}) },
                signal: soon(signal),
            });
            return text
                .split("\n")
                .filter((line) => line.trim() !== "")
                .map((line) => line.slice(0, logLineLength));
        } catch {
            return [];
        }
    };
    const lines = await read(problem.previous);
    // Right after a restart the run before may be the one that says something, or the only one that there is.
    return lines.length > 0 ? lines : await read(!problem.previous);
}

const soon = (signal: AbortSignal): AbortSignal =>
    AbortSignal.any([signal, AbortSignal.timeout(patienceSeconds * 1000)]);

const newerFirst = (a: KubeObject, b: KubeObject): number =>
    (b.metadata?.creationTimestamp ?? "").localeCompare(a.metadata?.creationTimestamp ?? "");
