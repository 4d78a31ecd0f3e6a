// What the fleet's commands print.
import Table from "cli-table3";
import { printable } from "../gate/report.ts";
import { ageText, dollars, wrapped } from "../sweep/words.ts";
import type { Health } from "./health.ts";
import type { Member } from "./members.ts";
import { changesText } from "./previewed.ts";
import type { Step } from "./rollout.ts";

export function fleetTable(members: readonly Member[], now: Date, withDrift: boolean): string {
    const head = ["stack", "kind", "age", "last update", "$/month", "pods", "image", ...(withDrift ? ["drift"] : [])];
    const rows = members.map((member) => {
        const { stack, kind, pullRequest, since, update, monthly, images, health, drift, unreadable } = member;
        return [
            stack,
            kind === "" ? "" : `${kind}${pullRequest === undefined ? "" : `, #${pullRequest}`}`,
            since === undefined ? "" : ageText(now.getTime() - since.getTime()),
            update === undefined
                ? "none"
                : `${update.kind} ${update.result}${update.ended === undefined ? "" : `, ${ageText(now.getTime() - update.ended.getTime())} ago`}`,
            monthly === undefined ? "" : monthly === 0 ? "" : dollars(monthly),
            healthText(health),
            images.map(shortImage).join("\n"),
            ...(withDrift ? [drift === undefined ? "" : changesText(drift)] : []),
        ].map((cell, column) => (column === 5 && unreadable !== undefined ? unreadable : cell));
    });
    const sum = members.reduce((total, { monthly = 0 }) => total + monthly, 0);
    const kinds = Object.entries(Object.groupBy(members, ({ kind }) => (kind === "" ? "of no known kind" : kind)));
    const counts = kinds.map(([kind, some]) => `${some!.length} ${kind}`);
    return printable(
        [
            ...(members.length === 0 ? [] : [table(head, rows)]),
            members.length === 0
                ? "This backend has no stack of this project."
                : `${counts.join(", ")}; ${dollars(sum)} US dollars a month at idle.`,
        ].join("\n"),
    );
}

export function rolloutTable(steps: readonly Step<string>[]): string {
    const rows = steps.map(({ stack, outcome, seconds, result = "" }) => [
        stack,
        outcome,
        seconds === undefined ? "" : `${Math.round(seconds)} s`,
        wrapped(result, 90),
    ]);
    return printable(table(["stack", "outcome", "took", "what"], rows));
}

function healthText(health: Health): string {
    if ("unknown" in health) {
        return wrapped(health.unknown, 30);
    }
    const { ready, wanted, lacking, asleep } = health;
    return [
        `${ready} of ${wanted}${asleep ? ", asleep" : ""}`,
        ...(lacking.length > 0 ? [wrapped(`not ready: ${lacking.join(", ")}`, 30)] : []),
    ].join("\n");
}

/** The registry says nothing new in each line. */
function shortImage(image: string): string {
    return image
        .split("/")
        .at(-1)!
        .replace(/@sha256:([0-9a-f]{12})[0-9a-f]{52}$/, "@$1");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const made = new Table({ head: [...head], style: { head: [], border: [] } });
    made.push(...rows.map((row) => [...row]));
    return made.toString();
}
