// What an update of a stack would change, as its preview says, and whether the gate lets it.
import { complaint, type Pulumi } from "../backend/pulumi.ts";
import { judge } from "../gate/judge.ts";
import { readPreview } from "../gate/preview.ts";

export type Previewed =
    | {
          /** Resources, by what would be done with them; without those that stay. */
          readonly changes: Readonly<Record<string, number>>;
          /** What the gate refuses: names of what holds data and would be lost. */
          readonly refused: readonly string[];
      }
    | { readonly failed: string };

/** What the steps of one replacement are called; the first counts. */
const counted: Readonly<Record<string, string>> = {
    create: "create",
    update: "update",
    delete: "delete",
    replace: "replace",
    import: "import",
};

/** The form that the engine prints for every preview (0045). */
const streaming = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

export async function previewed(
    pulumi: Pulumi,
    stack: string,
    { refresh = false }: { readonly refresh?: boolean } = {},
): Promise<Previewed> {
    const args = ["preview", "--json", "--show-replacement-steps", ...(refresh ? ["--refresh"] : []), "--stack", stack];
    const answer = await pulumi(args, { env: streaming });
    try {
        return readChanges(answer.stdout);
    } catch {
        return { failed: firstLine(complaint({ ...answer, stdout: "" })) };
    }
}

/** @throws BadPreviewError */
export function readChanges(text: string): Previewed {
    const preview = readPreview(text);
    if (preview.errors.length > 0) {
        return { failed: firstLine(preview.errors[0]!) };
    }
    const all = preview.steps
        .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
        .flatMap(({ op }) => counted[op] ?? []);
    return {
        changes: Object.fromEntries([...Map.groupBy(all, (op) => op)].map(([op, some]) => [op, some.length])),
        refused: judge(preview, []).refused.map(({ name }) => name),
    };
}

export function isUnchanged(found: Previewed): boolean {
    return "changes" in found && Object.keys(found.changes).length === 0;
}

export function changesText(found: Previewed): string {
    if ("failed" in found) {
        return `preview failed: ${found.failed}`;
    }
    const parts = Object.entries(found.changes).map(([op, count]) => `${count} ${op}`);
    return [
        parts.join(", ") || "nothing",
        ...(found.refused.length > 0 ? [`data of ${found.refused.join(", ")} would be lost`] : []),
    ].join("; ");
}

export function firstLine(text: string): string {
    return (
        text
            .split("\n")
            .find((line) => line.trim() !== "")
            ?.trim() ?? "it gave no reason"
    );
}
