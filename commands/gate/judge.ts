// Which steps of a preview would lose data, or what it would be got back from, and which of them were allowed by name.
import { fileOf, heldBy, isUnknown, type HeldKind } from "../../lib/catalogue/index.ts";
import { atPath, lostByUpdate, safetyOf, type Lost, type Safety } from "../../lib/catalogue/losing-changes/index.ts";
import type { Preview, Step } from "./preview.ts";

export interface Loss {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** `unknown`: what nobody knows may hold anything. */
    readonly kind: HeldKind | Safety["kind"] | "unknown";
    /** It stays, and less of it is safe. */
    readonly inPlace?: true;
    readonly happens: string;
    /** Why, in a few words. */
    readonly why: string;
    /** What to write after `--allow`. */
    readonly allowedBy: string;
}

export interface Verdict {
    readonly refused: readonly Loss[];
    readonly allowed: readonly Loss[];
    /** Allowances that were not needed. */
    readonly warnings: readonly string[];
}

/** An allowance that cannot be meant so. */
export class AllowanceError extends Error {}

/** Steps that put another thing in its place. Each replacement has one `replace`, and with a flag of the CLI the others too. */
const replacing: ReadonlySet<string> = new Set([
    "replace",
    "create-replacement",
    "delete-replaced",
    "import-replacement",
]);

/**
 * @param allow URNs, or names that only one of the losses has
 * @throws AllowanceError when an allowance matches nothing, or more than one loss
 */
export function judge({ steps }: Preview, allow: readonly string[]): Verdict {
    const losses = lossesOf(steps);
    const allowed = new Set<Loss>();
    const warnings: string[] = [];
    const errors: string[] = [];
    for (const allowance of new Set(allow)) {
        const matching = losses.filter(({ urn, name }) => urn === allowance || name === allowance);
        if (matching.length === 1) {
            allowed.add(matching[0]!);
        } else if (matching.length > 1) {
            errors.push(
                `--allow ${allowance}: ${matching.length} resources have that name. Name one by its URN:\n${lines(matching)}`,
            );
        } else if (steps.some(({ urn, name }) => urn === allowance || name === allowance)) {
            warnings.push(`--allow ${allowance} is not needed: no data of it is lost. Leave it out.`);
        } else {
            const possible =
                losses.length === 0 ? "Nothing needs to be allowed: leave it out." : `Allowed are:\n${lines(losses)}`;
            errors.push(`--allow ${allowance}: nothing in this preview has that name or URN. ${possible}`);
        }
    }
    if (errors.length > 0) {
        throw new AllowanceError(errors.join("\n"));
    }
    return { refused: losses.filter((loss) => !allowed.has(loss)), allowed: [...allowed], warnings };
}

function lines(losses: readonly Loss[]): string {
    return losses.map(({ allowedBy, urn }) => `  ${allowedBy === urn ? urn : `${allowedBy} (${urn})`}`).join("\n");
}

function lossesOf(steps: readonly Step[]): Loss[] {
    const found: Array<Omit<Loss, "allowedBy">> = [];
    for (const [urn, [first, ...rest]] of Map.groupBy(steps.filter(isLoss), (step) => step.urn)) {
        const all = [first!, ...rest];
        const { type, name } = first!;
        const held = all.map((step) => heldBy(step.type, step.inputs)).find((found) => found !== undefined);
        const unknown = isUnknown(type) && all.some(({ custom }) => custom);
        if (held !== undefined) {
            found.push({ urn, type, name, kind: held, happens: happening(all), why: reason(all, steps) });
        } else if (unknown) {
            const why = `${reason(all, steps)}. Whether it holds data, nobody knows: add a row to ${fileOf(type)}`;
            found.push({ urn, type, name, kind: "unknown", happens: happening(all), why });
        }
    }
    const gone = steps.filter(isLoss);
    found.push(...gone.flatMap((step) => safetyLost(step, gone, steps)), ...steps.flatMap(lostInPlace));
    return found.map((loss) => ({
        ...loss,
        allowedBy: found.filter(({ name }) => name === loss.name).length === 1 ? loss.name : loss.urn,
    }));
}

/** What goes with what it was for, is not missed. */
function safetyLost(step: Step, gone: readonly Step[], all: readonly Step[]): Array<Omit<Loss, "allowedBy">> {
    const { urn, type, name, inputs = {}, op } = step;
    const safety = safetyOf(type, inputs);
    // Of one replacement, which may be three steps, one is told.
    if (safety === undefined || gone.find((other) => other.urn === urn) !== step) {
        return [];
    }
    const secured = atPath(inputs, safety.of);
    if (gone.some((other) => other.urn !== urn && other.knownAs.includes(String(secured)))) {
        return [];
    }
    const happens = `${op === "delete" ? "deleted" : "replaced"}: ${safety.happens}`;
    return [{ urn, type, name, kind: safety.kind, happens, why: reason([step], all) }];
}

function lostInPlace({ op, urn, type, name, inputs, newInputs, external }: Step): Array<Omit<Loss, "allowedBy">> {
    if (op !== "update" || external || inputs === undefined || newInputs === undefined) {
        return [];
    }
    const lost = lostByUpdate(type, inputs, newInputs);
    if (lost.length === 0) {
        return [];
    }
    const kind = heldBy(type, inputs) ?? safetyOf(type, inputs)?.kind ?? "backups";
    return [{ urn, type, name, kind, inPlace: true, ...inWords(lost) }];
}

function inWords(lost: readonly Lost[]): Pick<Loss, "happens" | "why"> {
    return {
        happens: `changed in place: ${[...new Set(lost.map(({ happens }) => happens))].join("; ")}`,
        why: lost.map(({ path, change }) => `${path}: ${change}`).join("; "),
    };
}

/** What is only read stays, whatever becomes of its entry in the state. */
function isLoss({ op, external }: Step): boolean {
    return !external && (op === "delete" || replacing.has(op));
}

function happening(steps: readonly Step[]): string {
    const kept = steps.every(({ retained, op }) => retained || op === "create-replacement");
    if (steps.some(({ op }) => op === "replace" || op === "create-replacement" || op === "import-replacement")) {
        return kept ? "replaced; the old one stays, outside the stack" : "replaced: deleted, and an empty one made";
    }
    if (steps.some(({ op }) => op === "delete-replaced")) {
        return "deleted: an earlier update replaced it";
    }
    return kept ? "leaves the stack, and stays where it is" : "deleted";
}

function reason(steps: readonly Step[], all: readonly Step[]): string {
    const properties = [...new Set(steps.flatMap(({ replaceReasons }) => replaceReasons))];
    if (properties.length > 0) {
        return `changed: ${properties.join(", ")}`;
    }
    const { type, urn, name } = steps[0]!;
    if (steps.some(({ op }) => op !== "delete")) {
        return "something that it depends on is replaced";
    }
    // The most frequent accident: a name or a parent was changed, which to the engine is another resource.
    const renamed = all.find((step) => step.op === "create" && step.type === type && step.urn !== urn);
    if (renamed === undefined) {
        return "not in the program, or gone already";
    }
    return `not in the program; a new one is: ${renamed.name === name ? "another parent" : renamed.name}. If it was renamed, alias it`;
}
