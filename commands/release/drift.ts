// Drift: what is otherwise in the clouds and the cluster than the state has it.
import { readPreview } from "../gate/preview.ts";
import { printable } from "../gate/report.ts";
import { ReleaseError } from "./images.ts";
import type { Pulumi } from "./pulumi.ts";

export interface Drifted {
    readonly name: string;
    readonly type: string;
    readonly gone: boolean;
}

/** @throws ReleaseError where it could not be looked at */
export async function drift(pulumi: Pulumi): Promise<readonly Drifted[]> {
    const { code, output } = await pulumi.read(["refresh", "--preview-only", "--json"]);
    const { steps, errors } = code === 0 ? readPreview(output) : { steps: [], errors: ["Pulumi says why above."] };
    if (errors.length > 0) {
        throw new ReleaseError(["It could not be compared with what is there.", ...errors].join("\n"));
    }
    return steps
        .filter(({ op }) => op === "update" || op === "delete")
        .map(({ name, type, op }) => ({ name, type, gone: op === "delete" }));
}

export function driftReport(drifted: readonly Drifted[], stack: string): string {
    return drifted.length === 0
        ? `${stack} is as its state has it.`
        : [
              ...drifted.map(({ name, type, gone }) =>
                  printable(`${gone ? "gone   " : "changed"}  ${name}  (${type})`),
              ),
              `${drifted.length} resource${drifted.length === 1 ? "" : "s"} of ${stack} changed by somebody else. What differs: pulumi refresh --preview-only --diff -s ${stack}`,
              `Back to what the program says: make release STACK=${stack}, after pulumi refresh -s ${stack}; what is gone is made anew.`,
          ].join("\n");
}
