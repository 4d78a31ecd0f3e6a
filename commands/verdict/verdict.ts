// The verdict: what a reviewer has to know of a change, as data. markdown.ts and terminal.ts say it.
import { judge, type Loss } from "../gate/judge.ts";
import { smallerVolumes } from "../gate/smaller-volumes.ts";
import { ruleChanges, type RuleChanges } from "./broken-rules.ts";
import type { Plan } from "../plan/plan.ts";
import { inOrder, type Change, type Compared, type Operation } from "./changes.ts";
import { outagesOf } from "./downtime.ts";
import type { Outage } from "./outage.ts";
import { groupsOf, type Group } from "./groups.ts";
import { pictureOf } from "./mermaid.ts";
import { costChange, type CostChange } from "./money.ts";
import type { PlanDocument } from "./plan-document.ts";
import { securityOf, type SecurityChanges } from "./security.ts";
import { shownValue } from "./showable.ts";

export interface ShownField {
    readonly path: string;
    readonly kind: "added" | "removed" | "changed";
    /** @default a value that is not shown */
    readonly before?: string;
    readonly after?: string;
    readonly replaces: boolean;
}

export interface ShownChange {
    readonly group: Group;
    readonly op: Operation;
    readonly name: string;
    readonly type: string;
    readonly urn: string;
    readonly because?: string;
    readonly fields: readonly ShownField[];
}

export interface ConnectionChange {
    readonly server: string;
    /** The most that can be open. @default there is no such server */
    readonly before?: number;
    readonly after?: number;
    readonly limit?: number;
    /** Negative: they do not fit. */
    readonly free?: number;
}

/** `red`: somebody has to say yes to it by name. `yellow`: somebody has to look. */
export type Level = "red" | "yellow" | "green";

export interface Verdict {
    readonly stack: string;
    readonly level: Level;
    readonly from: "plans" | "preview";
    readonly data: {
        readonly lost: readonly Loss[];
        readonly allowed: readonly Loss[];
        /** Of volumes that no cluster makes smaller. */
        readonly impossible: readonly string[];
        readonly warnings: readonly string[];
    };
    readonly downtime: readonly Outage[];
    readonly security: SecurityChanges;
    /** @default no plans were given, or nothing is in a cloud */
    readonly cost?: CostChange;
    readonly connections?: readonly ConnectionChange[];
    readonly rules?: RuleChanges;
    readonly counts: Readonly<Record<Operation, number>> & { readonly unchanged?: number };
    readonly changes: readonly ShownChange[];
    /** Mermaid. */
    readonly picture?: string;
    /** Files that say what is allowed or what it costs, and are not the same in the head. */
    readonly judges: readonly string[];
    readonly isNew: boolean;
}

export interface VerdictInput {
    readonly stack: string;
    /** @default only a preview is there */
    readonly base?: PlanDocument | undefined;
    readonly head?: PlanDocument | undefined;
    readonly compared: Compared;
    readonly from: Verdict["from"];
    readonly allow?: readonly string[];
    readonly judges?: readonly string[];
}

/** @throws AllowanceError for an allowance that matches nothing, or more than one loss */
export function verdictOf({ stack, base, head, compared, from, allow = [], judges = [] }: VerdictInput): Verdict {
    const { refused, allowed, warnings } = judge(compared.preview, allow);
    const groups = groupsOf(compared);
    const count = (op: Operation): number => compared.changes.filter((change) => change.op === op).length;
    const plans = base !== undefined && head !== undefined ? { base, head } : undefined;
    const cost = plans && costChange(plans.base.cost, plans.head.cost);
    const picture = plans && pictureOf(ordered(plans.base.plan), ordered(plans.head.plan), compared.changes);
    const found = {
        data: { lost: refused, allowed, impossible: smallerVolumes(compared.preview), warnings },
        downtime: outagesOf(compared),
        security: securityOf(compared),
        ...(cost && { cost }),
        ...(plans && {
            connections: connectionChanges(plans.base, plans.head),
            rules: ruleChanges(plans.base.violations, plans.head.violations),
        }),
    };
    return {
        stack,
        level: levelOf(found, judges),
        from,
        ...found,
        counts: {
            create: count("create"),
            update: count("update"),
            replace: count("replace"),
            delete: count("delete"),
            ...(compared.unchanged !== undefined && { unchanged: compared.unchanged }),
        },
        changes: compared.changes.map((change) => shown(change, groups.get(change) ?? "platform")),
        ...(picture !== undefined && { picture }),
        judges,
        isNew: base !== undefined && base.plan.resources.length === 0,
    };
}

function ordered(plan: Plan): Plan {
    return { ...plan, resources: inOrder(plan.resources) };
}

type Judged = Pick<Verdict, "data" | "downtime" | "security" | "connections" | "rules">;

function levelOf({ data, downtime, security, connections = [], rules }: Judged, judges: readonly string[]): Level {
    if (
        data.lost.length + data.impossible.length > 0 ||
        rules?.broken.some(({ mandatory }) => mandatory) === true ||
        connections.some(({ free = 0 }) => free < 0)
    ) {
        return "red";
    }
    return data.allowed.length > 0 ||
        downtime.some(({ stops }) => stops === "requests" || stops === "tasks") ||
        security.opened.length > 0 ||
        (rules?.broken.length ?? 0) > 0 ||
        judges.length > 0
        ? "yellow"
        : "green";
}

function connectionChanges(base: PlanDocument, head: PlanDocument): readonly ConnectionChange[] {
    const old = new Map(base.connections.map((budget) => [budget.server, budget]));
    const next = new Map(head.connections.map((budget) => [budget.server, budget]));
    return [...new Set([...old.keys(), ...next.keys()])].map((server) => {
        const [was, is] = [old.get(server), next.get(server)];
        const { limit, free } = is ?? {};
        return {
            server,
            ...(was && { before: was.most }),
            ...(is && { after: is.most }),
            ...(limit !== undefined && { limit }),
            ...(free !== undefined && { free }),
        };
    });
}

function shown({ op, name, type, urn, because, fields }: Change, group: Group): ShownChange {
    return {
        group,
        op,
        name,
        type,
        urn,
        ...(because !== undefined && { because }),
        fields: fields.map(({ difference, replaces }) => {
            const [before, after] = [difference.before, difference.after].map((value) => shownValue(difference, value));
            const both = before !== undefined && after !== undefined;
            const kind =
                difference.before === undefined ? "added" : difference.after === undefined ? "removed" : "changed";
            return { path: difference.shown, kind, ...(both && { before, after }), replaces };
        }),
    };
}
