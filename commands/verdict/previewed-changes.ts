// What changes by what a preview of the engine says.
import type { PolicyResource } from "../../policy/resource.ts";
import { UnknownValue } from "../../policy/resource.ts";
import type { Preview, Step } from "../gate/preview.ts";
import { changeOf, inOrder, type Change, type Compared, type Operation } from "./changes.ts";
import { differencesOf } from "./differences.ts";
import { readable } from "./plan-document.ts";

/** Steps of the engine by what they come to; of one replacement there may be three. */
const operations: Readonly<Record<string, Operation>> = {
    create: "create",
    import: "create",
    update: "update",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
    delete: "delete",
};

/** Stands in a preview where a value is not known before the update, whatever its type. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function changesIn(preview: Preview): Compared {
    const steps = preview.steps.filter(
        ({ op, external, type }) => !external && !type.startsWith("pulumi:") && operations[op] !== undefined,
    );
    const changes = [...Map.groupBy(inOrder(steps), ({ urn }) => urn).values()].flatMap(changesOf);
    const side = (which: "before" | "after"): readonly PolicyResource[] =>
        changes.flatMap((change) => change[which] ?? []);
    return { before: { resources: side("before") }, after: { resources: side("after") }, changes, preview };
}

function changesOf(steps: readonly Step[]): Change[] {
    const told = steps.find(({ op }) => op === "replace" || op === "create-replacement") ?? steps[0]!;
    // What a refresh found gone is deleted in the state, and made again.
    const op = steps.some((step) => step.op === "create") ? "create" : operations[told.op]!;
    if (!steps.some(({ custom }) => custom)) {
        return [];
    }
    const before = op === "create" ? undefined : resourceOf(told, told.inputs);
    const after = op === "delete" ? undefined : resourceOf(told, told.newInputs);
    const reasons = told.replaceReasons;
    const isReason = (shown: string): boolean =>
        reasons.some((reason) => shown === reason || shown.startsWith(`${reason}.`) || shown.startsWith(`${reason}[`));
    const fields = before && after ? differencesOf(before.props, after.props) : [];
    const because = op === "replace" && reasons.length === 0 ? "something that it depends on is replaced" : undefined;
    return [
        changeOf(op, {
            ...(before && { before }),
            ...(after && { after }),
            fields: fields.map((difference) => ({
                difference,
                replaces: op === "replace" && isReason(difference.shown),
            })),
            ...(because !== undefined && { because }),
        }),
    ];
}

function resourceOf({ urn, type, name, retained }: Step, inputs: Step["inputs"]): PolicyResource {
    const above = urn.split("::")[2]?.split("$").slice(0, -1).join("$") ?? "";
    return {
        urn,
        type,
        name,
        props: known(inputs ?? {}) as Readonly<Record<string, unknown>>,
        ...(above !== "" && { parent: above }),
        dependencies: [],
        protect: false,
        retainOnDelete: retained,
    };
}

/** Without what is the provider's own. */
function known(value: unknown): unknown {
    if (value === unknownText) {
        return new UnknownValue();
    }
    if (Array.isArray(value)) {
        return value.map(known);
    }
    return value !== null && typeof value === "object"
        ? Object.fromEntries(
              Object.entries(value)
                  .filter(([key]) => !key.startsWith("__"))
                  .map(([key, item]) => [key, known(item)]),
          )
        : readable(value);
}
