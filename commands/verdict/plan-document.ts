// A plan as `make plan JSON=1` prints it, read back: what it would make, and what its own program says of rules, connections and cost.
// It is another program's word, a fork's for one: every part that is not as it should be is refused or left out.
import { masked } from "../../lib/secret-text.ts";
import { UnknownValue } from "../../policy/resource.ts";
import type { Violation } from "../../policy/rule.ts";
import type { MonthlyCost } from "../plan/cost.ts";
import type { Plan, PlannedResource } from "../plan/plan.ts";
import type { ShownBudget } from "../plan/table/connections.ts";
import { Hidden } from "./differences.ts";
import { VerdictInputError } from "./failure.ts";

export interface PlanDocument {
    readonly plan: Plan;
    readonly violations: readonly Violation[];
    readonly connections: readonly ShownBudget[];
    /** @default nothing of it is in a cloud */
    readonly cost?: MonthlyCost;
}

/** The settings of a stack are wrong, so there is no plan. */
export interface NoPlan {
    readonly problems: ReadonlyArray<{ readonly path: string; readonly found: string; readonly fix: string }>;
}

const how = "node commands/plan/main.ts --stack NAME --json";

/**
 * @param where the plan is from, for messages
 * @throws VerdictInputError for what is no plan
 */
export function readPlan(text: string, where: string): PlanDocument | NoPlan {
    let document: unknown;
    try {
        document = JSON.parse(text);
    } catch {
        throw new VerdictInputError(
            `${where}: found ${text.length} characters that are no JSON. Allowed: a plan. Fix: ${how}`,
        );
    }
    const { project, stack, resources, warnings, outputs, violations, connections, cost, problems } = mapOf(document);
    if (Array.isArray(problems)) {
        return { problems: problems.map(problemOf) };
    }
    if (typeof project !== "string" || typeof stack !== "string" || !Array.isArray(resources)) {
        throw new VerdictInputError(
            `${where}: found JSON without project, stack and resources. Allowed: a plan. Fix: ${how}`,
        );
    }
    return {
        plan: {
            project,
            stack,
            resources: resources.map((resource, index) => resourceOf(resource, `${where}: resources[${index}]`)),
            warnings: textsOf(warnings),
            outputs: mapOf(readable(outputs)),
        },
        violations: list(violations).filter(isViolation),
        connections: list(connections).filter(isBudget),
        ...(isCost(cost) && { cost }),
    };
}

export function isPlan(document: PlanDocument | NoPlan): document is PlanDocument {
    return "plan" in document;
}

function problemOf(problem: unknown): NoPlan["problems"][number] {
    const { path, found, fix } = mapOf(problem);
    const text = (value: unknown): string => (typeof value === "string" ? masked(value) : "");
    return { path: text(path), found: text(found), fix: text(fix) };
}

function resourceOf(value: unknown, where: string): PlannedResource {
    const { urn, type, name, props, parent, provider, generatedName, deletedWith, ...rest } = mapOf(value);
    if (typeof urn !== "string" || typeof type !== "string" || typeof name !== "string") {
        throw new VerdictInputError(
            `${where}: found no urn, type and name. Allowed: a resource of a plan. Fix: ${how}`,
        );
    }
    return {
        urn,
        type,
        name,
        props: mapOf(readable(props)),
        custom: rest["custom"] === true,
        ...(typeof parent === "string" && { parent }),
        ...(typeof provider === "string" && { provider }),
        ...(typeof generatedName === "string" && { generatedName }),
        ...(typeof deletedWith === "string" && { deletedWith }),
        dependencies: textsOf(rest["dependencies"]),
        protect: rest["protect"] === true,
        retainOnDelete: rest["retainOnDelete"] === true,
        replaceOnChanges: textsOf(rest["replaceOnChanges"]),
        ignoreChanges: textsOf(rest["ignoreChanges"]),
        replaceWith: textsOf(rest["replaceWith"]),
        formerUrns: textsOf(rest["formerUrns"]),
        deleteBeforeReplace: rest["deleteBeforeReplace"] === true,
        customTimeouts: {},
    };
}

/** `[secret MARK]` and `[unknown]` are what they stand for again. */
export function readable(value: unknown): unknown {
    if (typeof value === "string") {
        const [secret, mark] = /^\[secret(?: ([0-9a-f]{16}))?\]$/.exec(value) ?? [];
        return secret !== undefined ? new Hidden(mark) : value === "[unknown]" ? new UnknownValue() : value;
    }
    if (Array.isArray(value)) {
        return value.map(readable);
    }
    return value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]))
        : value;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- inputs have whatever shape their type has
function mapOf(value: unknown): Record<string, any> {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : {};
}

function list(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
    return list(value).filter((one) => typeof one === "string");
}

function isViolation(value: unknown): value is Violation {
    const { rule, level, urn, name, path, found, fix } = mapOf(value);
    return (
        [rule, urn, name, path, found, fix].every((part) => typeof part === "string") &&
        (level === "mandatory" || level === "advisory")
    );
}

function isBudget(value: unknown): value is ShownBudget {
    const { server, most, limit, free } = mapOf(value);
    return (
        typeof server === "string" &&
        typeof most === "number" &&
        [limit, free].every((number) => number === undefined || typeof number === "number")
    );
}

function isCost(value: unknown): value is MonthlyCost {
    const { monthly, items, unpriced, pricesOf } = mapOf(value);
    return (
        typeof monthly === "number" &&
        [unpriced, pricesOf].every((names) => list(names).every((name) => typeof name === "string")) &&
        list(items).every(
            (item) => typeof mapOf(item)["name"] === "string" && typeof mapOf(item)["monthly"] === "number",
        )
    );
}
